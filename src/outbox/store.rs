//! The rows of `jobs`: the only place that writes them.

use std::collections::{BTreeMap, HashMap};

use chrono::{Duration, NaiveDateTime};
use diesel::prelude::*;

use super::options::Options;
use crate::clock::Time;
use crate::error::{Problem, Result};
use crate::ids::JobId;
use crate::on_each;
use crate::store::schema::jobs;
use crate::store::{Conn, Db, Tx};

/// A job that a worker holds.
#[derive(Queryable, Clone, Debug)]
pub(super) struct Claimed {
    pub id: i64,
    pub kind: String,
    pub destination: String,
    pub dedupe_key: Option<String>,
    pub payload: String,
    pub attempts: i32,
    pub max_attempts: i32,
    pub created_at: NaiveDateTime,
}

/// What a worker leaves alone for the moment.
#[derive(Clone, Debug, Default)]
pub(super) struct ClaimFilter {
    /// Families of destinations that have enough to do.
    pub families: Vec<String>,
    /// The destination that was last served of each family.
    pub last_served: HashMap<String, String>,
    /// Kinds that this process cannot run.
    pub kinds: Vec<&'static str>,
    /// Jobs that this process is at already, whatever became of their leases.
    pub jobs: Vec<i64>,
}

/// What a destination is one lane of: `mail 3` of `mail`. The lanes of a family share its cap, and are served in turn.
pub(super) fn family_of(destination: &str) -> &str {
    destination.split(' ').next().unwrap_or_default()
}

/// A job that failed for good.
#[derive(Queryable, Clone, Debug)]
pub struct DeadJob {
    /// Its id.
    pub id: i64,
    /// Its kind.
    pub kind: String,
    /// What the last try said.
    pub last_error: Option<String>,
    /// When it became a dead letter.
    pub dead_at: Option<NaiveDateTime>,
}

/// What an operator watches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QueueStats {
    /// Jobs that wait or run.
    pub open: i64,
    /// Dead letters.
    pub dead: i64,
    /// Since when the oldest due job waits.
    pub oldest_due: Option<Time>,
}

/// Tries before a job is dead, unless the settings of the worker say otherwise.
// With the waits of the worker: almost six days.
const MAX_ATTEMPTS: i32 = 20;

pub(super) fn insert(tx: &mut Tx, kind: &str, payload: String, options: Options) -> Result<()> {
    let now = tx.now_db();
    let run_at = options.not_before.map_or(now, |time| time.naive_utc());
    let id: JobId = tx.make_id();
    let row = (
        jobs::id.eq(id.0),
        jobs::kind.eq(kind),
        jobs::destination.eq(options.destination),
        jobs::dedupe_key.eq(options.dedupe_key),
        jobs::payload.eq(payload),
        jobs::priority.eq(options.priority),
        jobs::run_at.eq(run_at),
        jobs::attempts.eq(0),
        jobs::max_attempts.eq(MAX_ATTEMPTS),
        jobs::created_at.eq(now),
    );
    on_each!(tx.conn(), |c| diesel::insert_into(jobs::table)
        .values(row)
        // Not an error: a job that is there does what this one would.
        .on_conflict(jobs::dedupe_key)
        .do_nothing()
        .execute(c))?;
    Ok(())
}

/// Claims the most urgent due job that is not left for later.
pub(super) fn claim(db: &Db, worker: &str, lease: Duration, filter: &ClaimFilter) -> Result<Option<Claimed>> {
    db.write_read_committed(|tx| {
        let now = tx.now_db();
        let until = (tx.now() + lease).naive_utc();
        let Some(id) = find_due(tx.conn(), now, until, filter)? else { return Ok(None) };
        diesel::update(jobs::table.find(id))
            .set((jobs::locked_by.eq(worker), jobs::lease_until.eq(until), jobs::attempts.eq(jobs::attempts + 1)))
            .execute(tx.conn())?;
        let claimed = jobs::table
            .find(id)
            .select((
                jobs::id,
                jobs::kind,
                jobs::destination,
                jobs::dedupe_key,
                jobs::payload,
                jobs::attempts,
                jobs::max_attempts,
                jobs::created_at,
            ))
            .first(tx.conn())?;
        Ok(Some(claimed))
    })
}

