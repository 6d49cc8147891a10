//! Use case: signing in, with a password and, where it is turned on, a second factor.

use super::second_factor::{self, FactorUsed};
use crate::accounts::devices::{self, Origin};
use crate::accounts::rules;
use crate::accounts::sessions::{self, NewSession};
use crate::accounts::store::{self, Login};
use crate::accounts::throttle::{Guess, register_sign_in};
use crate::app::App;
use crate::error::{Code, Problem, Result};
use crate::ids::UserId;
use crate::locale::{self, Language};
use crate::secrets::{Purpose, sha256_hex};

/// What a right password leads to.
pub enum SignIn {
    /// A session.
    Session(NewSession),
    /// The question for a code; the text shows for ten minutes that the password was right.
    NeedsCode(String),
}

/// Checks address and password and opens a session for the user's first company, unless a code is needed as well. A wrong address
/// and a wrong password get the same answer after the same time.
///
/// # Errors
/// `unauthenticated` when the credentials are wrong; `too_many_requests` and `unavailable` before they are checked.
pub fn sign_in(app: &App, email: &str, password: &str, origin: &Origin) -> Result<SignIn> {
    // Before the attempt is counted: who finds no place has guessed nothing.
    let place = app.hasher.place()?;
    let login = app.db.read(|conn| store::find_login(conn, email))?.filter(|login| !login.disabled);
    let attempt = register_sign_in(app, Guess::Password(email), login.as_ref().map(|login| login.id), origin)?;
    // Without an account the password is compared with a hash all the same: the time would tell otherwise.
    let is_right = place.is_right(password, login.as_ref().map(|login| login.password_hash.as_str()));
    // One answer for an unknown address, a closed account and a wrong password.
    let mut login = login.filter(|_| is_right).ok_or_else(wrong)?;
    attempt.succeeded(app)?;
    // Only here is the password known in clear: hashes of older settings are renewed when their owner comes by.
    if app.hasher.is_outdated(&login.password_hash) {
        login.password_hash = place.hash(password)?;
        app.db.write(|tx| store::update_password(tx, login.id, &login.password_hash))?;
    }
    if second_factor::is_needed(app, login.id)? {
        return Ok(SignIn::NeedsCode(PendingSecondFactor::of(app, &login).sign(app)));
    }
    open(app, login.id, origin).map(SignIn::Session)
}

/// Opens the session, and remembers from where.
fn open(app: &App, user: UserId, origin: &Origin) -> Result<NewSession> {
    let session = sessions::open_default_session(app, user, &origin.user_agent)?;
    app.db.write(|tx| devices::remember_network(app, tx, user, &origin.network))?;
    Ok(session)
}

/// Opens a session with a code, after the password was right; answers which kind of code it was.
///
/// # Errors
/// As [`sign_in`].
pub fn sign_in_with_code(app: &App, pending: &str, code: &str, origin: &Origin) -> Result<(NewSession, FactorUsed)> {
    let user = pending_user(app, pending)?.ok_or_else(|| {
        Problem::new(Code::Unauthenticated, locale::text(Language::English, "accounts-code-too-late"))
    })?;
    let attempt = register_sign_in(app, Guess::Code, Some(user), origin)?;
    let used = second_factor::take_code(app, user, code)?
        .ok_or_else(|| Problem::new(Code::Unauthenticated, locale::text(Language::English, "accounts-code-wrong")))?;
    attempt.succeeded(app)?;
    Ok((open(app, user, origin)?, used))
}

/// Whose password was right, if the signed text shows it.
pub fn pending_user(app: &App, signed: &str) -> Result<Option<UserId>> {
    let Some(pending) = PendingSecondFactor::read(app, signed) else { return Ok(None) };
    let login = app.db.read(|conn| store::find_login_of(conn, pending.user))?.filter(|login| !login.disabled);
    // Another password since then ends the sign-in that began with the old one.
    let is_same = login.is_some_and(|login| pending.password == sha256_hex(login.password_hash.as_bytes()));
    Ok((is_same && app.clock.now().timestamp() < pending.until_s).then_some(pending.user))
}

/// The proof that a password was right, kept by the browser while it asks for the code.
struct PendingSecondFactor {
    user: UserId,
    /// In seconds since 1970.
    until_s: i64,
    /// The SHA-256 of the password's hash.
    password: String,
}

impl PendingSecondFactor {
    fn of(app: &App, login: &Login) -> Self {
        let until = app.clock.now() + rules::PENDING_SECOND_FACTOR_TTL;
        let password = sha256_hex(login.password_hash.as_bytes());
        Self { user: login.id, until_s: until.timestamp(), password }
    }

    fn sign(&self, app: &App) -> String {
        // Signed and not stored: a sign-in that nobody finishes leaves no row.
        let text = format!("{} {} {}", self.user, self.until_s, self.password);
        app.secrets.sign(Purpose::PendingSecondFactor, text.as_bytes())
    }

    fn read(app: &App, signed: &str) -> Option<Self> {
        let bytes = app.secrets.verify(Purpose::PendingSecondFactor, signed)?;
        let text = String::from_utf8(bytes).ok()?;
        let mut parts = text.split(' ');
        let (user, until_s) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
        Some(Self { user, until_s, password: parts.next()?.to_owned() })
    }
}

fn wrong() -> Problem {
    Problem::new(Code::Unauthenticated, locale::text(Language::English, "accounts-credentials-wrong"))
}
