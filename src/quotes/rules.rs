//! Who may do what to a quote, and what that makes of it.

use chrono::NaiveDate;

use super::{Quote, QuoteFields, QuoteState};
use crate::error::{Code, FieldCode, FieldError, Problem};
use crate::formats::numbers;
use crate::ids::QuoteId;
use crate::locale::{Language, Message, text};
use crate::rfqs::Rfq;

/// Who acts on a quote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Party {
    /// The company that quoted.
    Supplier,
    /// The company that asked.
    Buyer,
    /// The clock.
    System,
}

/// What is done to a quote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QuoteStep {
    /// The supplier puts a new version in place of the current one.
    Revise,
    /// The supplier withdraws it.
    Withdraw,
    /// The buyer considers it.
    Shortlist,
    /// The buyer declines it.
    Decline,
    /// The buyer accepts it.
    Accept,
    /// Its validity has passed.
    Expire,
}

/// What a step needs to know besides the state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QuoteFacts {
    /// The state of the quote.
    pub state: QuoteState,
    /// The number of the current version, from 1.
    pub version: u32,
    /// The last day of validity of the current version.
    pub valid_until: Option<NaiveDate>,
    /// Whether the request takes and awards quotes: it is open, or closed and not yet awarded or withdrawn.
    pub request_is_undecided: bool,
    /// Whether the request takes new versions: it is open.
    pub request_is_open: bool,
    /// Whether the request has items, of which a quote that was accepted for some may be accepted for more.
    pub request_has_items: bool,
}

/// Why a step is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QuoteRefusal {
    /// The step belongs to another party.
    NotYours(QuoteStep),
    /// The quote's state does not allow the step.
    State(QuoteState, QuoteStep),
    /// The validity has passed.
    Expired,
    /// The validity has not passed yet.
    StillValid,
    /// The request was awarded or withdrawn.
    RequestDecided,
    /// The request takes no new versions.
    RequestClosed,
    /// The buyer read this version, and there is a newer one.
    Revised {
        /// The version that is current.
        current: u32,
    },
}

impl QuoteStep {
    /// Whose step it is.
    pub fn party(self) -> Party {
        match self {
            Self::Revise | Self::Withdraw => Party::Supplier,
            Self::Shortlist | Self::Decline | Self::Accept => Party::Buyer,
            Self::Expire => Party::System,
        }
    }

    fn verb(self) -> &'static str {
        match self {
            Self::Revise => text(Language::English, "quotes-verb-revised"),
            Self::Withdraw => text(Language::English, "quotes-verb-withdrawn"),
            Self::Shortlist => text(Language::English, "quotes-verb-shortlisted"),
            Self::Decline => text(Language::English, "quotes-verb-declined"),
            Self::Accept => text(Language::English, "quotes-verb-accepted"),
            Self::Expire => text(Language::English, "quotes-verb-expired"),
        }
    }
}

/// Whether the party has taken the step already: whoever heard no answer may ask again, and that changes nothing.
pub fn is_taken(state: QuoteState, step: QuoteStep, party: Party) -> bool {
    let reached = match step {
        QuoteStep::Withdraw => state == QuoteState::Withdrawn,
        QuoteStep::Shortlist => state == QuoteState::Shortlisted,
        QuoteStep::Decline => state == QuoteState::Declined,
        QuoteStep::Accept => state == QuoteState::Accepted,
        QuoteStep::Revise | QuoteStep::Expire => false,
    };
    reached && step.party() == party
}

/// The state after `step` by `party` on `today`. `seen` is the version the buyer decided on, where the call names one.
pub fn apply_step(
    facts: &QuoteFacts,
    step: QuoteStep,
    party: Party,
    seen: Option<u32>,
    today: NaiveDate,
) -> Result<QuoteState, QuoteRefusal> {
    if step.party() != party {
        return Err(QuoteRefusal::NotYours(step));
    }
    let takes_more = facts.request_has_items && (facts.state, step) == (QuoteState::Accepted, QuoteStep::Accept);
    let next = if takes_more { QuoteState::Accepted } else { allowed(facts.state, step)? };
    // The last day counts whole, in UTC: a supplier who writes "until the 31st" is held to the end of the 31st.
    let is_past = facts.valid_until.is_some_and(|last| last < today);
    let is_current = seen.is_none_or(|seen| seen == facts.version);
    match step {
        // Withdrawing stays possible after the close, revising does not: the buyer compares what was in when it closed.
        QuoteStep::Revise if !facts.request_is_open => Err(QuoteRefusal::RequestClosed),
        QuoteStep::Shortlist | QuoteStep::Accept if !facts.request_is_undecided => Err(QuoteRefusal::RequestDecided),
        QuoteStep::Shortlist | QuoteStep::Accept if is_past => Err(QuoteRefusal::Expired),
        QuoteStep::Accept if !is_current => Err(QuoteRefusal::Revised { current: facts.version }),
        QuoteStep::Expire if !is_past => Err(QuoteRefusal::StillValid),
        _ => Ok(next),
    }
}

