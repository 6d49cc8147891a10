//! Use cases of accounts: API keys and what a person sees of their own account here; what else there is in a file each.

pub mod audit;
pub mod closing;
mod credentials;
mod enqueuing;
mod invitations;
mod joining;
pub mod links;
mod members;
mod notifications;
mod notifying;
mod password;
mod recovery;
pub(super) mod second_factor;
mod sign_in;

pub use closing::close_account;
pub use credentials::{ask_for_new_email, change_password, use_new_email};
pub use invitations::{
    NewInvitee, accept, accept_as_new, find_invitation, find_waiting, invite, invite_for, list_invitations,
    revoke_invitation,
};
pub(in crate::accounts) use joining::join;
pub use joining::{SignUp, confirm_email, send_confirmation_again, sign_up};
pub use members::{
    MemberKeys, act_for, acting_person, change_role, find_member, list_members, owner_asking, owner_reading,
    remove_member,
};
pub use notifications::{
    count_unread_notifications, count_unread_of, list_notifications, mark_notifications_read, purge_notifications,
};
pub(in crate::accounts) use notifying::notify_user;
pub use notifying::{
    Sender, ShownFinds, count_mails_to, have_dealt, list_recipients, notify_company, notify_people, notify_subscriber,
    show_finds,
};
pub(in crate::accounts) use recovery::send_reset;
pub use recovery::{ask_for_reset, reset_password};
pub use second_factor::{
    FactorUsed, KeyRotationStatus, SecondFactor, begin_second_factor, confirm_second_factor, find_second_factor,
    key_rotation_status, remove_second_factor, remove_second_factor_of, renew_recovery_codes, reseal_second_factors,
};

pub use super::devices::Origin;
pub use sign_in::{SignIn, pending_user, sign_in, sign_in_with_code};

use validator::ValidateEmail;

use super::origins::wrong_origins;
use super::store::{self, Address, NewKey, NewUser};
use super::{ApiKey, Membership, PlatformRole, User, rules};
use crate::actor::{Actor, Permission, Role};
use crate::app::App;
use crate::clock::Time;
use crate::companies::names::has_invisible;
use crate::error::{FieldCode, FieldError, Problem, Result};
use crate::ids::{ApiKeyId, CompanyId, UserId};
use crate::locale::{self, Language, Message};
use crate::mail::Stream;
use crate::passwords;
use crate::secrets::{Purpose, random_token, sha256_hex};
use crate::store::{IdempotencyKey, Idempotent};

/// What every API key begins with, so that a leaked one is recognised.
pub const KEY_PREFIX: &str = "tp_live_";

/// Adds a person to a company, as the operator; for `admin` and for the demo.
pub fn add_member(
    app: &App,
    actor: &Actor,
    company: CompanyId,
    person: &User,
    password: &str,
    role: Role,
) -> Result<UserId> {
    only_operator(actor)?;
    check_person(&person.name, &person.email, password, &[])?;
    let password_hash = app.hasher.place()?.hash(password)?;
    app.db.write(|tx| {
        let platform_role = person.moderator.then_some(PlatformRole::Moderator.as_str());
        let id = tx.make_id();
        let new = NewUser {
            id,
            email: &person.email,
            name: &person.name,
            password_hash: &password_hash,
            platform_role,
            address: Address::Confirmed,
        };
        store::insert_person(tx, &new)?;
        store::insert_member(tx, company, id, role)?;
        Ok(id)
    })
}

fn only_operator(actor: &Actor) -> Result<()> {
    match actor {
        Actor::Operator => Ok(()),
        _ => Err(Problem::forbidden(locale::text(Language::English, "accounts-operator-only"))),
    }
}

fn check_person(name: &str, email: &str, password: &str, own_words: &[&str]) -> Result<()> {
    let mut wrong = Vec::new();
    let is_visible = !name.chars().any(char::is_control) && !has_invisible(name);
    if name.trim().is_empty() || name.chars().count() > 120 || !is_visible {
        wrong.push(FieldError::new(
            "/name",
            FieldCode::Range,
            locale::text(Language::English, "accounts-must-be-user-name"),
        ));
    }
    if !is_address(email.trim()) {
        wrong.push(FieldError::new(
            "/email",
            FieldCode::Format,
            locale::text(Language::English, "accounts-must-be-email"),
        ));
    }
    let words: Vec<&str> = own_words.iter().copied().chain([name, email]).collect();
    wrong.extend(passwords::check(password, &words).err());
    if wrong.is_empty() { Ok(()) } else { Err(Problem::invalid(wrong)) }
}

