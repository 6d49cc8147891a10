//! `tradepost hs import`: imports the HS nomenclature.

use std::path::PathBuf;

use clap::Subcommand;

use super::input::read_file;
use super::options::Global;
use super::print::print_line;
use crate::customs::actions::import_hs;
use crate::error::Result;

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
    let bytes = read_file(file)?;
    let counts = import_hs(&global.app()?, edition, &bytes)?;
    print_line(&format!(
        "edition {edition}: {} chapters, {} headings, {} subheadings",
        counts.chapters, counts.headings, counts.subheadings
    ));
    Ok(())
}
