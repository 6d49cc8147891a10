//! Whoever changes what protects an account shows that they know its password.

use crate::accounts::{store, throttle};
use crate::app::App;
use crate::error::{FieldCode, Problem, Result};
use crate::ids::UserId;
use crate::locale::{Language, text};

/// Makes sure that whoever asks knows the password: an open session alone does not change what protects the account.
pub(super) fn ensure_password(app: &App, person: UserId, password: &str) -> Result<()> {
    // Before the attempt is counted: who finds no place has guessed nothing.
    let place = app.hasher.place()?;
    let login = app.db.read(|conn| store::find_login_of(conn, person))?.ok_or_else(|| Problem::not_found("account"))?;
    // By person and not by session: who holds a stolen session must not guess the password in many of them.
    let attempt = throttle::register_attempt_of_user(app, person)?;
    if place.is_right(password, Some(&login.password_hash)) {
        return attempt.succeeded(app);
    }
    Err(Problem::invalid_field(
        "/current_password",
        FieldCode::Contradiction,
        text(Language::English, "accounts-is-not-right"),
    ))
}
