//! Who may write to whom, what of a message is hidden, when somebody is mailed of one, and how a company answers; without I/O.

use chrono::Duration;

use super::{MaskedKind, Subject, SubjectKind};
use crate::clock::Time;
use crate::companies::{CompanyState, Verification};
use crate::error::{Code, FieldCode, Problem};
use crate::ids::{CompanyId, MessageId};
use crate::locale::{Language, Message as Text, text};
use crate::quotes::QuoteState;
use crate::quotes::rules::knows_buyer;
use crate::text::{ContactKind, MaskedText, mask_contact};

/// A company that was identified writes so many times as much as one that was not.
const IDENTIFIED_FACTOR: i64 = 4;
/// A person who has not read the last message of which they were mailed is mailed of the next one after so many minutes.
const MAIL_AGAIN_MINUTES: i64 = 15;
/// How a company answers is said of this many threads or more.
// Of fewer a single one would be a fifth of the rate, and a new company would be judged by its first Sunday.
const LEAST_THREADS: usize = 5;
/// A thread counts as not answered after so many days; before, it is still open.
const ANSWER_DAYS: i64 = 3;

/// Whose the thing is that somebody wants to write about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ownership {
    /// Of one company; any other may write to it.
    Of(CompanyId),
    /// Of these two, who write to each other.
    Between(CompanyId, CompanyId),
}

/// Why somebody cannot write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MessageRefusal {
    /// There is no such thing, or they may not see it.
    Absent,
    /// It is their own.
    Own(SubjectKind),
    /// The other company is suspended, closed or not confirmed yet.
    Gone,
    /// The other company takes no messages from theirs.
    Blocked,
    /// Theirs takes no messages from the other one, so an answer would be refused.
    Blocking,
    /// So many messages in 24 hours are sent.
    TooMany {
        /// The number.
        most: i64,
        /// Whether it would be more for an identified company.
        is_newcomer: bool,
    },
    /// So many threads in 24 hours are begun.
    TooManyThreads {
        /// The number.
        most: i64,
        /// Whether it would be more for an identified company.
        is_newcomer: bool,
    },
    /// So many threads are begun in all.
    TooManyThreadsInAll {
        /// The number.
        most: i64,
    },
}

impl From<MessageRefusal> for Problem {
    fn from(refusal: MessageRefusal) -> Self {
        let subject = |code, key| Problem::invalid_field("/subject/id", code, text(Language::English, key));
        let over = |most: i64, key: &'static str| {
            let mut problem =
                Problem::new(Code::TooManyRequests, Text::new(key).with("most", most).text(Language::English));
            // The window slides: an hour later some of it is free again.
            problem.retry_after_s = Some(3_600);
            problem
        };
        match refusal {
            // The same answer for what is hidden and for what does not exist: writing must not be a way to find out.
            MessageRefusal::Absent => subject(FieldCode::UnknownValue, "messages-subject-unknown"),
            MessageRefusal::Own(SubjectKind::Rfq) => subject(FieldCode::Contradiction, "messages-own-rfq"),
            MessageRefusal::Own(_) => subject(FieldCode::Contradiction, "messages-own"),
            MessageRefusal::Gone => Problem::conflict(text(Language::English, "messages-gone")),
            MessageRefusal::Blocked => Problem::conflict(text(Language::English, "messages-blocked")),
            MessageRefusal::Blocking => Problem::conflict(text(Language::English, "messages-blocking")),
            MessageRefusal::TooMany { most, is_newcomer: false } => over(most, "messages-too-many"),
            MessageRefusal::TooMany { most, .. } => over(most, "messages-too-many-newcomer"),
            MessageRefusal::TooManyThreads { most, is_newcomer: false } => over(most, "messages-too-many-threads"),
            MessageRefusal::TooManyThreads { most, .. } => over(most, "messages-too-many-threads-newcomer"),
            MessageRefusal::TooManyThreadsInAll { most } => Problem::conflict(
                Text::new("messages-too-many-threads-in-all").with("most", most).text(Language::English),
            ),
        }
    }
}

/// To whom a message of `writer` about the thing goes.
///
/// # Errors
/// For the writer's own thing, and one between others.
pub fn addressee(subject: Subject, owned: Ownership, writer: CompanyId) -> Result<CompanyId, MessageRefusal> {
    match owned {
        Ownership::Of(owner) if owner == writer => Err(MessageRefusal::Own(subject.kind())),
        Ownership::Of(owner) => Ok(owner),
        Ownership::Between(one, other) if one == writer => Ok(other),
        Ownership::Between(one, other) if other == writer => Ok(one),
        Ownership::Between(..) => Err(MessageRefusal::Absent),
    }
}

/// What stands between a company and the one that it writes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MessagingRelation {
    /// The state of the other one.
    pub other: CompanyState,
    /// Whether the other one takes no messages from it.
    pub is_blocked: bool,
    /// Whether it takes no messages from the other one.
    pub blocks: bool,
    /// Whether it does not know who the other one is.
    pub is_hidden: bool,
}

/// Whether a message can be sent.
///
/// # Errors
/// By the state of the other company, or because one of the two blocks the other.
pub fn may_write(standing: MessagingRelation) -> Result<(), MessageRefusal> {
    match standing {
        MessagingRelation { other: CompanyState::Active, .. } => {}
        _ => return Err(MessageRefusal::Gone),
    }
    if standing.is_blocked {
        return Err(MessageRefusal::Blocked);
    }
    // Said of a buyer whose name is hidden, it would name them.
    if standing.blocks && !standing.is_hidden { Err(MessageRefusal::Blocking) } else { Ok(()) }
}