/// The form of an address; whether it exists only a mail to it can tell.
fn is_address(text: &str) -> bool {
    // ASCII alone: look-alike letters would let two accounts seem to be one, and few mail servers take them yet.
    text.len() <= 254 && text.is_ascii() && !text.chars().any(char::is_control) && text.validate_email()
}

/// What an API key is to be.
#[derive(Clone, Debug)]
pub struct NewApiKey {
    /// What it is for.
    pub name: String,
    /// What it may do; at least one.
    pub permissions: Vec<Permission>,
    /// The web origins whose scripts may use it; none keeps it out of browsers.
    pub origins: Vec<String>,
    /// When it ends, if ever.
    pub expires_at: Option<Time>,
}

/// A key that was just made; the secret is shown now and never again.
#[derive(Clone, Debug)]
pub struct MadeKey {
    /// Which key, and whether an earlier request had made it.
    pub once: Idempotent<ApiKeyId>,
    /// The whole key; absent in a replay.
    pub secret: Option<String>,
}

/// Makes an API key for the actor's own company. A person shows their password for it, unless they signed in a moment ago
/// ([`needs_password_for_key`]). The key ends with the person who made it, or who made the key that makes it.
///
/// # Errors
/// `conflict` when the company has as many keys as it may have.
pub fn create_key(
    app: &App,
    actor: &Actor,
    new: &NewApiKey,
    password: &str,
    once: Option<&IdempotencyKey>,
) -> Result<MadeKey> {
    let scope = actor.authorize(Permission::AccountWrite)?;
    // Or a key that leaked could make itself a stronger one.
    if let Actor::Key { permissions, .. } = actor
        && let Some(more) = new.permissions.iter().find(|wanted| !permissions.contains(wanted))
    {
        return Err(Problem::forbidden(
            Message::new("accounts-key-lacks-scope").with("scope", more.as_str()).text(Language::English),
        ));
    }
    check_key(app, new)?;
    if let Some(user) = actor.user().filter(|_| needs_password_for_key(app, actor).unwrap_or(true)) {
        password::ensure_password(app, user, password)?;
    }
    let maker = match actor {
        Actor::Key { key, .. } => app.db.read(|conn| store::find_key_maker(conn, *key))?,
        _ => actor.user(),
    };
    make_key(app, scope.company(), maker, new, once)
}

/// Whether a key is made only by who knows the password: a session that was left open would otherwise make a way in that outlives it.
pub fn needs_password_for_key(app: &App, actor: &Actor) -> Result<bool> {
    let Actor::Member { session, .. } = actor else { return Ok(false) };
    let start = app.db.read(|conn| store::find_session_start(conn, *session))?;
    Ok(start.is_none_or(|start| app.clock.now() - start > rules::FRESH_SIGN_IN))
}

/// Makes an API key for any company, as the operator.
pub fn create_key_for(app: &App, actor: &Actor, company: CompanyId, new: &NewApiKey) -> Result<MadeKey> {
    only_operator(actor)?;
    check_key(app, new)?;
    make_key(app, company, None, new, None)
}

fn make_key(
    app: &App,
    company: CompanyId,
    created_by: Option<UserId>,
    new: &NewApiKey,
    once: Option<&IdempotencyKey>,
) -> Result<MadeKey> {
    let secret = format!("{KEY_PREFIX}{}", random_token());
    let prefix = &secret[..KEY_PREFIX.len() + 6];
    let once = app.db.write_idempotent(once, |tx| {
        if store::count_keys(tx.conn(), company)? >= rules::MOST_KEYS {
            let says = Message::new("accounts-key-too-many").with("most", rules::MOST_KEYS);
            return Err(Problem::conflict(says.text(Language::English)));
        }
        let row = NewKey {
            company,
            created_by,
            name: new.name.trim(),
            prefix,
            secret_hash: &sha256_hex(secret.as_bytes()),
            permissions: &new.permissions,
            expires_at: new.expires_at,
        };
        let key = store::insert_key(tx, &row)?;
        store::insert_origins(tx, key, &new.origins)?;
        Ok(key)
    })?;
    // A replay has no secret to show: only its hash was stored.
    let secret = matches!(once, Idempotent::Fresh(_)).then_some(secret);
    Ok(MadeKey { once, secret })
}

