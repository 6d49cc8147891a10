//! China: customs declaration number and preliminary entry number, 18 characters of one form and no check digit.

use chrono::{Datelike, NaiveDate};

use super::dates::check_year;
use super::verdict::NumberVerdict;
use crate::customs::{CheckRequest, Direction, Evidence};
use crate::locale::{self, Language, Message};
use crate::reference::outcome::Verdict;
use crate::reference::plain::{compact, has_shape, is_digits};

/// The first year in which 18-character numbers can have been given.
const FIRST_YEAR: i32 = 1999;

pub(super) fn check(request: &CheckRequest, today: NaiveDate, evidence: Evidence) -> NumberVerdict {
    let text = compact(&request.number, &['-']);
    let (number, item) = split_item(&text);
    let verdict = match form_fault(number, item) {
        Some(fault) => Verdict::invalid(text, fault),
        None => read(request, number, item, today),
    };
    let verdict = match evidence {
        Evidence::Preliminary => verdict.with_note(locale::text(Language::English, "customs-cn-pending")),
        _ => verdict,
    };
    NumberVerdict { verdict, evidence, item }
}

/// The 21-character form of the tax-refund software: the number, a zero, and two digits of the item.
fn split_item(text: &str) -> (&str, Option<u16>) {
    if text.len() != 21 || !is_digits(text) || &text[18..19] != "0" {
        return (text, None);
    }
    (&text[..18], text[19..].parse().ok())
}

fn form_fault(number: &str, item: Option<u16>) -> Option<String> {
    if item == Some(0) {
        return Some(locale::text(Language::English, "customs-cn-item-form").to_owned());
    }
    if number.len() == 9 && is_digits(number) {
        return Some(locale::text(Language::English, "customs-cn-old").to_owned());
    }
    if number.chars().count() != 18 {
        return Some(Message::new("customs-cn-length").with("length", number.chars().count()).text(Language::English));
    }
    if !has_shape(number, "99999999N999999999") {
        return Some(locale::text(Language::English, "customs-cn-form").to_owned());
    }
    (!matches!(&number[8..9], "0" | "1" | "I" | "E"))
        .then(|| locale::text(Language::English, "customs-cn-flow-form").to_owned())
}

/// Reads a number whose form holds.
fn read(request: &CheckRequest, number: &str, item: Option<u16>, today: NaiveDate) -> Verdict {
    let (office, year, flow, serial) = (&number[..4], &number[4..8], &number[8..9], &number[9..]);
    let (direction, flow_meaning) = match flow {
        "1" => (Direction::Import, locale::text(Language::English, "customs-cn-import")),
        "I" => (Direction::Import, locale::text(Language::English, "customs-cn-import-list")),
        "E" => (Direction::Export, locale::text(Language::English, "customs-cn-export-list")),
        _ => (Direction::Export, locale::text(Language::English, "customs-cn-export")),
    };
    let year_meaning = match request.scheme {
        crate::customs::Scheme::CnPreliminary => locale::text(Language::English, "customs-cn-entry-year"),
        _ => locale::text(Language::English, "customs-cn-year"),
    };
    let mut verdict = Verdict::form_only(number)
        .shown(format!("{office} {year} {flow} {serial}"))
        .part("office", office, locale::text(Language::English, "customs-cn-office"))
        .part("year", year, year_meaning)
        .part("flow", flow, flow_meaning)
        .part("serial", serial, locale::text(Language::English, "customs-part-serial"));
    if let Some(item) = item {
        verdict = verdict.part("item", format!("{item:02}"), locale::text(Language::English, "customs-cn-item"));
    }
    let year_number: i32 = year.parse().unwrap_or(0);
    if !(FIRST_YEAR..=today.year() + 1).contains(&year_number) {
        return verdict.refused(
            Message::new("customs-cn-year-range")
                .with("year", year)
                .with("first", FIRST_YEAR.to_string())
                .with("last", (today.year() + 1).to_string())
                .text(Language::English),
        );
    }
    if direction != request.direction {
        return verdict.refused(
            Message::new("customs-cn-flow-other")
                .with("flow", flow_meaning)
                .with("direction", request.direction.as_str())
                .text(Language::English),
        );
    }
    check_year(verdict, year_number, request.date)
}
