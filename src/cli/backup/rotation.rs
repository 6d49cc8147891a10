//! Rotation of backups: the newest of each of the last 7 days, 4 weeks and 12 months that have one are kept.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use chrono::{Datelike, NaiveDateTime};

use super::files::fault;
use super::manifest;
use crate::clock::Time;
use crate::error::Result;

/// The name of a backup: its time in UTC.
const NAME: &str = "%Y%m%dT%H%M%SZ";

const DAYS: usize = 7;
const WEEKS: usize = 4;
const MONTHS: usize = 12;

/// The name of a backup made at this time.
pub(super) fn name_of(at: Time) -> String {
    at.format(NAME).to_string()
}

/// Deletes the backups that are not kept; answers how many. Folders with other names or without a manifest are left alone.
pub(super) fn rotate(folder: &Path) -> Result<usize> {
    let entries = fs::read_dir(folder).map_err(|error| fault(folder, &error))?;
    let names = entries.flatten().filter_map(|entry| entry.file_name().into_string().ok());
    let times: BTreeSet<NaiveDateTime> = names
        .filter_map(|name| NaiveDateTime::parse_from_str(&name, NAME).ok().filter(|_| is_backup(&folder.join(name))))
        .collect();
    let kept = kept(&times);
    let gone: Vec<&NaiveDateTime> = times.difference(&kept).collect();
    for time in &gone {
        let old = folder.join(time.format(NAME).to_string());
        fs::remove_dir_all(&old).map_err(|error| fault(&old, &error))?;
    }
    Ok(gone.len())
}

fn is_backup(folder: &Path) -> bool {
    folder.join(manifest::FILE).is_file()
}

fn kept(times: &BTreeSet<NaiveDateTime>) -> BTreeSet<NaiveDateTime> {
    let by_day = newest_of_each(times, DAYS, |time| time.num_days_from_ce());
    let by_week = newest_of_each(times, WEEKS, |time| {
        let week = time.iso_week();
        week.year() * 100 + i32::try_from(week.week()).unwrap_or(0)
    });
    let by_month = newest_of_each(times, MONTHS, |time| time.year() * 12 + i32::try_from(time.month0()).unwrap_or(0));
    by_day.into_iter().chain(by_week).chain(by_month).collect()
}

/// The newest of each of the last `limit` spans that have any.
fn newest_of_each(
    times: &BTreeSet<NaiveDateTime>,
    limit: usize,
    span: impl Fn(&NaiveDateTime) -> i32,
) -> Vec<NaiveDateTime> {
    let mut newest: Vec<NaiveDateTime> = Vec::new();
    for time in times.iter().rev() {
        if newest.last().is_none_or(|last| span(last) != span(time)) {
            newest.push(*time);
        }
    }
    newest.truncate(limit);
    newest
}

#[cfg(test)]
mod tests {
    use chrono::{Days, NaiveDate};

    use super::*;

    fn at(day: NaiveDate, hour: u32) -> NaiveDateTime {
        day.and_hms_opt(hour, 0, 0).unwrap()
    }

    #[test]
    fn days_weeks_and_months_each_keep_their_newest() {
        let last: NaiveDate = "2026-11-26".parse().unwrap();
        let days = (0..400_u64).map(|back| last - Days::new(back));
        let times: BTreeSet<NaiveDateTime> = days.flat_map(|day| [at(day, 3), at(day, 15)]).collect();
        let kept = kept(&times);
        let day = |text: &str| at(text.parse().unwrap(), 15);
        for expected in ["2026-11-26", "2026-11-20", "2026-11-15", "2026-11-08", "2026-10-31", "2025-12-31"] {
            assert!(kept.contains(&day(expected)), "{expected} is not kept: {kept:?}");
        }
        assert!(kept.iter().all(|time| *time == at(time.date(), 15)), "only the day's last is kept");
        // The last Sunday is among the seven days, and the last day among the weeks and months.
        assert_eq!(kept.len(), 7 + 2 + 11, "{kept:?}");
        assert_eq!(super::kept(&kept), kept, "a second run removes nothing");
    }

    #[test]
    fn few_backups_are_all_kept() {
        let times: BTreeSet<NaiveDateTime> =
            ["2024-01-05", "2026-11-25", "2026-11-26"].iter().map(|day| at(day.parse().unwrap(), 2)).collect();
        assert_eq!(kept(&times), times);
    }

    #[test]
    fn folders_that_are_no_backups_are_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let make = |name: &str, is_whole: bool| {
            fs::create_dir(folder.path().join(name)).unwrap();
            if is_whole {
                fs::write(folder.path().join(name).join(manifest::FILE), "{}").unwrap();
            }
        };
        make("20261126T020000Z", true);
        make("20261126T010000Z", true);
        make("20261126T000000Z", false);
        make("before-upgrade", true);
        assert_eq!(rotate(folder.path()).unwrap(), 1);
        let mut left: Vec<String> = fs::read_dir(folder.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        left.sort();
        assert_eq!(left, ["20261126T000000Z", "20261126T020000Z", "before-upgrade"]);
    }
}
