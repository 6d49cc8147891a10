//! The e-mail of a new message: to the people of the other company, of each conversation one until they have read it.

use super::queries;
use super::rules::title_of;
use super::{Message, store};
use crate::accounts::actions::{Sender, list_recipients, notify_people};
use crate::error::{Problem, Result};
use crate::ids::{CompanyId, UserId};
use crate::locale::{Language, Message as Text, text};
use crate::mail::{NotificationText, Stream};
use crate::store::Tx;
use crate::text::beginning;

/// An e-mail holds so many characters of a message.
const EXCERPT: usize = 1_000;

/// Mails those of the other company who are due: the colleague who answers the thread, or all who trade.
pub(super) fn received(tx: &mut Tx, message: &Message, to: CompanyId) -> Result<()> {
    let recipients = list_recipients(tx.conn(), to, Stream::Messages)?;
    let assignee = store::find_assignee(tx.conn(), message.thread, to)?;
    let recipients: Vec<UserId> = match assignee.filter(|assignee| recipients.contains(assignee)) {
        Some(assignee) => vec![assignee],
        None => recipients,
    };
    let ids: Vec<i64> = recipients.iter().map(|person| person.0).collect();
    let marks = store::load_marks_of(tx.conn(), message.thread, &ids)?;
    let mark = |person: &UserId| marks.get(&person.0).copied().unwrap_or_default();
    let now = tx.now();
    let due: Vec<UserId> = recipients.into_iter().filter(|person| mark(person).is_mail_due(now)).collect();
    if due.is_empty() {
        return Ok(());
    }
    let content = content(tx, message, to)?;
    let root = format!("thread {}", message.thread);
    let next = format!("{root} {}", message.id);
    // Who was never mailed of the thread gets the e-mail that the later ones answer.
    let (later, first): (Vec<UserId>, Vec<UserId>) =
        due.iter().copied().partition(|person| mark(person).mailed.is_some());
    for (people, event) in [(&first, &root), (&later, &next)] {
        notify_people(tx, Sender::Company(message.sender), to, people, Stream::Messages, event, &content)?;
    }
    due.into_iter().try_for_each(|person| store::set_mailed(tx, person, message.thread, message.id))
}

fn content(tx: &mut Tx, message: &Message, to: CompanyId) -> Result<NotificationText> {
    let language = Language::English;
    let (thread, sender) =
        queries::names_for(tx.conn(), message.thread, to)?.ok_or_else(|| Problem::not_found("thread"))?;
    let title = title_of(thread.subject.kind(), &thread.title);
    let sender = sender.unwrap_or_else(|| text(language, "messages-the-buyer").to_owned());
    let mut paragraphs = vec![Text::new("messages-mail-lead").with("sender", &sender).text(language)];
    // Masked whoever reads it: contact data is in no e-mail, which is kept and passed on where nobody can take it back.
    paragraphs.extend(excerpt(message.masked_text()).lines().filter(|line| !line.trim().is_empty()).map(str::to_owned));
    if !message.attachments.is_empty() {
        let count = message.attachments.len();
        paragraphs.push(Text::new("messages-mail-attachments").with("count", count).text(language));
    }
    Ok(NotificationText {
        // The same for every e-mail of the thread: some mail programs put a conversation together by it.
        subject: Text::new("messages-mail-subject").with("title", short(&title)).text(language),
        paragraphs,
        facts: vec![
            (text(language, "messages-mail-from").to_owned(), sender),
            (text(language, "messages-mail-about").to_owned(), title),
        ],
        action: Some((text(language, "messages-mail-action").to_owned(), format!("/messages/{}", thread.id))),
        because: text(language, "messages-mail-because").to_owned(),
    })
}

fn short(title: &str) -> String {
    beginning(title, 80)
}

fn excerpt(written: &str) -> String {
    beginning(written, EXCERPT)
}
