//! Use cases: asking somebody to join a company, and joining.
//!
//! Inviting answers the same whether the address has an account or not. The link goes to the address; whoever holds it and signs in,
//! or chooses a name and password where there is no account yet, becomes a member.

use super::members::{ensure_may_grant, own};
use super::{check_person, is_address, only_operator};
use crate::accounts::events::{EmailTarget, SendTokenEmail};
use crate::accounts::sessions::{self, NewSession};
use crate::accounts::store::{self, Address, NewInvitation, NewUser};
use crate::accounts::{Invitation, notifications, rules};
use crate::actor::{Actor, Permission, Role};
use crate::app::App;
use crate::companies::actions::name_of;
use crate::error::{Code, FieldCode, Problem, Result};
use crate::ids::{CompanyId, InvitationId, UserId};
use crate::locale::{Language, Message, text};
use crate::secrets::{Purpose, random_token, sha256_hex};
use crate::store::{IdempotencyKey, Idempotent, Tx};

/// Who is invited, and as what.
#[derive(Clone, Debug)]
pub struct NewInvitee {
    /// Their address.
    pub email: String,
    /// What they will be.
    pub role: Role,
}

/// Invites somebody into one's own company.
///
/// # Errors
/// `too_many_requests` after a number of invitations in a day.
pub fn invite(
    app: &App,
    actor: &Actor,
    company: CompanyId,
    new: &NewInvitee,
    once: Option<&IdempotencyKey>,
) -> Result<Idempotent<InvitationId>> {
    own(actor, company, Permission::AccountWrite)?;
    ensure_may_grant(actor, new.role)?;
    ensure_address(&new.email)?;
    let name = name_of(app, company)?;
    app.db.write_idempotent(once, |tx| {
        let since = tx.now() - rules::LINK_QUOTA_WINDOW;
        if store::count_invitations(tx.conn(), company, since)? >= rules::INVITATION_QUOTA {
            let detail = Message::new("accounts-invitations-quota")
                .with("most", rules::INVITATION_QUOTA)
                .text(Language::English);
            return Err(Problem::new(Code::TooManyRequests, detail));
        }
        // Of all companies together: ten puppets must not fill somebody's mailbox with ten times as many.
        if store::count_invitations_to(tx.conn(), &new.email, since)? >= rules::INVITATIONS_TO_ADDRESS {
            return Err(Problem::new(Code::TooManyRequests, text(Language::English, "accounts-invited-often")));
        }
        send(app, tx, company, &name, new, actor.user())
    })
}

/// Invites somebody into any company, as the operator.
pub fn invite_for(app: &App, actor: &Actor, company: CompanyId, new: &NewInvitee) -> Result<InvitationId> {
    only_operator(actor)?;
    ensure_address(&new.email)?;
    let name = name_of(app, company)?;
    app.db.write(|tx| send(app, tx, company, &name, new, None))
}

fn ensure_address(email: &str) -> Result<()> {
    if is_address(email.trim()) {
        return Ok(());
    }
    Err(Problem::invalid_field("/email", FieldCode::Format, text(Language::English, "accounts-must-be-email")))
}

fn send(
    app: &App,
    tx: &mut Tx,
    company: CompanyId,
    company_name: &str,
    new: &NewInvitee,
    invited_by: Option<UserId>,
) -> Result<InvitationId> {
    let secret = random_token();
    let row = NewInvitation {
        company,
        email: new.email.trim(),
        role: new.role,
        invited_by,
        secret_hash: &sha256_hex(secret.as_bytes()),
        expires_at: tx.now() + rules::INVITATION_TTL,
    };
    let id = store::insert_invitation(tx, &row)?;
    let to = EmailTarget::Invitation(id);
    // The job has to have the secret until the e-mail is sent; sealed, a copy of the table is of no use.
    let sealed = Some(app.secrets.seal(Purpose::Email, &to.to_string(), secret.as_bytes())?);
    let content = notifications::invitation(Language::English, company_name, new.role);
    SendTokenEmail { to, sealed, content }.enqueue(tx)?;
    Ok(id)
}

/// The invitations of one's own company that wait, newest first; for those who may send them.
pub fn list_invitations(app: &App, actor: &Actor, company: CompanyId) -> Result<Vec<Invitation>> {
    let scope = own(actor, company, Permission::AccountWrite)?;
    let now = app.clock.now();
    app.db.read(|conn| store::list_invitations(conn, scope, now))
}

/// One of those.
pub fn find_waiting(app: &App, actor: &Actor, company: CompanyId, id: InvitationId) -> Result<Invitation> {
    let waiting = list_invitations(app, actor, company)?;
    waiting.into_iter().find(|one| one.id == id).ok_or_else(|| Problem::not_found("invitation"))
}

/// Takes an invitation back.
pub fn revoke_invitation(app: &App, actor: &Actor, company: CompanyId, id: InvitationId) -> Result<()> {
    let scope = own(actor, company, Permission::AccountWrite)?;
    app.db.write(|tx| store::end_invitation(tx, scope, id))
}

/// The invitation with that secret, and whether its address has an account already; only the e-mail's reader knows the secret.
pub fn find_invitation(app: &App, secret: &str) -> Result<(Invitation, bool)> {
    let now = app.clock.now();
    app.db.read(|conn| {
        let hash = sha256_hex(secret.as_bytes());
        let found = store::find_invitation_by_secret(conn, &hash, now)?.ok_or_else(ended)?;
        let has_account = store::find_login(conn, &found.email)?.is_some();
        Ok((found, has_account))
    })
}

fn ended() -> Problem {
    let detail = text(Language::English, "accounts-invitation-ended");
    Problem::new(Code::NotFound, detail)
}

/// Joins as the person who is signed in, and goes on for the company in a session of its own.
pub fn accept(app: &App, actor: &Actor, secret: &str, user_agent: &str) -> Result<NewSession> {
    let person = rules::require_user(actor, Permission::AccountRead)?;
    let company = app.db.write(|tx| join(tx, secret, person))?;
    sessions::rotate_session(app, actor, company, user_agent)
}

/// Joins as somebody new, who then signs in. The address counts as confirmed: its owner has read the e-mail. Answers who joined what.
pub fn accept_as_new(app: &App, secret: &str, name: &str, password: &str) -> Result<(UserId, CompanyId)> {
    let (invitation, _) = find_invitation(app, secret)?;
    check_person(name, &invitation.email, password, &[&invitation.company_name])?;
    let password_hash = app.hasher.place()?.hash(password)?;
    app.db.write(|tx| {
        let person = tx.make_id();
        let new = NewUser {
            id: person,
            email: &invitation.email,
            name: name.trim(),
            password_hash: &password_hash,
            platform_role: None,
            address: Address::Confirmed,
        };
        store::insert_person(tx, &new)?;
        join(tx, secret, person).map(|company| (person, company))
    })
}

fn join(tx: &mut Tx, secret: &str, person: UserId) -> Result<CompanyId> {
    let now = tx.now();
    let hash = sha256_hex(secret.as_bytes());
    let invitation = store::find_invitation_by_secret(tx.conn(), &hash, now)?.ok_or_else(ended)?;
    if !store::mark_accepted(tx, invitation.id)? {
        return Err(ended());
    }
    store::insert_member(tx, invitation.company, person, invitation.role)?;
    Ok(invitation.company)
}