fn check_key(app: &App, new: &NewApiKey) -> Result<()> {
    let mut wrong = Vec::new();
    if new.name.trim().is_empty() || new.name.chars().count() > 100 {
        wrong.push(FieldError::new(
            "/name",
            FieldCode::Range,
            locale::text(Language::English, "accounts-must-be-key-name"),
        ));
    }
    if new.permissions.is_empty() {
        wrong.push(FieldError::new(
            "/scopes",
            FieldCode::Required,
            locale::text(Language::English, "accounts-must-name-scope"),
        ));
    }
    if new.expires_at.is_some_and(|expires| expires <= app.clock.now()) {
        wrong.push(FieldError::new(
            "/expires_at",
            FieldCode::Range,
            locale::text(Language::English, "accounts-must-be-in-future"),
        ));
    }
    wrong.extend(wrong_origins(&new.origins));
    if wrong.is_empty() { Ok(()) } else { Err(Problem::invalid(wrong)) }
}

/// Whether scripts of the origin may use the key; without a key, whether they may use any.
pub fn is_origin_listed(app: &App, key: Option<ApiKeyId>, origin: &str) -> Result<bool> {
    let now = app.clock.now().naive_utc();
    app.db.read(|conn| store::is_origin_listed(conn, key, origin, now))
}

/// The company's keys, newest first.
pub fn list_keys(app: &App, actor: &Actor) -> Result<Vec<ApiKey>> {
    let scope = actor.authorize(Permission::AccountRead)?;
    app.db.read(|conn| store::list_keys(conn, scope))
}

/// A key that was just made; whoever may make one sees it, even with a key that may not read the account.
pub fn find_made_key(app: &App, actor: &Actor, id: ApiKeyId) -> Result<ApiKey> {
    let scope = actor.authorize(Permission::AccountWrite)?;
    let keys = app.db.read(|conn| store::list_keys(conn, scope))?;
    keys.into_iter().find(|key| key.id == id).ok_or_else(|| Problem::not_found("api_key"))
}

/// Ends a key at once.
pub fn revoke_key(app: &App, actor: &Actor, id: ApiKeyId) -> Result<()> {
    let scope = actor.authorize(Permission::AccountWrite)?;
    app.db.write(|tx| store::revoke_key(tx, scope, id))
}

/// The person, if one is asking, and their companies.
pub fn myself(app: &App, actor: &Actor) -> Result<(Option<User>, Vec<Membership>)> {
    actor.authorize(Permission::AccountRead)?;
    let Some(person) = actor.user() else { return Ok((None, Vec::new())) };
    app.db.read(|conn| Ok((store::find_person(conn, person)?, store::list_memberships(conn, person)?)))
}

/// The streams of mail that the person does not want.
pub fn refused_streams(app: &App, person: UserId) -> Result<Vec<Stream>> {
    app.db.read(|conn| store::list_refused_streams(conn, person))
}

/// Takes a stream of mail or refuses it.
pub fn set_stream(app: &App, person: UserId, stream: Stream, choice: Subscription) -> Result<()> {
    // Who quotes has to learn that the quote was accepted.
    if stream == Stream::Transactional {
        return Err(Problem::invalid_field(
            "/streams",
            FieldCode::Range,
            locale::text(Language::English, "accounts-stream-not-refusable"),
        ));
    }
    app.db.write(|tx| match choice {
        Subscription::On => store::delete_refusal(tx, person, stream),
        Subscription::Off => store::insert_refusal(tx, person, stream),
    })
}

/// Whether a user receives a stream of e-mails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subscription {
    /// They do.
    On,
    /// They have unsubscribed.
    Off,
}

/// The token of a one-click address.
pub(super) fn unsubscribe_token(app: &App, person: UserId, stream: Stream) -> String {
    app.secrets.sign(Purpose::Unsubscribe, format!("{person} {stream}").as_bytes())
}

/// Who does not want which stream any more, if the token is one of ours.
pub fn read_unsubscribe_token(app: &App, token: &str) -> Result<(UserId, Stream)> {
    let payload = app.secrets.verify(Purpose::Unsubscribe, token).and_then(|bytes| String::from_utf8(bytes).ok());
    payload
        .as_deref()
        .and_then(|text| text.split_once(' '))
        .and_then(|(person, stream)| Some((person.parse().ok()?, Stream::parse(stream)?)))
        .ok_or_else(|| Problem::not_found("unsubscribe_address"))
}
