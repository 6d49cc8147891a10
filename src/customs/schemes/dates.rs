//! Dates and years that stand in customs numbers.

use chrono::{Datelike, Days, NaiveDate};

use crate::locale::{Language, Message};
use crate::reference::outcome::Verdict;

/// Whether the date lies after today in every time zone.
pub(super) fn is_future(date: NaiveDate, today: NaiveDate) -> bool {
    // A day of grace: where the goods are declared it may be tomorrow already.
    today.checked_add_days(Days::new(1)).is_some_and(|tomorrow| date > tomorrow)
}

/// Marks a number as suspicious whose year is not that of the declaration's date, give or take the month around New Year.
pub(super) fn check_year(verdict: Verdict, year: i32, date: Option<NaiveDate>) -> Verdict {
    let near = |date: NaiveDate| {
        // Around New Year a declaration may carry the year of its preparation.
        let month = Days::new(31);
        [date.checked_sub_days(month), Some(date), date.checked_add_days(month)]
            .into_iter()
            .flatten()
            .any(|day| day.year() == year)
    };
    match date {
        Some(date) if !near(date) => verdict.suspicious(
            Message::new("customs-other-year")
                .with("year", year.to_string())
                .with("date", date.to_string())
                .text(Language::English),
        ),
        _ => verdict,
    }
}

/// The year that two digits stand for: 90 to 99 are of the last century.
pub(super) fn full_year(two_digits: &str) -> Option<i32> {
    let year: i32 = two_digits.parse().ok()?;
    // Computerised numbers begin in the nineties; none is older.
    Some(if year >= 90 { 1900 + year } else { 2000 + year })
}

/// Whether the year is later than next year: declarations of the last days of December are dated into the next.
pub(super) fn is_future_year(year: i32, today: NaiveDate) -> bool {
    year > today.year() + 1
}
