//! `tradepost synonyms`: the synonyms with which search finds products under each of their names.

use std::path::PathBuf;

use clap::Subcommand;

use super::input::read_file;
use super::options::Global;
use super::print::print_line;
use crate::error::{FieldCode, FieldError, Problem, Result};
use crate::synonyms::{self, Imported, rules};

/// Subcommands of `synonyms`.
#[derive(Subcommand)]
pub enum Synonyms {
    /// Replace all synonyms with a file of one rule per line: `spanner, wrench`, `cell phone => mobile phone`, `butterfly valve, 蝶阀, hs:848180`.
    Import {
        /// The file, UTF-8 text.
        file: PathBuf,
        /// Only check the file; store nothing.
        #[arg(long)]
        dry_run: bool,
    },
    /// Remove all synonyms.
    Clear,
}

pub(super) fn run(global: &Global, synonyms: &Synonyms) -> Result<()> {
    match synonyms {
        Synonyms::Import { file, dry_run } => {
            let rules = rules::read(&read_file(file)?).map_err(|faults| {
                let error = |fault: rules::Fault| {
                    FieldError::new(format!("/lines/{}", fault.line), FieldCode::Format, fault.message)
                };
                Problem::invalid(faults.into_iter().map(error).collect())
            })?;
            if *dry_run {
                return print_counts("valid", Imported::of(&rules));
            }
            print_counts("imported", synonyms::import(&global.app()?.db, &rules)?)
        }
        Synonyms::Clear => {
            synonyms::clear(&global.app()?.db)?;
            print_line("all synonyms removed");
            Ok(())
        }
    }
}

fn print_counts(label: &str, imported: Imported) -> Result<()> {
    print_line(&format!("{label}: {} rules with {} names", imported.rules, imported.names));
    Ok(())
}
