//! The header that all tabs of one's own RFQ share: what it is, its status, where its tabs are.

use super::wording::{destination, title};
use crate::actor::Actor;
use crate::app::App;
use crate::clock::Time;
use crate::error::Result;
use crate::ids::RfqId;
use crate::rfqs::{ClosedReason, Missing, Rfq, RfqCounts, RfqState, completeness, queries};
use crate::web::layout::{absolute, relative};

/// How many missing fields the header names.
const MISSING_SHOWN: usize = 3;

/// The header of one's own RFQ; the field `head` of a page whose template includes `rfqs/templates/header.html`.
#[derive(Clone, Debug)]
pub struct RfqHeader {
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
    /// The tabs.
    pub tabs: Vec<RfqTab>,
    /// The RFQ itself, for the page.
    pub rfq: Rfq,
    /// What stands around it.
    pub counts: RfqCounts,
}

/// A tab.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RfqTab {
    /// Where it is.
    pub href: String,
    /// Its words, with a count where there is something to count.
    pub label: String,
    /// Whether the page is this tab.
    pub current: bool,
}

impl RfqHeader {
    /// The header of one's own RFQ; `current` is `overview`, `quotes`, `compare`, `matches`, `questions` or `settings`.
    ///
    /// # Errors
    /// 401 and 403 as [`Actor::authorize`] says, `not_found` when it is not the actor's own.
    pub fn load(app: &App, actor: &Actor, id: RfqId, current: &str) -> Result<Self> {
        let (rfq, counts) = queries::find_own(app, actor, id)?;
        Ok(Self::new(rfq, counts, current, app.clock.now()))
    }

    fn new(rfq: Rfq, counts: RfqCounts, current: &str, now: Time) -> Self {
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

fn facts(rfq: &Rfq, counts: &RfqCounts, now: Time) -> Vec<String> {
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

fn tabs(id: RfqId, counts: &RfqCounts, current: &str) -> Vec<RfqTab> {
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
    .map(|(name, href, label)| RfqTab { current: name == current, href, label })
    .collect()
}
