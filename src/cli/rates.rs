//! `tradepost rates import`: imports exchange rates, with which prices in different currencies are compared.

use std::path::PathBuf;

use clap::Subcommand;

use super::input::read_file;
use super::options::Global;
use super::print::print_line;
use crate::error::Result;
use crate::rates;

/// Subcommands of `rates`.
#[derive(Subcommand)]
pub enum Rates {
    /// Import the rates of a file; days that were imported before are replaced.
    Import {
        /// The euro reference rates of the European Central Bank, one day or many: XML or CSV, unpacked.
        file: PathBuf,
    },
}

pub(super) fn run(global: &Global, rates: &Rates) -> Result<()> {
    let Rates::Import { file } = rates;
    let days = rates::ecb::read(&read_file(file)?)?;
    let imported = rates::actions::import(&global.app()?.db, &days)?;
    print_line(&format!("{} rates of {} days, the latest of {}", imported.rates, imported.days, imported.latest));
    Ok(())
}
