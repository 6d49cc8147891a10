//! The ledger of a partnership: entries that are only ever added, each holding the hash of the one before.
//!
//! The hash of an entry is SHA-256 over the hexadecimal hash before it (zeros for the first) and the canonical JSON of what the
//! entry says, partnership and number included. So a changed, dropped, inserted or moved entry is found by [`ChainCheck`]; that the
//! newest entries were cut off is found by comparing the last hash with one that a side has kept. [`Replay`] finds the rows that are shown and do
//! not say what the entries say.

use chrono::SecondsFormat;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

use crate::clock::Time;
use crate::hex;
use crate::ids::{CompanyId, PartnershipId};
use crate::wire_enum;

mod head;
mod replay;

pub use head::LedgerHead;
pub use replay::Replay;

/// The hash before the first entry.
pub const GENESIS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

wire_enum! {
    /// The kind of an entry.
    pub enum LedgerKind {
        /// A side proposed the partnership.
        Proposed = "proposed",
        /// The other side confirmed it.
        Confirmed = "confirmed",
        /// The other side declined it.
        Declined = "declined",
        /// A side ended it.
        Ended = "ended",
        /// A side declared a shipment.
        RecordDeclared = "record_declared",
        /// The other side confirmed a shipment.
        RecordConfirmed = "record_confirmed",
        /// The other side disputed a shipment.
        RecordDisputed = "record_disputed",
        /// A side put a correction in place of a shipment.
        RecordCorrected = "record_corrected",
        /// A side added a customs reference.
        CustomsReferenceAdded = "customs_reference_added",
        /// A side attached a document by its hash.
        DocumentAttached = "document_attached",
        /// An operator reviewed a shipment's documents.
        RecordReviewed = "record_reviewed",
    }
}

/// One entry.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct LedgerEntry {
    /// Its number in the partnership, from 1 without gaps.
    pub number: u32,
    /// When it was added.
    #[schema(value_type = String, format = DateTime)]
    pub at: Time,
    /// The company that acted; absent for the operator.
    pub by: Option<CompanyId>,
    /// Its kind.
    pub kind: LedgerKind,
    /// The particulars: ids, fields, reasons.
    #[schema(value_type = Object)]
    pub body: Value,
    /// The hash of the entry before, 64 hexadecimal digits.
    pub previous: String,
    /// The entry's own hash, 64 hexadecimal digits.
    pub hash: String,
}

/// The result of checking a ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case", tag = "result")]
pub enum Verification {
    /// Every hash holds, up to this entry (0 for an empty ledger).
    Verified {
        /// The number of the last entry.
        upto: u32,
    },
    /// The chain does not hold from this entry on.
    Broken {
        /// The number the first wrong entry ought to have.
        at: u32,
    },
}

/// The next entry after `last` of the partnership's ledger.
pub fn next_entry(
    partnership: PartnershipId,
    last: Option<&LedgerEntry>,
    at: Time,
    by: Option<CompanyId>,
    kind: LedgerKind,
    body: Value,
) -> LedgerEntry {
    let mut entry = LedgerEntry {
        // Saturating: entry four billion would collide with itself and be refused by the table's key, not begin at nought again.
        number: last.map_or(1, |last| last.number.saturating_add(1)),
        at,
        by,
        kind,
        body,
        previous: last.map_or_else(|| GENESIS.to_owned(), |last| last.hash.clone()),
        hash: String::new(),
    };
    // Last, from all other fields; the previous hash is in it, which is what makes a chain of entries.
    entry.hash = hash_of(partnership, &entry);
    entry
}

/// The check of a chain, entry by entry: a ledger of any length is checked in the memory of one entry.
#[derive(Debug)]
pub struct ChainCheck {
    partnership: PartnershipId,
    previous: String,
    entries: usize,
    verified: u32,
    broken_at: Option<u32>,
}

impl ChainCheck {
    /// The check of a partnership's ledger, before its first entry.
    pub fn new(partnership: PartnershipId) -> Self {
        Self { partnership, previous: GENESIS.to_owned(), entries: 0, verified: 0, broken_at: None }
    }

    /// Checks the next entry, oldest first.
    pub fn push(&mut self, entry: &LedgerEntry) {
        self.entries += 1;
        // The first wrong entry is the finding; behind it every hash is wrong or means nothing.
        if self.broken_at.is_some() {
            return;
        }
        let number = self.verified + 1;
        let holds =
            entry.number == number && entry.previous == self.previous && entry.hash == hash_of(self.partnership, entry);
        if holds {
            self.verified = number;
            self.previous.clone_from(&entry.hash);
        } else {
            self.broken_at = Some(number);
        }
    }

    /// How many entries there were.
    pub fn entries(&self) -> usize {
        self.entries
    }

    /// What it came to.
    pub fn verification(&self) -> Verification {
        match self.broken_at {
            None => Verification::Verified { upto: self.verified },
            Some(at) => Verification::Broken { at },
        }
    }
}

fn hash_of(partnership: PartnershipId, entry: &LedgerEntry) -> String {
    let said = json!({
        "partnership": partnership,
        "number": entry.number,
        // Always six digits: both databases store microseconds, and chrono leaves trailing zeros out otherwise.
        "at": entry.at.to_rfc3339_opts(SecondsFormat::Micros, true),
        "by": entry.by,
        "kind": entry.kind,
        "body": entry.body,
    });
    let mut hasher = Sha256::new();
    // Of fixed length and first, so no text of the body can be mistaken for a part of it.
    hasher.update(entry.previous.as_bytes());
    hasher.update(canonical(&said).as_bytes());
    hex::encode(&hasher.finalize())
}

/// JSON with the names of every object in the order of their bytes and no white space, so that equal values have equal texts
/// whatever order a map keeps.
pub fn canonical(value: &Value) -> String {
    match value {
        Value::Object(fields) => {
            // serde_json keeps the order of insertion or sorts, as a feature of the whole build decides: a hash must not depend on that.
            let mut names: Vec<&String> = fields.keys().collect();
            names.sort();
            let parts: Vec<String> = names
                .into_iter()
                .map(|name| format!("{}:{}", Value::from(name.as_str()), canonical(&fields[name])))
                .collect();
            format!("{{{}}}", parts.join(","))
        }
        Value::Array(items) => format!("[{}]", items.iter().map(canonical).collect::<Vec<_>>().join(",")),
        plain => plain.to_string(),
    }
}

/// The SHA-256 of a document's bytes in hexadecimal, as records attach it.
pub fn document_hash(bytes: &[u8]) -> String {
    hex::encode(&Sha256::digest(bytes))
}
