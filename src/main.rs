//! The program `tradepost`: starts the logger and hands the command line to the library.

use std::process::ExitCode;

use mimalloc::MiMalloc;

/// Indexing and answering make and drop texts without end: a fifth of their time goes to the allocator that comes with the system.
/// It asks for no huge pages: they took 30 MiB more and saved no time.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    tradepost::logging::start();
    tradepost::cli::run()
}
