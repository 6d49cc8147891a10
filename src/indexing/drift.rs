//! Whether the indexes say what the database says: a part is compared every hour, all of it every night.
//!
//! Each document carries a digest of all that went into it, so a look compares two columns of the index with documents made of the
//! rows. What differs while both are being written is compared again once the index has caught up; what still differs is drift, which
//! no fault that we know of makes. It is logged and repaired by recording the change anew: so every node's index takes the same way as
//! for any other change.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::Duration as StdDuration;

use chrono::{Duration, NaiveTime};

use super::{REBUILD_BATCH, documents};
use crate::app::App;
use crate::clock::Time;
use crate::error::Result;
use crate::search::{Change, Kind};
use crate::store::change_log::last_change;
use crate::store::{Conn, Entity, Op};
use crate::{companies, listings, rfqs};

/// How many rows of each kind an hourly look compares.
const SAMPLE: i64 = 1_000;
/// When the night's look begins, in UTC.
const NIGHT: NaiveTime = match NaiveTime::from_hms_opt(2, 30, 0) {
    Some(time) => time,
    None => NaiveTime::MIN,
};
/// How often and how long at a time the index is waited for before what differs is compared again.
const STEPS: usize = 100;
const STEP: StdDuration = StdDuration::from_millis(100);
/// So many drifted documents are named in the log.
const NAMED: usize = 20;

/// Id and digest of documents.
type Digests = HashMap<i64, u64>;

/// When the next looks are due; one for each process that has an index.
#[derive(Clone, Copy, Debug)]
pub struct DriftMonitor {
    next_sample: Time,
    next_night: Time,
}

impl DriftMonitor {
    /// A watch that begins now.
    pub fn begin(app: &App) -> Self {
        let now = app.clock.now();
        Self { next_sample: now + Duration::hours(1), next_night: next_night(now) }
    }

    /// Makes the look that is due, if one is; answers how many documents had drifted. A clock that went back makes it no later than
    /// it would be after a start.
    pub fn look(&mut self, app: &App) -> Result<usize> {
        let now = app.clock.now();
        self.next_sample = self.next_sample.min(now + Duration::hours(1));
        self.next_night = self.next_night.min(next_night(now));
        if now >= self.next_night {
            self.next_night = next_night(now);
            self.next_sample = now + Duration::hours(1);
            // What can be read of a damaged file is compared all the same.
            if let Err(problem) = app.db.check_file() {
                log::error!("the nightly comparison with the database failed: {problem}");
            }
            return compare(app, Part::All);
        }
        if now >= self.next_sample {
            self.next_sample = now + Duration::hours(1);
            return compare(app, Part::Sample);
        }
        Ok(0)
    }

    /// Looks until the process stops.
    pub fn keep(mut self, app: &App) {
        // What a start had no time for: a large file is looked at while it is served, and `/readyz` says what is found.
        if let Err(problem) = app.db.check_file_once() {
            log::error!("the database was looked at after the start: {problem}");
        }
        while !app.notify.is_stopped() {
            if let Err(problem) = self.look(app) {
                log::error!("the index could not be compared with the database: {problem}");
            }
            app.notify.wait(app.notify.count(), StdDuration::from_secs(1));
        }
    }
}

/// The next beginning of a night after `now`.
fn next_night(now: Time) -> Time {
    let tonight = now.date_naive().and_time(NIGHT).and_utc();
    if tonight > now { tonight } else { tonight + Duration::days(1) }
}

/// How much is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// A thousand rows of each kind, from a place found by chance.
    Sample,
    /// Everything.
    All,
}

/// Compares the index with the database and repairs what has drifted; answers how many documents had.
pub fn compare(app: &App, part: Part) -> Result<usize> {
    if app.index.applied().is_none() {
        return Ok(0);
    }
    let mut suspected = Vec::new();
    for kind in Kind::ALL {
        let suspects = suspects(app, *kind, part)?;
        if !suspects.is_empty() {
            suspected.push((*kind, suspects));
        }
    }
    if suspected.is_empty() {
        return Ok(0);
    }
    // A suspect may only be behind. What still differs once the index has caught up is drift. Once for all kinds: what is repaired of the
    // first would have to be waited for before the next.
    await_index(app)?;
    let mut drifted = 0;
    for (kind, suspects) in suspected {
        let ids: Vec<i64> = suspects.into_iter().collect();
        let ids = differing(&app.search.digests(kind)?, &digests_of(app, kind, &ids)?, &ids);
        repair(app, kind, &ids)?;
        drifted += ids.len();
    }
    Ok(drifted)
}

