//! United States: entry number (import, with a check digit) and internal transaction number (export, with a date).

use chrono::{Datelike, NaiveDate};

use super::dates::{check_year, is_future};
use crate::customs::CheckRequest;
use crate::locale::{self, Language, Message};
use crate::reference::check_digits::last_digit;
use crate::reference::outcome::Verdict;
use crate::reference::plain::{has_shape, is_digits, plain};

pub(super) fn entry(typed: &str) -> Verdict {
    let text = plain(typed);
    let Some(number) = entry_characters(&text) else {
        return Verdict::invalid(text.clone(), entry_form_fault(&text));
    };
    let (filer, serial, digit) = (&number[..3], &number[3..10], &number[10..]);
    if filer == "000" {
        return Verdict::invalid(number.clone(), locale::text(Language::English, "customs-us-no-filer"));
    }
    let verdict = Verdict::valid(number.clone())
        .shown(format!("{filer}-{serial}-{digit}"))
        .part("filer", filer, locale::text(Language::English, "customs-us-filer"))
        .part("serial", serial, locale::text(Language::English, "customs-us-serial"))
        .part("check_digit", digit, locale::text(Language::English, "customs-us-check"));
    match entry_check_digit(&number[..10]) {
        expected if expected == last_digit(&number) => verdict,
        expected => verdict.refused(
            Message::new("customs-check-digit-should").with("digit", expected.unwrap_or(0)).text(Language::English),
        ),
    }
}

/// The eleven characters; hyphens may stand only after the filer and before the check digit.
fn entry_characters(text: &str) -> Option<String> {
    let shapes = ["NNN99999999", "NNN-9999999-9", "NNN-99999999", "NNN9999999-9"];
    shapes.iter().any(|shape| has_shape(text, shape)).then(|| text.replace('-', ""))
}

fn entry_form_fault(text: &str) -> &'static str {
    if is_in_bond(text) {
        locale::text(Language::English, "customs-us-in-bond")
    } else {
        locale::text(Language::English, "customs-us-entry-form")
    }
}

/// In-bond numbers have 8 digits and their remainder by 7.
fn is_in_bond(text: &str) -> bool {
    has_shape(text, "999999999") && text[..8].parse::<u32>().is_ok_and(|number| (number % 7).to_string() == text[8..])
}

/// The check digit over filer and serial: letters become 1 to 9, every other digit from the right is doubled, and the digits are summed.
fn entry_check_digit(body: &str) -> Option<u8> {
    let sum = body.bytes().rev().enumerate().try_fold(0_u8, |sum, (place, byte)| {
        let value = filer_value(byte)?;
        let weighed = if place % 2 == 0 { value * 2 } else { value };
        Some(sum + weighed / 10 + weighed % 10)
    })?;
    Some((10 - sum % 10) % 10)
}

fn filer_value(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'A'..=b'I' => Some(byte - b'A' + 1),
        b'J'..=b'R' => Some(byte - b'J' + 1),
        b'S'..=b'Z' => Some(byte - b'S' + 2),
        _ => None,
    }
}

pub(super) fn itn(request: &CheckRequest, today: NaiveDate) -> Verdict {
    let typed = plain(&request.number);
    // Bills cite it as "AES X2019...".
    let text = typed.strip_prefix("AES").unwrap_or(&typed).trim_start_matches([':', '-']);
    if !has_shape(text, "X99999999999999") {
        return Verdict::invalid(text, locale::text(Language::English, "customs-us-itn-form"));
    }
    let Some(date) = itn_date(&text[1..9]) else {
        return Verdict::invalid(
            text,
            Message::new("customs-us-no-date").with("digits", &text[1..9]).text(Language::English),
        );
    };
    let verdict = Verdict::form_only(text)
        .part("date", date.to_string(), locale::text(Language::English, "customs-us-day"))
        .part("serial", &text[9..], locale::text(Language::English, "customs-part-serial"));
    if is_future(date, today) {
        return verdict
            .refused(Message::new("customs-future-date").with("date", date.to_string()).text(Language::English));
    }
    check_year(verdict, date.year(), request.date)
}

fn itn_date(digits: &str) -> Option<NaiveDate> {
    if !digits.starts_with("20") || !is_digits(digits) {
        return None;
    }
    NaiveDate::from_ymd_opt(digits[..4].parse().ok()?, digits[4..6].parse().ok()?, digits[6..].parse().ok()?)
}
