//! What follows from scores: which matches are kept, who is notified, how a match moves on, and why a company is not among them.

use serde::Serialize;
use utoipa::ToSchema;

use super::score::WEIGHTS;
use super::{Gap, MatchState, ReasonKind, Requirement, ScoreBreakdown};
use crate::config;
use crate::locale::{Language, Message, text};
use crate::wire_enum;

/// How many matches an RFQ keeps and how many suppliers it notifies.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limits {
    /// At most so many matches are kept.
    pub keep: usize,
    /// None is kept below this score.
    pub keep_score: f64,
    /// At most so many suppliers are notified.
    pub notify: usize,
    /// None is notified below this score.
    pub notify_score: f64,
}

impl From<&config::Matching> for Limits {
    fn from(config: &config::Matching) -> Self {
        Self {
            keep: config.most,
            keep_score: config.least_score,
            notify: config.most_notified,
            notify_score: config.least_notified,
        }
    }
}

/// Which of the scored are kept and which suppliers are notified; places in the slice that was given, best first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// The matches that are kept.
    pub kept: Vec<usize>,
    /// Those of them whose supplier is notified; a supplier the buyer ruled out never is.
    pub notified: Vec<usize>,
}

/// Chooses by score; equal scores keep the order in which they were given.
pub fn select(breakdowns: &[ScoreBreakdown], limits: &Limits) -> Selection {
    let mut order: Vec<usize> = (0..breakdowns.len()).collect();
    // A stable sort: equal scores stay in the order of the words, as the index gave them.
    order.sort_by(|a, b| breakdowns[*b].score.total_cmp(&breakdowns[*a].score));
    let kept: Vec<usize> =
        order.into_iter().filter(|place| breakdowns[*place].score >= limits.keep_score).take(limits.keep).collect();
    let is_notified = |place: &&usize| {
        let breakdown = &breakdowns[**place];
        breakdown.score >= limits.notify_score && !breakdown.is_ruled_out()
    };
    let notified = kept.iter().filter(is_notified).take(limits.notify).copied().collect();
    Selection { kept, notified }
}

/// What happens to a match.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MatchStep {
    /// The supplier was notified by e-mail.
    Notify,
    /// The supplier opened it.
    See,
    /// The supplier quoted.
    Quote,
    /// The supplier dismissed it.
    Dismiss,
}

/// Why a match does not move: it was quoted, so there is nothing to dismiss.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AlreadyQuoted;

impl From<AlreadyQuoted> for crate::error::Problem {
    fn from(_: AlreadyQuoted) -> Self {
        Self::conflict(text(Language::English, "matching-dismiss-quoted"))
    }
}

/// The state after a step. Steps may come twice or late: a match never goes back, so mailing one that was seen leaves it seen.
pub fn step(from: MatchState, step: MatchStep) -> Result<MatchState, AlreadyQuoted> {
    match (step, from) {
        // A quote is before the buyer: hiding the RFQ from one's own list would hide what has to be answered.
        (MatchStep::Dismiss, MatchState::Quoted) => Err(AlreadyQuoted),
        (MatchStep::Dismiss, _) => Ok(MatchState::Dismissed),
        (MatchStep::Quote, _) => Ok(MatchState::Quoted),
        (MatchStep::Notify, MatchState::Suggested) => Ok(MatchState::Notified),
        (MatchStep::See, MatchState::Suggested | MatchState::Notified) => Ok(MatchState::Seen),
        (MatchStep::Notify | MatchStep::See, state) => Ok(state),
    }
}

wire_enum! {
    /// Where a company stands towards an RFQ.
    pub enum MatchStatus {
        /// Matched, and notified.
        Notified = "notified",
        /// Matched; better ones were notified.
        Kept = "kept",
        /// Matched, but the buyer ruled such suppliers out.
        RuledOut = "ruled_out",
        /// Fits, but more than enough others fit better.
        Outranked = "outranked",
        /// Fits too little.
        BelowMinimum = "below_minimum",
        /// None of the company's published listings shares a word with the RFQ.
        NoCandidate = "no_candidate",
    }
}

/// A share of the score that a company did not get.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Unearned {
    /// Of which kind.
    pub kind: ReasonKind,
    /// What full evidence would add to the score, above 0.
    pub could_add: f64,
}

/// The explanation for one company: why it is, or is not, among the matches of an RFQ.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct WhyNot {
    /// Where it stands.
    pub status: MatchStatus,
    /// That in a sentence.
    pub sentence: String,
    /// The company's score; absent when it was no candidate.
    pub score: Option<f64>,
    /// The company's place among all scored, from 1.
    pub rank: Option<usize>,
    /// The lowest score that was kept, or the minimum when fewer than the limit were.
    pub needed: f64,
    /// What was not earned of what the request asks for, largest first.
    pub unearned: Vec<Unearned>,
    /// What stands against the match.
    pub gaps: Vec<Gap>,
}

