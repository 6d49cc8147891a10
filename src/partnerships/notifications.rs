//! The e-mails that a step of one side sends to the other, and the events that it is for both.

use super::{Partnership, PartnershipState, Record, RecordState};
use crate::accounts::actions::{Sender, notify_company};
use crate::clock::Time;
use crate::companies;
use crate::error::Result;
use crate::event_feed::{EventType, actions as feed};
use crate::formats::{PriceLine, hs_dotted, plain_quantity};
use crate::ids::CompanyId;
use crate::locale::{Language, Message, text};
use crate::mail::{NotificationText, Stream};
use crate::store::Tx;

/// What happened, as an e-mail says it: keys, whose messages get the name of the company that did it as `$company`.
pub(super) struct StepText<'a> {
    pub subject: &'static str,
    pub sentence: Message,
    pub reason: Option<&'a str>,
    pub action: &'static str,
}

/// Notifies the other side of a partnership of what `by` did to it, and records it in the feeds of both.
pub(super) fn notify_partnership(tx: &mut Tx, partnership: &Partnership, by: CompanyId, step: StepText) -> Result<()> {
    let kind = match partnership.state {
        PartnershipState::Proposed => EventType::PartnershipProposed,
        PartnershipState::Active => EventType::PartnershipConfirmed,
        PartnershipState::Declined => EventType::PartnershipDeclined,
        PartnershipState::Ended => EventType::PartnershipEnded,
    };
    feed::record(tx, kind, &partnership.event_data(), &[partnership.supplier, partnership.buyer])?;
    let name = name_of(tx, by)?;
    let mut facts = Vec::new();
    if !partnership.note.is_empty() {
        facts.push((text(Language::English, "partnerships-note").to_owned(), partnership.note.clone()));
    }
    let content = email(&name, step, facts, format!("/partnerships/{}", partnership.id));
    let event = format!("partnership_{} {}", partnership.state, partnership.id);
    notify_company(tx, Sender::Company(by), partnership.other_than(by), Stream::Transactional, &event, &content)?;
    Ok(())
}

/// Notifies the other side of a record of what `by` did to it; `event` identifies the event: the same one is sent once.
pub(super) fn notify_record(tx: &mut Tx, record: &Record, by: CompanyId, event: &str, step: StepText) -> Result<()> {
    let name = name_of(tx, by)?;
    let content = email(&name, step, facts_of(record), format!("/records/{}", record.id));
    notify_company(tx, Sender::Company(by), record.other_than(by), Stream::Transactional, event, &content)?;
    Ok(())
}

/// Records a step of a record in the feeds of both sides; `state` is the one that it led to.
pub(super) fn record_step(tx: &mut Tx, kind: EventType, record: &Record, state: RecordState) -> Result<()> {
    let after = Record { state, ..record.clone() };
    feed::record(tx, kind, &after.event_data(), &[record.supplier, record.buyer])
}

fn name_of(tx: &mut Tx, company: CompanyId) -> Result<String> {
    let mut names = companies::store::names(tx.conn(), &[company.0])?;
    Ok(names.remove(&company.0).unwrap_or_else(|| text(Language::English, "partnerships-other-side").to_owned()))
}

fn facts_of(record: &Record) -> Vec<(String, String)> {
    let fields = &record.fields;
    let mut value = PriceLine::new(fields.value, None, None);
    value.incoterm = fields.incoterm;
    vec![
        (
            text(Language::English, "partnerships-goods").to_owned(),
            Message::new("partnerships-mail-goods")
                .with("goods", &fields.description)
                .with("code", hs_dotted(&fields.hs_code))
                .text(Language::English),
        ),
        (text(Language::English, "partnerships-quantity").to_owned(), plain_quantity(&fields.quantity)),
        (text(Language::English, "partnerships-value").to_owned(), value.to_string()),
        (text(Language::English, "customs-direction").to_owned(), record.direction_line()),
        (text(Language::English, "partnerships-invoice-date").to_owned(), fields.invoice_date.to_string()),
    ]
}

fn email(name: &str, step: StepText, facts: Vec<(String, String)>, path: String) -> NotificationText {
    let mut facts = facts;
    if let Some(reason) = step.reason.filter(|reason| !reason.is_empty()) {
        facts.push((text(Language::English, "partnerships-reason").to_owned(), reason.to_owned()));
    }
    NotificationText {
        subject: Message::new(step.subject).with("company", name).text(Language::English),
        paragraphs: vec![step.sentence.with("company", name).text(Language::English)],
        facts,
        action: Some((text(Language::English, step.action).to_owned(), path)),
        because: text(Language::English, "partnerships-mail-because").to_owned(),
    }
}

/// Notifies both sides that a moderator reviewed the documents of a record.
pub(super) fn notify_review(tx: &mut Tx, record: &Record, at: Time, note: &str) -> Result<()> {
    let step = StepText {
        subject: "partnerships-mail-reviewed",
        sentence: Message::new("partnerships-mail-reviewed-text"),
        reason: Some(note),
        action: "partnerships-mail-open-shipment",
    };
    let content = email("", step, facts_of(record), format!("/records/{}", record.id));
    let event = format!("record_reviewed {} {}", record.id, at.timestamp_micros());
    for company in [record.supplier, record.buyer] {
        notify_company(tx, Sender::Platform, company, Stream::Transactional, &event, &content)?;
    }
    Ok(())
}
