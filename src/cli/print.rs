//! What commands print: results to standard output, everything else to standard error.

use std::io::Write;

/// Writes a result to standard output. A closed pipe is no error: `tradepost jobs list | head` succeeds.
pub fn print_line(line: &str) {
    let _ = writeln!(std::io::stdout(), "{line}");
}

/// Writes a status message to standard error.
pub fn print_status(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}
