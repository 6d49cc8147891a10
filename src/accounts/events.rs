//! What happens to accounts, noted at the boundary: in the log under the request's id, and in a table that its person sees.
//!
//! A line holds ids, never an address and never a secret; what a client sends of its own (the name of its device) is reduced to known
//! words first, so no line can be forged by it.

use serde::{Deserialize, Serialize};

use super::{rules, store};
use crate::actor::{Actor, Permission};
use crate::app::App;
use crate::clock::Time;
use crate::error::Result;
use crate::ids::{CompanyId, PersonId};
use crate::wire_enum;

/// How many events a person sees.
const MOST_SHOWN: i64 = 20;

wire_enum! {
    /// What happened.
    pub enum AuthEvent {
        /// Somebody signed up; of no account where the address had one already.
        SignedUp = "signed_up",
        /// The address was confirmed by the link sent to it.
        EmailConfirmed = "email_confirmed",
        /// A session was opened.
        SignedIn = "signed_in",
        /// The password was wrong, or the code was.
        SignInFailed = "sign_in_failed",
        /// A session was ended by its person.
        SignedOut = "signed_out",
        /// A letter with a link for a new password was asked for.
        ResetAsked = "reset_asked",
        /// The password was changed by a link.
        PasswordReset = "password_reset",
        /// The password was changed.
        PasswordChanged = "password_changed",
        /// The address was changed.
        EmailChanged = "email_changed",
        /// The second step was switched on.
        SecondFactorOn = "second_factor_on",
        /// The second step was switched off.
        SecondFactorOff = "second_factor_off",
        /// New recovery codes were made.
        RecoveryCodesMade = "recovery_codes_made",
        /// A recovery code took the place of the authenticator.
        RecoveryCodeUsed = "recovery_code_used",
        /// Sessions were ended from the list.
        SessionsEnded = "sessions_ended",
        /// An API key was made.
        KeyMade = "key_made",
        /// An API key was revoked.
        KeyRevoked = "key_revoked",
        /// Somebody was invited.
        Invited = "invited",
        /// An invitation was taken back.
        InvitationRevoked = "invitation_revoked",
        /// Somebody joined a company.
        Joined = "joined",
        /// A member got another role.
        RoleChanged = "role_changed",
        /// A member was taken out, or left.
        MemberRemoved = "member_removed",
        /// Something was asked for that the asker may not do.
        Refused = "refused",
        /// The account was deleted.
        Closed = "closed",
    }
}

impl AuthEvent {
    /// The event in words, for its person.
    pub fn words(self) -> &'static str {
        match self {
            Self::SignedUp => "signed up",
            Self::EmailConfirmed => "address confirmed",
            Self::SignedIn => "signed in",
            Self::SignInFailed => "a sign-in failed",
            Self::SignedOut => "signed out",
            Self::ResetAsked => "a new password was asked for",
            Self::PasswordReset => "password changed by a link",
            Self::PasswordChanged => "password changed",
            Self::EmailChanged => "address changed",
            Self::SecondFactorOn => "second step switched on",
            Self::SecondFactorOff => "second step switched off",
            Self::RecoveryCodesMade => "new recovery codes made",
            Self::RecoveryCodeUsed => "a recovery code used",
            Self::SessionsEnded => "sessions ended",
            Self::KeyMade => "API key made",
            Self::KeyRevoked => "API key revoked",
            Self::Invited => "somebody invited",
            Self::InvitationRevoked => "an invitation taken back",
            Self::Joined => "joined a company",
            Self::RoleChanged => "a member's role changed",
            Self::MemberRemoved => "a member taken out",
            Self::Refused => "something refused",
            Self::Closed => "account deleted",
        }
    }
}

/// Something that happened, as its person sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Happened {
    /// What.
    pub event: AuthEvent,
    /// On which device.
    pub device: String,
    /// When.
    pub at: Time,
}

/// Something that happens now.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct NewHappened {
    /// What.
    pub event: AuthEvent,
    /// To whose account; nobody's where the address has none.
    pub person: Option<PersonId>,
    /// For which company.
    pub company: Option<CompanyId>,
    /// Who did it, in one word: a person's id or a key's.
    pub by: String,
    /// On which device.
    pub device: String,
    /// Under which request.
    pub request_id: String,
}

impl NewHappened {
    /// An event of the actor's own account or company.
    pub fn by(actor: &Actor, event: AuthEvent, user_agent: &str, request_id: &str) -> Self {
        let by = match actor {
            Actor::Member { person, .. } => person.to_string(),
            Actor::Key { key, .. } => key.to_string(),
            Actor::Anonymous => "nobody".to_owned(),
            Actor::Operator => "operator".to_owned(),
        };
        Self {
            event,
            person: actor.person(),
            company: actor.company(),
            by,
            device: rules::device(user_agent),
            request_id: request_id.to_owned(),
        }
    }

    /// The line of the log.
    pub fn line(&self) -> String {
        let or_none = |id: Option<String>| id.unwrap_or_else(|| "-".to_owned());
        format!(
            "auth event={} by={} person={} company={} device=\"{}\" request={}",
            self.event,
            self.by,
            or_none(self.person.map(|id| id.to_string())),
            or_none(self.company.map(|id| id.to_string())),
            self.device,
            one_word(&self.request_id),
        )
    }
}

/// A text that cannot begin another line or another field.
fn one_word(text: &str) -> String {
    text.chars().map(|c| if c.is_ascii_alphanumeric() || "-_.".contains(c) { c } else { '?' }).collect()
}

/// Notes what happened: a line in the log and a row. A failed sign-in to no account is a row too, so that it takes as long as one to
/// an account.
pub fn note(app: &App, happened: &NewHappened) -> Result<()> {
    log(happened);
    app.db.write(|tx| store::insert_auth_event(tx, happened))
}

/// Notes it in the log alone.
pub fn log(happened: &NewHappened) {
    log::info!(target: "tradepost::auth", "{}", happened.line());
}

/// The account that an address belongs to: whose failed sign-in it was.
pub fn person_of(app: &App, email: &str) -> Result<Option<PersonId>> {
    Ok(app.db.read(|conn| store::find_login(conn, email))?.map(|login| login.id))
}

/// What happened to one's own account of late, newest first.
pub fn list_recent(app: &App, actor: &Actor) -> Result<Vec<Happened>> {
    let person = super::actions::member_of(actor, Permission::AccountRead)?;
    app.db.read(|conn| store::list_auth_events(conn, person, MOST_SHOWN))
}

/// Forgets what happened long ago; answers how many.
pub fn purge(app: &App) -> Result<usize> {
    app.db.write(|tx| {
        let before = tx.now() - rules::EVENTS_KEPT;
        store::purge_auth_events(tx, before)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_client_writes_a_line_of_its_own() {
        let agent = "Firefox\r\n2026-11-25 auth event=signed_in person=usr_1 X11; Linux";
        let happened = NewHappened::by(&Actor::Anonymous, AuthEvent::SignInFailed, agent, "abc\nauth event=closed");
        let line = happened.line();
        assert_eq!(line.lines().count(), 1);
        assert!(
            line.contains("device=\"Firefox on Linux\"") && line.ends_with("request=abc?auth?event?closed"),
            "{line}"
        );
    }
}
