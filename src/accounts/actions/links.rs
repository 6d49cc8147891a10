//! Secret links: made, sent by e-mail, used once.
//!
//! A secret is 32 random bytes. The database holds its SHA-256; the job that sends the e-mail holds it sealed, so that neither a
//! dump nor a backup lets anybody in.

use crate::accounts::LinkPurpose;
use crate::accounts::events::{EmailTarget, SendTokenEmail};
use crate::accounts::rules::{self, Requester};
use crate::accounts::store::{self, NewToken, Token};
use crate::app::App;
use crate::error::{Code, Problem, Result};
use crate::ids::UserId;
use crate::locale::{Language, text};
use crate::mail::NotificationText;
use crate::secrets::{Purpose, random_token, sha256_hex};
use crate::store::Tx;

/// Whether a link was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LinkOutcome {
    /// An e-mail is on its way.
    Sent,
    /// The person was sent enough of them for today.
    QuotaReached,
}

/// To whom a link goes and what it proves.
pub(super) struct LinkRequest<'a> {
    pub person: UserId,
    pub purpose: LinkPurpose,
    pub by: Requester,
    pub email: &'a str,
    pub previous_email: Option<&'a str>,
}

/// Makes a link and enqueues its e-mail; earlier links for the same purpose end.
pub(super) fn send(app: &App, tx: &mut Tx, request: &LinkRequest, content: NotificationText) -> Result<LinkOutcome> {
    if is_quota_reached(tx, request)? {
        return Ok(LinkOutcome::QuotaReached);
    }
    let secret = random_token();
    let new = NewToken {
        person: request.person,
        purpose: request.purpose,
        secret_hash: &sha256_hex(secret.as_bytes()),
        email: request.email,
        previous_email: request.previous_email,
        expires_at: tx.now() + rules::LINK_TTL,
    };
    let to = EmailTarget::Link(store::insert_token(tx, &new)?);
    let sealed = Some(app.secrets.seal(Purpose::Email, &to.to_string(), secret.as_bytes())?);
    SendTokenEmail { to, sealed, content }.enqueue(tx)?;
    Ok(LinkOutcome::Sent)
}

fn is_quota_reached(tx: &mut Tx, request: &LinkRequest) -> Result<bool> {
    let since = tx.now() - rules::LINK_QUOTA_WINDOW;
    let sent = store::count_tokens(tx.conn(), request.person, request.purpose, since)?;
    Ok(sent >= rules::link_quota(request.purpose, request.by))
}

/// Counts a link as sent and sends none: the next answer must not tell that there was nothing to send.
pub(super) fn count_only(tx: &mut Tx, request: &LinkRequest) -> Result<LinkOutcome> {
    if is_quota_reached(tx, request)? {
        return Ok(LinkOutcome::QuotaReached);
    }
    let new = NewToken {
        person: request.person,
        purpose: request.purpose,
        secret_hash: &sha256_hex(random_token().as_bytes()),
        email: request.email,
        previous_email: request.previous_email,
        expires_at: tx.now(),
    };
    store::insert_token(tx, &new)?;
    Ok(LinkOutcome::Sent)
}

/// Sends a link to the person's own address.
pub(super) fn send_to_user(
    app: &App,
    tx: &mut Tx,
    person: UserId,
    purpose: LinkPurpose,
    by: Requester,
    content: NotificationText,
) -> Result<LinkOutcome> {
    let known = store::find_person(tx.conn(), person)?.ok_or_else(|| Problem::not_found("account"))?;
    send(app, tx, &LinkRequest { person, purpose, by, email: &known.email, previous_email: None }, content)
}

/// The link with that secret, unused: for the page that asks before anything is done.
pub fn find(app: &App, purpose: LinkPurpose, secret: &str) -> Result<()> {
    look_up(app, purpose, secret).map(|_| ())
}

pub(super) fn look_up(app: &App, purpose: LinkPurpose, secret: &str) -> Result<Token> {
    let (hash, now) = (sha256_hex(secret.as_bytes()), app.clock.now());
    app.db.read(|conn| store::find_token(conn, purpose, &hash, now))?.ok_or_else(used_up)
}

/// Uses the link with that secret up, in the transaction of what it is for.
pub(super) fn use_up(tx: &mut Tx, purpose: LinkPurpose, secret: &str) -> Result<Token> {
    store::use_token(tx, purpose, &sha256_hex(secret.as_bytes()))?.ok_or_else(used_up)
}

fn used_up() -> Problem {
    let detail = text(Language::English, "accounts-link-ended");
    Problem::new(Code::NotFound, detail)
}

/// Forgets links that ended before yesterday; answers how many.
pub fn purge(app: &App) -> Result<usize> {
    app.db.write(|tx| {
        let before = tx.now() - rules::LINK_QUOTA_WINDOW;
        store::purge_tokens(tx, before)
    })
}
