//! India: shipping bill and bill of entry. The number alone repeats every year in every port, so the key is port, number and date together.

use chrono::NaiveDate;

use super::dates::is_future;
use crate::customs::CheckRequest;
use crate::locale::{self, Language, Message};
use crate::reference::outcome::Verdict;
use crate::reference::plain::{has_shape, is_digits, plain};

/// Numbers have up to seven digits; the canonical form always has seven, so that 4321 and 0004321 are one.
const DIGITS: usize = 7;

pub(super) fn check(request: &CheckRequest, today: NaiveDate) -> Verdict {
    let text = plain(&request.number);
    let (port, number, date) = match triple(request, &text) {
        Ok(triple) => triple,
        Err(fault) => return Verdict::invalid(text, fault),
    };
    let canonical = format!("{port}/{number:0>DIGITS$}/{date}");
    let verdict = Verdict::form_only(canonical)
        .part("port", port.as_str(), locale::text(Language::English, "customs-in-port"))
        .part("number", number, locale::text(Language::English, "customs-in-number"))
        .part("date", date.to_string(), locale::text(Language::English, "customs-in-date"));
    let verdict = if is_future(date, today) {
        verdict.refused(Message::new("customs-future-date").with("date", date.to_string()).text(Language::English))
    } else {
        verdict
    };
    doubt_fields(verdict, request, &port, date)
}

/// Port, number and date: from the text `PORT/NUMBER/DATE`, or from the number and the fields of the request.
fn triple<'a>(request: &CheckRequest, text: &'a str) -> Result<(String, &'a str, NaiveDate), String> {
    let given_port = request.port.as_deref().map(plain);
    let (port, number, date) = match text.splitn(3, '/').collect::<Vec<_>>()[..] {
        [port, number, date] => (Some(port.to_owned()), number, date.parse().ok()),
        [port, number] if !is_digits(port) => (Some(port.to_owned()), number, request.date),
        _ => (given_port, text, request.date),
    };
    let port = port.ok_or(locale::text(Language::English, "customs-in-needs-port"))?;
    if !port.starts_with("IN") || !has_shape(&port, "AAAAAN") {
        return Err(locale::text(Language::English, "customs-in-port-form").to_owned());
    }
    if !is_digits(number) || !(3..=DIGITS).contains(&number.len()) {
        return Err(locale::text(Language::English, "customs-in-number-form").to_owned());
    }
    let date = date.ok_or(locale::text(Language::English, "customs-in-needs-date"))?;
    Ok((port, number, date))
}

fn doubt_fields(verdict: Verdict, request: &CheckRequest, port: &str, date: NaiveDate) -> Verdict {
    let mut verdict = verdict;
    if let Some(given) = request.port.as_deref().map(plain).filter(|given| given != port) {
        verdict = verdict.suspicious(
            Message::new("customs-in-other-port").with("port", port).with("given", given).text(Language::English),
        );
    }
    if let Some(given) = request.date.filter(|given| *given != date) {
        verdict = verdict.suspicious(
            Message::new("customs-in-other-date")
                .with("date", date.to_string())
                .with("given", given.to_string())
                .text(Language::English),
        );
    }
    verdict
}
