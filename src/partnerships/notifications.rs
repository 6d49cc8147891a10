//! The e-mails that a step of one side sends to the other.

use super::{Partnership, Record};
use crate::accounts::actions::notify_company;
use crate::clock::Time;
use crate::companies;
use crate::error::Result;
use crate::formats::{PriceLine, hs_dotted, plain_quantity};
use crate::ids::CompanyId;
use crate::mail::{NotificationText, Stream};
use crate::store::Tx;

/// What happened, as an e-mail says it; `{}` stands for the name of the company that did it.
pub(super) struct StepText<'a> {
    pub subject: &'a str,
    pub sentence: &'a str,
    pub reason: Option<&'a str>,
    pub action: &'a str,
}

/// Notifies the other side of a partnership of what `by` did to it.
pub(super) fn notify_partnership(tx: &mut Tx, partnership: &Partnership, by: CompanyId, text: &StepText) -> Result<()> {
    let name = name_of(tx, by)?;
    let mut facts = Vec::new();
    if !partnership.note.is_empty() {
        facts.push(("Note".to_owned(), partnership.note.clone()));
    }
    let content = email(&name, text, facts, format!("/partnerships/{}", partnership.id));
    let event = format!("partnership_{} {}", partnership.state, partnership.id);
    notify_company(tx, partnership.other_than(by), Stream::Transactional, &event, &content)?;
    Ok(())
}

/// Notifies the other side of a record of what `by` did to it; `event` identifies the event: the same one is sent once.
pub(super) fn notify_record(tx: &mut Tx, record: &Record, by: CompanyId, event: &str, text: &StepText) -> Result<()> {
    let name = name_of(tx, by)?;
    let content = email(&name, text, facts_of(record), format!("/records/{}", record.id));
    notify_company(tx, record.other_than(by), Stream::Transactional, event, &content)?;
    Ok(())
}

fn name_of(tx: &mut Tx, company: CompanyId) -> Result<String> {
    let mut names = companies::store::names(tx.conn(), &[company.0])?;
    Ok(names.remove(&company.0).unwrap_or_else(|| "The other side".to_owned()))
}

fn facts_of(record: &Record) -> Vec<(String, String)> {
    let fields = &record.fields;
    let mut value = PriceLine::new(fields.value, None, None);
    value.incoterm = fields.incoterm;
    vec![
        ("Goods".to_owned(), format!("{} (HS {})", fields.description, hs_dotted(&fields.hs_code))),
        ("Quantity".to_owned(), plain_quantity(&fields.quantity)),
        ("Value".to_owned(), value.to_string()),
        ("Direction".to_owned(), record.direction_line()),
        ("Invoice date".to_owned(), fields.invoice_date.to_string()),
    ]
}

fn email(name: &str, text: &StepText, facts: Vec<(String, String)>, path: String) -> NotificationText {
    let mut facts = facts;
    if let Some(reason) = text.reason.filter(|reason| !reason.is_empty()) {
        facts.push(("Reason".to_owned(), reason.to_owned()));
    }
    NotificationText {
        subject: text.subject.replace("{}", name),
        paragraphs: vec![text.sentence.replace("{}", name)],
        facts,
        action: Some((text.action.to_owned(), path)),
        because: "Your company keeps a trade ledger with the other side.".to_owned(),
    }
}

/// Notifies both sides that a moderator reviewed the documents of a record.
pub(super) fn notify_review(tx: &mut Tx, record: &Record, at: Time, note: &str) -> Result<()> {
    let text = StepText {
        subject: "A moderator reviewed the documents of a shipment",
        sentence: "A moderator of the platform reviewed the documents of this shipment. Its evidence grade is now \"operator reviewed\".",
        reason: Some(note),
        action: "Open the shipment",
    };
    let content = email("", &text, facts_of(record), format!("/records/{}", record.id));
    let event = format!("record_reviewed {} {}", record.id, at.timestamp_micros());
    for company in [record.supplier, record.buyer] {
        notify_company(tx, company, Stream::Transactional, &event, &content)?;
    }
    Ok(())
}
