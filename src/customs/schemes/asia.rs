//! Japan and Korea: of both only the usual form is known, so it alone is checked.

use chrono::NaiveDate;

use super::dates::{check_year, full_year, is_future_year};
use crate::customs::{CheckRequest, Direction};
use crate::locale::{self, Language, Message};
use crate::reference::outcome::Verdict;
use crate::reference::plain::{compact, has_shape};

pub(super) fn japan(typed: &str) -> Verdict {
    let number = compact(typed, &['-']);
    if !has_shape(&number, "99999999999") {
        return Verdict::invalid(number, locale::text(Language::English, "customs-jp-form"));
    }
    Verdict::form_only(number.clone()).shown(format!("{} {} {}", &number[..3], &number[3..7], &number[7..]))
}

pub(super) fn korea(request: &CheckRequest, today: NaiveDate) -> Verdict {
    let number = compact(&request.number, &['-']);
    if !has_shape(&number, "NNNNN99999999") && !has_shape(&number, "NNNNN99999999A") {
        return Verdict::invalid(number, locale::text(Language::English, "customs-kr-form"));
    }
    let letter = &number[13..];
    let verdict = Verdict::form_only(number.clone())
        .shown(format!("{}-{}-{}", &number[..5], &number[5..7], &number[7..]))
        .part("declarant", &number[..5], locale::text(Language::English, "customs-kr-declarant"))
        .part("year", &number[5..7], locale::text(Language::English, "customs-kr-year"))
        .part("serial", &number[7..13], locale::text(Language::English, "customs-part-serial"));
    let verdict = match korean_type(letter) {
        None => verdict,
        Some(direction) => {
            let verdict = verdict.part("type", letter, direction.as_str());
            if direction == request.direction {
                verdict
            } else {
                verdict.suspicious(
                    Message::new("customs-kr-letter-other")
                        .with("letter", letter)
                        .with("means", direction.as_str())
                        .with("direction", request.direction.as_str())
                        .text(Language::English),
                )
            }
        }
    };
    match full_year(&number[5..7]) {
        Some(year) if is_future_year(year, today) => {
            verdict.refused(Message::new("customs-future-year").with("year", year.to_string()).text(Language::English))
        }
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
