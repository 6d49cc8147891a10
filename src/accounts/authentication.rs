//! From credentials to an [`Actor`]: the only place where one is made from what a request or a letter carries.

use chrono::Duration;

use super::{PlatformRole, store};
use crate::actor::{Actor, Permission, Role};
use crate::app::App;
use crate::clock::Time;
use crate::companies::CompanyState;
use crate::error::{Code, Problem, Result};
use crate::ids::{ApiKeyId, CompanyId, SessionId, UserId};
use crate::locale::{Language, text};
use crate::secrets::sha256_hex;
use crate::store::from_text;

/// "Last seen" and "last used" are written at most this often, in minutes, so that reading does not mean writing.
// Not at each request, which would make every read of a page a write. Idle times are hours, so five minutes decide nothing.
const TOUCH_MINUTES: i64 = 5;

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
        // A database that cannot be written does not sign anybody out.
        log_failure(app.db.write(|tx| store::touch_session(tx, session)));
    }
    let actor = Actor::Member {
        user: UserId(row.user_id),
        company: CompanyId(row.company_id),
        // A role that this version does not know is no reason to guess one.
        role: from_text::<Role>(&row.role)?,
        session,
        moderator: row.platform_role.as_deref().map(from_text).transpose()? == Some(PlatformRole::Moderator),
        suspended: from_text::<CompanyState>(&row.company_state)? == CompanyState::Suspended,
        confirmed: row.confirmed_at.is_some(),
    };
    let (person_name, company_name, confirmed) = (row.person_name, row.company_name, row.confirmed_at.is_some());
    Ok(Some(SignedIn { actor, person_name, company_name, confirmed, csrf: row.csrf }))
}

/// The actor of an API key; 401 when it is unknown, expired or revoked.
pub fn authenticate_key(app: &App, token: &str) -> Result<Actor> {
    let refused = || Problem::new(Code::Unauthenticated, text(Language::English, "accounts-key-invalid"));
    // Other tokens are not even looked up.
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
        log_failure(app.db.write(|tx| store::touch_key(tx, key)));
    }
    let permissions: Vec<Permission> = store::parse_scopes(&row.scopes);
    let suspended = from_text::<CompanyState>(&row.company_state)? == CompanyState::Suspended;
    Ok(Actor::Key { key, company: CompanyId(row.company_id), permissions, suspended })
}

/// Who wrote a letter: the person, for the first of these companies that they are a member of; none where the letter is not from their address,
/// or they are in none of them. The caller has seen that the person was meant.
pub fn authenticate_sender(app: &App, person: UserId, companies: &[CompanyId], address: &str) -> Result<Option<Actor>> {
    let Some(row) = app.db.read(|conn| store::find_sender(conn, person, companies))? else { return Ok(None) };
    if !row.email.eq_ignore_ascii_case(address) {
        return Ok(None);
    }
    Ok(Some(Actor::Member {
        user: person,
        company: CompanyId(row.company_id),
        role: from_text::<Role>(&row.role)?,
        // A letter has no session to end, and no form of one.
        session: SessionId(0),
        // Moderators decide on the site.
        moderator: false,
        suspended: from_text::<CompanyState>(&row.company_state)? == CompanyState::Suspended,
        confirmed: row.confirmed_at.is_some(),
    }))
}

/// When a session or key was used last is worth knowing, but no reason to turn away who only reads while nothing can be stored.
fn log_failure(outcome: Result<()>) {
    if let Err(problem) = outcome {
        log::warn!("the use of a session or key could not be recorded: {problem}");
    }
}

fn is_stale(last: Time, now: Time) -> bool {
    now - last >= Duration::minutes(TOUCH_MINUTES)
}
