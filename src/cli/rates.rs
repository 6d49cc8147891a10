//! `tradepost rates import`: imports exchange rates, with which prices in different currencies are compared.

use std::path::PathBuf;

use clap::Subcommand;

use super::{Global, print_line};
use crate::error::{FieldCode, Problem, Result};
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
    let bytes = std::fs::read(file).map_err(|error| {
        Problem::invalid_field("/file", FieldCode::Format, format!("{} cannot be read: {error}", file.display()))
    })?;
    let days = rates::ecb::read(&bytes)?;
    let imported = rates::import(&global.app()?.db, &days)?;
    print_line(&format!("{} rates of {} days, the latest of {}", imported.rates, imported.days, imported.latest));
    Ok(())
}
