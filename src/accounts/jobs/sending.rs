//! Handing an e-mail over: to whom it goes is looked up at the time, so that no job holds an address.

use crate::accounts::{actions, store};
use crate::app::App;
use crate::ids::UserId;
use crate::mail::delivery::deliver;
use crate::mail::{Email, NotificationText, Stream};
use crate::outbox::JobError;
use crate::secrets::sha256_hex;

/// Sends an e-mail to a user, unless they have refused the stream or are gone. `message_id` is the same on every try, another one for every
/// event and reader.
pub(super) fn deliver_to(
    app: &App,
    person: UserId,
    stream: Stream,
    message_id: String,
    content: NotificationText,
) -> Result<(), JobError> {
    let Some(addressee) = app.db.read(|conn| store::find_addressee(conn, person, stream))? else { return Ok(()) };
    let unsubscribe_url = (stream != Stream::Transactional).then(|| {
        let token = actions::unsubscribe_token(app, person, stream);
        format!("{}/unsubscribe/{token}", app.config.server.public_url)
    });
    let (to_name, to_address) = (addressee.name, addressee.email);
    deliver(&app.db, &app.mailer, &Email { message_id, unsubscribe_url, to_name, to_address, content })
}

/// A `Message-ID` that is the same on every try, another one for every event and reader.
pub(super) fn message_id(app: &App, event: &str) -> String {
    format!("tp-{}@{}", &sha256_hex(event.as_bytes())[..32], app.mailer.domain())
}
