//! Brazil: Duimp (import, check digit), DU-E (export) and the older DI (import). Of the last two the form only is checked.

use chrono::NaiveDate;

use super::dates::{check_year, full_year, is_future_year};
use crate::customs::CheckRequest;
use crate::locale::{self, Language, Message};
use crate::reference::check_digits::{last_digit, weighted_sum};
use crate::reference::outcome::Verdict;
use crate::reference::plain::{compact, has_shape};

const SEPARATORS: [char; 3] = ['-', '/', '.'];

pub(super) fn duimp(request: &CheckRequest, today: NaiveDate) -> Verdict {
    let number = compact(&request.number, &SEPARATORS);
    if !has_shape(&number, "99AA99999999999") || &number[2..4] != "BR" {
        return Verdict::invalid(number, locale::text(Language::English, "customs-br-duimp-form"));
    }
    let digit = &number[14..];
    let verdict = Verdict::valid(number.clone())
        .shown(format!("{}-{digit}", &number[..14]))
        .part("year", &number[..2], locale::text(Language::English, "customs-br-year"))
        .part("country", "BR", locale::text(Language::English, "customs-br-country"))
        .part("serial", &number[4..14], locale::text(Language::English, "customs-part-serial"))
        .part("check_digit", digit, locale::text(Language::English, "customs-br-check"));
    let expected = duimp_check_digit(&number);
    if expected != last_digit(&number) {
        return verdict.refused(
            Message::new("customs-check-digit-should").with("digit", expected.unwrap_or(0)).text(Language::English),
        );
    }
    in_its_year(verdict, &number, request, today)
}

fn duimp_check_digit(number: &str) -> Option<u8> {
    let body = format!("{}{}", &number[..2], &number[4..14]);
    let rest = weighted_sum(&body, &[13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2])? % 11;
    u8::try_from(if rest <= 1 { 0 } else { 11 - rest }).ok()
}

pub(super) fn due(request: &CheckRequest, today: NaiveDate) -> Verdict {
    let number = compact(&request.number, &SEPARATORS);
    if !has_shape(&number, "99AA9999999999") || &number[2..4] != "BR" {
        return Verdict::invalid(number, locale::text(Language::English, "customs-br-due-form"));
    }
    let verdict = Verdict::form_only(number.clone())
        .part("year", &number[..2], locale::text(Language::English, "customs-br-year"))
        .part("country", "BR", locale::text(Language::English, "customs-br-country"))
        .part("serial", &number[4..], locale::text(Language::English, "customs-part-serial"));
    in_its_year(verdict, &number, request, today)
}

pub(super) fn di(request: &CheckRequest, today: NaiveDate) -> Verdict {
    let number = compact(&request.number, &SEPARATORS);
    if !has_shape(&number, "9999999999") {
        return Verdict::invalid(number, locale::text(Language::English, "customs-br-di-form"));
    }
    let verdict = Verdict::form_only(number.clone())
        .shown(format!("{}/{}-{}", &number[..2], &number[2..9], &number[9..]))
        .part("year", &number[..2], locale::text(Language::English, "customs-br-year"))
        .part("serial", &number[2..9], locale::text(Language::English, "customs-part-serial"))
        .part("digit", &number[9..], locale::text(Language::English, "customs-br-digit"));
    in_its_year(verdict, &number, request, today)
}

fn in_its_year(verdict: Verdict, number: &str, request: &CheckRequest, today: NaiveDate) -> Verdict {
    match full_year(&number[..2]) {
        Some(year) if is_future_year(year, today) => {
            verdict.refused(Message::new("customs-future-year").with("year", year.to_string()).text(Language::English))
        }
        Some(year) => check_year(verdict, year, request.date),
        None => verdict,
    }
}
