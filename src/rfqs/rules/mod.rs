//! The life of an RFQ, without I/O: its steps, when it closes, and who sees it ([`visibility`]).

pub mod visibility;

use chrono::Duration;

use super::{ClosedReason, ClosingFields, DEFAULT_SEATS, MAX_SEATS, RfqState};
use crate::clock::Time;
use crate::error::{FieldCode, Problem};
use crate::locale::{Language, Message, text};

/// An RFQ without a deadline is open for so many days.
// A month is what a supplier abroad needs to calculate; half a year is the longest for which a price means anything.
pub const DEFAULT_LIFE_DAYS: i64 = 30;
/// A deadline lies at most so many days ahead.
pub const MAX_LIFE_DAYS: i64 = 180;

/// Why a step is not possible.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RfqRefusal {
    /// It was published before; it is in this state.
    AlreadyPublished(RfqState),
    /// Only an open RFQ allows this; it is in this state.
    NotOpen(RfqState),
    /// It is decided or withdrawn: nothing can change any more.
    Over(RfqState),
    /// A draft was never shown to anyone, so there is nothing to decide.
    StillDraft,
    /// The deadline is not in the future.
    DeadlinePassed,
    /// The deadline is too far ahead.
    DeadlineTooFar,
    /// An extension must be later than the deadline now.
    NotLater,
    /// Only a closed RFQ takes quotes again; it is in this state.
    NotClosed(RfqState),
    /// So many of its quotes hold a seat, and it would take no more.
    NoSeat(usize),
    /// Everyone saw it, so it cannot be for invited suppliers only.
    SeenByAll,
    /// Invited suppliers have asked about it, for these alone to read.
    AskedAmongInvited,
}

impl From<RfqRefusal> for Problem {
    fn from(refusal: RfqRefusal) -> Self {
        let deadline = |code, message: &str| Problem::invalid_field("/closing/deadline", code, message);
        match refusal {
            RfqRefusal::AlreadyPublished(state) => Problem::conflict(
                Message::new("rfqs-refused-published").with("state", in_words(state)).text(Language::English),
            ),
            RfqRefusal::NotOpen(state) => Problem::conflict(
                Message::new("rfqs-refused-not-open").with("state", in_words(state)).text(Language::English),
            ),
            RfqRefusal::Over(state) => Problem::conflict(
                Message::new("rfqs-refused-over").with("state", in_words(state)).text(Language::English),
            ),
            RfqRefusal::StillDraft => Problem::conflict(text(Language::English, "rfqs-refused-draft")),
            RfqRefusal::DeadlinePassed => deadline(FieldCode::Range, text(Language::English, "rfqs-in-future")),
            RfqRefusal::DeadlineTooFar => deadline(FieldCode::Range, text(Language::English, "rfqs-within-180")),
            RfqRefusal::NotLater => deadline(FieldCode::Contradiction, text(Language::English, "rfqs-later")),
            RfqRefusal::NotClosed(state) => Problem::conflict(
                Message::new("rfqs-refused-not-closed").with("state", in_words(state)).text(Language::English),
            ),
            RfqRefusal::NoSeat(taken) => {
                let message = Message::new("rfqs-reopen-more").with("count", taken).text(Language::English);
                Problem::invalid_field("/closing/max_quotes", FieldCode::Contradiction, message)
            }
            RfqRefusal::AskedAmongInvited => {
                let message = text(Language::English, "rfqs-asked-among-invited");
                Problem::invalid_field("/visibility", FieldCode::Contradiction, message)
            }
            RfqRefusal::SeenByAll => {
                let message = text(Language::English, "rfqs-seen-by-all");
                Problem::invalid_field("/visibility", FieldCode::Contradiction, message)
            }
        }
    }
}

fn in_words(state: RfqState) -> &'static str {
    match state {
        RfqState::Draft => text(Language::English, "rfqs-is-draft"),
        RfqState::Open => text(Language::English, "rfqs-is-open"),
        RfqState::Closed => text(Language::English, "rfqs-is-closed"),
        RfqState::Awarded => text(Language::English, "rfqs-is-awarded"),
        RfqState::NotAwarded => text(Language::English, "rfqs-is-not-awarded"),
        RfqState::Withdrawn => text(Language::English, "rfqs-is-withdrawn"),
    }
}

