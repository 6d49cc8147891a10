//! The score: thirteen independent parts, each a weight times how well its own evidence fits.

mod items;

pub use items::{ItemScore, combine};

use rust_decimal::Decimal;

use super::goods::Likeness;
use super::{Candidate, Gap, GapKind, GoodsKind, Reason, ReasonKind, Requirement, ScoreBreakdown};
use crate::locale::{Language, Message};
use crate::reference::codes::HsCode;
use crate::units::Quantity;

/// The weight of every kind of reason; they sum to 1. What tells whether the supplier sells the goods at all weighs nine tenths: terms
/// order those who do.
// Fitted by `tradepost evaluate --kind match --fit` (a logistic regression on which suppliers of judged RFQs sell what is asked for); those of
// the terms of trade are set by hand, small enough that no terms make up for other goods.
pub const WEIGHTS: &[(ReasonKind, f64)] = &[
    (ReasonKind::Terms, 0.7345),
    (ReasonKind::Hs, 0.0894),
    (ReasonKind::Class, 0.0383),
    (ReasonKind::Goods, 0.042),
    (ReasonKind::Breadth, 0.0208),
    (ReasonKind::Destination, 0.015),
    (ReasonKind::Moq, 0.015),
    (ReasonKind::Price, 0.012),
    (ReasonKind::Certification, 0.012),
    (ReasonKind::LeadTime, 0.006),
    (ReasonKind::Incoterm, 0.005),
    (ReasonKind::Category, 0.005),
    (ReasonKind::Prior, 0.005),
];

/// The parts of [`ReasonKind::Terms`], which sum to 1.
const TERMS: Terms = Terms {
    words: 0.0713,
    index: 0.2831,
    head: 0.0317,
    name: 0.141,
    both: 0.0815,
    specified: 0.2458,
    measures: 0.1456,
};

struct Terms {
    /// The words of the title that the listing holds.
    words: f64,
    /// The same as the index weighs it, by the rarity of words on the market and the field they stand in.
    index: f64,
    /// The word that names the goods.
    head: f64,
    /// The words of the shorter text, title or name, that the other holds.
    name: f64,
    /// Both ways together: long names hold much, long titles ask for much.
    both: f64,
    /// The words of its name that the specification alone holds.
    specified: f64,
    /// Sizes, models, standards.
    measures: f64,
}

/// The parts of [`ReasonKind::Goods`], which sum to 1: a name of the same goods, and the kind of goods of both names.
const NAMED: f64 = 0.95;
const SAME_KIND: f64 = 0.05;

/// What a contradiction takes off: HS codes of different chapters, and of different headings in one chapter.
const OTHER_CHAPTER: f64 = 0.084;
const OTHER_HEADING: f64 = 0.055;
/// What it takes off where one side states a code and the other's name speaks for goods of another chapter.
const OTHER_GOODS: f64 = 0.07;
/// How much of the weight the same subheading earns where it is a catch-all (`other`), under which unlike goods meet.
const CATCH_ALL: f64 = 0.9;
/// How much a stated code earns that the request's name speaks for.
const NAMED_CODE: f64 = 0.26;
/// How much the same heading earns: it holds neighbours as often as the goods asked for.
const SAME_HEADING: f64 = 0.1;
/// So many further listings that fit make the breadth full.
const FULL_BREADTH: f64 = 8.0;

/// Shares are whole multiples of 1 / this, a power of two: their sums are then exact in every order.
const GRAIN: f64 = 1_048_576.0;

/// A price above the target by no more than this still earns half the weight, because targets are opening positions.
const PRICE_TOLERANCE: (i64, u32) = (110, 2);

/// How well one piece of evidence fits, 0..1, in words; or what is missing, and what of the score it takes off.
enum Assessment {
    Fits(f64, String),
    Lacks(GapKind, String),
    Contradicts(GapKind, f64, String),
}

/// The weight of the kind, 0..1.
pub fn weight(kind: ReasonKind) -> f64 {
    WEIGHTS.iter().find(|(known, _)| *known == kind).map_or(0.0, |(_, weight)| *weight)
}

/// Scores one candidate against a requirement.
pub fn score(requirement: &Requirement, candidate: &Candidate) -> ScoreBreakdown {
    let mut breakdown = ScoreBreakdown::default();
    for kind in ReasonKind::ALL {
        for assessment in assessments(*kind, requirement, candidate) {
            breakdown.add(*kind, assessment);
        }
    }
    breakdown.gaps.extend(ruled_out(requirement, candidate));
    breakdown.reasons.sort_by(|a, b| b.share.total_cmp(&a.share));
    let (earned, lost): (f64, f64) =
        (breakdown.reasons.iter().map(|r| r.share).sum(), breakdown.gaps.iter().map(|gap| gap.share).sum());
    breakdown.score = earned + lost;
    breakdown.fit = breakdown.score;
    breakdown
}