/// The state after a step, by the state alone.
fn allowed(state: QuoteState, step: QuoteStep) -> Result<QuoteState, QuoteRefusal> {
    use QuoteState::{Accepted, Declined, Expired, Shortlisted, Submitted, Withdrawn};
    match (step, state) {
        // A new version of an expired quote stands before the buyer again; its seat was never given away.
        (QuoteStep::Revise, Submitted | Expired) => Ok(Submitted),
        // It keeps its place on the shortlist: an improvement that cost the place would never be sent.
        (QuoteStep::Revise, Shortlisted) => Ok(Shortlisted),
        (QuoteStep::Withdraw, Submitted | Shortlisted | Expired) => Ok(Withdrawn),
        (QuoteStep::Shortlist, Submitted) => Ok(Shortlisted),
        (QuoteStep::Decline, Submitted | Shortlisted) => Ok(Declined),
        (QuoteStep::Accept, Submitted | Shortlisted) => Ok(Accepted),
        (QuoteStep::Expire, Submitted | Shortlisted) => Ok(Expired),
        (QuoteStep::Accept | QuoteStep::Shortlist, Expired) => Err(QuoteRefusal::Expired),
        _ => Err(QuoteRefusal::State(state, step)),
    }
}

/// How much of the request an accepted quote takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Award {
    /// All of it: the request closes and the other quotes are declined.
    Whole,
    /// A part: the others stay as they are until the buyer closes the request.
    Split,
}

/// The items that accepting a quote awards to it: those that are `asked` for, or all that it offers where none are.
///
/// # Errors
/// `invalid` naming each that it does not offer; `conflict` when one is awarded to another quote.
pub fn awarded_by(asked: &[u32], offered: &[u32], elsewhere: &[u32]) -> Result<Vec<u32>, Problem> {
    let mut errors = Vec::new();
    for (place, item) in asked.iter().enumerate().filter(|(_, item)| !offered.contains(item)) {
        let (code, message) = match (item, offered) {
            (0, _) => (FieldCode::Range, text(Language::English, "quotes-items-from-one").to_owned()),
            (_, []) => (FieldCode::Contradiction, text(Language::English, "quotes-items-none-to-award").to_owned()),
            _ => {
                let message = Message::new("quotes-items-not-offered").with("items", numbers(offered));
                (FieldCode::UnknownValue, message.text(Language::English))
            }
        };
        errors.push(FieldError::new(format!("/items/{place}"), code, message));
    }
    if !errors.is_empty() {
        return Err(Problem::invalid(errors));
    }
    let mut chosen = if asked.is_empty() { offered.to_vec() } else { asked.to_vec() };
    chosen.sort_unstable();
    chosen.dedup();
    let gone: Vec<u32> = chosen.iter().copied().filter(|item| elsewhere.contains(item)).collect();
    if gone.is_empty() {
        return Ok(chosen);
    }
    let message = Message::new("quotes-items-awarded").with("count", gone.len()).with("items", numbers(&gone));
    Err(Problem::conflict(message.text(Language::English)))
}

/// Whether a quote offers items that may still be accepted; `awarded` are those of its RFQ that are awarded to any quote.
pub fn offers_more(fields: &QuoteFields, awarded: &[u32], today: NaiveDate) -> bool {
    let is_valid = fields.valid_until.is_none_or(|last| today <= last);
    is_valid && fields.items.iter().any(|item| !awarded.contains(&item.item))
}

/// The quotes that accepting `accepted` declines.
pub fn declined_by(award: Award, accepted: QuoteId, quotes: &[(QuoteId, QuoteState)]) -> Vec<QuoteId> {
    let loses = |(id, state): &&(QuoteId, QuoteState)| *id != accepted && state.is_live() && award == Award::Whole;
    quotes.iter().filter(loses).map(|(id, _)| *id).collect()
}

impl From<QuoteRefusal> for Problem {
    fn from(refusal: QuoteRefusal) -> Self {
        match refusal {
            QuoteRefusal::NotYours(step) => {
                let key = match step.party() {
                    Party::Supplier => "quotes-refused-not-supplier",
                    Party::Buyer | Party::System => "quotes-refused-not-buyer",
                };
                Self::forbidden(Message::new(key).with("verb", step.verb()).text(Language::English))
            }
            QuoteRefusal::State(state, step) => Self::conflict(
                Message::new("quotes-refused-state")
                    .with("state", state.label(Language::English))
                    .with("verb", step.verb())
                    .text(Language::English),
            ),
            QuoteRefusal::Expired => Self::conflict(text(Language::English, "quotes-refused-expired")),
            QuoteRefusal::StillValid => Self::conflict(text(Language::English, "quotes-refused-valid")),
            QuoteRefusal::RequestDecided => Self::conflict(text(Language::English, "quotes-refused-decided")),
            QuoteRefusal::RequestClosed => Self::conflict(text(Language::English, "quotes-refused-closed")),
            QuoteRefusal::Revised { current } => Self::new(
                Code::Stale,
                Message::new("quotes-refused-revised").with("current", current.to_string()).text(Language::English),
            ),
        }
    }
}

/// Whether the supplier of a quote may know who the buyer is: the RFQ shows it, or the quote is accepted and the two have to find each other.
/// Every page, answer, e-mail and proposal that could name the buyer to the supplier asks this.
pub fn supplier_knows_buyer(quote: &Quote, rfq: &Rfq) -> bool {
    knows_buyer(rfq.fields.show_buyer_name, Some(quote.state))
}

/// The same by whether the RFQ shows its buyer and the state of the supplier's quote, for a supplier who may have none.
pub fn knows_buyer(shows_buyer: bool, quote: Option<QuoteState>) -> bool {
    shows_buyer || quote == Some(QuoteState::Accepted)
}
