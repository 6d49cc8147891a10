//! Telling people what their searches have found: at once within bounds, and the rest in a digest in the morning.
//!
//! A search that tells at once has a quarter of an hour between two e-mails; what is found meanwhile is in the next one. What is over a
//! person's number of e-mails a day waits for the digest. Daily and weekly searches are in the digest alone, of which there is one a day.
//! E-mails are enqueued in the transaction that marks what they tell, so each find is in one e-mail and no more.

use std::cmp::Reverse;

use chrono::{Datelike, Duration, Weekday};
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use crate::accounts::actions::{count_mails_to, notify_subscriber};
use crate::alerts::notifications::{self, Finds};
use crate::alerts::rules::{INSTANT_GAP, next_digest};
use crate::alerts::{AlertFrequency, SavedSearch, actions, store};
use crate::app::App;
use crate::clock::Time;
use crate::error::Result;
use crate::ids::{JobId, SavedSearchId, UserId};
use crate::locale::Language;
use crate::outbox::{Job, JobError, Options, Run, enqueue};
use crate::store::Tx;

/// So many finds are read for one e-mail; the others are counted.
const READ: i64 = 500;

/// A search that tells at once has found something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlertsFound {
    search: SavedSearchId,
}

/// It is morning for somebody for whom finds wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlertDigestDue {
    person: UserId,
    /// The morning that it is of: weekly finds are in that of a Monday, however late it is told.
    due: Time,
}

/// Has the people told for whom something was found, in the transaction that stores it.
pub(super) fn enqueue_for(tx: &mut Tx, searches: &[&SavedSearch]) -> Result<()> {
    for search in searches {
        match search.fields.frequency {
            AlertFrequency::Instant => {
                let now = tx.now();
                let due = search.mailed_at.map_or(now, |at| now.max(at + INSTANT_GAP));
                let key = format!("alerts found {} {}", search.id, due.timestamp_micros());
                let options = Options { not_before: Some(due), ..Options::once(key) };
                enqueue(tx, &AlertsFound { search: search.id }, options.low_priority())?;
            }
            frequency => enqueue_digest(tx, search.user, frequency)?,
        }
    }
    Ok(())
}

fn enqueue_digest(tx: &mut Tx, person: UserId, frequency: AlertFrequency) -> Result<()> {
    let due = next_digest(tx.now(), frequency);
    // One a person and day, whichever searches have it made.
    let options = Options { not_before: Some(due), ..Options::once(format!("alert digest {person} {due}")) };
    enqueue(tx, &AlertDigestDue { person, due }, options.low_priority())
}

impl Job for AlertsFound {
    type Context = App;
    const KIND: &'static str = "alerts_found";

    fn run(self, app: &App, run: &Run) -> std::result::Result<(), JobError> {
        Ok(app.db.write(|tx| self.tell(app, tx, run.id))?)
    }
}

impl AlertsFound {
    fn tell(self, app: &App, tx: &mut Tx, mail: JobId) -> Result<()> {
        let Some(search) = store::list_active(tx.conn(), &[self.search])?.pop() else { return Ok(()) };
        let now = tx.now();
        // Another job was earlier in the same quarter of an hour.
        if search.mailed_at.is_some_and(|at| at + INSTANT_GAP > now) {
            return enqueue_for(tx, &[&search]);
        }
        let alerts = store::list_waiting(tx.conn(), search.user, Some(search.id), READ)?;
        if alerts.is_empty() {
            return Ok(());
        }
        if search.fields.frequency != AlertFrequency::Instant {
            return enqueue_digest(tx, search.user, search.fields.frequency);
        }
        if is_over(app, tx, search.user, now)? {
            return enqueue_digest(tx, search.user, AlertFrequency::Daily);
        }
        let count = store::set_mailed(tx, &[search.id.0], mail)?;
        store::set_search_mailed(tx, search.id)?;
        let (person, id) = (search.user, search.id);
        let finds = Finds { search, alerts, count };
        let content = notifications::found(Language::English, &finds);
        let way_out = actions::unsubscribe_path(app, id);
        notify_subscriber(tx, person, &format!("alerts {id} {mail}"), &content, Some(way_out))
    }
}

/// Whether somebody has had as many e-mails in 24 hours as a person gets: of alerts, and of what companies cause.
fn is_over(app: &App, tx: &mut Tx, person: UserId, now: Time) -> Result<bool> {
    let (limits, since) = (&app.config.limits, now - Duration::hours(24));
    let most = limits.mails_per_person_day;
    let of_alerts = store::count_mails(tx.conn(), person, since, most)?;
    let of_companies = count_mails_to(tx.conn(), person, since, most)?;
    Ok(limits.is_reached(most, of_alerts + of_companies))
}

impl Job for AlertDigestDue {
    type Context = App;
    const KIND: &'static str = "alert_digest_due";

    fn run(self, app: &App, run: &Run) -> std::result::Result<(), JobError> {
        Ok(app.db.write(|tx| self.tell(app, tx, run.id))?)
    }
}

impl AlertDigestDue {
    fn tell(self, app: &App, tx: &mut Tx, mail: JobId) -> Result<()> {
        let is_monday = self.due.weekday() == Weekday::Mon;
        let counts: FxHashMap<i64, i64> = store::count_waiting_of(tx.conn(), self.person)?.into_iter().collect();
        let count_of =
            |search: SavedSearchId| counts.get(&search.0).map_or(0, |count| usize::try_from(*count).unwrap_or(0));
        let ids: Vec<SavedSearchId> = counts.keys().copied().map(SavedSearchId).collect();
        let mut searches = store::list_active(tx.conn(), &ids)?;
        // What a search that tells at once has waiting is over the day's number, or is just to be told: either way it can be told here.
        searches.retain(|search| is_monday || search.fields.frequency != AlertFrequency::Weekly);
        // The most urgent first, and among equals what has found the most.
        searches.sort_by_key(|search| (search.fields.frequency, Reverse(count_of(search.id)), search.id));
        if searches.is_empty() {
            return Ok(());
        }
        let mut alerts: FxHashMap<SavedSearchId, Vec<_>> = FxHashMap::default();
        for alert in store::list_waiting(tx.conn(), self.person, None, READ)? {
            alerts.entry(alert.search).or_default().push(alert);
        }
        let ids: Vec<i64> = searches.iter().map(|search| search.id.0).collect();
        store::set_mailed(tx, &ids, mail)?;
        let only = searches.first().map(|search| search.id).filter(|_| searches.len() == 1);
        let mut finds_of = |search: SavedSearch| {
            let alerts = alerts.remove(&search.id).unwrap_or_default();
            Finds { alerts, count: count_of(search.id), search }
        };
        let finds: Vec<Finds> = searches.into_iter().map(&mut finds_of).collect();
        let content = match finds.as_slice() {
            [one] => notifications::found(Language::English, one),
            all => notifications::digest(Language::English, all),
        };
        let way_out = only.map(|id| actions::unsubscribe_path(app, id));
        notify_subscriber(tx, self.person, &format!("alert digest {mail}"), &content, way_out)
    }
}
