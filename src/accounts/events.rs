//! The jobs that accounts enqueue, each in the transaction of what made it necessary; [`super::jobs`] runs them.
//!
//! The names of fields and variants are those of the stored payloads, and older than the types': jobs of an earlier version may wait.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::audit::AuditEvent;
use crate::companies::Form;
use crate::ids::{CompanyId, InvitationId, TokenId, UserId};
use crate::mail::{NotificationText, Stream};
use crate::reference::codes::Country;

/// Sends one e-mail to one user. The address is looked up at the time, so that no job holds one.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SendEmail {
    /// The reader.
    pub person: UserId,
    /// The stream, which they may refuse until the last moment.
    pub stream: Stream,
    /// What happened.
    pub event: String,
    /// The words.
    pub content: NotificationText,
    /// The company that caused it; none for the platform, and in jobs of an earlier version.
    #[serde(default)]
    pub sender: Option<CompanyId>,
    /// The path of the address that ends just these e-mails; without it that of the stream is in them.
    #[serde(default)]
    pub way_out: Option<String>,
}

/// Where a link is sent: the row that holds the address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum EmailTarget {
    /// The address that a link is about.
    Link(TokenId),
    /// The address that the link's one took the place of.
    Previous(TokenId),
    /// The address that was invited.
    Invitation(InvitationId),
}

impl fmt::Display for EmailTarget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Link(id) => write!(f, "link {id}"),
            Self::Previous(id) => write!(f, "previous {id}"),
            Self::Invitation(id) => write!(f, "invitation {id}"),
        }
    }
}

/// Sends an e-mail to an address that is not, or no longer, a user's own, mostly with a secret link. The address is looked up at the
/// time; the secret is sealed until then.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SendTokenEmail {
    /// Whose link it is.
    pub to: EmailTarget,
    /// The secret, which is put behind the path of the e-mail's action; none in a mere notice.
    pub sealed: Option<String>,
    /// The words.
    pub content: NotificationText,
}

/// Who signed up, as it was checked and put down; no log may show it.
#[derive(Clone, Serialize, Deserialize)]
pub struct Newcomer {
    /// The person's name.
    pub name: String,
    /// Their address.
    pub email: String,
    /// The hash of their password.
    pub password_hash: String,
    /// The company's name.
    pub company: String,
    /// Its country.
    pub country: Country,
    /// What it is.
    pub form: Form,
}

/// What somebody who is not signed in asks for, by an address that may have an account. No log may show it.
#[derive(Clone, Serialize, Deserialize)]
pub enum AccountRequest {
    /// An account.
    SignUp(Newcomer),
    /// A link for a new password.
    NewPassword {
        /// The address that was typed.
        email: String,
        /// Whose device it was asked from; jobs of an earlier version do not say.
        #[serde(default)]
        known_to: Vec<UserId>,
    },
}

/// The job that carries out an [`AccountRequest`] and answers it by e-mail: whoever asks waits for none of it, and so learns nothing
/// from the time about whether the address has an account. What was typed is sealed until then.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AccountRequested {
    pub(super) sealed: String,
    /// The name in the payload is older than the field: jobs of an earlier version may wait.
    #[serde(rename = "happened")]
    pub(super) event: AuditEvent,
}
