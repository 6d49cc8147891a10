//! From an e-mail to its text and HTML parts and the MIME message.

use askama::Template;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use lettre::message::header::{Header, HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::{Address, Message};

use super::email::Email;
use super::fault::SendFault;

#[derive(Template)]
#[template(path = "mail/templates/email/body.txt")]
struct TextBody<'a> {
    email: &'a Email,
    action: Option<(&'a str, String)>,
}

#[derive(Template)]
#[template(path = "mail/templates/email/body.html")]
struct HtmlBody<'a> {
    email: &'a Email,
    action: Option<(&'a str, String)>,
}

/// So many bytes are in one encoded word: with the name of the header before it its line stays within 76 characters.
const WORD_BYTES: usize = 36;

/// RFC 8058: together with `List-Unsubscribe` it makes the one-click unsubscribe.
#[derive(Clone)]
struct ListUnsubscribePost;

/// RFC 3834: no person wrote it, and no program should answer it.
#[derive(Clone)]
struct AutoSubmitted;

/// The same for Exchange.
#[derive(Clone)]
struct SuppressAutoResponse;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }
    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }
    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

impl Header for SuppressAutoResponse {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("X-Auto-Response-Suppress")
    }
    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }
    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "All".to_owned())
    }
}

#[derive(Clone)]
struct ListUnsubscribe(String);

/// A subject all of whose characters are encoded. lettre leaves a subject of ASCII as it is: an encoded word that somebody typed into a title
/// would be shown decoded by mail programs, as something that nobody checked.
#[derive(Clone)]
struct EncodedSubject(String);

impl Header for ListUnsubscribePost {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("List-Unsubscribe-Post")
    }
    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }
    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "List-Unsubscribe=One-Click".to_owned())
    }
}

impl Header for ListUnsubscribe {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("List-Unsubscribe")
    }
    fn parse(text: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self(text.to_owned()))
    }
    fn display(&self) -> HeaderValue {
        // The token is ASCII of our own making, so the address needs no encoding; a folded address would not be read back.
        HeaderValue::dangerous_new_pre_encoded(Self::name(), self.0.clone(), self.0.clone())
    }
}

impl Header for EncodedSubject {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Subject")
    }
    fn parse(text: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self(text.to_owned()))
    }
    fn display(&self) -> HeaderValue {
        HeaderValue::dangerous_new_pre_encoded(Self::name(), self.0.clone(), encoded_words(&self.0))
    }
}

/// The text as encoded words (RFC 2047), each on a line of at most 75 characters.
fn encoded_words(text: &str) -> String {
    let mut parts = vec![String::new()];
    for c in text.chars() {
        // A word holds whole characters: some mail programs decode each by itself.
        if parts.last().is_some_and(|part| part.len() + c.len_utf8() > WORD_BYTES) {
            parts.push(String::new());
        }
        if let Some(part) = parts.last_mut() {
            part.push(c);
        }
    }
    let words: Vec<String> = parts.iter().map(|part| format!("=?utf-8?b?{}?=", STANDARD.encode(part))).collect();
    words.join("\r\n ")
}

/// The MIME message of an e-mail; what can never be sent (a bad address) is a permanent fault.
pub(super) fn message(email: &Email, from: &Mailbox, site: &str) -> Result<Message, SendFault> {
    let address: Address =
        email.to_address.parse().map_err(|_| SendFault::Permanent("the address is not valid".to_owned()))?;
    let to = Mailbox::new(Some(one_line(&email.to_name)).filter(|name| !name.is_empty()), address);
    let action = || email.content.action.as_ref().map(|(label, path)| (label.as_str(), format!("{site}{path}")));
    let text = render(&TextBody { email, action: action() })?;
    let html = render(&HtmlBody { email, action: action() })?;
    let mut builder = Message::builder().from(from.clone()).to(to).message_id(Some(format!("<{}>", email.message_id)));
    builder = builder.header(AutoSubmitted).header(SuppressAutoResponse);
    let subject = one_line(&email.content.subject);
    builder = if subject.contains("=?") { builder.header(EncodedSubject(subject)) } else { builder.subject(subject) };
    // Both headers: some mail programs put a conversation together by the one, some by the other.
    if let Some(root) = &email.in_reply_to {
        builder = builder.in_reply_to(format!("<{root}>")).references(format!("<{root}>"));
    }
    if let Some(address) = &email.reply_to {
        let address = address.parse().map_err(|_| SendFault::Permanent("the reply address is not valid".to_owned()))?;
        builder = builder.reply_to(Mailbox::new(None, address));
    }
    if let Some(url) = &email.unsubscribe_url {
        builder = builder.header(ListUnsubscribe(format!("<{url}>"))).header(ListUnsubscribePost);
    }
    builder
        .multipart(MultiPart::alternative_plain_html(text, html))
        .map_err(|error| SendFault::Permanent(format!("the message cannot be built: {error}")))
}

fn render(template: &impl Template) -> Result<String, SendFault> {
    template.render().map_err(|error| SendFault::Permanent(format!("the template does not render: {error}")))
}

/// Headers hold one line: what a name or a title carries beyond that is not passed on.
fn one_line(text: &str) -> String {
    text.split(|c: char| c.is_control()).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}
