//! What a ledger says of its records, to be compared with the rows that are shown: a chain that holds says nothing of a row that was changed.

use std::collections::BTreeMap;

use super::{LedgerEntry, LedgerKind, canonical, document_hash};
use crate::ids::{CustomsReferenceId, RecordId};
use crate::partnerships::{CustomsReference, Record, RecordFields, RecordState, ReferenceFields};

/// The records and customs references that the entries so far made, in the memory of a hash each.
#[derive(Debug, Default)]
pub struct Replay {
    records: BTreeMap<RecordId, Said>,
    references: BTreeMap<CustomsReferenceId, String>,
}

#[derive(Debug)]
struct Said {
    fields: String,
    state: RecordState,
    /// The record that the corrections of it began with.
    root: RecordId,
    /// Whether its row was seen.
    is_seen: bool,
}

/// The hash of fields, read and written anew: an older program wrote fewer of them.
fn hash_of<T: serde::Serialize>(fields: &T) -> String {
    let value = serde_json::to_value(fields).unwrap_or_default();
    document_hash(canonical(&value).as_bytes())
}

impl Replay {
    /// Takes the next entry, oldest first.
    pub fn push(&mut self, entry: &LedgerEntry) {
        let read = |name: &str| entry.body.get(name).cloned().unwrap_or_default();
        let Ok(record) = serde_json::from_value::<RecordId>(read("record")) else { return };
        match entry.kind {
            LedgerKind::RecordDeclared | LedgerKind::RecordCorrected => {
                if let Ok(fields) = serde_json::from_value::<RecordFields>(read("fields")) {
                    self.declare(record, &fields);
                }
            }
            LedgerKind::RecordConfirmed => self.confirm(record),
            LedgerKind::RecordDisputed => self.set(record, RecordState::Disputed),
            LedgerKind::CustomsReferenceAdded => {
                let id = serde_json::from_value::<CustomsReferenceId>(read("customs_reference"));
                let fields = serde_json::from_value::<ReferenceFields>(read("fields"));
                self.references.extend(id.ok().zip(fields.ok().map(|fields| hash_of(&fields))));
            }
            _ => {}
        }
    }

    fn declare(&mut self, record: RecordId, fields: &RecordFields) {
        let old = fields.supersedes.and_then(|old| self.records.get_mut(&old));
        let root = old.as_ref().map_or(record, |old| old.root);
        // What both confirmed stays in force until the correction is confirmed too.
        if let Some(old) = old.filter(|old| old.state != RecordState::Confirmed) {
            old.state = RecordState::Superseded;
        }
        let said = Said { fields: hash_of(fields), state: RecordState::Declared, root, is_seen: false };
        self.records.insert(record, said);
    }

    fn confirm(&mut self, record: RecordId) {
        let Some(root) = self.records.get(&record).map(|said| said.root) else { return };
        self.records
            .values_mut()
            .filter(|said| said.root == root)
            .for_each(|said| said.state = RecordState::Superseded);
        self.set(record, RecordState::Confirmed);
    }

    fn set(&mut self, record: RecordId, state: RecordState) {
        if let Some(said) = self.records.get_mut(&record) {
            said.state = state;
        }
    }

    /// Whether the row of a record and those of its references say what the ledger says.
    pub fn agrees(&mut self, record: &Record, references: &[CustomsReference]) -> bool {
        let Some(said) = self.records.get_mut(&record.id) else { return false };
        said.is_seen = true;
        // A reference that a correction took over has no entry with its fields; the one it was copied from has.
        let agrees = |reference: &CustomsReference| {
            self.references.get(&reference.id).is_none_or(|said| *said == hash_of(&reference.fields))
        };
        said.state == record.state && said.fields == hash_of(&record.fields) && references.iter().all(agrees)
    }

    /// The records of the ledger whose rows were not seen.
    pub fn missing(&self) -> impl Iterator<Item = RecordId> {
        self.records.iter().filter(|(_, said)| !said.is_seen).map(|(record, _)| *record)
    }
}