/// The ids whose documents differ at a first look.
fn suspects(app: &App, kind: Kind, part: Part) -> Result<BTreeSet<i64>> {
    let indexed: BTreeMap<i64, u64> = app.search.digests(kind)?.into_iter().collect();
    let (mut after, batch) = match part {
        Part::All => (0, REBUILD_BATCH),
        Part::Sample => (place_by_chance(&indexed), SAMPLE),
    };
    let mut suspects = BTreeSet::new();
    loop {
        let (changes, last) = app.db.read(|conn| documents_after(conn, kind, after, batch))?;
        let wanted: Digests = changes.into_iter().filter_map(Change::digest).collect();
        // Without a further row all that the index holds behind this place is too much.
        let until = last.unwrap_or(i64::MAX);
        let held = indexed.range(after.saturating_add(1)..=until).map(|(id, digest)| (*id, *digest));
        let held: Digests = held.collect();
        let ids: Vec<i64> = held.keys().chain(wanted.keys()).copied().collect();
        suspects.extend(differing(&held, &wanted, &ids));
        match (part, last) {
            (Part::All, Some(last)) => after = last,
            _ => return Ok(suspects),
        }
    }
}

/// An id in front of which a sample begins: so far from the last that there is something behind it.
fn place_by_chance(indexed: &BTreeMap<i64, u64>) -> i64 {
    // Whole windows, each as likely: no document is looked at less often than another.
    let samples = indexed.len() / usize::try_from(SAMPLE).unwrap_or(usize::MAX) + 1;
    let skipped = indexed.len() / samples * rand::random_range(0..samples);
    indexed.keys().nth(skipped).map_or(0, |id| id - 1)
}

/// The ids that do not say the same on both sides, or are on one only.
fn differing(held: &Digests, wanted: &Digests, ids: &[i64]) -> Vec<i64> {
    ids.iter().copied().filter(|id| held.get(id) != wanted.get(id)).collect()
}

/// Waits a while until the index has come to the end of the change log.
fn await_index(app: &App) -> Result<()> {
    let newest = app.db.read(last_change)?;
    for _ in 0..STEPS {
        if app.index.applied().is_some_and(|applied| applied >= newest) || app.notify.is_stopped() {
            break;
        }
        std::thread::sleep(STEP);
    }
    Ok(())
}

fn repair(app: &App, kind: Kind, ids: &[i64]) -> Result<()> {
    if ids.is_empty() {
        return Ok(());
    }
    // As an error: the index follows a log that misses nothing, so a drift is a fault of the program that somebody has to find.
    let named: Vec<String> = ids.iter().take(NAMED).map(ToString::to_string).collect();
    log::error!(
        "{} of the {} in the index had drifted from the database: {}",
        ids.len(),
        kind.folder(),
        named.join(" ")
    );
    for part in ids.chunks(500) {
        app.db.write(|tx| {
            // Mended by the ordinary way, through the log: every node's index gets it, and there is no second way to write a document.
            part.iter().for_each(|id| tx.record_change(entity_of(kind), *id, Op::Changed));
            Ok(())
        })?;
    }
    Ok(())
}

fn entity_of(kind: Kind) -> Entity {
    match kind {
        Kind::Listing => Entity::Listing,
        Kind::Company => Entity::Company,
        Kind::Rfq => Entity::Rfq,
    }
}

/// The documents of the next rows after the id, and the last row's id; none behind the last row.
fn documents_after(conn: &mut Conn, kind: Kind, after: i64, most: i64) -> Result<(Vec<Change>, Option<i64>)> {
    Ok(match kind {
        Kind::Listing => {
            let rows = listings::store::load_after(conn, after, most)?;
            (documents::listings(conn, &rows)?, rows.last().map(|row| row.id.0))
        }
        Kind::Company => {
            let rows = companies::store::load_after(conn, after, most)?;
            (documents::companies(conn, &rows)?, rows.last().map(|row| row.id.0))
        }
        Kind::Rfq => {
            let rows = rfqs::store::load_after(conn, after, most)?;
            (documents::rfqs(conn, &rows)?, rows.last().map(|row| row.id.0))
        }
    })
}

/// The digests that the documents of these rows should have.
fn digests_of(app: &App, kind: Kind, ids: &[i64]) -> Result<Digests> {
    let mut digests = Digests::new();
    for part in ids.chunks(500) {
        let changes = app.db.read(|conn| {
            Ok(match kind {
                Kind::Listing => {
                    let rows = listings::store::load(conn, part)?;
                    documents::listings(conn, &rows)?
                }
                Kind::Company => {
                    let rows = companies::store::load(conn, part)?;
                    documents::companies(conn, &rows)?
                }
                Kind::Rfq => {
                    let rows = rfqs::store::load(conn, part)?;
                    documents::rfqs(conn, &rows)?
                }
            })
        })?;
        digests.extend(changes.into_iter().filter_map(Change::digest));
    }
    Ok(digests)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_night_begins_every_day() {
        let night = |now: &str| next_night(now.parse().unwrap()).to_rfc3339();
        assert_eq!(night("2026-11-23T01:00:00Z"), "2026-11-23T02:30:00+00:00");
        assert_eq!(night("2026-11-23T02:30:00Z"), "2026-11-24T02:30:00+00:00");
    }

    #[test]
    fn a_sample_begins_anywhere_and_is_never_empty() {
        let indexed: BTreeMap<i64, u64> = (1..=2_500).map(|id| (id, 0)).collect();
        let places: BTreeSet<i64> = (0..200).map(|_| place_by_chance(&indexed)).collect();
        assert_eq!(places, BTreeSet::from([0, 833, 1_666]));
        assert_eq!(place_by_chance(&BTreeMap::new()), 0);
    }
}
