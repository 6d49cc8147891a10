//! Reactions of accounts: sending a letter to a person.

use serde::{Deserialize, Serialize};

use super::{actions, store};
use crate::app::App;
use crate::ids::PersonId;
use crate::mail::delivery::deliver;
use crate::mail::{Content, Letter, Stream};
use crate::outbox::{Fault, Job, Run};
use crate::secrets::sha256_hex;

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
        let hash = sha256_hex(format!("{} {}", self.event, self.person).as_bytes());
        format!("tp-{}@{}", &hash[..32], app.mailer.domain())
    }

    fn unsubscribe_url(&self, app: &App) -> Option<String> {
        (self.stream != Stream::Transactional).then(|| {
            let token = actions::unsubscribe_token(app, self.person, self.stream);
            format!("{}/unsubscribe/{token}", app.config.server.public_url)
        })
    }
}
