//! The operator's way in for trade of the past: partnerships and records with their own dates, by the same checks as everybody's.
//!
//! A line is `{"type":"partnership","supplier","buyer","since"}` or `{"type":"record","supplier","buyer","declared_by","confirmed",
//! "disputed"?,"customs_references":[...]}` with the fields of a record; companies are named by id, ref or exact name. Nobody is
//! notified, and loading a line again changes nothing.

use chrono::{Duration, NaiveDate, NaiveTime};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::actions::{propose_in, step_in};
use super::plausibility::ensure_possible;
use super::records::{add_reference_in, check_dispute, confirm_in, declare_in, dispute_in};
use super::{
    Partnership, PartnershipFields, PartnershipState, PartnershipStep, Record, RecordFields, ReferenceFields, Side,
    store,
};
use crate::actor::{Actor, Scope};
use crate::app::App;
use crate::clock::Time;
use crate::companies::actions::find_named;
use crate::companies::loading::Loaded;
use crate::error::{FieldCode, Problem, Result};
use crate::ids::{CompanyId, PartnershipId, RecordId};
use crate::locale::{Language, text};
use crate::store::Tx;
use crate::wire;

/// One line of a file of past trade.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TradeLine {
    /// Two companies that trade with each other.
    Partnership(PartnershipLine),
    /// A shipment between two of them.
    Record(Box<RecordLine>),
}

/// Two companies that have traded with each other since a day.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PartnershipLine {
    /// The company that sells: id, ref or exact name.
    pub supplier: String,
    /// The company that buys.
    pub buyer: String,
    /// The day both agreed.
    pub since: NaiveDate,
}

/// A shipment and what the two sides said of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordLine {
    /// Who said what of it.
    pub head: RecordHead,
    /// The shipment.
    pub fields: RecordFields,
}

/// Who said what of a shipment.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordHead {
    /// The company that sells: id, ref or exact name.
    pub supplier: String,
    /// The company that buys.
    pub buyer: String,
    /// `supplier` or `buyer`.
    pub declared_by: String,
    /// Whether the other side confirmed it.
    #[serde(default)]
    pub confirmed: bool,
    /// What the other side holds against it.
    #[serde(default)]
    pub disputed: Option<String>,
    /// Its customs references.
    #[serde(default)]
    pub customs_references: Vec<ReferenceFields>,
}

/// What loading any line came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LoadedLine {
    /// A partnership.
    Partnership(Loaded<PartnershipId>),
    /// A record.
    Record(Loaded<RecordId>),
}

/// Reads a parsed line.
///
/// # Errors
/// `invalid`, naming the fields that are unknown, missing or wrong.
pub fn read_line(line: Value) -> Result<TradeLine> {
    let Value::Object(mut members) = line else {
        return Err(Problem::invalid_field("", FieldCode::Format, text(Language::English, "partnerships-load-object")));
    };
    match members.remove("type").as_ref().and_then(Value::as_str) {
        Some("partnership") => wire::read_value(Value::Object(members), &[]).map(TradeLine::Partnership),
        Some("record") => {
            let mut head = Map::new();
            for name in ["supplier", "buyer", "declared_by", "confirmed", "disputed", "customs_references"] {
                head.extend(members.remove(name).map(|value| (name.to_owned(), value)));
            }
            let head = wire::read_value(Value::Object(head), &[])?;
            let fields = wire::read_value(Value::Object(members), &[])?;
            Ok(TradeLine::Record(Box::new(RecordLine { head, fields })))
        }
        _ => Err(Problem::invalid_field(
            "/type",
            FieldCode::UnknownValue,
            text(Language::English, "partnerships-load-type"),
        )),
    }
}

/// Loads one line as the operator.
pub fn load_line(app: &App, actor: &Actor, line: &TradeLine) -> Result<LoadedLine> {
    match line {
        TradeLine::Partnership(line) => {
            let (supplier, buyer) = sides(app, &line.supplier, &line.buyer)?;
            load_trade(app, actor, supplier, buyer, line.since).map(LoadedLine::Partnership)
        }
        TradeLine::Record(line) => load_record(app, actor, line).map(LoadedLine::Record),
    }
}

