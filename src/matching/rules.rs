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
    /// None is kept below this probability, 0..1.
    pub keep_probability: f64,
    /// At most so many suppliers are notified.
    pub notify: usize,
    /// None is notified below this probability, 0..1.
    pub notify_probability: f64,
    /// What a score says of the probability.
    pub calibration: Calibration,
}

/// How a score becomes a probability: the logistic function of a line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Calibration {
    /// The log-odds of a score of 0.
    pub at_zero: f64,
    /// How much the log-odds of a score of 1 are above it; above 0.
    pub slope: f64,
}

/// The probability, 0..1, that a supplier of this score sells what is asked for.
pub fn probability(score: f64, calibration: &Calibration) -> f64 {
    1.0 / (1.0 + (-(calibration.at_zero + calibration.slope * score)).exp())
}

impl Limits {
    /// The probability of a score.
    pub fn probability(&self, score: f64) -> f64 {
        probability(score, &self.calibration)
    }

    /// Whether such a match is good enough to be kept.
    pub fn keeps(&self, breakdown: &ScoreBreakdown) -> bool {
        self.probability(breakdown.fit) >= self.keep_probability
    }

    /// Whether it is good enough for its supplier to be notified.
    pub fn notifies(&self, breakdown: &ScoreBreakdown) -> bool {
        self.probability(breakdown.fit) >= self.notify_probability && !breakdown.is_ruled_out()
    }

    /// The lowest score that is kept.
    fn lowest_score(&self) -> f64 {
        let odds = self.keep_probability / (1.0 - self.keep_probability).max(f64::EPSILON);
        (odds.max(f64::MIN_POSITIVE).ln() - self.calibration.at_zero) / self.calibration.slope
    }
}

impl From<&config::Matching> for Limits {
    fn from(config: &config::Matching) -> Self {
        Self {
            keep: config.most,
            keep_probability: config.least_probability,
            notify: config.most_notified,
            notify_probability: config.least_notified,
            calibration: Calibration { at_zero: config.log_odds_at_zero, slope: config.log_odds_slope },
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
        order.into_iter().filter(|place| limits.keeps(&breakdowns[*place])).take(limits.keep).collect();
    let notified =
        kept.iter().filter(|place| limits.notifies(&breakdowns[**place])).take(limits.notify).copied().collect();
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
        /// None of the company's published listings shares a word, a name of goods or an HS code with the RFQ.
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
    let needed = lowest_kept.filter(|_| full).unwrap_or_else(|| limits.lowest_score());
    let rank = own.map(|own| 1 + breakdowns.iter().filter(|other| other.score > own.score).count());
    WhyNot {
        status,
        sentence: sentence(status, rank, own, needed, limits),
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
    if !limits.keeps(own) {
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

fn sentence(
    status: MatchStatus,
    rank: Option<usize>,
    own: Option<&ScoreBreakdown>,
    needed: f64,
    limits: &Limits,
) -> String {
    let rank = rank.unwrap_or(0);
    let (score, fit) = own.map_or((0.0, 0.0), |own| (own.score, own.fit));
    match status {
        MatchStatus::Notified => Message::new("matching-status-notified").with("rank", rank).text(Language::English),
        MatchStatus::Kept => Message::new("matching-status-kept")
            .with("rank", rank)
            .with("most", limits.notify)
            .with("least", percent(limits.notify_probability))
            .with("own", percent(limits.probability(fit)))
            .text(Language::English),
        MatchStatus::RuledOut => Message::new("matching-status-ruled-out").with("rank", rank).text(Language::English),
        MatchStatus::Outranked => Message::new("matching-status-outranked")
            .with("score", format!("{score:.2}"))
            .with("rank", rank)
            .with("kept", limits.keep)
            .with("needed", format!("{needed:.2}"))
            .text(Language::English),
        MatchStatus::BelowMinimum => Message::new("matching-status-below")
            .with("own", percent(limits.probability(fit)))
            .with("least", percent(limits.keep_probability))
            .text(Language::English),
        MatchStatus::NoCandidate => text(Language::English, "matching-status-none").to_owned(),
    }
}

/// A probability as whole percent.
fn percent(probability: f64) -> String {
    format!("{:.0}", probability * 100.0)
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
        ReasonKind::Terms | ReasonKind::Goods | ReasonKind::Class | ReasonKind::Breadth | ReasonKind::Prior => true,
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
