//! The program `tradepost`: starts the logger and hands the command line to the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    env_logger::Builder::from_env(env_logger::Env::default().default_filter_or("info,tantivy=warn")).init();
    tradepost::cli::run()
}
