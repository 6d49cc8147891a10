//! Use cases of exports: asking for one, looking at how far it is, taking the archive, and what a worker writes of it.

use chrono::Duration;

use super::events::RunExport;
use super::rules::{self, KEPT_DAYS};
use super::{Counts, Export, ExportState, notifications, store};
use crate::accounts::actions::{Sender, notify_people, owner_asking, owner_reading};
use crate::actor::{Actor, Scope};
use crate::app::App;
use crate::blobs::{self, Blob, ByteStream};
use crate::error::{Code, Problem, Result};
use crate::ids::ExportId;
use crate::locale::{Language, Message, text};
use crate::mail::{NotificationText, Stream};
use crate::outbox::{Options, enqueue};
use crate::store::cursor::{ListPage, Paging};
use crate::store::{Conn, IdempotencyKey, Idempotent, Tx, sweep_rows};

fn absent() -> Problem {
    Problem::not_found("export")
}

/// Has an archive of all that the actor's company has made; where one is being made already, it is that one.
///
/// # Errors
/// 401 and 403; `too_many_requests` when the company asked for too many in 24 hours; `conflict` for a company that has no people.
pub fn create(app: &App, actor: &Actor, once: Option<&IdempotencyKey>) -> Result<Idempotent<ExportId>> {
    let scope = rules::ensure_asks(actor)?;
    app.db.write_idempotent(once, |tx| {
        // Whoever presses the button twice wants one archive, and to see how far it is.
        if let Some(running) = find_running(tx, scope)? {
            return Ok(running);
        }
        ensure_may_ask(app, tx, scope)?;
        let person = owner_asking(tx.conn(), actor, scope)?;
        let id = store::insert(tx, scope.company(), person)?;
        // A destination of its own: it takes long, and must leave threads to those who wait for less.
        enqueue(tx, &RunExport { export: id }, Options::once(format!("export {id}")).on_queue("exports"))?;
        Ok(id)
    })
}

/// The export that is under way; one that no worker ends any more is given up, and is in nobody's way.
fn find_running(tx: &mut Tx, scope: Scope) -> Result<Option<ExportId>> {
    let Some(running) = store::find_running(tx.conn(), scope.company())? else { return Ok(None) };
    let export = find_in(tx.conn(), scope, running)?;
    if tx.now() - export.created_at < Duration::hours(rules::MOST_HOURS) {
        return Ok(Some(running));
    }
    end_failed(tx, export, text(Language::English, "exports-not-ended"))?;
    Ok(None)
}

/// Each archive lies on the disk for days.
fn ensure_may_ask(app: &App, tx: &mut Tx, scope: Scope) -> Result<()> {
    let most = app.config.limits.exports_per_day;
    let since = tx.now() - Duration::hours(24);
    if !app.config.limits.is_reached(most, store::count_since(tx.conn(), scope.company(), since, most)?) {
        return Ok(());
    }
    let says = Message::new("exports-too-many-today").with("most", most).text(Language::English);
    Err(Problem::new(Code::TooManyRequests, says))
}

fn find_in(conn: &mut Conn, scope: Scope, id: ExportId) -> Result<Export> {
    store::find(conn, id)?.filter(|export| export.company == scope.company()).ok_or_else(absent)
}

/// An export of the actor's company.
///
/// # Errors
/// 401, 403, `not_found`.
pub fn find(app: &App, actor: &Actor, id: ExportId) -> Result<Export> {
    let scope = rules::ensure_sees(actor)?;
    app.db.read(|conn| find_in(conn, scope, id))
}

/// The exports of the actor's company, newest first.
///
/// # Errors
/// 401 and 403.
pub fn list(app: &App, actor: &Actor, paging: Paging) -> Result<ListPage<Export>> {
    let scope = rules::ensure_sees(actor)?;
    app.db.read(|conn| store::list_own(conn, scope, paging))
}

/// An archive that can be taken, and how many bytes it has.
///
/// # Errors
/// 401, 403, `not_found`; `conflict` while there is none yet, or when it could not be made; `gone` once its time is over.
pub fn find_archive(app: &App, actor: &Actor, id: ExportId) -> Result<(Blob, u64)> {
    let scope = rules::ensure_takes(actor)?;
    let export = app.db.read(|conn| find_in(conn, scope, id))?;
    let refused = |code, key| Err(Problem::new(code, text(Language::English, key)));
    match (export.state_at(app.clock.now()), export.blob, export.bytes) {
        (ExportState::Finished, Some(blob), Some(bytes)) => Ok((blob, bytes)),
        (ExportState::Queued | ExportState::Running, ..) => refused(Code::Conflict, "exports-not-ready"),
        (ExportState::Failed, ..) => refused(Code::Conflict, "exports-has-failed"),
        (ExportState::Finished | ExportState::Expired, ..) => refused(Code::Gone, "exports-is-over"),
    }
}

/// The bytes of an archive that the caller has found for its reader.
///
/// # Errors
/// `unavailable` while the object store is away.
pub async fn read(app: &App, archive: &Blob) -> Result<ByteStream> {
    app.blobs.read(archive).await
}

