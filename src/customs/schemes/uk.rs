//! United Kingdom: the trader's own references of consignments. Neither has a check digit, and neither is a declaration.

use crate::locale::{self, Language, Message};
use crate::reference::codes::Country;
use crate::reference::outcome::Verdict;
use crate::reference::plain::{has_shape, is_alphanumeric, plain};

const MOST: usize = 35;

pub(super) fn ducr(typed: &str) -> Verdict {
    let text = plain(typed);
    if !text.is_ascii() || text.len() > MOST || text.len() < 9 || !has_shape(&text[..3], "9AA") {
        return Verdict::invalid(text, locale::text(Language::English, "customs-ducr-form"));
    }
    match &text[1..3] {
        "GB" | "XI" => british_ducr(&text),
        country if country.parse::<Country>().is_err() => Verdict::invalid(
            text.clone(),
            Message::new("customs-ducr-no-country").with("country", country).text(Language::English),
        ),
        country if text[3..].bytes().all(|byte| is_reference(byte) || byte == b'/') => Verdict::form_only(text.clone())
            .part("year", &text[..1], locale::text(Language::English, "customs-ducr-year"))
            .part("country", country, locale::text(Language::English, "customs-ducr-country"))
            .part("reference", &text[3..], locale::text(Language::English, "customs-ducr-reference")),
        _ => Verdict::invalid(text, locale::text(Language::English, "customs-ducr-characters")),
    }
}

/// For British traders the EORI has a known length and the own reference may not be empty.
fn british_ducr(text: &str) -> Verdict {
    let Some((eori, reference)) = text[3..].split_once('-') else {
        return Verdict::invalid(text, locale::text(Language::English, "customs-ducr-hyphen"));
    };
    if !has_shape(eori, "999999999999") && !has_shape(eori, "999999999999999") {
        return Verdict::invalid(text, locale::text(Language::English, "customs-ducr-eori-form"));
    }
    if reference.is_empty() || reference.len() > 19 || !reference.bytes().all(is_reference) {
        return Verdict::invalid(text, locale::text(Language::English, "customs-ducr-reference-form"));
    }
    Verdict::form_only(text)
        .part("year", &text[..1], locale::text(Language::English, "customs-ducr-year"))
        .part("eori", &text[1..3 + eori.len()], locale::text(Language::English, "customs-ducr-eori"))
        .part("reference", reference, locale::text(Language::English, "customs-ducr-own"))
}

fn is_reference(byte: u8) -> bool {
    byte.is_ascii_digit() || byte.is_ascii_uppercase() || matches!(byte, b'(' | b')' | b'-')
}

pub(super) fn mucr(typed: &str) -> Verdict {
    let text = plain(typed);
    let after = |prefix| text.strip_prefix(prefix);
    let meaning = if after("A:").is_some_and(|waybill| has_shape(waybill, "NNN99999999")) {
        locale::text(Language::English, "customs-mucr-waybill")
    } else if after("C:").is_some_and(is_carrier_reference) {
        locale::text(Language::English, "customs-mucr-carrier")
    } else if after("GB/").is_some_and(is_trader_reference) {
        locale::text(Language::English, "customs-mucr-trader")
    } else {
        let wanted = locale::text(Language::English, "customs-mucr-form");
        return Verdict::invalid(text, wanted);
    };
    Verdict::form_only(text.clone()).part("reference", text, meaning)
}

fn is_carrier_reference(text: &str) -> bool {
    (6..=33).contains(&text.len()) && is_alphanumeric(text) && text[..3].bytes().all(|byte| byte.is_ascii_uppercase())
}

fn is_trader_reference(text: &str) -> bool {
    text.split_once('-').is_some_and(|(code, reference)| {
        let lengths_fit = match code.len() {
            3 | 4 => (5..=28).contains(&reference.len()),
            9..=12 => (1..=23).contains(&reference.len()),
            _ => false,
        };
        lengths_fit && is_alphanumeric(code) && is_alphanumeric(reference)
    })
}
