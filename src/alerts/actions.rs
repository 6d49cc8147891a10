//! Use cases of saved searches.

use super::store::{self, Keeper};
use super::{Alert, SavedSearch, SavedSearchFields, fields};
use crate::accounts::actions::acting_person;
use crate::actor::{Actor, Permission};
use crate::app::App;
use crate::error::{Problem, Result};
use crate::ids::SavedSearchId;
use crate::locale::{Language, Message};
use crate::secrets::Purpose;
use crate::store::cursor::{ListPage, Paging};
use crate::store::{Conn, IdempotencyKey, Idempotent, SWEEP_BATCH, Tx, ensure_version, sweep_rows};
use crate::wire;

fn absent() -> Problem {
    Problem::not_found("saved_search")
}

/// Whose saved searches the actor works on.
pub(super) fn keeper(conn: &mut Conn, actor: &Actor, permission: Permission) -> Result<Keeper> {
    let scope = actor.authorize(permission)?;
    Ok(Keeper { company: scope.company(), user: acting_person(conn, actor, scope)? })
}

fn find_in(tx: &mut Tx, actor: &Actor, id: SavedSearchId) -> Result<SavedSearch> {
    let keeper = keeper(tx.conn(), actor, Permission::AlertsWrite)?;
    store::find(tx.conn(), keeper, id)?.ok_or_else(absent)
}

/// A page of the actor's saved searches, newest first.
pub fn list(app: &App, actor: &Actor, paging: Paging) -> Result<ListPage<SavedSearch>> {
    app.db.read(|conn| {
        let keeper = keeper(conn, actor, Permission::AlertsRead)?;
        store::list(conn, keeper, paging)
    })
}

/// One of the actor's saved searches.
///
/// # Errors
/// `not_found` for those of others, colleagues included.
pub fn find(app: &App, actor: &Actor, id: SavedSearchId) -> Result<SavedSearch> {
    app.db.read(|conn| {
        let keeper = keeper(conn, actor, Permission::AlertsRead)?;
        store::find(conn, keeper, id)?.ok_or_else(absent)
    })
}

/// A page of what one of the actor's saved searches has found, newest first.
///
/// # Errors
/// `not_found` for those of others.
pub fn list_alerts(app: &App, actor: &Actor, id: SavedSearchId, paging: Paging) -> Result<ListPage<Alert>> {
    app.db.read(|conn| {
        let keeper = keeper(conn, actor, Permission::AlertsRead)?;
        store::find(conn, keeper, id)?.ok_or_else(absent)?;
        store::list_alerts(conn, id, paging)
    })
}

/// One of the actor's saved searches for a writer, who is shown what they wrote.
pub(super) fn find_written(app: &App, actor: &Actor, id: SavedSearchId) -> Result<SavedSearch> {
    app.db.read(|conn| {
        let keeper = keeper(conn, actor, Permission::AlertsWrite)?;
        store::find(conn, keeper, id)?.ok_or_else(absent)
    })
}

/// Saves a search.
///
/// # Errors
/// `invalid` naming the fields; `conflict` when the person, or their company, has as many as one may have.
pub fn create(
    app: &App,
    actor: &Actor,
    mut fields: SavedSearchFields,
    once: Option<&IdempotencyKey>,
) -> Result<Idempotent<SavedSearchId>> {
    actor.authorize(Permission::AlertsWrite)?;
    fields.check()?;
    app.db.write_idempotent(once, |tx| {
        let keeper = keeper(tx.conn(), actor, Permission::AlertsWrite)?;
        ensure_room(app, tx, keeper)?;
        let id: SavedSearchId = tx.make_id();
        store::insert(tx, id, keeper, &fields)?;
        Ok(id)
    })
}

fn ensure_room(app: &App, tx: &mut Tx, keeper: Keeper) -> Result<()> {
    let limits = &app.config.limits;
    let (own, of_company) = store::count(tx.conn(), keeper)?;
    for (says, most, count) in [
        (Message::new("alerts-too-many"), limits.saved_searches_per_person, own),
        (Message::new("alerts-too-many-company"), limits.saved_searches_per_company, of_company),
    ] {
        if limits.is_reached(most, count) {
            return Err(Problem::conflict(says.with("most", most).text(Language::English)));
        }
    }
    Ok(())
}

/// Changes a saved search by an RFC 7396 patch.
///
/// # Errors
/// `not_found`, `stale`, `invalid` naming the fields.
pub fn change(
    app: &App,
    actor: &Actor,
    id: SavedSearchId,
    expected: Option<i64>,
    patch: &serde_json::Value,
) -> Result<SavedSearch> {
    app.db.write(|tx| {
        let mut search = find_in(tx, actor, id)?;
        ensure_version(expected, search.version)?;
        search.fields = wire::merge_patch(&search.fields, patch.clone(), fields::READ_ONLY)?;
        search.fields.check()?;
        store::update(tx, &search)?;
        find_in(tx, actor, id)
    })
}

/// Deletes a saved search.
///
/// # Errors
/// `not_found`, `stale`.
pub fn delete(app: &App, actor: &Actor, id: SavedSearchId, expected: Option<i64>) -> Result<()> {
    app.db.write(|tx| {
        let search = find_in(tx, actor, id)?;
        ensure_version(expected, search.version)?;
        store::delete(tx, id)
    })
}

/// The path of the address that pauses a search without signing in.
pub(super) fn unsubscribe_path(app: &App, id: SavedSearchId) -> String {
    format!("/unsubscribe/search/{}", app.secrets.sign(Purpose::Unsubscribe, format!("saved-search {id}").as_bytes()))
}

fn read_unsubscribe_token(app: &App, token: &str) -> Result<SavedSearchId> {
    let payload = app.secrets.verify(Purpose::Unsubscribe, token).and_then(|bytes| String::from_utf8(bytes).ok());
    let id = payload.as_deref().and_then(|text| text.strip_prefix("saved-search "));
    id.and_then(|id| id.parse().ok()).ok_or_else(|| Problem::not_found("unsubscribe_address"))
}

/// The name of the search that an address in its e-mails pauses; none where it is gone.
///
/// # Errors
/// `not_found` for a token that is none of ours.
pub fn find_by_token(app: &App, token: &str) -> Result<Option<String>> {
    let id = read_unsubscribe_token(app, token)?;
    Ok(app.db.read(|conn| store::find_any(conn, id))?.map(|search| search.fields.name))
}

/// Pauses the search that the token is of; a second time changes nothing.
///
/// # Errors
/// `not_found` for a token that is none of ours.
pub fn pause_by_token(app: &App, token: &str) -> Result<()> {
    let id = read_unsubscribe_token(app, token)?;
    app.db.write(|tx| match store::find_any(tx.conn(), id)? {
        Some(mut search) if !search.fields.paused => {
            search.fields.paused = true;
            store::update(tx, &search)
        }
        _ => Ok(()),
    })
}

/// Forgets what people kept for a company that they have left; answers how many searches.
pub fn purge_abandoned(app: &App) -> Result<usize> {
    sweep_rows(
        &app.db,
        "forgetting saved searches",
        |conn, after: Option<&SavedSearchId>| {
            store::list_abandoned(conn, after.copied().unwrap_or(SavedSearchId(0)), SWEEP_BATCH)
        },
        |id| *id,
        |id| app.db.write(|tx| store::delete(tx, *id)).map(|()| true),
    )
}
