//! The program `tradepost`: starts the logger and hands the command line to the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    tradepost::logging::start();
    tradepost::cli::run()
}
