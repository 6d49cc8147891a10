//! `tradepost ledger verify`: checks a ledger that a side kept, without a server or a database.

use std::path::PathBuf;

use clap::Subcommand;

use super::input::read_file;
use super::print::print_line;
use crate::error::{FieldCode, Problem, Result};
use crate::partnerships::Verification;
use crate::partnerships::ledger::ChainCheck;
use crate::partnerships::views::LedgerView;

/// Subcommands of `ledger`.
#[derive(Subcommand)]
pub enum Ledger {
    /// Check every hash and the signature of a ledger file, as GET /partnerships/ID/ledger answers it.
    Verify {
        /// The file.
        file: PathBuf,
        /// The platform's public key (64 hexadecimal digits), as you kept it; without it the key in the file is taken.
        #[arg(long)]
        key: Option<String>,
    },
}

pub(super) fn run(ledger: &Ledger) -> Result<()> {
    let Ledger::Verify { file, key } = ledger;
    let ledger: LedgerView = serde_json::from_slice(&read_file(file)?)
        .map_err(|error| Problem::invalid_field("/file", FieldCode::Format, format!("is no ledger: {error}")))?;
    let mut check = ChainCheck::new(ledger.partnership);
    ledger.data.iter().for_each(|entry| check.push(entry));
    if let Verification::Broken { at } = check.verification() {
        return Err(Problem::conflict(format!("The chain of hashes is broken at entry {at}.")));
    }
    let (Some(head), Some(last)) = (&ledger.head, ledger.data.last()) else {
        return Err(Problem::conflict("The file has no signed head."));
    };
    if (head.number, &head.hash) != (last.number, &last.hash) {
        return Err(Problem::conflict("The head is not the last entry: entries were cut off or added."));
    }
    if key.as_ref().is_some_and(|key| !key.eq_ignore_ascii_case(&head.public_key)) {
        return Err(Problem::conflict("The head is signed with another key than the one given."));
    }
    if !head.holds(ledger.partnership) {
        return Err(Problem::conflict("The signature of the head does not hold."));
    }
    print_line(&format!(
        "{} entries of {} hold; the head {} is signed by {}",
        check.entries(),
        ledger.partnership,
        head.hash,
        head.public_key
    ));
    Ok(())
}
