//! `tradepost statistics release`: makes a release of the general-trade statistics.

use clap::Subcommand;

use super::options::Global;
use super::print::print_line;
use crate::error::Result;
use crate::statistics::Period;
use crate::statistics::jobs::make_release;

/// Subcommands of `statistics`.
#[derive(Subcommand)]
pub enum Statistics {
    /// Make a release now; without the command one is made each month on the day in [statistics].
    Release {
        /// The last month that it covers, like 2026-10; the last closed one by default.
        #[arg(long)]
        period: Option<Period>,
    },
}

pub(super) fn run(global: &Global, statistics: &Statistics) -> Result<()> {
    let Statistics::Release { period } = statistics;
    let release = make_release(&global.app()?, *period)?;
    print_line(&format!(
        "release {} covers the months up to {}, of {} records; SHA-256 {}",
        release.number, release.covers, release.counted, release.hash
    ));
    Ok(())
}
