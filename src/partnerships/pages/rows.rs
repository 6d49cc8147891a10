//! What the pages show of a shipment, a reference and a ledger entry.

use super::parties::Parties;
use crate::clock::Time;
use crate::customs::pages::{evidence_label, outcome_label};
use crate::documents::pages::link;
use crate::ids::{CompanyId, RecordId};
use crate::locale::{Language, text};
use crate::partnerships::documents::RecordDocument;
use crate::partnerships::eligibility::{ExclusionReason, class_of};
use crate::partnerships::plausibility::findings;
use crate::partnerships::{
    CustomsReference, LedgerEntry, LedgerKind, Record, RecordDetail, RecordState, RecordStep, rules,
};
use crate::web::layout::{FileLink, PriceLine, When, grouped, hs_named, plain_quantity};

/// A shipment in a timeline and on its own page.
pub struct Shipment {
    pub id: RecordId,
    pub goods: String,
    pub hs: String,
    pub direction: String,
    pub kind_of_trade: String,
    pub quantity: String,
    pub net_kg: String,
    pub value: String,
    pub fob: String,
    pub cif: String,
    pub invoice_date: String,
    pub declared_on: String,
    pub released_on: String,
    pub origin: String,
    pub transport: String,
    pub state: crate::formats::Pill,
    pub grade: &'static str,
    pub trade_class: &'static str,
    pub exclusion: Option<&'static str>,
    /// What is odd about it, in sentences.
    pub findings: Vec<&'static str>,
    pub declared_by: String,
    pub when: When,
    pub disputed_reason: Option<String>,
    pub supersedes: Option<RecordId>,
    pub corrected_by: Vec<RecordId>,
    pub waits_for_me: bool,
    pub may_correct: bool,
    pub may_add_reference: bool,
    pub references: Vec<ReferenceRow>,
    pub documents: Vec<DocumentRow>,
    pub review: Option<ReviewRow>,
}

/// A document of a shipment.
pub struct DocumentRow {
    pub file: FileLink,
    pub kind: &'static str,
    pub attached_by: String,
    pub when: When,
}

/// A moderator's review of the documents.
pub struct ReviewRow {
    pub note: String,
    pub when: When,
}

impl DocumentRow {
    fn new(attached: &RecordDocument, parties: &Parties, now: Time) -> Self {
        let sha256 = attached.document.blob.sha256.clone();
        Self {
            file: FileLink { sha256, ..link(&attached.document) },
            kind: attached.kind.label(Language::English),
            attached_by: parties.name(attached.attached_by).to_owned(),
            when: When::new(attached.attached_at, now),
        }
    }
}

/// A customs reference with the result of its check.
pub struct ReferenceRow {
    pub scheme: &'static str,
    pub display: String,
    pub item: u16,
    pub outcome: crate::formats::Pill,
    pub outcome_label: &'static str,
    pub evidence: &'static str,
    pub regime: String,
    pub reason: Option<String>,
}

/// An entry of the ledger.
pub struct EntryRow {
    pub number: u32,
    pub when: When,
    pub who: String,
    pub what: &'static str,
    pub record: Option<String>,
    pub reason: Option<String>,
    pub hash: String,
}

fn money(value: Option<crate::money::Money>) -> String {
    value.map(|value| PriceLine::new(value, None, None).money()).unwrap_or_default()
}

impl Shipment {
    /// The shipment as `viewer` sees it.
    pub fn new(detail: RecordDetail, parties: &Parties, viewer: CompanyId, now: Time) -> Self {
        let RecordDetail { record, references, corrected_by, exclusion, documents, review } = detail;
        let fields = &record.fields;
        let mut value = PriceLine::new(fields.value, None, None);
        value.incoterm = fields.incoterm;
        let derived = record.customs_value();
        let date = |date: Option<chrono::NaiveDate>| date.map(|date| date.to_string()).unwrap_or_default();
        let (party, channel) =
            (fields.party_form.label(Language::English), fields.deal_channel.label(Language::English));
        let kind_of_trade = [party, channel, fields.goods_route.label(Language::English)];
        Self {
            id: record.id,
            goods: goods_of(&record),
            hs: hs_named(&fields.hs_code, Language::English),
            direction: record.direction_line(),
            kind_of_trade: kind_of_trade.join(", "),
            quantity: plain_quantity(&fields.quantity),
            net_kg: format!("{}\u{a0}kg", grouped(&fields.net_kg.display(0))),
            value: value.to_string(),
            fob: money(derived.fob),
            cif: money(derived.cif),
            invoice_date: fields.invoice_date.to_string(),
            declared_on: date(fields.declared_on),
            released_on: date(fields.released_on),
            origin: fields.origin_country.map(|country| country.name()).unwrap_or_default(),
            transport: fields.transport_mode.map(|mode| mode.info().name.to_owned()).unwrap_or_default(),
            state: record.state.pill(),
            grade: record.grade.label(Language::English),
            trade_class: class_of(fields, &references).label(Language::English),
            exclusion: exclusion.map(ExclusionReason::sentence),
            findings: findings(&record.fields, Language::English).into_iter().map(|found| found.sentence).collect(),
            declared_by: parties.name(record.declared_by).to_owned(),
            when: When::new(record.created_at, now),
            disputed_reason: record.disputed_reason.clone().filter(|_| record.state == RecordState::Disputed),
            supersedes: fields.supersedes,
            corrected_by,
            waits_for_me: record.waits_for(viewer),
            may_correct: may_correct(&record, viewer),
            may_add_reference: record.state != RecordState::Superseded,
            references: references.iter().map(|reference| ReferenceRow::new(reference, &record)).collect(),
            documents: documents.iter().map(|attached| DocumentRow::new(attached, parties, now)).collect(),
            review: review.map(|review| ReviewRow { when: When::new(review.reviewed_at, now), note: review.note }),
        }
    }