/// The same candidate without the evidence that the kind rests on: what a reason is worth is the difference.
#[must_use]
pub fn without_evidence(candidate: &Candidate, kind: ReasonKind) -> Candidate {
    let mut candidate = candidate.clone();
    match kind {
        ReasonKind::Terms => {
            candidate.text = 0.0;
            let Likeness { named, kind, .. } = candidate.likeness;
            candidate.likeness = Likeness { named, kind, ..Likeness::default() };
        }
        ReasonKind::Goods => (candidate.likeness.named, candidate.likeness.kind) = (0.0, 0.0),
        ReasonKind::Class => candidate.nearness = 0.0,
        ReasonKind::Breadth => candidate.further = 0,
        ReasonKind::Hs => candidate.listing.hs_code = None,
        ReasonKind::Category => candidate.listing.category = None,
        ReasonKind::Destination => candidate.company.markets.clear(),
        ReasonKind::Moq => candidate.listing.moq = None,
        ReasonKind::Price => candidate.listing.price_min = None,
        ReasonKind::LeadTime => candidate.listing.lead_time_days = None,
        ReasonKind::Certification => {
            candidate.company.certifications.clear();
            candidate.listing.certifications.clear();
        }
        ReasonKind::Incoterm => candidate.listing.incoterms.clear(),
        ReasonKind::Prior => {
            candidate.company.verification = 0;
            candidate.company.response_rate = None;
        }
    }
    candidate
}

impl ScoreBreakdown {
    fn add(&mut self, kind: ReasonKind, assessment: Assessment) {
        match assessment {
            Assessment::Lacks(kind, detail) => self.gaps.push(Gap { kind, detail, share: 0.0 }),
            Assessment::Contradicts(kind, lost, detail) => {
                self.gaps.push(Gap { kind, detail, share: -(lost * GRAIN).floor() / GRAIN });
            }
            Assessment::Fits(fit, detail) => {
                // Down, so that the shares never sum to more than 1.
                let share = (weight(kind) * fit * GRAIN).floor() / GRAIN;
                // A reason that earned nothing says nothing; what is missing is a gap, not a reason of zero.
                if share > 0.0 {
                    self.reasons.push(Reason { kind, detail, share });
                }
            }
        }
    }
}

fn assessments(kind: ReasonKind, requirement: &Requirement, candidate: &Candidate) -> Vec<Assessment> {
    match kind {
        ReasonKind::Terms => terms(candidate).into_iter().collect(),
        ReasonKind::Goods => goods(requirement, candidate),
        ReasonKind::Class => vec![class(candidate)],
        ReasonKind::Breadth => breadth(candidate).into_iter().collect(),
        ReasonKind::Hs => hs(requirement, candidate).into_iter().collect(),
        ReasonKind::Category => category(requirement, candidate).into_iter().collect(),
        ReasonKind::Destination => destination(requirement, candidate).into_iter().collect(),
        ReasonKind::Moq => moq(requirement, candidate).into_iter().collect(),
        ReasonKind::Price => price(requirement, candidate).into_iter().collect(),
        ReasonKind::LeadTime => lead_time(requirement, candidate).into_iter().collect(),
        ReasonKind::Certification => certifications(requirement, candidate),
        ReasonKind::Incoterm => incoterm(requirement, candidate).into_iter().collect(),
        ReasonKind::Prior => vec![prior(candidate)],
    }
}

fn terms(candidate: &Candidate) -> Option<Assessment> {
    let name = &candidate.listing.name;
    let like = &candidate.likeness;
    // The index may find a word in a form that the reading does not know; then it is the index's word for it.
    let index = unit_interval(candidate.text);
    let fit = TERMS.words * like.words
        + TERMS.index * index
        + TERMS.head * like.head
        + TERMS.name * like.name
        + TERMS.both * like.words * like.name
        + TERMS.specified * like.specified
        + TERMS.measures * like.measures;
    let (key, words) = match like.held.as_slice() {
        [] if like.specified > 0.0 => ("matching-fits-specification", String::new()),
        [] if index > 0.0 => ("matching-fits-elsewhere", String::new()),
        [] => return None,
        words => ("matching-fits-these-words", words.join(", ")),
    };
    let detail = Message::new(key).with("words", words).with("name", name.as_str()).text(Language::English);
    Some(Assessment::Fits(unit_interval(fit), detail))
}

