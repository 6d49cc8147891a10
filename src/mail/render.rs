//! From an e-mail to its text and HTML parts and the MIME message.

use askama::Template;
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

/// RFC 8058: together with `List-Unsubscribe` it makes the one-click unsubscribe.
#[derive(Clone)]
struct ListUnsubscribePost;

#[derive(Clone)]
struct ListUnsubscribe(String);

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

/// The MIME message of an e-mail; what can never be sent (a bad address) is a permanent fault.
pub(super) fn message(email: &Email, from: &Mailbox, site: &str) -> Result<Message, SendFault> {
    let address: Address =
        email.to_address.parse().map_err(|_| SendFault::Permanent("the address is not valid".to_owned()))?;
    let to = Mailbox::new(Some(one_line(&email.to_name)).filter(|name| !name.is_empty()), address);
    let action = || email.content.action.as_ref().map(|(label, path)| (label.as_str(), format!("{site}{path}")));
    let text = render(&TextBody { email, action: action() })?;
    let html = render(&HtmlBody { email, action: action() })?;
    let mut builder = Message::builder()
        .from(from.clone())
        .to(to)
        .subject(one_line(&email.content.subject))
        .message_id(Some(format!("<{}>", email.message_id)));
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
