//! Movement reference numbers of the European Union, common transit and the United Kingdom: 18 characters with an ISO 6346 style check digit.

use chrono::NaiveDate;

use super::dates::{check_year, full_year, is_future_year};
use super::verdict::NumberVerdict;
use crate::customs::{CheckRequest, Direction, Evidence};
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
            format!("{issuer} does not issue numbers of this kind"),
        ));
    };
    read(request, &number, check_digit, today)
}

fn form_fault(number: &str) -> String {
    match number.chars().count() {
        18 => {
            "must be 2 digits of the year, 2 letters of the country, 13 letters or digits, and a check digit".to_owned()
        }
        length => format!("must be 18 characters; this has {length}"),
    }
}

fn read(request: &CheckRequest, number: &str, policy: CheckDigit, today: NaiveDate) -> NumberVerdict {
    let (year, issuer, body, procedure) = (&number[..2], &number[2..4], &number[4..16], &number[16..17]);
    let full = full_year(year).unwrap_or(0);
    let meaning = procedure_of(full, issuer, procedure);
    let verdict = Verdict::valid(number)
        .shown(format!("{year} {issuer} {body} {procedure} {}", &number[17..]))
        .part("year", year, format!("accepted in {full}"))
        .part("country", issuer, "country that issued it")
        .part("serial", body, "unique in the country and year")
        .part("procedure", procedure, meaning.text)
        .part("check_digit", &number[17..], "over the 17 characters before it");
    let mut verdict = apply_check_digit(verdict, number, policy);
    if is_future_year(full, today) {
        verdict = verdict.refused(format!("the year {full} lies in the future"));
    }
    if let Some(other) = meaning.direction.filter(|direction| *direction != request.direction) {
        verdict = verdict.suspicious(format!(
            "letter {procedure} at position 17 means {other}, but the record is an {}",
            request.direction
        ));
    }
    if let Some(given) = request.country.filter(|given| !same_issuer(given.as_str(), issuer)) {
        verdict = verdict.suspicious(format!("it was issued in {issuer}, but {given} was given"));
    }
    if meaning.evidence == Evidence::Transit && verdict.outcome == Outcome::Valid {
        verdict = verdict.with_note("a transit movement supports a record but proves neither import nor export");
    }
    NumberVerdict { verdict: check_year(verdict, full, request.date), evidence: meaning.evidence, item: None }
}

/// XI marks Northern Ireland, which ISO 3166 counts under GB.
fn same_issuer(given: &str, issuer: &str) -> bool {
    given == issuer || (given == "GB" && issuer == "XI")
}

fn apply_check_digit(mut verdict: Verdict, number: &str, policy: CheckDigit) -> Verdict {
    let expected = iso6346(&number[..17]);
    if expected == last_digit(number) {
        return verdict;
    }
    let reason = format!("the check digit should be {}", expected.unwrap_or(0));
    match policy {
        CheckDigit::Hard => verdict.refused(reason),
        CheckDigit::Soft => {
            verdict.outcome = Outcome::Suspicious;
            verdict.with_note(format!("{reason}; this issuer's numbers do not always carry it"))
        }
    }
}

struct Procedure {
    text: &'static str,
    direction: Option<Direction>,
    evidence: Evidence,
}

fn procedure_of(year: i32, issuer: &str, letter: &str) -> Procedure {
    if year >= FIRST_YEAR_OF_LETTERS {
        present_letter(letter)
    } else if issuer == "DE" {
        old_german_letter(letter)
    } else {
        Procedure { text: "not coded in the old layout", direction: None, evidence: Evidence::Declaration }
    }
}

fn present_letter(letter: &str) -> Procedure {
    use Evidence::{Declaration, Supporting, Transit};
    const IMPORT: Option<Direction> = Some(Direction::Import);
    const EXPORT: Option<Direction> = Some(Direction::Export);
    let (text, direction, evidence) = match letter {
        "A" => ("export", EXPORT, Declaration),
        "B" => ("export and exit summary", EXPORT, Declaration),
        "C" => ("exit summary only", EXPORT, Supporting),
        "D" => ("re-export notification", EXPORT, Supporting),
        "E" => ("dispatch to a special fiscal territory", EXPORT, Declaration),
        "J" => ("transit", None, Transit),
        "K" => ("transit and exit summary", None, Transit),
        "L" => ("transit and entry summary", None, Transit),
        "M" => ("transit, exit and entry summary", None, Transit),
        "P" => ("proof of Union status or manifest", None, Supporting),
        "R" => ("import", IMPORT, Declaration),
        "S" => ("import and entry summary", IMPORT, Declaration),
        "T" => ("entry summary only", IMPORT, Supporting),
        "U" => ("temporary storage", IMPORT, Supporting),
        "V" => ("introduction from a special fiscal territory", IMPORT, Declaration),
        "W" => ("temporary storage and entry summary", IMPORT, Supporting),
        _ => ("not a procedure letter of the present layout", None, Declaration),
    };
    Procedure { text, direction, evidence }
}

fn old_german_letter(letter: &str) -> Procedure {
    let (text, direction, evidence) = match letter {
        "E" => ("export (old German letter)", Some(Direction::Export), Evidence::Declaration),
        "M" => ("transit (old German letter)", None, Evidence::Transit),
        "T" => ("TIR (old German letter)", None, Evidence::Transit),
        "I" => ("entry (old German letter)", Some(Direction::Import), Evidence::Supporting),
        "X" => ("exit (old German letter)", Some(Direction::Export), Evidence::Supporting),
        "Z" => ("arrival (old German letter)", Some(Direction::Import), Evidence::Supporting),
        _ => ("not coded in the old layout", None, Evidence::Declaration),
    };
    Procedure { text, direction, evidence }
}
