//! Accounts: the users behind companies, how they sign in, and the API keys of their programs.
//!
//! * A person has one e-mail address and a password (argon2id); their role in a company says what they may do there.
//! * Whoever signs up confirms their address by a link in an e-mail. Before that they look around and prepare drafts, and their
//!   company is seen by nobody else. People whom the operator made count as confirmed.
//! * A link in an e-mail (to confirm an address, to choose a new password) is a random secret of which only the SHA-256 is stored. It
//!   holds for an hour, works once, and ends with a newer one and with any change of password or address. Opening it shows a page;
//!   only that page's button uses it, because mail scanners open every link.
//! * A person belongs to companies by invitation, with a role in each, and acts for one of them at a time. A company always keeps an
//!   owner. Who is taken out loses their sessions for it at once; another role or company begins with a new session.
//! * A person may turn on two-step verification: signing in then takes a code of their authenticator app (RFC 6238) or a recovery code,
//!   each once. The authenticator's key is sealed in the database; of recovery codes it holds the SHA-256.
//! * Every attempt at a password is registered before it is compared ([`throttle`]); what happens is recorded ([`audit`]).
//! * Who deletes their account is pseudonymised; a company's records stay with the company.
//! * What a stranger is answered never depends on whether an address has an account.
//! * Of what a company is notified of by e-mail, its people who trade are shown a line on the site as well, whether they want the e-mail or
//!   not; alike ones that are unread are one line.
//! * A session is a random token in a cookie; only its SHA-256 is stored. It ends by signing out, after some hours without use,
//!   and after some days in any case.
//! * An API key is `tp_live_` and a random token, shown once; only its SHA-256 is stored. It belongs to a company and has scopes.
//! * [`authentication`] is the only place where an [`Actor`](crate::actor::Actor) is made from a request.
//!
//! Addresses are in no list, index, event or mail to others.

pub mod actions;
pub mod api;
pub mod audit;
pub mod authentication;
mod authenticator;
pub mod devices;
pub mod events;
pub mod jobs;
mod notifications;
mod origins;
pub mod pages;
pub mod rules;
pub mod sessions;
mod store;
pub mod throttle;
pub mod trail;

use crate::actor::{Permission, Role};
use crate::clock::Time;
use crate::ids::{ApiKeyId, CompanyId, InvitationId, NotificationId, UserId};
use crate::mail::NotificationKind;
use crate::wire_enum;

/// A person as they see themselves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// The id.
    pub id: UserId,
    /// The address, as typed at sign-up.
    pub email: String,
    /// The name.
    pub name: String,
    /// Whether they are a moderator of the platform.
    pub moderator: bool,
}

wire_enum! {
    /// What somebody may do on the whole platform, beside their company's work.
    pub enum PlatformRole {
        /// Decides reports and checks evidence.
        Moderator = "moderator",
    }
}

/// A person's place in a company.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Membership {
    /// The company.
    pub company: CompanyId,
    /// Its name.
    pub company_name: String,
    /// The role.
    pub role: Role,
}

wire_enum! {
    /// What a link in an e-mail is for.
    pub enum LinkPurpose {
        /// Confirm the address of somebody new.
        ConfirmEmail = "confirm_email",
        /// Choose a new password.
        ResetPassword = "reset_password",
        /// Confirm another address.
        ChangeEmail = "change_email",
        /// None: the address of an account that was deleted, kept for its last e-mail.
        AccountClosed = "account_closed",
    }
}

/// A company's member as its other members see them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// The person.
    pub id: UserId,
    /// Their name.
    pub name: String,
    /// Their role.
    pub role: Role,
    /// Since when they belong to the company.
    pub since: Time,
    /// Grows with every change of the role.
    pub version: i64,
}

/// Somebody who was asked to join a company.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitation {
    /// The id.
    pub id: InvitationId,
    /// The company.
    pub company: CompanyId,
    /// Its name.
    pub company_name: String,
    /// The address that the e-mail went to.
    pub email: String,
    /// What they will be.
    pub role: Role,
    /// When it was sent.
    pub created_at: Time,
    /// Until when it can be accepted.
    pub expires_at: Time,
}

/// Something that happened to a company, as one of its people is shown it on the site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notification {
    /// The id.
    pub id: NotificationId,
    /// What it is about.
    pub kind: NotificationKind,
    /// What happened, in a line.
    pub title: String,
    /// The path of its page.
    pub path: String,
    /// How many things it stands for.
    pub times: u32,
    /// When it happened last.
    pub created_at: Time,
    /// When it was read.
    pub read_at: Option<Time>,
}

/// Which notifications of a person.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NotificationFilter {
    /// Only those that were not read.
    pub unread: bool,
    /// Only those of the kind.
    pub kind: Option<NotificationKind>,
}

/// An API key without its secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiKey {
    /// The id.
    pub id: ApiKeyId,
    /// What it is for, in its maker's words.
    pub name: String,
    /// The first characters of the key, to tell keys apart.
    pub prefix: String,
    /// What it may do.
    pub permissions: Vec<Permission>,
    /// The web origins whose scripts may use it.
    pub origins: Vec<String>,
    /// When it was made.
    pub created_at: Time,
    /// When it ends, if ever.
    pub expires_at: Option<Time>,
    /// When it was last used, to the nearest five minutes.
    pub last_used_at: Option<Time>,
}

/// The address by which a person is found: two spellings that a mail server takes for one are one.
pub fn email_key(email: &str) -> String {
    email.trim().to_lowercase()
}
