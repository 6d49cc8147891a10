//! China: customs declaration number and preliminary entry number, 18 characters of one form and no check digit.

use chrono::{Datelike, NaiveDate};

use super::dates::check_year;
use super::verdict::NumberVerdict;
use crate::customs::{CheckRequest, Direction, Evidence};
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
        Evidence::Preliminary => {
            verdict.with_note("a preliminary entry is pending until customs accepts the declaration")
        }
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
        return Some("the last two of 21 characters are the item, counted from 01".to_owned());
    }
    if number.len() == 9 && is_digits(number) {
        return Some(
            "numbers of 9 digits are from before the present system and are not taken for new records".to_owned(),
        );
    }
    if number.chars().count() != 18 {
        return Some(format!("must be 18 characters, or 21 with the item; this has {}", number.chars().count()));
    }
    if !has_shape(number, "99999999N999999999") {
        return Some("must be 4 digits of the office, 4 of the year, the flow, and 9 digits".to_owned());
    }
    (!matches!(&number[8..9], "0" | "1" | "I" | "E"))
        .then(|| "position 9 is the flow: 1 or I for import, 0 or E for export".to_owned())
}

/// Reads a number whose form holds.
fn read(request: &CheckRequest, number: &str, item: Option<u16>, today: NaiveDate) -> Verdict {
    let (office, year, flow, serial) = (&number[..4], &number[4..8], &number[8..9], &number[9..]);
    let (direction, flow_meaning) = match flow {
        "1" => (Direction::Import, "import"),
        "I" => (Direction::Import, "import, consolidated list"),
        "E" => (Direction::Export, "export, consolidated list"),
        _ => (Direction::Export, "export"),
    };
    let year_meaning = match request.scheme {
        crate::customs::Scheme::CnPreliminary => "year of entry",
        _ => "year of acceptance",
    };
    let mut verdict = Verdict::form_only(number)
        .shown(format!("{office} {year} {flow} {serial}"))
        .part("office", office, "customs office that takes the declaration")
        .part("year", year, year_meaning)
        .part("flow", flow, flow_meaning)
        .part("serial", serial, "running number");
    if let Some(item) = item {
        verdict = verdict.part("item", format!("{item:02}"), "item of the declaration");
    }
    let year_number: i32 = year.parse().unwrap_or(0);
    if !(FIRST_YEAR..=today.year() + 1).contains(&year_number) {
        return verdict.refused(format!("the year {year} is not between {FIRST_YEAR} and {}", today.year() + 1));
    }
    if direction != request.direction {
        return verdict.refused(format!("position 9 says {flow_meaning}, but the record is an {}", request.direction));
    }
    check_year(verdict, year_number, request.date)
}
