//! The audit trail of accounts: each event is a line in the log under the request's id, and a row that its user sees.
//!
//! A line holds ids, never an address and never a secret; what a client sends of its own (the name of its device) is reduced to known
//! words first, so no line can be forged by it.

use serde::{Deserialize, Serialize};

use super::rules;
use crate::actor::Actor;
use crate::clock::Time;
use crate::ids::{CompanyId, UserId};
use crate::{labelled, wire_enum};

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
        /// An e-mail with a link for a new password was asked for.
        ResetAsked = "reset_asked",
        /// The password was changed by a link.
        PasswordReset = "password_reset",
        /// The password was changed.
        PasswordChanged = "password_changed",
        /// The address was changed.
        EmailChanged = "email_changed",
        /// Two-factor authentication was turned on.
        SecondFactorOn = "second_factor_on",
        /// Two-factor authentication was turned off.
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
        /// An invitation was cancelled.
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
        /// An archive of all that the company has was asked for.
        ExportAsked = "export_asked",
        /// Such an archive was downloaded.
        ExportTaken = "export_taken",
    }
}

labelled!(AuthEvent, "accounts-event");

/// An event as its user sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordedEvent {
    /// What.
    pub event: AuthEvent,
    /// On which device.
    pub device: String,
    /// When.
    pub at: Time,
}

/// An event that happens now.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AuditEvent {
    /// What.
    pub event: AuthEvent,
    /// To whose account; nobody's where the address has none.
    pub person: Option<UserId>,
    /// For which company.
    pub company: Option<CompanyId>,
    /// Who did it, in one word: a person's id or a key's.
    pub by: String,
    /// On which device.
    pub device: String,
    /// Under which request.
    pub request_id: String,
}

impl AuditEvent {
    /// An event of the actor's own account or company.
    pub fn by(actor: &Actor, event: AuthEvent, user_agent: &str, request_id: &str) -> Self {
        let by = match actor {
            Actor::Member { user, .. } => user.to_string(),
            Actor::Key { key, .. } => key.to_string(),
            Actor::Anonymous => "nobody".to_owned(),
            Actor::Operator => "operator".to_owned(),
        };
        Self {
            event,
            person: actor.user(),
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

/// Records the event in the log alone: the caller has written the row in a transaction of its own, or there is to be none.
pub fn log_event(event: &AuditEvent) {
    log::info!(target: "tradepost::auth", "{}", event.line());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_cannot_forge_a_line() {
        let agent = "Firefox\r\n2026-11-25 auth event=signed_in person=usr_1 X11; Linux";
        let event = AuditEvent::by(&Actor::Anonymous, AuthEvent::SignInFailed, agent, "abc\nauth event=closed");
        let line = event.line();
        assert_eq!(line.lines().count(), 1);
        assert!(
            line.contains("device=\"Firefox on Linux\"") && line.ends_with("request=abc?auth?event?closed"),
            "{line}"
        );
    }
}
