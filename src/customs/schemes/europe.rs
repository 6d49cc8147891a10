//! Movement reference numbers of the European Union, common transit and the United Kingdom: 18 characters with an ISO 6346 style check digit.

use chrono::NaiveDate;

use super::dates::{check_year, full_year, is_future_year};
use super::verdict::NumberVerdict;
use crate::customs::{CheckRequest, Direction, Evidence};
use crate::locale::{self, Language, Message};
use crate::reference::check_digits::{iso6346, last_digit};
use crate::reference::codes::Country;
use crate::reference::countries;
use crate::reference::outcome::{Outcome, Verdict};
use crate::reference::plain::{compact, has_shape};

/// From this year on position 17 is read as the procedure; before it, most countries used it freely.
const FIRST_YEAR_OF_LETTERS: i32 = 2022;

#[derive(Clone, Copy, PartialEq, Eq)]
enum CheckDigit {
    Hard,
    Soft,
}

pub(super) fn check_eu(request: &CheckRequest, today: NaiveDate) -> NumberVerdict {
    check(request, today, |issuer| match issuer {
        "CH" | "NO" | "XI" => Some(CheckDigit::Hard),
        // Published British numbers do not satisfy the algorithm; of the other countries in common transit too little is known.
        "GB" | "AD" | "GE" | "IS" | "LI" | "MD" | "ME" | "MK" | "RS" | "SM" | "TR" | "UA" => Some(CheckDigit::Soft),
        _ => is_eu(issuer).then_some(CheckDigit::Hard),
    })
}

pub(super) fn check_uk(request: &CheckRequest, today: NaiveDate) -> NumberVerdict {
    check(request, today, |issuer| matches!(issuer, "GB" | "XI").then_some(CheckDigit::Soft))
}

fn is_eu(code: &str) -> bool {
    code.parse::<Country>().is_ok_and(countries::is_eu_member)
}

fn check(request: &CheckRequest, today: NaiveDate, policy: fn(&str) -> Option<CheckDigit>) -> NumberVerdict {
    let number = compact(&request.number, &['-']);
    if !has_shape(&number, "99AANNNNNNNNNNNNN9") {
        return NumberVerdict::declaration(Verdict::invalid(number.clone(), form_fault(&number)));
    }
    let issuer = &number[2..4];
    let Some(check_digit) = policy(issuer) else {
        return NumberVerdict::declaration(Verdict::invalid(
            number.clone(),
            Message::new("customs-mrn-issuer").with("issuer", issuer).text(Language::English),
        ));
    };
    read(request, &number, check_digit, today)
}

fn form_fault(number: &str) -> String {
    match number.chars().count() {
        18 => locale::text(Language::English, "customs-mrn-form").to_owned(),
        length => Message::new("customs-mrn-length").with("length", length).text(Language::English),
    }
}

fn read(request: &CheckRequest, number: &str, policy: CheckDigit, today: NaiveDate) -> NumberVerdict {
    let (year, issuer, body, procedure) = (&number[..2], &number[2..4], &number[4..16], &number[16..17]);
    let full = full_year(year).unwrap_or(0);
    let meaning = procedure_of(full, issuer, procedure);
    let verdict = Verdict::valid(number)
        .shown(format!("{year} {issuer} {body} {procedure} {}", &number[17..]))
        .part("year", year, Message::new("customs-mrn-year").with("year", full.to_string()).text(Language::English))
        .part("country", issuer, locale::text(Language::English, "customs-mrn-country"))
        .part("serial", body, locale::text(Language::English, "customs-mrn-serial"))
        .part("procedure", procedure, meaning.text)
        .part("check_digit", &number[17..], locale::text(Language::English, "customs-mrn-check"));
    let mut verdict = apply_check_digit(verdict, number, policy);
    if is_future_year(full, today) {
        verdict =
            verdict.refused(Message::new("customs-future-year").with("year", full.to_string()).text(Language::English));
    }
    // British numbers of these years have no letter there yet.
    if meaning.is_undefined && policy == CheckDigit::Hard {
        verdict = verdict
            .suspicious(Message::new("customs-mrn-letter-undefined").with("letter", procedure).text(Language::English));
    }
    if let Some(other) = meaning.direction.filter(|direction| *direction != request.direction) {
        verdict = verdict.suspicious(
            Message::new("customs-mrn-letter-other")
                .with("letter", procedure)
                .with("means", other.as_str())
                .with("direction", request.direction.as_str())
                .text(Language::English),
        );
    }
    if let Some(given) = request.country.filter(|given| !same_issuer(given.as_str(), issuer)) {
        verdict = verdict.suspicious(
            Message::new("customs-mrn-issued-in")
                .with("issuer", issuer)
                .with("given", given.to_string())
                .text(Language::English),
        );
    }
    if meaning.evidence == Evidence::Transit && verdict.outcome == Outcome::Valid {
        verdict = verdict.with_note(locale::text(Language::English, "customs-mrn-transit"));
    }
    NumberVerdict { verdict: check_year(verdict, full, request.date), evidence: meaning.evidence, item: None }
}

