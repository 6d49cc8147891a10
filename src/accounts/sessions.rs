//! The sessions of signed-in users: opened, rotated, listed and ended.

use chrono::Duration;

use super::rules::{self, require_user};
use super::store::{self, SessionToInsert};
use crate::actor::{Actor, Permission};
use crate::app::App;
use crate::clock::Time;
use crate::error::{Problem, Result};
use crate::ids::{CompanyId, SessionId, UserId};
use crate::locale::{Language, text};
use crate::secrets::{random_token, sha256_hex};

/// A session that was just opened; the secret goes into the cookie and is stored nowhere.
pub struct NewSession {
    /// Whose it is.
    pub person: UserId,
    /// The cookie's value.
    pub secret: String,
    /// How long the cookie lives, in seconds.
    pub max_age_s: i64,
}

/// Opens a session for the company that the user joined first.
pub(super) fn open_default_session(app: &App, person: UserId, user_agent: &str) -> Result<NewSession> {
    let memberships = app.db.read(|conn| store::list_memberships(conn, person))?;
    let first =
        memberships.first().ok_or_else(|| Problem::forbidden(text(Language::English, "accounts-no-company")))?;
    open_session(app, person, first.company, user_agent)
}

/// Opens a session for one of the user's companies.
fn open_session(app: &App, person: UserId, company: CompanyId, user_agent: &str) -> Result<NewSession> {
    // The cookie holds the secret and the table its hash: who reads a backup cannot sign in with it.
    let secret = random_token();
    // Not derived from the secret: it stands in pages, and pages are cached, saved and sent on.
    let csrf = random_token();
    let hours = app.config.limits.session_hours;
    // Long enough to name browser and system, which is all that the list of sessions says.
    let user_agent: String = user_agent.chars().take(200).collect();
    app.db.write(|tx| {
        let new = SessionToInsert {
            secret_hash: &sha256_hex(secret.as_bytes()),
            person,
            company,
            csrf: &csrf,
            user_agent: &user_agent,
            expires_at: tx.now() + Duration::hours(hours),
        };
        store::insert_session(tx, &new)
    })?;
    Ok(NewSession { person, secret, max_age_s: hours * 3_600 })
}

/// Opens a new session, perhaps for another company, and ends the one that the actor came with: a session's secret does not outlive
/// what it was issued for.
pub(super) fn rotate_session(app: &App, actor: &Actor, company: CompanyId, user_agent: &str) -> Result<NewSession> {
    let person = require_user(actor, Permission::AccountRead)?;
    // The new one first: if the second step fails there are two sessions, not none.
    let opened = open_session(app, person, company, user_agent)?;
    sign_out(app, actor)?;
    Ok(opened)
}

/// A session of one's own that is open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenSession {
    /// The id.
    pub id: SessionId,
    /// The company that it acts for.
    pub company_name: String,
    /// Browser and system, as far as the browser says.
    pub device: String,
    /// When it was opened.
    pub created_at: Time,
    /// When it was last used, to five minutes.
    pub last_seen_at: Time,
    /// Whether it is the one that asks.
    pub current: bool,
}

/// One's own open sessions, last seen first.
pub fn list_open(app: &App, actor: &Actor) -> Result<Vec<OpenSession>> {
    let person = require_user(actor, Permission::AccountRead)?;
    let now = app.clock.now();
    let seen_after = now - Duration::hours(app.config.limits.session_idle_h);
    let lines = app.db.read(|conn| store::list_sessions(conn, person, now, seen_after))?;
    let of = |line: store::SessionLine| OpenSession {
        id: SessionId(line.id),
        company_name: line.company_name,
        device: rules::device(&line.user_agent),
        created_at: line.created_at.and_utc(),
        last_seen_at: line.last_seen_at.and_utc(),
        current: session_of(actor) == Some(SessionId(line.id)),
    };
    Ok(lines.into_iter().map(of).collect())
}

/// Ends one of one's own sessions; what is no session of one's own is left alone.
pub fn revoke(app: &App, actor: &Actor, session: SessionId) -> Result<()> {
    let person = require_user(actor, Permission::AccountRead)?;
    app.db.write(|tx| store::delete_session_of(tx, person, session))
}

/// Ends all of one's own sessions but the one that asks.
pub fn revoke_others(app: &App, actor: &Actor) -> Result<()> {
    let person = require_user(actor, Permission::AccountRead)?;
    // An API key has no session to keep, and must not sign people out.
    let Some(kept) = session_of(actor) else { return Ok(()) };
    app.db.write(|tx| store::delete_other_sessions(tx, person, kept))
}

fn session_of(actor: &Actor) -> Option<SessionId> {
    match actor {
        Actor::Member { session, .. } => Some(*session),
        _ => None,
    }
}

/// Ends the session that the actor came with.
pub fn sign_out(app: &App, actor: &Actor) -> Result<()> {
    match actor {
        Actor::Member { session, .. } => app.db.write(|tx| store::delete_session(tx, *session)),
        _ => Ok(()),
    }
}

/// Forgets sessions past their end; answers how many.
pub fn purge(app: &App) -> Result<usize> {
    app.db.write(store::purge_sessions)
}