/// The first due job of the highest priority that has one; within a family of destinations that of the next lane, so that who fills one
/// lane delays no other. Each priority, and each destination in it, is asked by itself, in the order of an index that holds only open
/// jobs: however many wait or were done, nothing is sorted, and neither what is not due yet is read nor what goes where enough goes already.
fn find_due(conn: &mut Conn, now: NaiveDateTime, until: NaiveDateTime, filter: &ClaimFilter) -> Result<Option<i64>> {
    let mut highest = i32::MAX;
    while let Some(priority) = highest_open(conn, highest)? {
        let mut due_by_family: BTreeMap<String, Vec<(String, Due)>> = BTreeMap::new();
        let mut before = None;
        while let Some(destination) = next_destination(conn, priority, now, before.as_deref())? {
            let family = family_of(&destination);
            if !filter.families.iter().any(|full| full == family)
                && let Some(due) = first_due(conn, (priority, &destination), now, until, filter)?
            {
                due_by_family.entry(family.to_owned()).or_default().push((destination.clone(), due));
            }
            before = Some(destination);
        }
        let turns = due_by_family.iter().filter_map(|(family, lanes)| next_lane(lanes, filter.last_served.get(family)));
        let first = turns.min();
        if first.is_some() || priority == i32::MIN {
            return Ok(first.map(|(_, id)| id));
        }
        highest = priority - 1;
    }
    Ok(None)
}

/// When a job is due, and its id.
type Due = (NaiveDateTime, i64);

/// The first job of the lane that follows the one that was served last; lanes are in the order of their names.
fn next_lane(lanes: &[(String, Due)], last: Option<&String>) -> Option<Due> {
    let after = lanes.iter().find(|(lane, _)| last.is_some_and(|last| lane > last));
    after.or(lanes.first()).map(|(_, due)| *due)
}

/// The highest priority of open jobs up to this one.
fn highest_open(conn: &mut Conn, most: i32) -> Result<Option<i32>> {
    let open = jobs::table.filter(jobs::done_at.is_null()).filter(jobs::dead_at.is_null());
    Ok(open.filter(jobs::priority.le(most)).select(diesel::dsl::max(jobs::priority)).first(conn)?)
}

/// The destination of due jobs of the priority that comes after that one by name. Those where nothing is due are passed over here, by one
/// query: there may be hundreds of webhooks whose next try is in some hours.
fn next_destination(
    conn: &mut Conn,
    priority: i32,
    now: NaiveDateTime,
    before: Option<&str>,
) -> Result<Option<String>> {
    let open = jobs::table.filter(jobs::done_at.is_null()).filter(jobs::dead_at.is_null()).filter(jobs::run_at.le(now));
    let of_priority = open.filter(jobs::priority.eq(priority)).select(diesel::dsl::min(jobs::destination));
    Ok(match before {
        Some(before) => of_priority.filter(jobs::destination.gt(before)).first(conn)?,
        None => of_priority.first(conn)?,
    })
}

/// `until` is when a lease that is taken now ends. One that ends long after that was taken before the clock was set back: it would
/// hold the job of a worker that is gone for as long as the clock went.
fn first_due(
    conn: &mut Conn,
    (priority, destination): (i32, &str),
    now: NaiveDateTime,
    until: NaiveDateTime,
    filter: &ClaimFilter,
) -> Result<Option<(NaiveDateTime, i64)>> {
    // An hour of grace: the clocks of nodes differ by seconds, and a lease that one of them took must not look wrong to another.
    let too_late = until + Duration::hours(1);
    let due = jobs::table
        .filter(jobs::done_at.is_null())
        .filter(jobs::dead_at.is_null())
        .filter(jobs::priority.eq(priority))
        .filter(jobs::destination.eq(destination))
        .filter(jobs::run_at.le(now))
        .filter(jobs::lease_until.is_null().or(jobs::lease_until.lt(now)).or(jobs::lease_until.gt(too_late)))
        .filter(jobs::kind.ne_all(filter.kinds.clone()))
        .filter(jobs::id.ne_all(filter.jobs.clone()))
        .order((jobs::run_at, jobs::id))
        .select((jobs::run_at, jobs::id))
        .limit(1);
    let found = match conn {
        // SQLite has one writer, and this is its transaction: nobody else can claim between the look and the update.
        Conn::Sqlite(c) => due.first(c).optional(),
        // Two workers never wait for each other's claim: the second one takes the next job.
        Conn::Postgres(c) => due.for_update().skip_locked().first(c).optional(),
    };
    Ok(found?)
}

