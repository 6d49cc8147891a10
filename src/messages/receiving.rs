//! Replies by e-mail: a letter that the operator's mail server hands over becomes a message of the thread that its address names.

use super::actions::{NewMessage, reply};
use super::replies::{Automatic, Letter};
use super::store;
use crate::accounts::authentication::authenticate_sender;
use crate::actor::Actor;
use crate::app::App;
use crate::documents::MAX_ATTACHMENTS;
use crate::documents::actions::{inspect, upload_all};
use crate::error::{FieldCode, Problem, Result};
use crate::ids::{DocumentId, MessageId, ThreadId};
use crate::locale::{Language, Message as Text, text};
use crate::mail::reply_address::read_reply_address;
use crate::secrets::sha256_hex;
use crate::store::IdempotencyKey;

/// What became of a letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Receipt {
    /// It is a message now; a letter that comes twice is the same one.
    Delivered {
        /// The thread.
        thread: ThreadId,
        /// The message.
        message: MessageId,
    },
    /// Nobody wrote it: it is dropped, so that two programs do not write to each other for ever.
    Ignored(Automatic),
}

/// Takes a letter in. `recipient` is the address that the mail server delivered it to, where it says so; else its headers name it.
///
/// # Errors
/// `bad_request` for what is no message; `invalid` naming `/recipient`, `/from`, `/dmarc` or `/text`; what writing in the thread is refused
/// for. No letter that was refused is better the next time.
pub fn receive(app: &App, raw: &[u8], recipient: Option<&str>) -> Result<Receipt> {
    let wrong = |field: &str, code, key| Problem::invalid_field(field, code, text(Language::English, key));
    let letter = Letter::read(raw).ok_or_else(|| wrong("/content", FieldCode::Format, "messages-inbound-no-letter"))?;
    let named = recipient.into_iter().chain(letter.recipients.iter().map(String::as_str));
    let read = |address: &str| read_reply_address(&app.config.mail.inbound, &app.secrets, address);
    let (thread, person) = named
        .into_iter()
        .find_map(read)
        .ok_or_else(|| wrong("/recipient", FieldCode::UnknownValue, "messages-inbound-no-address"))?;
    if let Some(automatic) = letter.automatic {
        return Ok(Receipt::Ignored(automatic));
    }
    // Beside the signed address: whoever was sent a copy of our e-mail holds that address too.
    if letter.is_forged {
        return Err(wrong("/dmarc", FieldCode::Contradiction, "messages-inbound-forged"));
    }
    let sides = app.db.read(|conn| store::find_any(conn, thread))?;
    let sides = sides.map_or_else(Vec::new, |thread| vec![thread.opener, thread.addressee]);
    let actor = authenticate_sender(app, person, &sides, &letter.from)?
        .ok_or_else(|| wrong("/from", FieldCode::UnknownValue, "messages-inbound-no-person"))?;
    if letter.text.is_empty() && letter.files.is_empty() {
        return Err(wrong("/text", FieldCode::Required, "messages-inbound-empty"));
    }
    let name = if letter.message_id.is_empty() { sha256_hex(raw) } else { sha256_hex(letter.message_id.as_bytes()) };
    let once = IdempotencyKey { key: format!("mail {thread} {person} {name}"), fingerprint: name };
    let new = new_message(app, &actor, letter)?;
    let message = reply(app, &actor, thread, &new, Some(&once))?.id();
    Ok(Receipt::Delivered { thread, message })
}

/// The message with the letter's files as documents of the writer's company; what cannot be taken is named below the text.
fn new_message(app: &App, actor: &Actor, letter: Letter) -> Result<NewMessage> {
    let (mut good, mut refused, mut names) = (Vec::new(), Vec::new(), Vec::new());
    for (name, bytes) in letter.files {
        let file = app.blobs.receive(app.config.limits.upload_bytes).and_then(|mut incoming| {
            incoming.take(&bytes)?;
            inspect(&name, incoming.finish())
        });
        match file {
            Ok(file) if good.len() < MAX_ATTACHMENTS => {
                good.push(file);
                names.push(name);
            }
            _ => refused.push(name),
        }
    }
    let mut attachments: Vec<DocumentId> = Vec::new();
    for (name, outcome) in names.into_iter().zip(upload_all(app, actor, &good)?) {
        match outcome {
            Ok(id) => attachments.push(id),
            Err(_) => refused.push(name),
        }
    }
    let mut text = letter.text;
    if text.is_empty() {
        text = self::text(Language::English, "messages-inbound-only-files").to_owned();
    }
    if !refused.is_empty() {
        let note =
            Text::new("messages-inbound-refused-files").with("names", refused.join(", ")).text(Language::English);
        text = format!("{text}\n\n{note}");
    }
    Ok(NewMessage { text, attachments })
}