/// What the glossary says of both names; and whether the goods that the listing's name speaks for are those of the code asked for.
fn goods(requirement: &Requirement, candidate: &Candidate) -> Vec<Assessment> {
    let like = &candidate.likeness;
    let fit = NAMED * like.named + SAME_KIND * like.kind;
    let name = &candidate.listing.name;
    let called = requirement.kind.as_ref().map_or_else(String::new, GoodsKind::label);
    let detail =
        Message::new("matching-names-goods").with("name", name.as_str()).with("goods", called).text(Language::English);
    let mut found = vec![Assessment::Fits(unit_interval(fit), detail)];
    let other = requirement.hs_code.as_ref().zip(candidate.listing.kind.as_ref());
    if let Some((code, kind)) = other.filter(|(code, kind)| code.chapter() != kind.chapter()) {
        let detail = Message::new("matching-names-other-goods").with("name", name.as_str());
        let detail = detail.with("heading", kind.heading).with("required", code.to_string()).text(Language::English);
        found.push(Assessment::Contradicts(GapKind::Goods, OTHER_GOODS * kind.score, detail));
    }
    found
}

fn class(candidate: &Candidate) -> Assessment {
    let name = candidate.listing.name.as_str();
    Assessment::Fits(
        unit_interval(candidate.nearness),
        Message::new("matching-class").with("name", name).text(Language::English),
    )
}

fn breadth(candidate: &Candidate) -> Option<Assessment> {
    let further = candidate.further;
    (further > 0).then(|| {
        let fit = (1.0 + f64::from(further)).ln() / (1.0 + FULL_BREADTH).ln();
        Assessment::Fits(
            unit_interval(fit),
            Message::new("matching-breadth").with("count", further).text(Language::English),
        )
    })
}

fn hs(requirement: &Requirement, candidate: &Candidate) -> Option<Assessment> {
    let offered = candidate.listing.hs_code.as_ref()?;
    let Some(required) = requirement.hs_code.as_ref() else { return named_code(requirement, offered) };
    let (fit, key) = if required.subheading().is_some() && required.subheading() == offered.subheading() {
        (if required.is_catch_all() { CATCH_ALL } else { 1.0 }, "matching-hs-subheading")
    } else if required.heading().is_some() && required.heading() == offered.heading() {
        (SAME_HEADING, "matching-hs-heading")
    } else if required.chapter() == offered.chapter() {
        let detail = hs_detail("matching-hs-other-heading", required, offered);
        return Some(Assessment::Contradicts(GapKind::Hs, OTHER_HEADING, detail));
    } else {
        let detail = hs_detail("matching-hs-other", required, offered);
        return Some(Assessment::Contradicts(GapKind::Hs, OTHER_CHAPTER, detail));
    };
    Some(Assessment::Fits(fit, hs_detail(key, required, offered)))
}

fn code_detail(key: &'static str, offered: &HsCode, kind: &GoodsKind) -> String {
    Message::new(key).with("offered", offered.to_string()).with("goods", kind.label()).text(Language::English)
}

fn hs_detail(key: &'static str, required: &HsCode, offered: &HsCode) -> String {
    let message = Message::new(key).with("offered", offered.to_string());
    message.with("required", required.to_string()).text(Language::English)
}

/// Where the request has no code: whether the listing's is one that the request's name speaks for.
fn named_code(requirement: &Requirement, offered: &HsCode) -> Option<Assessment> {
    let kind = requirement.kind.as_ref()?;
    if offered.heading() == Some(kind.heading) {
        let detail = code_detail("matching-hs-named", offered, kind);
        return Some(Assessment::Fits(NAMED_CODE * kind.score, detail));
    }
    (offered.chapter() != kind.chapter()).then(|| {
        let detail = code_detail("matching-hs-named-other", offered, kind);
        Assessment::Contradicts(GapKind::Hs, OTHER_GOODS * kind.score, detail)
    })
}

fn category(requirement: &Requirement, candidate: &Candidate) -> Option<Assessment> {
    let steps = |path: &str| -> Vec<String> {
        path.split('/').map(|step| step.trim().to_lowercase()).filter(|step| !step.is_empty()).collect()
    };
    let path = candidate.listing.category.as_deref()?;
    let (required, offered) = (steps(requirement.category.as_deref()?), steps(path));
    let shared = required.iter().zip(&offered).take_while(|(a, b)| a == b).count();
    // Of the steps that the buyer gave: a supplier's deeper path costs nothing.
    let fit = ratio(shared, required.len())?;
    Some(Assessment::Fits(
        fit,
        Message::new("matching-category")
            .with("path", path)
            .with("shared", shared)
            .with("steps", required.len())
            .text(Language::English),
    ))
}