/// What a step leads to.
pub type Step = Result<RfqState, RfqRefusal>;

impl RfqState {
    /// Posts a draft.
    ///
    /// # Errors
    /// When it is no draft.
    pub fn publish(self) -> Step {
        if self == Self::Draft { Ok(Self::Open) } else { Err(RfqRefusal::AlreadyPublished(self)) }
    }

    /// Ends the taking of quotes.
    ///
    /// # Errors
    /// When it is not open.
    pub fn close(self) -> Step {
        self.open_only().map(|()| Self::Closed)
    }

    /// Takes quotes again after it closed.
    ///
    /// # Errors
    /// When it is not closed: what is decided stays decided.
    pub fn reopen(self) -> Step {
        match self {
            Self::Closed => Ok(Self::Open),
            Self::Draft | Self::Open => Err(RfqRefusal::NotClosed(self)),
            Self::Awarded | Self::NotAwarded | Self::Withdrawn => Err(RfqRefusal::Over(self)),
        }
    }

    /// A quote was accepted: from open or closed.
    ///
    /// # Errors
    /// When it is a draft, decided or withdrawn.
    pub fn award(self) -> Step {
        match self {
            // From open too: a buyer that likes the third quote need not wait for the deadline of the tenth.
            Self::Open | Self::Closed => Ok(Self::Awarded),
            Self::Draft => Err(RfqRefusal::StillDraft),
            Self::Awarded | Self::NotAwarded | Self::Withdrawn => Err(RfqRefusal::Over(self)),
        }
    }

    /// Ends a closed RFQ without an award.
    ///
    /// # Errors
    /// When it is a draft, still open, decided or withdrawn.
    pub fn end_without_award(self) -> Step {
        match self {
            // Only from closed: while an RFQ is open suppliers still work on quotes.
            Self::Closed => Ok(Self::NotAwarded),
            Self::Draft => Err(RfqRefusal::StillDraft),
            Self::Open => Err(RfqRefusal::NotOpen(self)),
            Self::Awarded | Self::NotAwarded | Self::Withdrawn => Err(RfqRefusal::Over(self)),
        }
    }

    /// Withdraws it, at any time before it is decided.
    ///
    /// # Errors
    /// When it is decided or withdrawn.
    pub fn withdraw(self) -> Step {
        match self {
            Self::Draft | Self::Open | Self::Closed => Ok(Self::Withdrawn),
            Self::Awarded | Self::NotAwarded | Self::Withdrawn => Err(RfqRefusal::Over(self)),
        }
    }

    /// Whether its fields may be changed: while it is a draft or open.
    ///
    /// # Errors
    /// When it is closed, decided or withdrawn.
    pub fn change(self) -> Result<(), RfqRefusal> {
        if self == Self::Draft { Ok(()) } else { self.open_only() }
    }

    /// Whether suppliers may quote and ask.
    ///
    /// # Errors
    /// When it is not open.
    pub fn open_only(self) -> Result<(), RfqRefusal> {
        if self == Self::Open { Ok(()) } else { Err(RfqRefusal::NotOpen(self)) }
    }
}

/// The closing rule in force: an open RFQ has both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Closing {
    /// No quote is taken from this moment on.
    pub deadline: Time,
    /// How many quotes are taken, 1 to 30.
    pub seats: u8,
}

/// The rule that comes into force when the RFQ is published now: what the buyer set, else 30 days and 10 quotes.
///
/// # Errors
/// When the deadline is not in the future or more than 180 days ahead.
pub fn closing(now: Time, wanted: &ClosingFields) -> Result<Closing, RfqRefusal> {
    let deadline = wanted.deadline.unwrap_or(now + Duration::days(DEFAULT_LIFE_DAYS));
    check_deadline(now, deadline)?;
    // The fields were checked already; the clamp holds for rows that an older version or a loaded file brought.
    Ok(Closing { deadline, seats: wanted.max_quotes.unwrap_or(DEFAULT_SEATS).clamp(1, MAX_SEATS) })
}

