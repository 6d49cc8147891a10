//! The head that all tabs of an RFQ on the buyer's desk share: what it is, how it stands, where its parts are.

use super::words::{destination, title};
use crate::actor::Actor;
use crate::app::App;
use crate::clock::Time;
use crate::error::Result;
use crate::ids::RfqId;
use crate::rfqs::store::Counts;
use crate::rfqs::{ClosedReason, Missing, Rfq, RfqState, actions, completeness};
use crate::web::layout::{absolute, relative};

/// How many missing fields the head names.
const MISSING_SHOWN: usize = 3;

/// The head of an RFQ's desk; the field `head` of a page whose template includes `rfqs/templates/desk_head.html`.
#[derive(Clone, Debug)]
pub struct DeskHead {
    /// The RFQ's id.
    pub id: RfqId,
    /// Its title, with the quantity.
    pub title: String,
    /// Its state on the wire.
    pub state: &'static str,
    /// Destination, closing time, seats, completeness: a phrase each.
    pub facts: Vec<String>,
    /// 0 to 100.
    pub completeness: u8,
    /// The fields that would add most.
    pub missing: Vec<Missing>,
    /// Whether its fields can be changed.
    pub may_change: bool,
    /// The parts.
    pub tabs: Vec<DeskTab>,
    /// The RFQ itself, for the page.
    pub rfq: Rfq,
    /// What stands around it.
    pub counts: Counts,
}

/// A part of the desk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeskTab {
    /// Where it is.
    pub href: String,
    /// Its words, with a count where there is something to count.
    pub label: String,
    /// Whether the page is this part.
    pub current: bool,
}

impl DeskHead {
    /// The head of one's own RFQ; `current` is `overview`, `quotes`, `compare`, `matches`, `questions` or `settings`.
    ///
    /// # Errors
    /// 401 and 403 as [`Actor::may`] says, `not_found` when it is not the actor's own.
    pub fn load(app: &App, actor: &Actor, id: RfqId, current: &str) -> Result<Self> {
        let (rfq, counts) = actions::find_own(app, actor, id)?;
        Ok(Self::new(rfq, counts, current, app.clock.now()))
    }

    fn new(rfq: Rfq, counts: Counts, current: &str, now: Time) -> Self {
        let complete = completeness(&rfq.fields);
        Self {
            id: rfq.id,
            title: title(&rfq),
            state: rfq.state.as_str(),
            facts: facts(&rfq, &counts, now),
            completeness: complete.score,
            missing: complete.missing.into_iter().take(MISSING_SHOWN).collect(),
            may_change: rfq.state.change().is_ok(),
            tabs: tabs(rfq.id, &counts, current),
            rfq,
            counts,
        }
    }
}

fn facts(rfq: &Rfq, counts: &Counts, now: Time) -> Vec<String> {
    let closing = match (rfq.state, rfq.deadline) {
        (RfqState::Open, Some(deadline)) => format!("closes {} ({})", absolute(deadline), relative(deadline, now)),
        (RfqState::Closed, _) => rfq.closed_reason.map(closed_words).unwrap_or_default().to_owned(),
        _ => String::new(),
    };
    let quotes = match rfq.state {
        RfqState::Draft => String::new(),
        _ => format!("{} of {} quotes", counts.quotes, rfq.max_quotes),
    };
    [destination(rfq), closing, quotes].into_iter().filter(|fact| !fact.is_empty()).collect()
}

fn closed_words(reason: ClosedReason) -> &'static str {
    match reason {
        ClosedReason::Deadline => "closed at its deadline",
        ClosedReason::Seats => "closed because all seats are taken",
        ClosedReason::Buyer => "closed by you",
    }
}

fn tabs(id: RfqId, counts: &Counts, current: &str) -> Vec<DeskTab> {
    let base = format!("/desk/buying/rfqs/{id}");
    let counted =
        |label: &str, number: usize| if number == 0 { label.to_owned() } else { format!("{label} ({number})") };
    [
        ("overview", base.clone(), "Overview".to_owned()),
        ("quotes", format!("{base}/quotes"), counted("Quotes", counts.quotes)),
        ("compare", format!("{base}/compare"), "Compare".to_owned()),
        ("matches", format!("{base}/matches"), counted("Matched suppliers", counts.matches)),
        ("questions", format!("{base}?tab=questions"), counted("Questions", counts.questions)),
        ("settings", format!("{base}?tab=settings"), "Settings".to_owned()),
    ]
    .into_iter()
    .map(|(name, href, label)| DeskTab { current: name == current, href, label })
    .collect()
}