fn destination(requirement: &Requirement, candidate: &Candidate) -> Option<Assessment> {
    let country = requirement.destination_country?;
    let served = candidate.company.markets.contains(&country);
    // A market that is not named is no gap: few suppliers list every country that they would ship to.
    served.then(|| {
        Assessment::Fits(1.0, Message::new("matching-market").with("country", country.name()).text(Language::English))
    })
}

fn moq(requirement: &Requirement, candidate: &Candidate) -> Option<Assessment> {
    let (quantity, moq) = (requirement.quantity?, candidate.listing.moq?);
    Some(match moq.to_unit(quantity.unit) {
        Some(least) if least.value <= quantity.value => Assessment::Fits(
            1.0,
            Message::new("matching-moq-within")
                .with("moq", moq.to_string())
                .with("quantity", quantity.to_string())
                .text(Language::English),
        ),
        Some(_) => Assessment::Lacks(
            GapKind::Moq,
            Message::new("matching-moq-above")
                .with("moq", moq.to_string())
                .with("quantity", quantity.to_string())
                .text(Language::English),
        ),
        None => Assessment::Lacks(
            GapKind::Moq,
            Message::new("matching-moq-incomparable")
                .with("moq", moq.to_string())
                .with("quantity", quantity.to_string())
                .text(Language::English),
        ),
    })
}

fn price(requirement: &Requirement, candidate: &Candidate) -> Option<Assessment> {
    let (target, price) = (requirement.target_price?, candidate.listing.price_min?);
    let target_unit = requirement.target_unit.or(requirement.quantity.map(|quantity: Quantity| quantity.unit))?;
    let unit = candidate.listing.price_unit.unwrap_or(target_unit);
    let said = format!("{price} / {}", unit.label());
    let hoped = format!("{target} / {}", target_unit.label());
    let detail = |key: &'static str| {
        Message::new(key).with("price", said.as_str()).with("target", hoped.as_str()).text(Language::English)
    };
    let comparable =
        // No exchange rate here: a score that moved with the rates of the day could not be explained the next one.
        (price.currency == target.currency).then(|| unit.reprice(price.amount.to_decimal(), target_unit)).flatten();
    let Some(asked) = comparable else {
        return Some(Assessment::Lacks(GapKind::Price, detail("matching-price-incomparable")));
    };
    let limit = target.amount.to_decimal();
    Some(if asked <= limit {
        Assessment::Fits(1.0, detail("matching-price-within"))
    } else if Some(asked) <= limit.checked_mul(Decimal::new(PRICE_TOLERANCE.0, PRICE_TOLERANCE.1)) {
        Assessment::Fits(0.5, detail("matching-price-near"))
    } else {
        Assessment::Lacks(GapKind::Price, detail("matching-price-above"))
    })
}

fn lead_time(requirement: &Requirement, candidate: &Candidate) -> Option<Assessment> {
    let (days, needed) = (requirement.lead_time_days?, candidate.listing.lead_time_days?);
    Some(if needed <= days {
        Assessment::Fits(
            1.0,
            Message::new("matching-lead-time-fits")
                .with("needed", needed.to_string())
                .with("days", days.to_string())
                .text(Language::English),
        )
    } else {
        Assessment::Lacks(
            GapKind::LeadTime,
            Message::new("matching-lead-time-lacks")
                .with("needed", needed.to_string())
                .with("days", days.to_string())
                .text(Language::English),
        )
    })
}

fn certifications(requirement: &Requirement, candidate: &Candidate) -> Vec<Assessment> {
    let held = || candidate.company.certifications.iter().chain(&candidate.listing.certifications);
    let (met, missing): (Vec<&String>, Vec<&String>) =
        requirement.required_certifications.iter().partition(|required| held().any(|held| certifies(held, required)));
    let mut assessments = Vec::new();
    if let Some(fit) = ratio(met.len(), requirement.required_certifications.len()).filter(|fit| *fit > 0.0) {
        let names: Vec<&str> = met.iter().map(|name| name.as_str()).collect();
        assessments.push(Assessment::Fits(
            fit,
            Message::new("matching-holds").with("names", names.join(", ")).text(Language::English),
        ));
    }
    assessments.extend(missing.iter().map(|name| {
        Assessment::Lacks(
            GapKind::Certification,
            Message::new("matching-no-certificate").with("name", name.as_str()).text(Language::English),
        )
    }));
    assessments
}

