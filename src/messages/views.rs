//! Threads and messages as one of the two companies sees them, and what the API answers about them.

use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::rules::{AnsweringHabit, MessageRefusal, title_of};
use super::{MaskedKind, Message, Subject, SubjectKind, Thread, ThreadSide};
use crate::ids::{CompanyId, DocumentId, MessageId, ThreadId, UserId};
use crate::reference::codes::Country;
use crate::text::beginning;

/// A list shows so many characters of a thread's newest message.
const PREVIEW: usize = 160;

/// A thread in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ThreadSummary {
    /// The thread.
    pub thread: Thread,
    /// The viewer's side of it.
    pub side: ThreadSide,
    /// The other company; none where an RFQ hides its buyer from the viewer.
    pub other: Option<OtherCompany>,
    /// The newest message.
    pub last: Message,
    /// Whether there is something that the viewer has not read.
    pub is_unread: bool,
    /// The name of the colleague who answers it.
    pub assignee: Option<String>,
}

/// A thread by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ThreadDetail {
    /// What a list shows too.
    pub summary: ThreadSummary,
    /// Whether each side reads the contact data that the other one writes.
    pub is_open: bool,
    /// Why the viewer's company cannot write at the moment.
    pub refusal: Option<MessageRefusal>,
}

/// A message as the viewer reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VisibleMessage {
    /// The message; what its text says is for its own side only.
    pub message: Message,
    /// Whether the viewer's company wrote it.
    pub is_own: bool,
    /// The person's name, for their own side only.
    pub author: Option<String>,
    /// Whether contact data is open between the two.
    pub is_open: bool,
}

impl VisibleMessage {
    /// The text that the viewer reads.
    pub fn text(&self) -> &str {
        if self.is_own || self.is_open { &self.message.text } else { self.message.masked_text() }
    }

    /// What is hidden from the reader: from the other side in what the viewer's company wrote, from the viewer in what it received.
    pub fn masked(&self) -> &[MaskedKind] {
        if self.is_open { &[] } else { &self.message.masked }
    }
}

/// The other company of a thread.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct OtherCompany {
    /// The id.
    pub id: CompanyId,
    /// The name.
    pub name: String,
    /// Where it is registered.
    pub country: Country,
}

/// What a thread is about.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SubjectView {
    /// What kind of thing.
    pub kind: SubjectKind,
    /// Its id.
    #[schema(value_type = String)]
    pub id: Subject,
    /// What it was called when the thread began.
    pub title: String,
}

/// The newest message of a thread.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PreviewView {
    /// The id.
    pub id: MessageId,
    /// Whether one's own company wrote it.
    pub own: bool,
    /// How it begins; contact data is masked.
    pub text: String,
    /// When it was sent.
    pub created_at: DateTime<Utc>,
}

/// A colleague.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AssigneeView {
    /// The id.
    pub id: UserId,
    /// The name.
    pub name: String,
}

/// A conversation with another company.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ThreadView {
    /// The id.
    pub id: ThreadId,
    /// What it is about.
    pub subject: SubjectView,
    /// The other company; null where an RFQ hides its buyer from one's own company.
    pub company: Option<OtherCompany>,
    /// Whether one's own company began it.
    pub opened_by_us: bool,
    /// The newest message.
    pub last_message: PreviewView,
    /// Whether there is something that one has not read: oneself for a person, anybody of the company for a key.
    pub unread: bool,
    /// Whether one's own company has put it away.
    pub archived: bool,
    /// The colleague who answers it.
    pub assigned_to: Option<AssigneeView>,
    /// Grows with every message and every change of one's own side; the number in the ETag.
    pub version: i64,
    /// When it began.
    pub created_at: DateTime<Utc>,
}

/// A conversation by itself.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ThreadDetailView {
    /// What a list shows too.
    #[serde(flatten)]
    pub thread: ThreadView,
    /// Whether each side reads the contact data that the other one writes: once a quote between the two is shortlisted or accepted, or a
    /// partnership active.
    pub contact_data_open: bool,
    /// Whether one's own company can write at the moment.
    pub can_write: bool,
}

/// A conversation that was written to.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct StartedThreadView {
    /// The conversation.
    #[serde(flatten)]
    pub thread: ThreadDetailView,
    /// The message.
    pub message: MessageView,
}

/// A message of a conversation.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MessageView {
    /// The id.
    pub id: MessageId,
    /// Its conversation.
    pub thread: ThreadId,
    /// Whether one's own company wrote it.
    pub own: bool,
    /// The colleague who wrote it; null for what the other side or a program wrote.
    pub author: Option<String>,
    /// The text; in what was received contact data is masked while it is hidden.
    pub text: String,
    /// The kinds of contact data in it that the other side cannot read (in one's own), or that are masked here.
    pub masked: Vec<MaskedKind>,
    /// Its documents.
    pub attachments: Vec<DocumentId>,
    /// When it was sent.
    pub created_at: DateTime<Utc>,
}

/// A company from which one's own takes no messages.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct BlockView {
    /// Its id, which is also that of this entry.
    pub id: CompanyId,
    /// Its name.
    pub name: String,
    /// Since when.
    pub blocked_at: DateTime<Utc>,
}

impl Serialize for Subject {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// The beginning of a message for a list.
pub fn preview(text: &str) -> String {
    beginning(text, PREVIEW)
}

impl From<ThreadSummary> for ThreadView {
    fn from(summary: ThreadSummary) -> Self {
        let ThreadSummary { thread, side, other, last, is_unread, assignee } = summary;
        let kind = thread.subject.kind();
        Self {
            id: thread.id,
            subject: SubjectView { kind, id: thread.subject, title: title_of(kind, &thread.title) },
            company: other,
            opened_by_us: thread.opener == side.company,
            last_message: PreviewView {
                id: last.id,
                own: last.sender == side.company,
                text: preview(last.masked_text()),
                created_at: last.created_at,
            },
            unread: is_unread,
            archived: side.is_archived,
            assigned_to: side.assignee.map(|id| AssigneeView { id, name: assignee.unwrap_or_default() }),
            version: side.version,
            created_at: thread.created_at,
        }
    }
}

impl From<ThreadDetail> for ThreadDetailView {
    fn from(detail: ThreadDetail) -> Self {
        let (contact_data_open, can_write) = (detail.is_open, detail.refusal.is_none());
        Self { thread: detail.summary.into(), contact_data_open, can_write }
    }
}

impl From<VisibleMessage> for MessageView {
    fn from(visible: VisibleMessage) -> Self {
        Self {
            text: visible.text().to_owned(),
            masked: visible.masked().to_vec(),
            own: visible.is_own,
            author: visible.author,
            id: visible.message.id,
            thread: visible.message.thread,
            attachments: visible.message.attachments,
            created_at: visible.message.created_at,
        }
    }
}

/// How a company answers those who write to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct AnsweringView {
    /// How many of a hundred conversations it answers.
    #[schema(minimum = 0, maximum = 100)]
    pub answered_percent: usize,
    /// In how many minutes it answers half of those that it answers; null where it answers none.
    pub typical_minutes: Option<i64>,
    /// Of how many conversations of the last 180 days that is said, the newest 100 at most.
    pub conversations: usize,
}

impl From<AnsweringHabit> for AnsweringView {
    fn from(habit: AnsweringHabit) -> Self {
        Self {
            answered_percent: habit.percent,
            typical_minutes: habit.typical.map(|typical| typical.num_minutes()),
            conversations: habit.threads,
        }
    }
}