/// The new deadline of an open RFQ; it only moves later.
///
/// # Errors
/// When the RFQ is not open, or the new deadline is not later than the one now, in the past or more than 180 days ahead.
pub fn extend(state: RfqState, now: Time, deadline: Time, new_deadline: Time) -> Result<Time, RfqRefusal> {
    state.open_only()?;
    // Never earlier: suppliers plan their quotes by the deadline they read. Who wants to end sooner closes the RFQ.
    if new_deadline <= deadline {
        return Err(RfqRefusal::NotLater);
    }
    check_deadline(now, new_deadline)?;
    Ok(new_deadline)
}

/// The rule after the buyer changed the fields of an open RFQ: a deadline that is given only moves later, one that is not is kept.
///
/// # Errors
/// When the deadline is earlier than the one now, or a new one is in the past or more than 180 days ahead.
pub fn change_closing(now: Time, current: &Closing, wanted: &ClosingFields) -> Result<Closing, RfqRefusal> {
    let deadline = wanted.deadline.unwrap_or(current.deadline);
    if deadline < current.deadline {
        return Err(RfqRefusal::NotLater);
    }
    // One that is kept is not checked: a form sends it back as it was, and it may pass while somebody types.
    if deadline > current.deadline {
        check_deadline(now, deadline)?;
    }
    Ok(Closing { deadline, seats: wanted.max_quotes.unwrap_or(DEFAULT_SEATS).clamp(1, MAX_SEATS) })
}

/// The rule of a closed RFQ that takes quotes again, of which `taken` hold a seat: its own, where the buyer says nothing else.
///
/// # Errors
/// When its deadline is in the past or more than 180 days ahead, or no seat would be free.
pub fn reopening(now: Time, current: &Closing, wanted: &ClosingFields, taken: usize) -> Result<Closing, RfqRefusal> {
    let deadline = wanted.deadline.unwrap_or(current.deadline);
    check_deadline(now, deadline)?;
    let seats = wanted.max_quotes.unwrap_or(current.seats).clamp(1, MAX_SEATS);
    // It would close again with its next quote, or before it.
    if usize::from(seats) <= taken {
        return Err(RfqRefusal::NoSeat(taken));
    }
    Ok(Closing { deadline, seats })
}

fn check_deadline(now: Time, deadline: Time) -> Result<(), RfqRefusal> {
    if deadline <= now {
        Err(RfqRefusal::DeadlinePassed)
    } else if deadline > now + Duration::days(MAX_LIFE_DAYS) {
        Err(RfqRefusal::DeadlineTooFar)
    } else {
        Ok(())
    }
}

/// Why an open RFQ has to close now, if it has to.
pub fn closes(now: Time, closing: &Closing, quotes: usize) -> Option<ClosedReason> {
    // Where both hold, the deadline is the reason: it is the one that everybody could read beforehand.
    if now >= closing.deadline {
        Some(ClosedReason::Deadline)
    } else {
        (quotes >= usize::from(closing.seats)).then_some(ClosedReason::Seats)
    }
}

/// What a closed RFQ becomes when none of its quotes waits for a decision any more; `None` while one does, or when there never was one.
pub fn decided_state(state: RfqState, quotes: usize, undecided: usize, accepted: usize) -> Option<RfqState> {
    // Without any quote there is nothing that decides it: the buyer may still wait for another round, and ends it by hand.
    if state != RfqState::Closed || quotes == 0 || undecided > 0 {
        return None;
    }
    Some(if accepted > 0 { RfqState::Awarded } else { RfqState::NotAwarded })
}

/// Why a quote that still waited is declined when its RFQ ends in this state, in words for its supplier.
pub fn why_declined(state: RfqState, by_moderator: bool) -> &'static str {
    match state {
        RfqState::Withdrawn if by_moderator => text(Language::English, "rfqs-declined-removed"),
        RfqState::Withdrawn => text(Language::English, "rfqs-declined-withdrawn"),
        RfqState::Awarded => text(Language::English, "rfqs-declined-awarded"),
        RfqState::Draft | RfqState::Open | RfqState::Closed | RfqState::NotAwarded => {
            text(Language::English, "rfqs-declined-ended")
        }
    }
}
