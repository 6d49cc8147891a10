//! Signing in and out, and turning credentials into an `Actor`.

use chrono::Duration;

use super::store::{self, NewSession};
use crate::actor::{Actor, Permission, Role};
use crate::app::App;
use crate::clock::Time;
use crate::companies::CompanyState;
use crate::error::{Code, Problem, Result};
use crate::ids::{ApiKeyId, CompanyId, PersonId, SessionId};
use crate::secrets::{random_token, sha256_hex};

/// "Last seen" and "last used" are written at most this often, in minutes, so that reading does not mean writing.
const TOUCH_MINUTES: i64 = 5;

/// A session that was just opened; the secret goes into the cookie and is stored nowhere.
pub struct Opened {
    /// The cookie's value.
    pub secret: String,
    /// How long the cookie lives, in seconds.
    pub max_age_s: i64,
}

/// A checked session and what a page needs of it.
pub struct SignedIn {
    /// Who acts.
    pub actor: Actor,
    /// The person's name.
    pub person_name: String,
    /// The company's name.
    pub company_name: String,
    /// The form token.
    pub csrf: String,
}

/// Checks address and password and opens a session for the person's first company. A wrong address and a wrong password get one
/// and the same answer after one and the same time.
pub fn sign_in(app: &App, email: &str, password: &str, user_agent: &str) -> Result<Opened> {
    let login = app.db.read(|conn| store::find_login(conn, email))?;
    let is_right = app.hasher.is_right(password, login.as_ref().map(|login| login.password_hash.as_str()));
    let person = login.filter(|login| is_right && !login.disabled).map(|login| login.id).ok_or_else(wrong)?;
    let memberships = app.db.read(|conn| store::list_memberships(conn, person))?;
    let first = memberships.first().ok_or_else(|| Problem::forbidden("This account belongs to no company yet."))?;
    open(app, person, first.company, user_agent)
}

fn wrong() -> Problem {
    Problem::new(Code::Unauthenticated, "The e-mail address or the password is not right.")
}

/// Opens a session.
pub(super) fn open(app: &App, person: PersonId, company: CompanyId, user_agent: &str) -> Result<Opened> {
    let secret = random_token();
    let csrf = random_token();
    let hours = app.config.limits.session_hours;
    let user_agent: String = user_agent.chars().take(200).collect();
    app.db.write(|tx| {
        let new = NewSession {
            secret_hash: &sha256_hex(secret.as_bytes()),
            person,
            company,
            csrf: &csrf,
            user_agent: &user_agent,
            expires_at: tx.now() + Duration::hours(hours),
        };
        store::insert_session(tx, &new)
    })?;
    Ok(Opened { secret, max_age_s: hours * 3_600 })
}

/// Ends the session that the actor came with.
pub fn sign_out(app: &App, actor: &Actor) -> Result<()> {
    match actor {
        Actor::Member { session, .. } => app.db.write(|tx| store::delete_session(tx, *session)),
        _ => Ok(()),
    }
}

/// The session of a cookie, if it is still good.
pub fn authenticate_session(app: &App, secret: &str) -> Result<Option<SignedIn>> {
    let Some(row) = app.db.read(|conn| store::find_session(conn, &sha256_hex(secret.as_bytes())))? else {
        return Ok(None);
    };
    let now = app.clock.now();
    let idle_until = row.last_seen_at.and_utc() + Duration::hours(app.config.limits.session_idle_h);
    if now >= row.expires_at.and_utc() || now >= idle_until || row.disabled_at.is_some() {
        return Ok(None);
    }
    let session = SessionId(row.id);
    if is_stale(row.last_seen_at.and_utc(), now) {
        app.db.write(|tx| store::touch_session(tx, session))?;
    }
    let actor = Actor::Member {
        person: PersonId(row.person_id),
        company: CompanyId(row.company_id),
        role: Role::parse(&row.role).unwrap_or(Role::Viewer),
        session,
        moderator: row.platform_role.as_deref() == Some("moderator"),
        suspended: row.company_state == CompanyState::Suspended.as_str(),
    };
    Ok(Some(SignedIn { actor, person_name: row.person_name, company_name: row.company_name, csrf: row.csrf }))
}

/// The actor of an API key; 401 when it is unknown, expired or revoked.
pub fn authenticate_key(app: &App, token: &str) -> Result<Actor> {
    let refused = || Problem::new(Code::Unauthenticated, "The API key is unknown, expired or revoked.");
    if !token.starts_with(super::actions::KEY_PREFIX) {
        return Err(refused());
    }
    let row =
        app.db.read(|conn| store::find_key_by_secret(conn, &sha256_hex(token.as_bytes())))?.ok_or_else(refused)?;
    let now = app.clock.now();
    if row.expires_at.is_some_and(|expires| now >= expires.and_utc()) {
        return Err(refused());
    }
    let key = ApiKeyId(row.id);
    if row.last_used_at.is_none_or(|used| is_stale(used.and_utc(), now)) {
        app.db.write(|tx| store::touch_key(tx, key))?;
    }
    let permissions: Vec<Permission> = store::parse_scopes(&row.scopes);
    let suspended = row.company_state == CompanyState::Suspended.as_str();
    Ok(Actor::Key { key, company: CompanyId(row.company_id), permissions, suspended })
}

fn is_stale(last: Time, now: Time) -> bool {
    now - last >= Duration::minutes(TOUCH_MINUTES)
}

/// Forgets sessions past their end; answers how many.
pub fn purge(app: &App) -> Result<usize> {
    app.db.write(store::purge_sessions)
}
