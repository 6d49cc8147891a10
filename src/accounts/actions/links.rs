//! Secret links: made, sent by letter, used once.
//!
//! A secret is 32 random bytes. The database holds its SHA-256; the job that sends the letter holds it sealed, so that neither a
//! dump nor a backup lets anybody in.

use crate::accounts::jobs::{SendLink, To};
use crate::accounts::store::{self, NewToken, Token};
use crate::accounts::{LinkPurpose, rules};
use crate::app::App;
use crate::error::{Code, Problem, Result};
use crate::ids::PersonId;
use crate::mail::Content;
use crate::secrets::{Purpose, random_token, sha256_hex};
use crate::store::Tx;

/// Whether a link was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Link {
    /// A letter is on its way.
    Sent,
    /// The person was sent enough of them for today.
    TooMany,
}

/// To whom a link goes and what it proves.
pub(super) struct Wanted<'a> {
    pub person: PersonId,
    pub purpose: LinkPurpose,
    pub email: &'a str,
    pub previous_email: Option<&'a str>,
}

/// Makes a link and enqueues its letter; earlier links for the same purpose end.
pub(super) fn send(app: &App, tx: &mut Tx, wanted: &Wanted, content: Content) -> Result<Link> {
    let since = tx.now() - rules::LINKS_COUNTED_IN;
    let sent = store::count_tokens(tx.conn(), wanted.person, wanted.purpose, since)?;
    if sent >= rules::most_links(wanted.purpose) {
        return Ok(Link::TooMany);
    }
    let secret = random_token();
    let new = NewToken {
        person: wanted.person,
        purpose: wanted.purpose,
        secret_hash: &sha256_hex(secret.as_bytes()),
        email: wanted.email,
        previous_email: wanted.previous_email,
        expires_at: tx.now() + rules::LINK_HOLDS,
    };
    let to = To::Link(store::insert_token(tx, &new)?);
    let sealed = Some(app.secrets.seal(Purpose::Letter, &to.to_string(), secret.as_bytes())?);
    SendLink { to, sealed, content }.enqueue(tx)?;
    Ok(Link::Sent)
}

/// Sends a link to the person's own address.
pub(super) fn send_to_person(
    app: &App,
    tx: &mut Tx,
    person: PersonId,
    purpose: LinkPurpose,
    content: Content,
) -> Result<Link> {
    let known = store::find_person(tx.conn(), person)?.ok_or_else(|| Problem::not_found("account"))?;
    send(app, tx, &Wanted { person, purpose, email: &known.email, previous_email: None }, content)
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
    let detail =
        "This link was used already, is older than an hour, or a newer one took its place. Ask for another letter.";
    Problem::new(Code::NotFound, detail)
}

/// Forgets links that ended before yesterday; answers how many.
pub fn purge(app: &App) -> Result<usize> {
    app.db.write(|tx| {
        let before = tx.now() - rules::LINKS_COUNTED_IN;
        store::purge_tokens(tx, before)
    })
}
