//! Replies by e-mail: a letter that the operator's mail server hands over becomes a message of the thread that its address names.

use super::actions::{NewMessage, reply};
use super::replies::{Automatic, Body, Head, Ourselves, Unreadable};
use super::{MAX_CHARACTERS, store};
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
use crate::text::{beginning, find_contact};

/// So many files that were not taken are named.
const NAMED: usize = 3;
/// Letters of a file's name in that note.
const NAME: usize = 40;

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
    let head = Head::read(raw).map_err(unreadable)?;
    let named = recipient.into_iter().chain(head.recipients.iter().map(String::as_str));
    let read = |address: &str| read_reply_address(&app.config.mail.inbound, &app.secrets, address);
    let (thread, person) = named
        .into_iter()
        .find_map(read)
        .ok_or_else(|| wrong("/recipient", FieldCode::UnknownValue, "messages-inbound-no-address"))?;
    if let Some(automatic) = head.automatic {
        return Ok(Receipt::Ignored(automatic));
    }
    // Beside the signed address: whoever was sent a copy of our e-mail holds that address too.
    if head.is_forged {
        return Err(wrong("/dmarc", FieldCode::Contradiction, "messages-inbound-forged"));
    }
    let sides = app.db.read(|conn| store::find_any(conn, thread))?;
    let sides = sides.map_or_else(Vec::new, |thread| vec![thread.opener, thread.addressee]);
    let actor = authenticate_sender(app, person, &sides, &head.from)?
        .ok_or_else(|| wrong("/from", FieldCode::UnknownValue, "messages-inbound-no-person"))?;
    let name = if head.message_id.is_empty() { sha256_hex(raw) } else { sha256_hex(head.message_id.as_bytes()) };
    let once = IdempotencyKey { key: format!("mail {thread} {person} {name}"), fingerprint: name };
    // Before its files are stored once more.
    if let Some(message) = app.db.find_made(&once)? {
        return Ok(Receipt::Delivered { thread, message });
    }
    let body = Body::read(raw, &Ourselves::of(&app.config.mail.from)).map_err(unreadable)?;
    if body.text.is_empty() && body.files.is_empty() {
        return Err(wrong("/text", FieldCode::Required, "messages-inbound-empty"));
    }
    if body.text.chars().count() > MAX_CHARACTERS {
        let message = Text::new("messages-inbound-too-long").with("most", MAX_CHARACTERS).text(Language::English);
        return Err(Problem::invalid_field("/text", FieldCode::Range, message));
    }
    let new = new_message(app, &actor, body)?;
    let message = reply(app, &actor, thread, &new, Some(&once))?.id();
    Ok(Receipt::Delivered { thread, message })
}

fn unreadable(why: Unreadable) -> Problem {
    let key = match why {
        Unreadable::NoMessage => "messages-inbound-no-letter",
        Unreadable::TooManyParts => "messages-inbound-too-many-parts",
        Unreadable::Encrypted => "messages-inbound-encrypted",
    };
    Problem::invalid_field("/content", FieldCode::Format, text(Language::English, key))
}

/// A name under which a file may stand in a conversation: one that holds contact data, which other names are masked for, gives way.
fn file_name(sent: &str, number: usize) -> String {
    let ending = sent.rsplit_once('.').map(|(_, ending)| ending).filter(|ending| ending.len() <= 5);
    match find_contact(sent) {
        None => sent.to_owned(),
        Some(_) => format!("attachment-{number}{}", ending.map(|ending| format!(".{ending}")).unwrap_or_default()),
    }
}

/// The message with the letter's files as documents of the writer's company; what cannot be taken is named below the text.
fn new_message(app: &App, actor: &Actor, body: Body) -> Result<NewMessage> {
    let (mut good, mut refused, mut names) = (Vec::new(), Vec::new(), Vec::new());
    for (number, (sent, bytes)) in (1..).zip(body.files) {
        let name = file_name(&sent, number);
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
    let mut text = body.text;
    if text.is_empty() {
        text = self::text(Language::English, "messages-inbound-only-files").to_owned();
    }
    let lost = refused.len() + body.further;
    if lost > 0 {
        let names = refused.iter().take(NAMED).map(|name| beginning(name, NAME)).collect::<Vec<_>>().join(", ");
        let note = Text::new("messages-inbound-refused-files").with("names", names).with("count", lost);
        let noted = format!("{text}\n\n{}", note.text(Language::English));
        // What was written goes before what is said of it.
        text = if noted.chars().count() > MAX_CHARACTERS { text } else { noted };
    }
    Ok(NewMessage { text, attachments })
}
