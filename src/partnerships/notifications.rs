//! The letters that the other side gets.

use super::{Partnership, Record};
use crate::accounts::actions::notify_company;
use crate::clock::Time;
use crate::companies;
use crate::error::Result;
use crate::ids::CompanyId;
use crate::mail::{NotificationText, Stream};
use crate::store::Tx;
use crate::web::layout::{PriceLine, hs_dotted, plain_quantity};

/// What happened, in the words of a letter; `{}` stands for the name of the company that did it.
pub(super) struct News<'a> {
    pub subject: &'a str,
    pub sentence: &'a str,
    pub reason: Option<&'a str>,
    pub action: &'a str,
}

/// Tells the other side of a partnership what `by` did to it.
pub(super) fn notify_of_partnership(tx: &mut Tx, partnership: &Partnership, by: CompanyId, news: &News) -> Result<()> {
    let name = name_of(tx, by)?;
    let mut facts = Vec::new();
    if !partnership.note.is_empty() {
        facts.push(("Note".to_owned(), partnership.note.clone()));
    }
    let content = letter(&name, news, facts, format!("/partnerships/{}", partnership.id));
    let event = format!("partnership_{} {}", partnership.state, partnership.id);
    notify_company(tx, partnership.other_than(by), Stream::Transactional, &event, &content)?;
    Ok(())
}

/// Tells the other side of a record what `by` did to it; `event` names the happening once and for all.
pub(super) fn notify_of_record(tx: &mut Tx, record: &Record, by: CompanyId, event: &str, news: &News) -> Result<()> {
    let name = name_of(tx, by)?;
    let content = letter(&name, news, facts_of(record), format!("/records/{}", record.id));
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
        (
            "Way".to_owned(),
            format!("{} of {}, partner country {}", fields.direction, fields.reporter_country, fields.partner_country),
        ),
        ("Invoice date".to_owned(), fields.invoice_date.to_string()),
    ]
}

fn letter(name: &str, news: &News, facts: Vec<(String, String)>, path: String) -> NotificationText {
    let mut facts = facts;
    if let Some(reason) = news.reason.filter(|reason| !reason.is_empty()) {
        facts.push(("Reason".to_owned(), reason.to_owned()));
    }
    NotificationText {
        subject: news.subject.replace("{}", name),
        paragraphs: vec![news.sentence.replace("{}", name)],
        facts,
        action: Some((news.action.to_owned(), path)),
        because: "Your company keeps a trade ledger with the other side.".to_owned(),
    }
}

/// Tells both sides that a moderator looked at the documents of a record.
pub(super) fn notify_of_review(tx: &mut Tx, record: &Record, at: Time, note: &str) -> Result<()> {
    let news = News {
        subject: "A moderator looked at the documents of a shipment",
        sentence: "A moderator of the platform looked at the documents of this shipment. Its evidence is graded operator reviewed.",
        reason: Some(note),
        action: "Open the shipment",
    };
    let content = letter("", &news, facts_of(record), format!("/records/{}", record.id));
    let event = format!("record_reviewed {} {}", record.id, at.timestamp_micros());
    for company in [record.supplier, record.buyer] {
        notify_company(tx, company, Stream::Transactional, &event, &content)?;
    }
    Ok(())
}
