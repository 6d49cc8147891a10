//! What statistics read: trade records with their customs references. Nothing is written here.

use std::collections::HashMap;

use diesel::prelude::*;

use super::{Fact, Reference, ReferenceOutcome};
use crate::customs::Evidence;
use crate::customs::regimes::default_regime;
use crate::customs::rules::{Axes, Bucket, bucket};
use crate::error::Result;
use crate::ids::{CompanyId, RecordId};
use crate::partnerships::references::{ReferenceContent, ReferenceFields};
use crate::partnerships::valuation::{in_table_currency, statistical_value};
use crate::partnerships::{RecordFields, RecordState};
use crate::rates::History;
use crate::reference::outcome::Outcome;
use crate::store::schema::{customs_references, partnership_entries, trade_records};
use crate::store::{Conn, from_json, from_text};

#[derive(Queryable)]
struct RecordRow {
    id: i64,
    supplier_id: i64,
    buyer_id: i64,
    state: String,
    content: String,
}

#[derive(Queryable)]
struct ReferenceRow {
    record_id: i64,
    scheme: String,
    number: String,
    item: i32,
    outcome: String,
    content: String,
}

/// A number that grows with every change of a record or reference: each appends an entry to its partnership's ledger.
pub(super) fn fingerprint(conn: &mut Conn) -> Result<i64> {
    Ok(partnership_entries::table.count().get_result(conn)?)
}

/// Every record as statistics see it, with its values in the currency of the tables where a rate of its day is loaded.
pub(super) fn load_facts(conn: &mut Conn, rates: &History) -> Result<Vec<Fact>> {
    let records: Vec<RecordRow> = trade_records::table
        .order(trade_records::id)
        .select((
            trade_records::id,
            trade_records::supplier_id,
            trade_records::buyer_id,
            trade_records::state,
            trade_records::content,
        ))
        .load(conn)?;
    let references: Vec<ReferenceRow> = customs_references::table
        .order(customs_references::id)
        .select((
            customs_references::record_id,
            customs_references::scheme,
            customs_references::number,
            customs_references::item,
            customs_references::outcome,
            customs_references::content,
        ))
        .load(conn)?;
    let mut by_record: HashMap<i64, Vec<ReferenceRow>> = HashMap::new();
    for reference in references {
        by_record.entry(reference.record_id).or_default().push(reference);
    }
    records
        .into_iter()
        .map(|record| {
            let references = by_record.remove(&record.id).unwrap_or_default();
            fact(record, &references, rates)
        })
        .collect()
}

fn fact(row: RecordRow, references: &[ReferenceRow], rates: &History) -> Result<Fact> {
    let fields: RecordFields = from_json(&row.content)?;
    let state: RecordState = from_text(&row.state)?;
    let known = references.iter().map(known_reference).collect::<Result<Vec<_>>>()?;
    // A declaration speaks for the record before what is only preliminary, of a transit or doubtful.
    let best = known.into_iter().min_by_key(|(reference, _)| rank(reference.outcome));
    let value = statistical_value(fields.value, fields.incoterm, fields.freight, fields.insurance);
    let value = in_table_currency(value, fields.customs_date(), rates);
    Ok(Fact {
        record: RecordId(row.id),
        is_out_of_force: matches!(state, RecordState::Superseded | RecordState::Disputed),
        reporter: fields.reporter_country,
        partner: fields.statistical_partner(),
        hs_code: fields.hs_code.clone(),
        hs_edition: fields.hs_edition.clone(),
        direction: fields.direction,
        customs_date: fields.customs_date(),
        fob: value.fob,
        cif: value.cif,
        net_kg: fields.net_kg,
        quantity: fields.quantity,
        supplier: CompanyId(row.supplier_id),
        buyer: CompanyId(row.buyer_id),
        party_form: fields.party_form,
        deal_locus: fields.deal_locus,
        bucket: bucket_of(&fields, best.as_ref().map(|(_, reference)| reference)).to_string(),
        is_confirmed: state == RecordState::Confirmed,
        reference: best.map(|(reference, _)| reference),
    })
}

/// The one group of the record, by the regime of its reference; without one by that of a plain purchase across its border.
fn bucket_of(record: &RecordFields, reference: Option<&ReferenceFields>) -> Bucket {
    match reference {
        Some(reference) => bucket(&reference.axes_for(record), &reference.regime_for(record)),
        None => {
            let axes = Axes {
                direction: record.direction,
                party_form: record.party_form,
                deal_locus: record.deal_locus,
                goods_route: record.goods_route,
                declarant_role: None,
            };
            bucket(&axes, &default_regime(record.reporter_country, record.direction))
        }
    }
}

fn known_reference(row: &ReferenceRow) -> Result<(Reference, ReferenceFields)> {
    let content: ReferenceContent = from_json(&row.content)?;
    let outcome: Outcome = from_text(&row.outcome)?;
    let outcome = match outcome {
        Outcome::Invalid => ReferenceOutcome::Invalid,
        Outcome::Suspicious => ReferenceOutcome::Suspicious,
        _ if content.evidence != Evidence::Declaration => ReferenceOutcome::NoDeclaration,
        Outcome::Valid => ReferenceOutcome::Valid,
        Outcome::ValidFormOnly => ReferenceOutcome::ValidFormOnly,
    };
    Ok((Reference { key: format!("{} {} {}", row.scheme, row.number, row.item), outcome }, content.fields))
}

fn rank(outcome: ReferenceOutcome) -> u8 {
    match outcome {
        ReferenceOutcome::Valid => 0,
        ReferenceOutcome::ValidFormOnly => 1,
        ReferenceOutcome::Suspicious => 2,
        ReferenceOutcome::NoDeclaration => 3,
        ReferenceOutcome::Invalid => 4,
    }
}