/// The export with whoever reads for it, if it is still to be made: it begins, or begins anew. One whose owner is none any more has failed.
///
/// # Errors
/// Faults of the database.
pub(super) fn begin(app: &App, id: ExportId) -> Result<Option<(Export, Actor)>> {
    app.db.write(|tx| {
        let Some(mut export) = store::find(tx.conn(), id)?.filter(|export| export.finished_at.is_none()) else {
            return Ok(None);
        };
        let Some(reader) = owner_reading(tx.conn(), export.company, export.person)? else {
            end_failed(tx, export, text(Language::English, "exports-no-owner"))?;
            return Ok(None);
        };
        export.state = ExportState::Running;
        export.counts = Counts::new();
        export.started_at = Some(tx.now());
        advance(tx, &mut export)?;
        Ok(Some((export, reader)))
    })
}

/// Writes how far the export is; refused when another run of it is at it, which then goes on alone.
fn advance(tx: &mut Tx, export: &mut Export) -> Result<()> {
    if !store::update(tx, export)? {
        return Err(Problem::internal(format!("export {} is made twice at once", export.id)));
    }
    export.version += 1;
    Ok(())
}

/// Notes that more of it was written.
///
/// # Errors
/// `internal` when another run of the export is at it.
pub(super) fn note_progress(app: &App, export: Export) -> Result<Export> {
    app.db.write(|tx| {
        let mut noted = export.clone();
        advance(tx, &mut noted)?;
        Ok(noted)
    })
}

/// The archive is complete and stored: from now on it can be taken, and its owner hears of it.
///
/// # Errors
/// `internal` when another run of the export is at it.
pub(super) fn finish(app: &App, export: &Export, archive: &Blob, bytes: u64) -> Result<()> {
    let kept = Duration::days(app.config.exports.keep_days);
    app.db.write(|tx| {
        let until = tx.now() + kept;
        let mut over = Export {
            state: ExportState::Finished,
            blob: Some(archive.clone()),
            sha256: Some(archive.sha256.clone()),
            bytes: Some(bytes),
            finished_at: Some(tx.now()),
            expires_at: Some(until),
            ..export.clone()
        };
        advance(tx, &mut over)?;
        blobs::retain(tx, archive.id)?;
        tell(tx, &over, "ready", &notifications::ready(until))
    })
}

/// Gives an export up, unless it is over.
///
/// # Errors
/// Faults of the database.
pub(super) fn give_up(app: &App, id: ExportId, why: &str) -> Result<()> {
    app.db.write(|tx| match store::find(tx.conn(), id)?.filter(|export| export.finished_at.is_none()) {
        Some(export) => end_failed(tx, export, why),
        None => Ok(()),
    })
}

fn end_failed(tx: &mut Tx, export: Export, why: &str) -> Result<()> {
    let mut over =
        Export { state: ExportState::Failed, problem: Some(why.to_owned()), finished_at: Some(tx.now()), ..export };
    advance(tx, &mut over)?;
    tell(tx, &over, "failed", &notifications::failed())
}

/// Notifies the owner in whose name it was made.
fn tell(tx: &mut Tx, export: &Export, what: &str, text: &NotificationText) -> Result<()> {
    let event = format!("export {what} {}", export.id);
    let people = [export.person];
    notify_people(tx, Sender::Platform, export.company, &people, Stream::Transactional, &event, text)
}

/// Gives back the archives whose time is over; answers how many. Their bytes go with the next sweep of the blobs.
///
/// # Errors
/// As [`sweep_rows`].
pub fn expire_due(app: &App) -> Result<usize> {
    let now = app.clock.now();
    let id = |(_, id): &(_, i64)| ExportId(*id);
    sweep_rows(
        &app.db,
        "expiring exports",
        |conn, after| store::list_expired(conn, now, after),
        id,
        |row| app.db.write(|tx| expire(tx, id(row))),
    )
}

fn expire(tx: &mut Tx, id: ExportId) -> Result<bool> {
    let Some(export) = store::find(tx.conn(), id)? else { return Ok(false) };
    let Some(archive) = export.blob.clone() else { return Ok(false) };
    let mut over = Export { state: ExportState::Expired, blob: None, ..export };
    advance(tx, &mut over)?;
    blobs::release(tx, archive.id)?;
    Ok(true)
}

/// Forgets exports after ninety days; answers how many.
///
/// # Errors
/// As [`sweep_rows`].
pub fn purge(app: &App) -> Result<usize> {
    let before = app.clock.now() - Duration::days(KEPT_DAYS);
    let id = |(_, id): &(_, i64)| ExportId(*id);
    sweep_rows(
        &app.db,
        "forgetting exports",
        |conn, after| store::list_older(conn, before, after),
        id,
        |row| app.db.write(|tx| forget(tx, id(row))),
    )
}

fn forget(tx: &mut Tx, id: ExportId) -> Result<bool> {
    let Some(export) = store::find(tx.conn(), id)? else { return Ok(false) };
    // One that a worker is still to come back to stays: the job would find nothing, and its owner hear nothing.
    if export.finished_at.is_none() {
        return Ok(false);
    }
    if let Some(archive) = &export.blob {
        blobs::release(tx, archive.id)?;
    }
    store::delete(tx, id)?;
    Ok(true)
}
