//! Handing an e-mail over: to whom it goes is looked up at the time, so that no job holds an address.

use crate::accounts::{actions, store};
use crate::app::App;
use crate::ids::UserId;
use crate::mail::delivery::deliver;
use crate::mail::reply_address::{reply_address, thread_of};
use crate::mail::rules::conversation_root;
use crate::mail::{Email, NotificationText, Stream};
use crate::outbox::JobError;
use crate::secrets::sha256_hex;

/// Sends the e-mail of an event to a user, unless they have refused the stream or are gone. `way_out` is the path that ends just these
/// e-mails, where it is not the whole stream.
pub(super) fn deliver_to(
    app: &App,
    person: UserId,
    stream: Stream,
    event: &str,
    content: NotificationText,
    way_out: Option<&str>,
) -> Result<(), JobError> {
    let Some(addressee) = app.db.read(|conn| store::find_addressee(conn, person, stream))? else { return Ok(()) };
    let unsubscribe_url = (stream != Stream::Transactional).then(|| {
        let of_stream = || format!("/unsubscribe/{}", actions::unsubscribe_token(app, person, stream));
        format!("{}{}", app.config.server.public_url, way_out.map_or_else(of_stream, str::to_owned))
    });
    let (to_name, to_address) = (addressee.name, addressee.email);
    let id_of = |event: &str| message_id(app, &format!("{event} {person}"));
    let in_reply_to = conversation_root(event).map(id_of);
    let reply_to =
        thread_of(event).and_then(|thread| reply_address(&app.config.mail.inbound, &app.secrets, thread, person));
    let email =
        Email { message_id: id_of(event), in_reply_to, reply_to, unsubscribe_url, to_name, to_address, content };
    deliver(&app.db, &app.mailer, &email)
}

/// A `Message-ID` that is the same on every try, another one for every event and reader.
pub(super) fn message_id(app: &App, event: &str) -> String {
    format!("tp-{}@{}", &sha256_hex(event.as_bytes())[..32], app.mailer.domain())
}
