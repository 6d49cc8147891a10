//! Accounts: the people behind companies, how they sign in, and the API keys of their programs.
//!
//! * A person has one e-mail address and a password (argon2id); their role in a company says what they may do there.
//! * A session is a random token in a cookie; only its SHA-256 is stored. It ends by signing out, after some hours without use,
//!   and after some days in any case.
//! * An API key is `tp_live_` and a random token, shown once; only its SHA-256 is stored. It belongs to a company and has scopes.
//! * `authenticate_*` in [`actions`] is the only place where an [`Actor`](crate::actor::Actor) is made from a request.
//!
//! Addresses are in no list, index, event or mail to others.

pub mod actions;
pub mod api;
pub mod jobs;
pub mod notify;
mod origins;
pub mod pages;
pub mod sessions;
mod store;

use crate::actor::{Permission, Role};
use crate::clock::Time;
use crate::ids::{ApiKeyId, CompanyId, PersonId};

/// A person as they see themselves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The id.
    pub id: PersonId,
    /// The address, as typed at sign-up.
    pub email: String,
    /// The name.
    pub name: String,
    /// Whether they are a moderator of the platform.
    pub moderator: bool,
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
