//! `tradepost rates import`: reference rates of exchange, so that prices of different currencies can be compared.

use std::path::PathBuf;

use clap::Subcommand;

use super::{Global, say};
use crate::error::{FieldCode, Problem, Result};
use crate::rates;

/// What to do.
#[derive(Subcommand)]
pub enum Rates {
    /// Store the rates of a file; days that were imported before are replaced.
    Import {
        /// The euro reference rates of the European Central Bank, one day or many: XML or CSV, unpacked.
        file: PathBuf,
    },
}

pub(super) fn carry_out(global: &Global, rates: &Rates) -> Result<()> {
    let Rates::Import { file } = rates;
    let bytes = std::fs::read(file).map_err(|error| {
        Problem::invalid_field("/file", FieldCode::Format, format!("{} cannot be read: {error}", file.display()))
    })?;
    let days = rates::ecb::read(&bytes)?;
    let imported = rates::import(&global.app()?.db, &days)?;
    say(&format!("{} rates of {} days, the newest of {}", imported.rates, imported.days, imported.latest));
    Ok(())
}