/// Explains the status of one company among `breakdowns`, all that were scored for the RFQ; its own is at `place` of them,
/// or `None` when it was no candidate.
pub fn why_not(
    requirement: &Requirement,
    breakdowns: &[ScoreBreakdown],
    place: Option<usize>,
    limits: &Limits,
) -> WhyNot {
    let selection = select(breakdowns, limits);
    let own = place.and_then(|place| breakdowns.get(place));
    let status = status_of(own, place, &selection, limits);
    let full = selection.kept.len() >= limits.keep;
    let lowest_kept = selection.kept.last().map(|place| breakdowns[*place].score);
    let needed = lowest_kept.filter(|_| full).unwrap_or(limits.keep_score);
    let rank = own.map(|own| 1 + breakdowns.iter().filter(|other| other.score > own.score).count());
    WhyNot {
        status,
        sentence: sentence(status, rank, own.map_or(0.0, |own| own.score), needed, limits),
        score: own.map(|own| own.score),
        rank,
        needed,
        unearned: own.map(|own| unearned(requirement, own)).unwrap_or_default(),
        gaps: own.map(|own| own.gaps.clone()).unwrap_or_default(),
    }
}

fn status_of(
    own: Option<&ScoreBreakdown>,
    place: Option<usize>,
    selection: &Selection,
    limits: &Limits,
) -> MatchStatus {
    let (Some(own), Some(place)) = (own, place) else { return MatchStatus::NoCandidate };
    if own.score < limits.keep_score {
        MatchStatus::BelowMinimum
    } else if !selection.kept.contains(&place) {
        MatchStatus::Outranked
    } else if own.is_ruled_out() {
        MatchStatus::RuledOut
    } else if selection.notified.contains(&place) {
        MatchStatus::Notified
    } else {
        MatchStatus::Kept
    }
}

fn sentence(status: MatchStatus, rank: Option<usize>, score: f64, needed: f64, limits: &Limits) -> String {
    let rank = rank.unwrap_or(0);
    match status {
        MatchStatus::Notified => Message::new("matching-status-notified").with("rank", rank).text(Language::English),
        MatchStatus::Kept => Message::new("matching-status-kept")
            .with("rank", rank)
            .with("most", limits.notify)
            .with("score", format!("{:.2}", limits.notify_score))
            .text(Language::English),
        MatchStatus::RuledOut => Message::new("matching-status-ruled-out").with("rank", rank).text(Language::English),
        MatchStatus::Outranked => Message::new("matching-status-outranked")
            .with("score", format!("{score:.2}"))
            .with("rank", rank)
            .with("kept", limits.keep)
            .with("needed", format!("{needed:.2}"))
            .text(Language::English),
        MatchStatus::BelowMinimum => Message::new("matching-status-below")
            .with("score", format!("{score:.2}"))
            .with("least", format!("{:.2}", limits.keep_score))
            .text(Language::English),
        MatchStatus::NoCandidate => text(Language::English, "matching-status-none").to_owned(),
    }
}

fn unearned(requirement: &Requirement, own: &ScoreBreakdown) -> Vec<Unearned> {
    let mut unearned: Vec<Unearned> = WEIGHTS
        .iter()
        .filter(|(kind, _)| is_asked(requirement, *kind))
        .map(|(kind, weight)| Unearned { kind: *kind, could_add: weight - own.share(*kind) })
        // Less than a thousandth is rounding or not worth anyone's work.
        .filter(|unearned| unearned.could_add > 0.001)
        .collect();
    unearned.sort_by(|a, b| b.could_add.total_cmp(&a.could_add));
    unearned
}

/// Whether the request says anything that the kind can be measured by.
fn is_asked(requirement: &Requirement, kind: ReasonKind) -> bool {
    match kind {
        ReasonKind::Terms | ReasonKind::Prior => true,
        ReasonKind::Hs => requirement.hs_code.is_some(),
        ReasonKind::Category => requirement.category.is_some(),
        ReasonKind::Destination => requirement.destination_country.is_some(),
        ReasonKind::Moq => requirement.quantity.is_some(),
        ReasonKind::Price => requirement.target_price.is_some(),
        ReasonKind::LeadTime => requirement.lead_time_days.is_some(),
        ReasonKind::Certification => !requirement.required_certifications.is_empty(),
        ReasonKind::Incoterm => requirement.incoterm.is_some(),
    }
}