fn incoterm(requirement: &Requirement, candidate: &Candidate) -> Option<Assessment> {
    let term = requirement.incoterm?;
    // Nothing stated is open to talk, not a refusal.
    if candidate.listing.incoterms.is_empty() {
        return None;
    }
    Some(if candidate.listing.incoterms.contains(&term) {
        Assessment::Fits(1.0, Message::new("matching-offers").with("term", term.as_str()).text(Language::English))
    } else {
        let offered: Vec<&str> = candidate.listing.incoterms.iter().map(|term| term.as_str()).collect();
        Assessment::Lacks(
            GapKind::Incoterm,
            Message::new("matching-offers-other")
                .with("offered", offered.join(", "))
                .with("term", term.as_str())
                .text(Language::English),
        )
    })
}

fn prior(candidate: &Candidate) -> Assessment {
    const LEVELS: [&str; 4] = ["registered", "identified", "documented", "audited"];
    let rank = candidate.company.verification.min(3);
    let level = LEVELS[usize::from(rank)];
    let rate = candidate.company.response_rate.map(unit_interval);
    let detail = match rate {
        None => Message::new("matching-level").with("level", level),
        Some(rate) => {
            let percent = format!("{:.0}", rate * 100.0);
            Message::new("matching-level-rate").with("level", level).with("percent", percent)
        }
    };
    let detail = detail.text(Language::English);
    // A newcomer has no rate and gets what its evidence is worth; it is not put below one who never answers.
    Assessment::Fits((f64::from(rank) / 3.0 + rate.unwrap_or(0.0)) / 2.0, detail)
}

fn ruled_out(requirement: &Requirement, candidate: &Candidate) -> Vec<Gap> {
    let mut gaps = Vec::new();
    let countries = &requirement.wanted_supplier_countries;
    if let Some(country) =
        candidate.company.country.filter(|country| !countries.is_empty() && !countries.contains(country))
    {
        // A gap that rules out, not a filter: the supplier learns why it was not notified, and the buyer may still ask it.
        let names: Vec<&str> = countries.iter().map(|country| country.as_str()).collect();
        let detail = Message::new("matching-supplier-country")
            .with("country", country.to_string())
            .with("wanted", names.join(", "))
            .text(Language::English);
        gaps.push(Gap { kind: GapKind::SupplierCountry, detail, share: 0.0 });
    }
    let forms = &requirement.wanted_supplier_forms;
    if let Some(form) = candidate.company.form.as_ref().filter(|form| !forms.is_empty() && !forms.contains(form)) {
        let detail = Message::new("matching-supplier-form")
            .with("form", spoken(form))
            .with("wanted", spoken(&forms.join(", ")))
            .text(Language::English);
        gaps.push(Gap { kind: GapKind::SupplierForm, detail, share: 0.0 });
    }
    gaps
}

/// Whether a certificate held is the one required: `ISO 9001:2015` is an `iso9001`, `ISO 90010` is not.
fn certifies(held: &str, required: &str) -> bool {
    let required = name_parts(required);
    // Whole parts and not letters: a prefix of letters would let `ISO 90010` pass for `ISO 9001`.
    !required.is_empty() && name_parts(held).starts_with(&required)
}

/// Runs of letters and runs of digits, in lower case.
fn name_parts(text: &str) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    let mut last_kind = 0;
    for letter in text.to_lowercase().chars() {
        let kind = if letter.is_numeric() {
            1
        } else if letter.is_alphabetic() {
            2
        } else {
            0
        };
        match (kind, parts.last_mut()) {
            (0, _) => {}
            (_, Some(part)) if kind == last_kind => part.push(letter),
            _ => parts.push(letter.to_string()),
        }
        last_kind = kind;
    }
    parts
}

fn spoken(code: &str) -> String {
    code.replace('_', " ")
}

fn unit_interval(value: f64) -> f64 {
    // NaN compares with nothing: one would make the order of all depend on where it stands.
    if value.is_nan() { 0.0 } else { value.clamp(0.0, 1.0) }
}

fn ratio(part: usize, whole: usize) -> Option<f64> {
    let (part, whole) = (u32::try_from(part).ok()?, u32::try_from(whole).ok()?);
    (whole > 0).then(|| f64::from(part) / f64::from(whole))
}
