//! Signing in and out, and turning credentials into an `Actor`.

use chrono::Duration;

use super::actions::{Taken, member_of, second_factor};
use super::store::{self, Login, NewSession};
use super::{rules, throttle};
use crate::actor::{Actor, Permission, Role};
use crate::app::App;
use crate::clock::Time;
use crate::companies::CompanyState;
use crate::error::{Code, Problem, Result};
use crate::ids::{ApiKeyId, CompanyId, PersonId, SessionId};
use crate::secrets::{Purpose, random_token, sha256_hex};

/// "Last seen" and "last used" are written at most this often, in minutes, so that reading does not mean writing.
const TOUCH_MINUTES: i64 = 5;

/// Where a sign-in comes from.
#[derive(Clone, Debug)]
pub struct Origin {
    /// What the browser calls itself.
    pub user_agent: String,
    /// The network that tries are charged to.
    pub network: String,
}

/// A session that was just opened; the secret goes into the cookie and is stored nowhere.
pub struct Opened {
    /// Whose it is.
    pub person: PersonId,
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
    /// Whether the person has confirmed their address.
    pub confirmed: bool,
    /// The form token.
    pub csrf: String,
}

/// What a right password leads to.
pub enum SignIn {
    /// A session.
    Opened(Opened),
    /// The question for a code; the text shows that the password was right, for ten minutes.
    NeedsCode(String),
}

/// Checks address and password and opens a session for the person's first company, unless they have a second step. A wrong address
/// and a wrong password get one and the same answer after one and the same time.
pub fn sign_in(app: &App, email: &str, password: &str, origin: &Origin) -> Result<SignIn> {
    let charged = throttle::charge(app, throttle::account_of(email), Some(&origin.network))?;
    let login = app.db.read(|conn| store::find_login(conn, email))?.filter(|login| !login.disabled);
    let is_right = app.hasher.is_right(password, login.as_ref().map(|login| login.password_hash.as_str()));
    let mut login = login.filter(|_| is_right).ok_or_else(wrong)?;
    charged.succeeded(app)?;
    if app.hasher.is_outdated(&login.password_hash) {
        login.password_hash = app.hasher.hash(password)?;
        app.db.write(|tx| store::update_password(tx, login.id, &login.password_hash))?;
    }
    if second_factor::is_needed(app, login.id)? {
        let until = app.clock.now() + rules::SECOND_STEP_HOLDS;
        return Ok(SignIn::NeedsCode(app.secrets.sign(Purpose::SecondStep, half_way(&login, until).as_bytes())));
    }
    open_first(app, login.id, &origin.user_agent).map(SignIn::Opened)
}

/// Opens a session with a code, after the password was right; tells which kind of code it was.
pub fn sign_in_with_code(app: &App, half_way: &str, code: &str, origin: &Origin) -> Result<(Opened, Taken)> {
    let person = half_way_person(app, half_way)?
        .ok_or_else(|| Problem::new(Code::Unauthenticated, "That took too long. Sign in with your password again."))?;
    let charged = throttle::charge(app, throttle::second_step_of(person), Some(&origin.network))?;
    let taken = second_factor::take_code(app, person, code)?
        .ok_or_else(|| Problem::new(Code::Unauthenticated, "The code is not right, or was used already."))?;
    charged.succeeded(app)?;
    Ok((open_first(app, person, &origin.user_agent)?, taken))
}

/// Who has shown the right password, until when, and which: another password ends it.
fn half_way(login: &Login, until: Time) -> String {
    format!("{} {} {}", login.id, until.timestamp(), sha256_hex(login.password_hash.as_bytes()))
}

/// Whose password was right, if the text shows it.
pub fn half_way_person(app: &App, signed: &str) -> Result<Option<PersonId>> {
    let text = app.secrets.verify(Purpose::SecondStep, signed).and_then(|bytes| String::from_utf8(bytes).ok());
    let Some(text) = text else { return Ok(None) };
    let mut parts = text.split(' ');
    let person: Option<PersonId> = parts.next().and_then(|text| text.parse().ok());
    let until: Option<i64> = parts.next().and_then(|text| text.parse().ok());
    let (Some(person), Some(until)) = (person, until) else { return Ok(None) };
    let login = app.db.read(|conn| store::find_login_of(conn, person))?.filter(|login| !login.disabled);
    let is_same = login.is_some_and(|login| parts.next() == Some(&sha256_hex(login.password_hash.as_bytes())));
    Ok((is_same && app.clock.now().timestamp() < until).then_some(person))
}

fn open_first(app: &App, person: PersonId, user_agent: &str) -> Result<Opened> {
    let memberships = app.db.read(|conn| store::list_memberships(conn, person))?;
    let first = memberships.first().ok_or_else(|| Problem::forbidden("This account belongs to no company."))?;
    open(app, person, first.company, user_agent)
}

fn wrong() -> Problem {
    Problem::new(Code::Unauthenticated, "The e-mail address or the password is not right.")
}

/// Opens a session.
fn open(app: &App, person: PersonId, company: CompanyId, user_agent: &str) -> Result<Opened> {
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
    Ok(Opened { person, secret, max_age_s: hours * 3_600 })
}

/// Goes on in a new session, perhaps for another company, and ends the one that the actor came with.
pub(super) fn replace(app: &App, actor: &Actor, company: CompanyId, user_agent: &str) -> Result<Opened> {
    let person = member_of(actor, Permission::AccountRead)?;
    let opened = open(app, person, company, user_agent)?;
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
    let person = member_of(actor, Permission::AccountRead)?;
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
    let person = member_of(actor, Permission::AccountRead)?;
    app.db.write(|tx| store::delete_session_of(tx, person, session))
}

/// Ends all of one's own sessions but the one that asks.
pub fn revoke_others(app: &App, actor: &Actor) -> Result<()> {
    let person = member_of(actor, Permission::AccountRead)?;
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
        note_use(app.db.write(|tx| store::touch_session(tx, session)));
    }
    let actor = Actor::Member {
        person: PersonId(row.person_id),
        company: CompanyId(row.company_id),
        role: Role::parse(&row.role).unwrap_or(Role::Viewer),
        session,
        moderator: row.platform_role.as_deref() == Some("moderator"),
        suspended: row.company_state == CompanyState::Suspended.as_str(),
        confirmed: row.confirmed_at.is_some(),
    };
    let (person_name, company_name, confirmed) = (row.person_name, row.company_name, row.confirmed_at.is_some());
    Ok(Some(SignedIn { actor, person_name, company_name, confirmed, csrf: row.csrf }))
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
        note_use(app.db.write(|tx| store::touch_key(tx, key)));
    }
    let permissions: Vec<Permission> = store::parse_scopes(&row.scopes);
    let suspended = row.company_state == CompanyState::Suspended.as_str();
    Ok(Actor::Key { key, company: CompanyId(row.company_id), permissions, suspended })
}

/// When a session or key was used last is worth knowing, and no reason to turn away who only reads while nothing can be stored.
fn note_use(noted: Result<()>) {
    if let Err(problem) = noted {
        log::warn!("the use of a session or key could not be noted: {problem}");
    }
}

fn is_stale(last: Time, now: Time) -> bool {
    now - last >= Duration::minutes(TOUCH_MINUTES)
}

/// Forgets sessions past their end; answers how many.
pub fn purge(app: &App) -> Result<usize> {
    app.db.write(store::purge_sessions)
}