fn sides(app: &App, supplier: &str, buyer: &str) -> Result<(CompanyId, CompanyId)> {
    let named = |pointer: &'static str, text: &str| {
        find_named(app, text)
            .map_err(|problem| Problem::invalid_field(pointer, FieldCode::UnknownValue, problem.detail))
    };
    Ok((named("/supplier", supplier)?, named("/buyer", buyer)?))
}

/// Stores an active partnership that the supplier proposed and the buyer confirmed on the day `since`.
pub fn load_trade(
    app: &App,
    actor: &Actor,
    supplier: CompanyId,
    buyer: CompanyId,
    since: NaiveDate,
) -> Result<Loaded<PartnershipId>> {
    Scope::of_operator(actor, supplier)?;
    let fields = PartnershipFields { supplier, buyer, quote: None, note: None };
    fields.check(supplier)?;
    app.db.write(|tx| {
        if let Some(there) = store::find_live(tx.conn(), supplier, buyer)? {
            return Ok(Loaded::Same(there.id));
        }
        // Office hours of the same day in UTC, so that the ledger reads in the order in which things happen.
        let at = day_hour(tx, since, 9);
        let proposed = propose_in(tx, &fields, supplier, Some(at))?;
        let at = day_hour(tx, since, 15);
        step_in(tx, &proposed, buyer, PartnershipStep::Confirm, None, at)?;
        Ok(Loaded::Made(proposed.id))
    })
}

/// A moment of a day in UTC, but never one that is still to come.
fn day_hour(tx: &Tx, day: NaiveDate, hour: u32) -> Time {
    let time = NaiveTime::from_hms_opt(hour, 0, 0).unwrap_or_default();
    day.and_time(time).and_utc().min(tx.now())
}

/// Stores a record of the past with its references, and the other side's answer.
pub fn load_record(app: &App, actor: &Actor, line: &RecordLine) -> Result<Loaded<RecordId>> {
    let (supplier, buyer) = sides(app, &line.head.supplier, &line.head.buyer)?;
    Scope::of_operator(actor, supplier)?;
    let declarer = match line.head.declared_by.as_str() {
        "supplier" => Side::Supplier,
        "buyer" => Side::Buyer,
        _ => {
            let message = text(Language::English, "partnerships-load-side");
            return Err(Problem::invalid_field("/declared_by", FieldCode::UnknownValue, message));
        }
    };
    line.fields.check(app.clock.today())?;
    ensure_possible(&line.fields, Language::English)?;
    line.head.disputed.as_deref().map(check_dispute).transpose()?;
    app.db.write(|tx| {
        let partnership = store::find_live(tx.conn(), supplier, buyer)?
            .filter(|partnership| partnership.state == PartnershipState::Active)
            .ok_or_else(|| Problem::conflict(text(Language::English, "partnerships-load-first")))?;
        if let Some(same) = store::find_equal(tx.conn(), partnership.id, &line.fields)? {
            return Ok(Loaded::Same(same));
        }
        store_record(tx, &partnership, declarer, line).map(Loaded::Made)
    })
}

fn store_record(tx: &mut Tx, partnership: &Partnership, declarer: Side, line: &RecordLine) -> Result<RecordId> {
    let (by, other) = (partnership.company_on(declarer), partnership.company_on(declarer.other()));
    let day = line.fields.customs_date().unwrap_or(line.fields.invoice_date);
    let declared_at = day_hour(tx, day, 16);
    // Through the steps of everybody, not past them: a loaded record has the same ledger entries, checks and totals.
    let record = declare_in(tx, partnership, by, &line.fields, declared_at)?;
    for (index, reference) in line.head.customs_references.iter().enumerate() {
        add_reference_in(tx, &record, by, reference, declared_at)
            .map_err(|problem| problem.below(&format!("/customs_references/{index}")))?;
    }
    answer_record(tx, &record, other, &line.head, (declared_at + Duration::days(1)).min(tx.now()))?;
    Ok(record.id)
}

fn answer_record(tx: &mut Tx, record: &Record, other: CompanyId, head: &RecordHead, at: Time) -> Result<()> {
    match (&head.disputed, head.confirmed) {
        (Some(reason), _) => dispute_in(tx, record, other, reason, at),
        (None, true) => confirm_in(tx, record, other, at),
        (None, false) => Ok(()),
    }
}
