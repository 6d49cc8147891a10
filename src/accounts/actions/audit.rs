//! Use cases: recording what happens to accounts, and showing it to whom it concerns.

use crate::accounts::audit::{AuditEvent, RecordedEvent, log_event};
use crate::accounts::{rules, store};
use crate::actor::{Actor, Permission};
use crate::app::App;
use crate::error::Result;
use crate::ids::UserId;

/// How many events a user sees; the page says so when there are as many.
pub const MAX_SHOWN: usize = 20;

/// Records the event in the log and in the table. A failed sign-in to no account is a row too, so that it takes as long as one to an
/// account.
pub fn record_audit_event(app: &App, event: &AuditEvent) -> Result<()> {
    log_event(event);
    app.db.write(|tx| store::insert_auth_event(tx, event))
}

/// The account that an address belongs to: whose failed sign-in it was.
pub fn find_user_id(app: &App, email: &str) -> Result<Option<UserId>> {
    Ok(app.db.read(|conn| store::find_login(conn, email))?.map(|login| login.id))
}

/// The recent events of one's own account, newest first.
pub fn list_recent(app: &App, actor: &Actor) -> Result<Vec<RecordedEvent>> {
    let person = rules::require_user(actor, Permission::AccountRead)?;
    app.db.read(|conn| store::list_auth_events(conn, person, i64::try_from(MAX_SHOWN).unwrap_or(i64::MAX)))
}

/// Forgets what happened long ago; answers how many.
pub fn purge(app: &App) -> Result<usize> {
    app.db.write(|tx| {
        let before = tx.now() - rules::AUDIT_RETENTION;
        store::purge_auth_events(tx, before)
    })
}