/// XI marks Northern Ireland, which ISO 3166 counts under GB.
fn same_issuer(given: &str, issuer: &str) -> bool {
    // Northern Ireland declares under XI, in the United Kingdom.
    given == issuer || (given == "GB" && issuer == "XI")
}

fn apply_check_digit(mut verdict: Verdict, number: &str, policy: CheckDigit) -> Verdict {
    let expected = iso6346(&number[..17]);
    if expected == last_digit(number) {
        return verdict;
    }
    let reason =
        Message::new("customs-check-digit-should").with("digit", expected.unwrap_or(0)).text(Language::English);
    match policy {
        CheckDigit::Hard => verdict.refused(reason),
        CheckDigit::Soft => {
            verdict.outcome = Outcome::Suspicious;
            verdict.with_note(Message::new("customs-mrn-soft").with("reason", &reason).text(Language::English))
        }
    }
}

struct Procedure {
    text: &'static str,
    direction: Option<Direction>,
    evidence: Evidence,
    /// Whether a letter stands where the present layout defines one, and it is none of those.
    is_undefined: bool,
}

fn procedure_of(year: i32, issuer: &str, letter: &str) -> Procedure {
    if year >= FIRST_YEAR_OF_LETTERS {
        present_letter(letter)
    } else if issuer == "DE" {
        old_german_letter(letter)
    } else {
        Procedure {
            text: locale::text(Language::English, "customs-mrn-not-coded"),
            direction: None,
            evidence: Evidence::Declaration,
            is_undefined: false,
        }
    }
}

fn present_letter(letter: &str) -> Procedure {
    use Evidence::{Declaration, Supporting, Transit};
    const IMPORT: Option<Direction> = Some(Direction::Import);
    const EXPORT: Option<Direction> = Some(Direction::Export);
    let (text, direction, evidence) = match letter {
        "A" => (locale::text(Language::English, "customs-mrn-letter-a"), EXPORT, Declaration),
        "B" => (locale::text(Language::English, "customs-mrn-letter-b"), EXPORT, Declaration),
        "C" => (locale::text(Language::English, "customs-mrn-letter-c"), EXPORT, Supporting),
        "D" => (locale::text(Language::English, "customs-mrn-letter-d"), EXPORT, Supporting),
        "E" => (locale::text(Language::English, "customs-mrn-letter-e"), EXPORT, Declaration),
        "J" => (locale::text(Language::English, "customs-mrn-letter-j"), None, Transit),
        "K" => (locale::text(Language::English, "customs-mrn-letter-k"), None, Transit),
        "L" => (locale::text(Language::English, "customs-mrn-letter-l"), None, Transit),
        "M" => (locale::text(Language::English, "customs-mrn-letter-m"), None, Transit),
        "P" => (locale::text(Language::English, "customs-mrn-letter-p"), None, Supporting),
        "R" => (locale::text(Language::English, "customs-mrn-letter-r"), IMPORT, Declaration),
        "S" => (locale::text(Language::English, "customs-mrn-letter-s"), IMPORT, Declaration),
        "T" => (locale::text(Language::English, "customs-mrn-letter-t"), IMPORT, Supporting),
        "U" => (locale::text(Language::English, "customs-mrn-letter-u"), IMPORT, Supporting),
        "V" => (locale::text(Language::English, "customs-mrn-letter-v"), IMPORT, Declaration),
        "W" => (locale::text(Language::English, "customs-mrn-letter-w"), IMPORT, Supporting),
        _ => (locale::text(Language::English, "customs-mrn-letter-unknown"), None, Declaration),
    };
    let is_undefined = !"ABCDEJKLMPRSTUVW".contains(letter);
    Procedure { text, direction, evidence, is_undefined }
}

fn old_german_letter(letter: &str) -> Procedure {
    let (text, direction, evidence) = match letter {
        "E" => {
            (locale::text(Language::English, "customs-mrn-german-e"), Some(Direction::Export), Evidence::Declaration)
        }
        "M" => (locale::text(Language::English, "customs-mrn-german-m"), None, Evidence::Transit),
        "T" => (locale::text(Language::English, "customs-mrn-german-t"), None, Evidence::Transit),
        "I" => (locale::text(Language::English, "customs-mrn-german-i"), Some(Direction::Import), Evidence::Supporting),
        "X" => (locale::text(Language::English, "customs-mrn-german-x"), Some(Direction::Export), Evidence::Supporting),
        "Z" => (locale::text(Language::English, "customs-mrn-german-z"), Some(Direction::Import), Evidence::Supporting),
        _ => (locale::text(Language::English, "customs-mrn-not-coded"), None, Evidence::Declaration),
    };
    Procedure { text, direction, evidence, is_undefined: false }
}
