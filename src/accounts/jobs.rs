//! Reactions of accounts: sending e-mails and secret links, and carrying out what somebody asked for who is not signed in.

use super::events::{AccountRequest, AccountRequested, EmailTarget, SendEmail, SendTokenEmail};
use super::{actions, store};
use crate::app::App;
use crate::error::Result as Outcome;
use crate::ids::UserId;
use crate::mail::delivery::deliver;
use crate::mail::{Email, Stream};
use crate::outbox::{Job, JobError, Run};
use crate::secrets::{Purpose, sha256_hex};

/// The kinds of the jobs that are e-mails.
pub const EMAIL_JOBS: &[&str] = &[SendEmail::KIND, SendTokenEmail::KIND];

impl Job for SendEmail {
    type Context = App;
    const KIND: &'static str = "send_letter";

    fn run(self, app: &App, _: &Run) -> Result<(), JobError> {
        let Some(addressee) = app.db.read(|conn| store::find_addressee(conn, self.person, self.stream))? else {
            return Ok(());
        };
        let email = Email {
            message_id: self.message_id(app),
            unsubscribe_url: self.unsubscribe_url(app),
            to_name: addressee.name,
            to_address: addressee.email,
            content: self.content,
        };
        deliver(&app.db, &app.mailer, &email)
    }
}

impl SendEmail {
    /// The same on every try, another one for every event and reader.
    fn message_id(&self, app: &App) -> String {
        message_id(app, &format!("{} {}", self.event, self.person))
    }

    fn unsubscribe_url(&self, app: &App) -> Option<String> {
        (self.stream != Stream::Transactional).then(|| {
            let token = actions::unsubscribe_token(app, self.person, self.stream);
            format!("{}/unsubscribe/{token}", app.config.server.public_url)
        })
    }
}

fn message_id(app: &App, event: &str) -> String {
    format!("tp-{}@{}", &sha256_hex(event.as_bytes())[..32], app.mailer.domain())
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
        let (to_name, unsubscribe_url) = (String::new(), None);
        let email = Email { message_id: message_id(app, &to), unsubscribe_url, to_name, to_address, content };
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
            AccountRequest::NewPassword { email } => actions::send_reset(app, &email, self.event)?,
        }
        Ok(())
    }
}
