//! Brazil: Duimp (import, check digit), DU-E (export) and the older DI (import). Of the last two the form only is checked.

use chrono::NaiveDate;

use super::dates::{check_year, full_year, is_future_year};
use crate::customs::CheckRequest;
use crate::reference::check_digits::{last_digit, weighted_sum};
use crate::reference::outcome::Verdict;
use crate::reference::plain::{compact, has_shape};

const SEPARATORS: [char; 3] = ['-', '/', '.'];

pub(super) fn duimp(request: &CheckRequest, today: NaiveDate) -> Verdict {
    let number = compact(&request.number, &SEPARATORS);
    if !has_shape(&number, "99AA99999999999") || &number[2..4] != "BR" {
        return Verdict::invalid(
            number,
            "must be 2 digits of the year, BR, 10 digits and a check digit, like 24BR00001234563",
        );
    }
    let digit = &number[14..];
    let verdict = Verdict::valid(number.clone())
        .shown(format!("{}-{digit}", &number[..14]))
        .part("year", &number[..2], "year of registration")
        .part("country", "BR", "Brazil")
        .part("serial", &number[4..14], "running number")
        .part("check_digit", digit, "over year and running number");
    let expected = duimp_check_digit(&number);
    if expected != last_digit(&number) {
        return verdict.refused(format!("the check digit should be {}", expected.unwrap_or(0)));
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
        return Verdict::invalid(number, "must be 2 digits of the year, BR and 10 digits, like 26BR0001234567");
    }
    let verdict = Verdict::form_only(number.clone())
        .part("year", &number[..2], "year of registration")
        .part("country", "BR", "Brazil")
        .part("serial", &number[4..], "running number");
    in_its_year(verdict, &number, request, today)
}

pub(super) fn di(request: &CheckRequest, today: NaiveDate) -> Verdict {
    let number = compact(&request.number, &SEPARATORS);
    if !has_shape(&number, "9999999999") {
        return Verdict::invalid(number, "must be 2 digits of the year, 7 digits and a digit, like 24/1234567-8");
    }
    let verdict = Verdict::form_only(number.clone())
        .shown(format!("{}/{}-{}", &number[..2], &number[2..9], &number[9..]))
        .part("year", &number[..2], "year of registration")
        .part("serial", &number[2..9], "running number")
        .part("digit", &number[9..], "last digit, not tested");
    in_its_year(verdict, &number, request, today)
}

fn in_its_year(verdict: Verdict, number: &str, request: &CheckRequest, today: NaiveDate) -> Verdict {
    match full_year(&number[..2]) {
        Some(year) if is_future_year(year, today) => verdict.refused(format!("the year {year} lies in the future")),
        Some(year) => check_year(verdict, year, request.date),
        None => verdict,
    }
}
