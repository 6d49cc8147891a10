//! `tradepost hs import`: the operator's copy of the HS nomenclature.

use std::path::PathBuf;

use clap::Subcommand;

use super::{Global, say};
use crate::customs::actions::import_hs;
use crate::error::{FieldCode, Problem, Result};

/// What to do.
#[derive(Subcommand)]
pub enum Hs {
    /// Replace the nomenclature by a CSV file with the columns section, hscode, description, parent, level.
    Import {
        /// The file.
        file: PathBuf,
        /// The edition, as the UN names it.
        #[arg(long, default_value = "H6")]
        edition: String,
    },
}

pub(super) fn carry_out(global: &Global, hs: &Hs) -> Result<()> {
    let Hs::Import { file, edition } = hs;
    let bytes = std::fs::read(file).map_err(|error| {
        Problem::invalid_field("/file", FieldCode::Format, format!("{} cannot be read: {error}", file.display()))
    })?;
    let counts = import_hs(&global.app()?, edition, &bytes)?;
    say(&format!(
        "edition {edition}: {} chapters, {} headings, {} subheadings",
        counts.chapters, counts.headings, counts.subheadings
    ));
    Ok(())
}
