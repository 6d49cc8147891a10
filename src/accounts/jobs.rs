//! Reactions of accounts: sending a letter to a person, sending a secret link, and answering who asks for one.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::actions::Newcomer;
use super::events::NewHappened;
use super::{actions, store};
use crate::app::App;
use crate::error::Result as Outcome;
use crate::ids::{InvitationId, PersonId, TokenId};
use crate::mail::delivery::deliver;
use crate::mail::{Content, Letter, Stream};
use crate::outbox::{Fault, Job, Options, Run, enqueue};
use crate::secrets::{Purpose, sha256_hex};
use crate::store::{Tx, to_json};

/// The kinds of the jobs that are letters.
pub const LETTERS: &[&str] = &[SendLetter::KIND, SendLink::KIND];

/// Sends one letter to one person. The address is looked up at the time, so that no job holds one.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SendLetter {
    /// The reader.
    pub person: PersonId,
    /// The stream, which they may refuse until the last moment.
    pub stream: Stream,
    /// What happened.
    pub event: String,
    /// The words.
    pub content: Content,
}

impl Job for SendLetter {
    type Context = App;
    const KIND: &'static str = "send_letter";

    fn run(self, app: &App, _: &Run) -> Result<(), Fault> {
        let Some(addressee) = app.db.read(|conn| store::find_addressee(conn, self.person, self.stream))? else {
            return Ok(());
        };
        let letter = Letter {
            message_id: self.message_id(app),
            unsubscribe_url: self.unsubscribe_url(app),
            to_name: addressee.name,
            to_address: addressee.email,
            content: self.content,
        };
        deliver(&app.db, &app.mailer, &letter)
    }
}

impl SendLetter {
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

/// Where a link is sent: the row that holds the address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum To {
    /// The address that a link is about.
    Link(TokenId),
    /// The address that the link's one took the place of.
    Previous(TokenId),
    /// The address that was invited.
    Invitation(InvitationId),
}

impl fmt::Display for To {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Link(id) => write!(f, "link {id}"),
            Self::Previous(id) => write!(f, "previous {id}"),
            Self::Invitation(id) => write!(f, "invitation {id}"),
        }
    }
}

impl To {
    /// The address, unless the link has ended in the meantime.
    fn address(self, app: &App) -> Outcome<Option<String>> {
        let now = app.clock.now();
        app.db.read(|conn| match self {
            Self::Link(id) => Ok(store::find_token_to_send(conn, id, now)?.map(|token| token.email)),
            Self::Previous(id) => store::find_previous_email(conn, id),
            Self::Invitation(id) => Ok(store::find_invitation(conn, id, now)?.map(|invitation| invitation.email)),
        })
    }
}

/// Sends a letter to an address that is not, or no longer, a person's own, mostly with a secret link. The address is looked up at the time; the secret is sealed until then.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SendLink {
    /// Whose link it is.
    pub to: To,
    /// The secret, which is put behind the path of the letter's action; none in a mere notice.
    pub sealed: Option<String>,
    /// The words.
    pub content: Content,
}

impl SendLink {
    /// Enqueues the letter, once for the row that holds the address; somebody waits for it.
    pub(super) fn enqueue(&self, tx: &mut Tx) -> Outcome<()> {
        enqueue(tx, self, Options::once(format!("letter {}", self.to)).to("mail").ahead())
    }
}

impl Job for SendLink {
    type Context = App;
    const KIND: &'static str = "send_link";

    fn run(self, app: &App, _: &Run) -> Result<(), Fault> {
        let Some(to_address) = self.to.address(app)? else { return Ok(()) };
        let to = self.to.to_string();
        let mut content = self.content;
        if let Some(sealed) = &self.sealed {
            let secret = app.secrets.open(Purpose::Letter, &to, sealed).and_then(|bytes| String::from_utf8(bytes).ok());
            let secret =
                secret.ok_or_else(|| Fault::GiveUp("the link was sealed with another secret key".to_owned()))?;
            content.action = content.action.map(|(label, path)| (label, path + &secret));
        }
        // No name: whoever typed it may have meant it for the reader of this letter.
        let (to_name, unsubscribe_url) = (String::new(), None);
        let letter = Letter { message_id: message_id(app, &to), unsubscribe_url, to_name, to_address, content };
        deliver(&app.db, &app.mailer, &letter)
    }
}

/// What somebody who is not signed in asks for, by an address that may have an account. No log may show it.
#[derive(Clone, Serialize, Deserialize)]
pub enum Asked {
    /// An account.
    SignUp(Newcomer),
    /// A link for a new password.
    NewPassword {
        /// The address that was typed.
        email: String,
    },
}

/// Answers by letter who asked for something by an address: whoever asks waits for none of it, and so learns nothing from the time
/// about whether the address has an account. What was typed is sealed until then.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Answer {
    sealed: String,
    happened: NewHappened,
}

/// Has a job answer what was asked for, as soon as there is a worker.
pub(super) fn answer_later(app: &App, asked: &Asked, happened: NewHappened) -> Outcome<()> {
    let plain = to_json(asked)?;
    let answer = Answer { sealed: app.secrets.seal(Purpose::Asked, &happened.request_id, plain.as_bytes())?, happened };
    app.db.write(|tx| enqueue(tx, &answer, Options::default().ahead()))
}

impl Job for Answer {
    type Context = App;
    const KIND: &'static str = "answer";

    fn run(self, app: &App, run: &Run) -> Result<(), Fault> {
        let plain = app.secrets.open(Purpose::Asked, &self.happened.request_id, &self.sealed);
        let plain = plain.ok_or_else(|| Fault::GiveUp("it was sealed with another secret key".to_owned()))?;
        let asked = serde_json::from_slice(&plain).map_err(|error| Fault::GiveUp(format!("payload: {error}")))?;
        match asked {
            Asked::SignUp(new) => actions::join(app, PersonId(run.id.0), &new, self.happened)?,
            Asked::NewPassword { email } => actions::send_reset(app, &email, self.happened)?,
        }
        Ok(())
    }
}