/// How much a company may write in 24 hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WritingLimits {
    /// Messages.
    pub messages: i64,
    /// Threads that it begins.
    pub threads: i64,
    /// Whether an identified company may write more.
    pub is_newcomer: bool,
}

impl WritingLimits {
    /// Those of a company of this level, by the numbers of one that is not identified.
    pub fn of(level: Verification, messages: i64, threads: i64) -> Self {
        let is_newcomer = level == Verification::Registered;
        let factor = if is_newcomer { 1 } else { IDENTIFIED_FACTOR };
        Self { messages: messages.saturating_mul(factor), threads: threads.saturating_mul(factor), is_newcomer }
    }
}

/// Whether the viewer's side is not told who the other company is: the supplier of a thread about an RFQ or a quote of a buyer that is not
/// shown. `quote` is the supplier's quote that got furthest.
pub fn is_other_hidden(is_viewer_buyer: bool, shows_buyer: bool, quote: Option<QuoteState>) -> bool {
    !is_viewer_buyer && !knows_buyer(shows_buyer, quote)
}

/// What opens the contact data of a thread.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Dealings {
    /// Whether one of the two is hidden from the other.
    pub is_hidden: bool,
    /// Whether the quote of this thread's RFQ is shortlisted or accepted.
    pub is_chosen_here: bool,
    /// Whether any quote between the two is shortlisted or accepted, or a partnership is active.
    pub have_dealt: bool,
}

/// Whether each side reads the contact data that the other one writes.
pub fn contact_data_is_open(dealings: Dealings) -> bool {
    // Of a hidden buyer only what happened under this RFQ counts: what other deals open would say which partner it is.
    if dealings.is_hidden { dealings.is_chosen_here } else { dealings.have_dealt || dealings.is_chosen_here }
}

/// A message without its contact data, and what was in it; `None` when it holds none.
pub fn mask(written: &str) -> Option<(String, Vec<MaskedKind>)> {
    let mark = |kind| match kind {
        ContactKind::Email => text(Language::English, "messages-mark-email"),
        ContactKind::Phone => text(Language::English, "messages-mark-phone"),
        ContactKind::Messenger => text(Language::English, "messages-mark-messenger"),
    };
    let MaskedText { text, kinds } = mask_contact(written, mark)?;
    Some((text, kinds.into_iter().map(MaskedKind::from).collect()))
}

/// What a person has read of a thread, and of what they were mailed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Mark {
    /// The newest message that they have read; 0 for none.
    pub read: i64,
    /// The message of which they were mailed last, and when.
    pub mailed: Option<(MessageId, Time)>,
}

impl Mark {
    /// Whether there is something that they have not read; `received` is the newest message of the other side.
    pub fn is_unread(&self, received: Option<MessageId>) -> bool {
        received.is_some_and(|received| received.0 > self.read)
    }

    /// Whether they are mailed of a message that comes now: once, until they read it or a while has passed.
    pub fn is_mail_due(&self, now: Time) -> bool {
        self.mailed
            .is_none_or(|(mailed, at)| self.read >= mailed.0 || now - at >= Duration::minutes(MAIL_AGAIN_MINUTES))
    }
}

/// When a thread began that a company was written to, and when it answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answering {
    /// When it began.
    pub began: Time,
    /// When the company answered.
    pub answered: Option<Time>,
}

/// How a company answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AnsweringHabit {
    /// How many of a hundred threads it answers.
    pub percent: usize,
    /// Of how many threads that is said.
    pub threads: usize,
    /// The time in which it answers half of those that it answers; none where it answers none.
    pub typical: Option<Duration>,
}

/// How a company answers, by the threads that it was written; `None` where they are too few to say.
pub fn answering_habit(threads: &[Answering], now: Time) -> Option<AnsweringHabit> {
    let is_over = |one: &&Answering| one.answered.is_some() || now - one.began >= Duration::days(ANSWER_DAYS);
    let counted: Vec<&Answering> = threads.iter().filter(is_over).collect();
    if counted.len() < LEAST_THREADS {
        return None;
    }
    let mut times: Vec<Duration> =
        counted.iter().filter_map(|one| one.answered.map(|answered| answered - one.began)).collect();
    times.sort_unstable();
    let typical = times.get(times.len().saturating_sub(1) / 2).copied();
    Some(AnsweringHabit { percent: times.len() * 100 / counted.len(), threads: counted.len(), typical })
}

impl AnsweringHabit {
    /// The same as a sentence.
    pub fn sentence(&self, language: Language) -> String {
        let Some(typical) = self.typical else {
            return Text::new("messages-habit-none").with("count", self.threads).text(language);
        };
        let within = match typical.num_minutes() {
            ..=60 => text(language, "messages-within-hour").to_owned(),
            minutes @ ..=1_440 => Text::new("messages-within-hours").with("count", (minutes + 59) / 60).text(language),
            minutes => Text::new("messages-within-days").with("count", (minutes + 1_439) / 1_440).text(language),
        };
        Text::new("messages-habit")
            .with("percent", self.percent)
            .with("within", within)
            .with("count", self.threads)
            .text(language)
    }
}

/// What a thread is called: the title of its thing, or the words for a thing that has none.
pub fn title_of(kind: SubjectKind, title: &str) -> String {
    match kind {
        SubjectKind::Company => text(Language::English, "messages-general").to_owned(),
        SubjectKind::Partnership => text(Language::English, "messages-partnership").to_owned(),
        _ => title.to_owned(),
    }
}