/// Marks a claimed job as done; false when the lease was lost to another worker.
pub(super) fn finish(db: &Db, job: &Claimed, worker: &str) -> Result<bool> {
    db.write_read_committed(|tx| {
        let now = tx.now_db();
        let changed = diesel::update(held(job, worker))
            .set((
                jobs::done_at.eq(now),
                jobs::locked_by.eq(None::<String>),
                jobs::lease_until.eq(None::<NaiveDateTime>),
            ))
            .execute(tx.conn())?;
        Ok(changed == 1)
    })
}

/// Puts a claimed job back until `again`, as if it had not been tried.
pub(super) fn postpone(db: &Db, job: &Claimed, worker: &str, again: Time) -> Result<bool> {
    db.write_read_committed(|tx| {
        let changed = diesel::update(held(job, worker))
            .set((
                jobs::run_at.eq(again.naive_utc()),
                // The claim counted it; waiting for the index is no failure of the job's.
                jobs::attempts.eq(job.attempts - 1),
                jobs::locked_by.eq(None::<String>),
                jobs::lease_until.eq(None::<NaiveDateTime>),
            ))
            .execute(tx.conn())?;
        Ok(changed == 1)
    })
}

/// Puts a failed try back for `retry_at`; without one the job becomes a dead letter.
pub(super) fn fail(db: &Db, job: &Claimed, worker: &str, error: &str, retry_at: Option<Time>) -> Result<bool> {
    // The beginning says what it was; a mail server may answer with a whole page.
    let error: String = error.chars().take(2_000).collect();
    db.write_read_committed(|tx| {
        let now = tx.now_db();
        let dead_at = retry_at.is_none().then_some(now);
        let run_at = retry_at.map_or(now, |time| time.naive_utc());
        let changed = diesel::update(held(job, worker))
            .set((
                jobs::last_error.eq(&error),
                jobs::run_at.eq(run_at),
                jobs::dead_at.eq(dead_at),
                jobs::locked_by.eq(None::<String>),
                jobs::lease_until.eq(None::<NaiveDateTime>),
            ))
            .execute(tx.conn())?;
        Ok(changed == 1)
    })
}

/// The fence: the row only while it is still held by this worker in this try.
#[diesel::dsl::auto_type(no_type_alias)]
fn held<'a>(job: &'a Claimed, worker: &'a str) -> _ {
    let id: i64 = job.id;
    let attempts: i32 = job.attempts;
    jobs::table.filter(jobs::id.eq(id)).filter(jobs::locked_by.eq(worker)).filter(jobs::attempts.eq(attempts))
}

/// The dead letters, newest first, at most `most`.
pub fn dead_jobs(conn: &mut Conn, most: i64) -> Result<Vec<DeadJob>> {
    Ok(jobs::table
        .filter(jobs::dead_at.is_not_null())
        .order(jobs::id.desc())
        .limit(most)
        .select((jobs::id, jobs::kind, jobs::last_error, jobs::dead_at))
        .load(conn)?)
}

/// Gives a dead job all its tries again.
pub fn retry_dead(tx: &mut Tx, id: JobId) -> Result<()> {
    let now = tx.now_db();
    let changed = diesel::update(jobs::table.find(id.0).filter(jobs::dead_at.is_not_null()))
        .set((jobs::dead_at.eq(None::<NaiveDateTime>), jobs::attempts.eq(0), jobs::run_at.eq(now)))
        .execute(tx.conn())?;
    tx.wake_workers();
    if changed == 1 { Ok(()) } else { Err(Problem::not_found("dead_job")) }
}

/// How many jobs of a kind are in a state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobCount {
    /// The kind.
    pub kind: String,
    /// One of [`JobCount::STATES`].
    pub state: &'static str,
    /// How many.
    pub number: i64,
}

