//! The header that all tabs of one's own RFQ share: what it is, its status, where its tabs are.

use super::LANGUAGE;
use super::wording::{destination, title};
use crate::actor::Actor;
use crate::app::App;
use crate::clock::Time;
use crate::error::Result;
use crate::ids::RfqId;
use crate::locale::{Message, text};
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

/// Which tab.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RfqTabName {
    /// What is asked for.
    Overview,
    /// The quotes received.
    Quotes,
    /// The quotes side by side.
    Compare,
    /// The suppliers that match.
    Matches,
    /// The suppliers that are invited.
    Invitations,
    /// Questions and answers.
    Questions,
    /// Deadline, and the steps.
    Settings,
}

impl RfqHeader {
    /// The header of one's own RFQ, on the tab `current`.
    ///
    /// # Errors
    /// 401 and 403 as [`Actor::authorize`] says, `not_found` when it is not the actor's own.
    pub fn load(app: &App, actor: &Actor, id: RfqId, current: RfqTabName) -> Result<Self> {
        let (rfq, counts) = queries::find_own(app, actor, id)?;
        Ok(Self::new(rfq, counts, current, app.clock.now()))
    }

    fn new(rfq: Rfq, counts: RfqCounts, current: RfqTabName, now: Time) -> Self {
        let complete = completeness(&rfq.fields);
        Self {
            id: rfq.id,
            title: title(&rfq),
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
        (RfqState::Open, Some(deadline)) => Message::new("rfqs-header-closes")
            .with("deadline", absolute(deadline))
            .with("relative", relative(deadline, now))
            .text(LANGUAGE),
        (RfqState::Closed, _) => rfq.closed_reason.map(closed_words).unwrap_or_default().to_owned(),
        _ => String::new(),
    };
    let quotes = match rfq.state {
        RfqState::Draft => String::new(),
        _ => {
            Message::new("rfqs-header-quotes").with("count", counts.quotes).with("seats", rfq.max_quotes).text(LANGUAGE)
        }
    };
    [destination(rfq), closing, quotes].into_iter().filter(|fact| !fact.is_empty()).collect()
}

fn closed_words(reason: ClosedReason) -> &'static str {
    let key = match reason {
        ClosedReason::Deadline => "rfqs-header-closed-deadline",
        ClosedReason::Seats => "rfqs-header-closed-seats",
        ClosedReason::Buyer => "rfqs-header-closed-buyer",
    };
    text(LANGUAGE, key)
}

fn tabs(id: RfqId, counts: &RfqCounts, current: RfqTabName) -> Vec<RfqTab> {
    let base = format!("/desk/buying/rfqs/{id}");
    let counted = |label: &'static str, number: usize| match number {
        0 => label.to_owned(),
        _ => Message::new("rfqs-tab-counted").with("tab", label).with("count", number).text(LANGUAGE),
    };
    [
        (RfqTabName::Overview, base.clone(), text(LANGUAGE, "rfqs-tab-overview").to_owned()),
        (RfqTabName::Quotes, format!("{base}/quotes"), counted(text(LANGUAGE, "rfqs-tab-quotes"), counts.quotes)),
        (RfqTabName::Compare, format!("{base}/compare"), text(LANGUAGE, "rfqs-tab-compare").to_owned()),
        (RfqTabName::Matches, format!("{base}/matches"), counted(text(LANGUAGE, "rfqs-tab-matches"), counts.matches)),
        (
            RfqTabName::Invitations,
            format!("{base}/invitations"),
            counted(text(LANGUAGE, "rfqs-tab-invitations"), counts.invited),
        ),
        (
            RfqTabName::Questions,
            format!("{base}?tab=questions"),
            counted(text(LANGUAGE, "rfqs-tab-questions"), counts.questions),
        ),
        (RfqTabName::Settings, format!("{base}?tab=settings"), text(LANGUAGE, "rfqs-tab-settings").to_owned()),
    ]
    .into_iter()
    .map(|(name, href, label)| RfqTab { current: name == current, href, label })
    .collect()
}
