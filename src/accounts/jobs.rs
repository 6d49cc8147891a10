//! Reactions of accounts: sending e-mails and secret links, and carrying out what somebody asked for who is not signed in.

pub mod gathering;
mod sending;

use sending::{deliver_to, message_id};

use super::events::{AccountRequest, AccountRequested, EmailTarget, SendEmail, SendTokenEmail};
use super::{actions, store};
use crate::app::App;
use crate::error::Result as Outcome;
use crate::ids::UserId;
use crate::mail::Email;
use crate::mail::delivery::deliver;
use crate::outbox::{Job, JobError, Run};
use crate::secrets::Purpose;
pub use gathering::SendGathered;

/// The kinds of the jobs that are e-mails.
pub const EMAIL_JOBS: &[&str] = &[SendEmail::KIND, SendTokenEmail::KIND, SendGathered::KIND];

impl Job for SendEmail {
    type Context = App;
    const KIND: &'static str = "send_letter";

    fn run(self, app: &App, run: &Run) -> Result<(), JobError> {
        match self.sender {
            Some(sender) if app.config.limits.enabled => gathering::receive(app, self, sender, run),
            _ => deliver_to(app, self.person, self.stream, &self.event, self.content, self.way_out.as_deref()),
        }
    }
}

/// The address, unless the link has ended in the meantime.
fn address_of(target: EmailTarget, app: &App) -> Outcome<Option<String>> {
    let now = app.clock.now();
    app.db.read(|conn| match target {
        EmailTarget::Link(id) => Ok(store::find_token_to_send(conn, id, now)?.map(|token| token.email)),
        EmailTarget::Previous(id) => store::find_previous_email(conn, id),
        EmailTarget::Invitation(id) => Ok(store::find_invitation(conn, id, now)?.map(|invitation| invitation.email)),
    })
}

impl Job for SendTokenEmail {
    type Context = App;
    const KIND: &'static str = "send_link";

    fn run(self, app: &App, _: &Run) -> Result<(), JobError> {
        let Some(to_address) = address_of(self.to, app)? else { return Ok(()) };
        let to = self.to.to_string();
        let mut content = self.content;
        if let Some(sealed) = &self.sealed {
            let secret = app.secrets.open(Purpose::Email, &to, sealed).and_then(|bytes| String::from_utf8(bytes).ok());
            let secret =
                secret.ok_or_else(|| JobError::Permanent("the link was sealed with another secret key".to_owned()))?;
            content.action = content.action.map(|(label, path)| (label, path + &secret));
        }
        // No name: whoever typed it may have meant it for the reader of this e-mail.
        let email = Email {
            to_name: String::new(),
            to_address,
            content,
            message_id: message_id(app, &to),
            in_reply_to: None,
            reply_to: None,
            unsubscribe_url: None,
        };
        deliver(&app.db, &app.mailer, &email)
    }
}

impl Job for AccountRequested {
    type Context = App;
    const KIND: &'static str = "answer";

    fn run(self, app: &App, run: &Run) -> Result<(), JobError> {
        let plain = app.secrets.open(Purpose::Asked, &self.event.request_id, &self.sealed);
        let plain = plain.ok_or_else(|| JobError::Permanent("it was sealed with another secret key".to_owned()))?;
        let asked = serde_json::from_slice(&plain).map_err(|error| JobError::Permanent(format!("payload: {error}")))?;
        match asked {
            AccountRequest::SignUp(new) => actions::join(app, UserId(run.id.0), &new, self.event)?,
            AccountRequest::NewPassword { email, known_to } => actions::send_reset(app, &email, &known_to, self.event)?,
        }
        Ok(())
    }
}
