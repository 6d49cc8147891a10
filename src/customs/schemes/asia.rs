//! Japan and Korea: of both only the usual form is known, so it alone is checked.

use chrono::NaiveDate;

use super::dates::{check_year, full_year, is_future_year};
use crate::customs::{CheckRequest, Direction};
use crate::reference::outcome::Verdict;
use crate::reference::plain::{compact, has_shape};

pub(super) fn japan(typed: &str) -> Verdict {
    let number = compact(typed, &['-']);
    if !has_shape(&number, "99999999999") {
        return Verdict::invalid(number, "must be 11 digits, like 123 4567 8901");
    }
    Verdict::form_only(number.clone()).shown(format!("{} {} {}", &number[..3], &number[3..7], &number[7..]))
}

pub(super) fn korea(request: &CheckRequest, today: NaiveDate) -> Verdict {
    let number = compact(&request.number, &['-']);
    if !has_shape(&number, "NNNNN99999999") && !has_shape(&number, "NNNNN99999999A") {
        return Verdict::invalid(
            number,
            "must be 5 characters of the declarant, 2 digits of the year, 6 digits and perhaps a letter, like 12345-26-123456X",
        );
    }
    let letter = &number[13..];
    let verdict = Verdict::form_only(number.clone())
        .shown(format!("{}-{}-{}", &number[..5], &number[5..7], &number[7..]))
        .part("declarant", &number[..5], "who declared")
        .part("year", &number[5..7], "year of the declaration")
        .part("serial", &number[7..13], "running number");
    let verdict = match korean_type(letter) {
        None => verdict,
        Some(direction) => {
            let verdict = verdict.part("type", letter, direction.as_str());
            if direction == request.direction {
                verdict
            } else {
                verdict.suspicious(format!(
                    "the letter {letter} means {direction}, but the record is an {}",
                    request.direction
                ))
            }
        }
    };
    match full_year(&number[5..7]) {
        Some(year) if is_future_year(year, today) => verdict.refused(format!("the year {year} lies in the future")),
        Some(year) => check_year(verdict, year, request.date),
        None => verdict,
    }
}

fn korean_type(letter: &str) -> Option<Direction> {
    match letter {
        "X" => Some(Direction::Export),
        "M" | "U" => Some(Direction::Import),
        _ => None,
    }
}
