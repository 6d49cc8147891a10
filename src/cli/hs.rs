//! `tradepost hs import`: imports the HS nomenclature.

use std::path::PathBuf;

use clap::Subcommand;

use super::{Global, print_line};
use crate::customs::actions::import_hs;
use crate::error::{FieldCode, Problem, Result};

/// Subcommands of `hs`.
#[derive(Subcommand)]
pub enum Hs {
    /// Replace the nomenclature with a CSV file that has the columns section, hscode, description, parent, level.
    Import {
        /// The CSV file.
        file: PathBuf,
        /// The edition, as the UN names it.
        #[arg(long, default_value = "H6")]
        edition: String,
    },
}

pub(super) fn run(global: &Global, hs: &Hs) -> Result<()> {
    let Hs::Import { file, edition } = hs;
    let bytes = std::fs::read(file).map_err(|error| {
        Problem::invalid_field("/file", FieldCode::Format, format!("{} cannot be read: {error}", file.display()))
    })?;
    let counts = import_hs(&global.app()?, edition, &bytes)?;
    print_line(&format!(
        "edition {edition}: {} chapters, {} headings, {} subheadings",
        counts.chapters, counts.headings, counts.subheadings
    ));
    Ok(())
}
