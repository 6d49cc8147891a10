//! The program `tradepost`: starts the logger and hands the command line to the library.

use std::process::ExitCode;

/// What is logged without `RUST_LOG`. The HTTP layer calls every stranger's broken request an error; that is not ours to hear of.
const LOGGED: &str = "info,tantivy=warn,actix_http=off";

fn main() -> ExitCode {
    env_logger::Builder::from_env(env_logger::Env::default().default_filter_or(LOGGED)).init();
    tradepost::cli::run()
}