impl JobCount {
    /// The states of jobs that are not done: never tried, under a lease, tried and to be tried again, dead letter.
    pub const STATES: [&'static str; 4] = ["waiting", "running", "retrying", "dead"];
}

/// How many jobs of each kind are not done, by state; what there is none of is left out.
pub fn count_by_state(conn: &mut Conn, now: Time) -> Result<Vec<JobCount>> {
    let now = now.naive_utc();
    let open = || jobs::table.filter(jobs::done_at.is_null()).filter(jobs::dead_at.is_null());
    let free = || open().filter(jobs::lease_until.is_null().or(jobs::lease_until.lt(now)));
    let counted = (jobs::kind, diesel::dsl::count_star());
    let waiting = free().filter(jobs::attempts.eq(0)).group_by(jobs::kind).select(counted).load(conn)?;
    let running = open().filter(jobs::lease_until.ge(now)).group_by(jobs::kind).select(counted).load(conn)?;
    let retrying = free().filter(jobs::attempts.gt(0)).group_by(jobs::kind).select(counted).load(conn)?;
    let dead = jobs::table.filter(jobs::dead_at.is_not_null()).group_by(jobs::kind).select(counted).load(conn)?;
    let by_state: [Vec<(String, i64)>; 4] = [waiting, running, retrying, dead];
    let named = JobCount::STATES.into_iter().zip(by_state);
    Ok(named
        .flat_map(|(state, rows)| rows.into_iter().map(move |(kind, number)| JobCount { kind, state, number }))
        .collect())
}

/// Extends the leases of these jobs, as far as the worker still holds them; answers how many were extended.
pub(super) fn renew(db: &Db, worker: &str, ids: &[i64], lease: Duration) -> Result<usize> {
    db.write_read_committed(|tx| {
        let until = (tx.now() + lease).naive_utc();
        let held = jobs::table.filter(jobs::id.eq_any(ids)).filter(jobs::locked_by.eq(worker));
        Ok(diesel::update(held).set(jobs::lease_until.eq(until)).execute(tx.conn())?)
    })
}

/// Gives back what the worker holds, so that another one takes it at once and not when the lease has run out.
pub(super) fn give_up(db: &Db, worker: &str) -> Result<usize> {
    db.write_read_committed(|tx| {
        let now = tx.now_db();
        let open = jobs::table.filter(jobs::done_at.is_null()).filter(jobs::dead_at.is_null());
        let given = diesel::update(open.filter(jobs::locked_by.eq(worker)))
            .set((
                jobs::run_at.eq(now),
                jobs::locked_by.eq(None::<String>),
                jobs::lease_until.eq(None::<NaiveDateTime>),
            ))
            .execute(tx.conn())?;
        Ok(given)
    })
}

/// How the queue stands.
pub fn queue_stats(conn: &mut Conn) -> Result<QueueStats> {
    let open = jobs::table.filter(jobs::done_at.is_null()).filter(jobs::dead_at.is_null());
    let oldest: Option<NaiveDateTime> = open.select(diesel::dsl::min(jobs::run_at)).first(conn)?;
    Ok(QueueStats {
        open: open.count().get_result(conn)?,
        dead: jobs::table.filter(jobs::dead_at.is_not_null()).count().get_result(conn)?,
        oldest_due: oldest.map(|time| time.and_utc()),
    })
}

/// Whether no job is due, running or to be tried again; what was put off from the beginning until later does not count.
pub fn is_settled(conn: &mut Conn, now: Time) -> Result<bool> {
    let open = jobs::table.filter(jobs::done_at.is_null()).filter(jobs::dead_at.is_null());
    let waits = open.filter(jobs::run_at.le(now.naive_utc()).or(jobs::attempts.gt(0)));
    let first: Option<i64> = waits.select(jobs::id).first(conn).optional()?;
    Ok(first.is_none())
}

/// Forgets jobs that were finished before the time, at most 1 000 in one go; answers how many.
pub fn purge_finished(tx: &mut Tx, before: Time) -> Result<usize> {
    let ids: Vec<i64> = jobs::table
        .filter(jobs::done_at.lt(before.naive_utc()))
        .order(jobs::done_at)
        .limit(1_000)
        .select(jobs::id)
        .load(tx.conn())?;
    if ids.is_empty() {
        return Ok(0);
    }
    Ok(diesel::delete(jobs::table.filter(jobs::id.eq_any(ids))).execute(tx.conn())?)
}
