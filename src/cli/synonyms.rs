//! `tradepost synonyms`: what things are also called, so that a search finds them under each of their names.

use std::path::PathBuf;

use clap::Subcommand;

use super::{Global, say};
use crate::error::{FieldCode, FieldError, Problem, Result};
use crate::synonyms::{self, Imported, rules};

/// What to do.
#[derive(Subcommand)]
pub enum Synonyms {
    /// Replace the table by a file with a rule a line: `spanner, wrench`, `cell phone => mobile phone`, `butterfly valve, 蝶阀, hs:848180`.
    Import {
        /// The file, text in UTF-8.
        file: PathBuf,
        /// Only say what is wrong with it, or what it would bring.
        #[arg(long)]
        dry_run: bool,
    },
    /// Remove all.
    Clear,
}

pub(super) fn carry_out(global: &Global, synonyms: &Synonyms) -> Result<()> {
    match synonyms {
        Synonyms::Import { file, dry_run } => {
            let bytes = std::fs::read(file).map_err(|error| {
                Problem::invalid_field(
                    "/file",
                    FieldCode::Format,
                    format!("{} cannot be read: {error}", file.display()),
                )
            })?;
            let rules = rules::read(&bytes).map_err(|faults| {
                let error = |fault: rules::Fault| {
                    FieldError::new(format!("/lines/{}", fault.line), FieldCode::Format, fault.message)
                };
                Problem::invalid(faults.into_iter().map(error).collect())
            })?;
            if *dry_run {
                return say_brought("the file has", Imported::of(&rules));
            }
            say_brought("imported", synonyms::import(&global.app()?.db, &rules)?)
        }
        Synonyms::Clear => {
            synonyms::clear(&global.app()?.db)?;
            say("there are no synonyms any more");
            Ok(())
        }
    }
}

fn say_brought(how: &str, brought: Imported) -> Result<()> {
    say(&format!("{how} {} rules with {} names", brought.rules, brought.names));
    Ok(())
}