    /// What is confirmed or disputed: the shipment, its customs references and its documents.
    pub fn confirmed_facts(&self) -> Vec<(String, String)> {
        let mut facts = self.facts();
        let mut add = |label, value| facts.push((text(Language::English, label).to_owned(), value));
        for reference in &self.references {
            add("partnerships-customs-references", format!("{} {}", reference.scheme, reference.display));
        }
        for document in &self.documents {
            add("partnerships-documents", format!("{}, {}", document.kind, document.file.name));
        }
        facts
    }

    /// All that both sides agree on when the shipment is confirmed, as label and value; what is empty is not shown.
    pub fn facts(&self) -> Vec<(String, String)> {
        [
            ("partnerships-goods", &self.goods),
            ("customs-direction", &self.direction),
            ("partnerships-hs-code", &self.hs),
            ("partnerships-quantity", &self.quantity),
            ("partnerships-net-weight", &self.net_kg),
            ("partnerships-invoice-value", &self.value),
            ("partnerships-fob-value", &self.fob),
            ("partnerships-cif-value", &self.cif),
            ("partnerships-invoice-date", &self.invoice_date),
            ("partnerships-declared-on", &self.declared_on),
            ("partnerships-released-on", &self.released_on),
            ("partnerships-origin", &self.origin),
            ("partnerships-transport", &self.transport),
            ("partnerships-kind-of-trade", &self.kind_of_trade),
            ("partnerships-trade-class", &self.trade_class.to_owned()),
        ]
        .into_iter()
        .map(|(label, value)| (text(Language::English, label).to_owned(), value.clone()))
        .collect()
    }
}

/// The description of the goods.
pub(super) fn goods_of(record: &Record) -> String {
    let description = &record.fields.description;
    if description.is_empty() { text(Language::English, "partnerships-goods").to_owned() } else { description.clone() }
}

fn may_correct(record: &Record, viewer: CompanyId) -> bool {
    let (Some(by), Some(declarer)) = (record.side_of(viewer), record.side_of(record.declared_by)) else {
        return false;
    };
    let facts = rules::RecordFacts { state: record.state, declarer, party_form: record.fields.party_form };
    rules::step_record(&facts, RecordStep::Correct, by).is_ok()
}

impl ReferenceRow {
    fn new(reference: &CustomsReference, record: &Record) -> Self {
        Self {
            scheme: reference.fields.scheme.info().name,
            display: reference.display.clone(),
            item: reference.item,
            outcome: reference.outcome.pill(),
            outcome_label: outcome_label(reference.outcome),
            evidence: evidence_label(reference.evidence),
            regime: reference.fields.regime_for(&record.fields).to_string(),
            reason: reference.reason.clone(),
        }
    }
}

impl EntryRow {
    /// The entry with the names of the sides.
    pub fn new(entry: &LedgerEntry, parties: &Parties, now: Time) -> Self {
        let given = |name: &str| entry.body.get(name).and_then(serde_json::Value::as_str).map(str::to_owned);
        Self {
            number: entry.number,
            when: When::new(entry.at, now),
            who: entry
                .by
                .map_or(text(Language::English, "partnerships-operator"), |company| parties.name(company))
                .to_owned(),
            what: kind_label(entry.kind),
            record: given("record"),
            reason: given("reason"),
            hash: entry.hash.chars().take(12).collect(),
        }
    }
}

fn kind_label(kind: LedgerKind) -> &'static str {
    match kind {
        LedgerKind::Proposed => text(Language::English, "partnerships-entry-proposed"),
        LedgerKind::Confirmed => text(Language::English, "partnerships-entry-confirmed"),
        LedgerKind::Declined => text(Language::English, "partnerships-entry-declined"),
        LedgerKind::Ended => text(Language::English, "partnerships-entry-ended"),
        LedgerKind::RecordDeclared => text(Language::English, "partnerships-entry-declared"),
        LedgerKind::RecordConfirmed => text(Language::English, "partnerships-entry-record-confirmed"),
        LedgerKind::RecordDisputed => text(Language::English, "partnerships-entry-disputed"),
        LedgerKind::RecordCorrected => text(Language::English, "partnerships-entry-corrected"),
        LedgerKind::CustomsReferenceAdded => text(Language::English, "partnerships-entry-reference"),
        LedgerKind::DocumentAttached => text(Language::English, "partnerships-entry-document"),
        LedgerKind::RecordReviewed => text(Language::English, "partnerships-entry-reviewed"),
    }
}
