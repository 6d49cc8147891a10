//! The calendar of releases: which months are closed on a day, and when the next release is due.

use chrono::{Datelike, Months, NaiveDate};

use super::Period;

/// The month before.
fn before(day: NaiveDate) -> Period {
    Period::month_of(day.with_day(1).unwrap_or(day) - Months::new(1))
}

/// The latest month that a release of the day may cover: the one before, since a month is closed when it is over.
pub fn last_closed(today: NaiveDate) -> Period {
    before(today)
}

/// The month that is due on the day, when releases appear on `release_day` of each month: the one before from that day on, earlier the one
/// before that.
pub fn due(today: NaiveDate, release_day: u32) -> Period {
    let first = today.with_day(1).unwrap_or(today);
    if today.day() >= release_day { before(today) } else { before(first - Months::new(1)) }
}

/// The day of the next release after today.
pub fn next_release(today: NaiveDate, release_day: u32) -> NaiveDate {
    let this = today.with_day(release_day).unwrap_or(today);
    if this > today { this } else { this + Months::new(1) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn month_is_due_on_the_release_day_of_the_next() {
        for (today, covered, next) in [
            ("2026-11-09", "2026-09", "2026-11-10"),
            ("2026-11-10", "2026-10", "2026-12-10"),
            ("2027-01-09", "2026-11", "2027-01-10"),
            ("2027-01-31", "2026-12", "2027-02-10"),
        ] {
            let day: NaiveDate = today.parse().unwrap();
            assert_eq!((due(day, 10).to_string(), next_release(day, 10).to_string()), (covered.into(), next.into()));
        }
        assert_eq!(last_closed("2026-11-01".parse().unwrap()), Period::Month(2026, 10));
    }
}
