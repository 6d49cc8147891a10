//! Many records at once: of a batch of the API, and of a CSV file.

use std::collections::HashMap;

use serde_json::Value;

use super::actions::{Checked, Seller};
use super::fields::{READ_ONLY, RetailFields};
use super::{RetailRecord, store};
use crate::actor::{Actor, Permission};
use crate::app::App;
use crate::error::{Problem, Result};
use crate::ids::RetailRecordId;
use crate::store::Tx;
use crate::wire;

/// What became of one record that was stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    /// It is new.
    Made,
    /// A record in force with this reference says the same: nothing was written.
    Same,
}

/// What became of one record of several.
pub struct RowResult {
    /// Its own reference, as far as it has one.
    pub reference: Option<String>,
    /// The record as it is now, or why it was refused.
    pub outcome: Result<(Written, RetailRecord)>,
}

/// Records what the actor's company sold, row by row in one transaction; what is refused does not keep the others from being stored. A row
/// whose reference a record in force has is left where it says the same, so that the same call again changes nothing.
///
/// # Errors
/// 401 and 403.
pub fn record_all(app: &App, actor: &Actor, rows: Vec<Result<Value>>) -> Result<Vec<RowResult>> {
    let scope = actor.authorize(Permission::PartnershipsWrite)?;
    let references: Vec<Option<String>> = rows.iter().map(|row| row.as_ref().ok().and_then(reference_of)).collect();
    let read = |row: Result<Value>| Checked::new(app, wire::read_input::<RetailFields>(row?, READ_ONLY)?);
    let checked: Vec<Result<Checked>> = rows.into_iter().map(read).collect();
    let outcomes = app.db.write(|tx| {
        let good: Vec<&Checked> = checked.iter().flatten().collect();
        let mut seller = Seller::load(tx.conn(), scope, &good)?;
        let mut outcomes = Vec::with_capacity(checked.len());
        for row in &checked {
            let outcome = match row {
                Ok(new) => record_or_same(tx, &mut seller, new),
                Err(refused) => Err(refused.clone()),
            };
            match outcome {
                // A fault of the database is not one of the row; what another transaction is in the way of is run again as a whole.
                Err(fault) if fault.code.status() >= 500 => return Err(fault),
                outcome => outcomes.push(outcome),
            }
        }
        as_they_are(tx, outcomes)
    })?;
    let results = references.into_iter().zip(outcomes);
    Ok(results.map(|(reference, outcome)| RowResult { reference, outcome }).collect())
}

/// The reference, whatever is wrong with the rest.
fn reference_of(row: &Value) -> Option<String> {
    let reference = row.get("reference").and_then(Value::as_str).map(|reference| reference.trim().to_owned());
    reference.filter(|reference| !reference.is_empty())
}

fn record_or_same(tx: &mut Tx, seller: &mut Seller, new: &Checked) -> Result<(Written, RetailRecordId)> {
    let holder = new.fields.reference.as_deref().and_then(|reference| seller.holder_of(reference));
    if let Some(same) = holder.filter(|holder| new.is_said_by(holder)) {
        return Ok((Written::Same, same.id));
    }
    seller.record(tx, new).map(|record| (Written::Made, record.id))
}

/// The records as they are at the end: a later row may have corrected an earlier one.
fn as_they_are(
    tx: &mut Tx,
    outcomes: Vec<Result<(Written, RetailRecordId)>>,
) -> Result<Vec<Result<(Written, RetailRecord)>>> {
    let ids: Vec<i64> = outcomes.iter().flatten().map(|(_, id)| id.0).collect();
    let records: HashMap<RetailRecordId, RetailRecord> =
        store::load(tx.conn(), &ids)?.into_iter().map(|record| (record.id, record)).collect();
    let with_record = |(written, id): (Written, RetailRecordId)| {
        let record = records.get(&id).cloned();
        record
            .map(|record| (written, record))
            .ok_or_else(|| Problem::internal("a retail record is gone in its transaction"))
    };
    Ok(outcomes.into_iter().map(|outcome| outcome.and_then(with_record)).collect())
}
