//! The score: ten independent parts, each a weight times how well its own evidence fits.

use rust_decimal::Decimal;

use super::{Candidate, Gap, GapKind, Reason, ReasonKind, Requirement, ScoreBreakdown};
use crate::locale::{Language, Message};
use crate::reference::codes::HsCode;
use crate::units::Quantity;

/// The weight of every kind of reason; they sum to 1. The words weigh more than all else together.
pub const WEIGHTS: &[(ReasonKind, f64)] = &[
    (ReasonKind::Terms, 0.60),
    (ReasonKind::Hs, 0.12),
    (ReasonKind::Category, 0.05),
    (ReasonKind::Destination, 0.05),
    (ReasonKind::Moq, 0.05),
    (ReasonKind::Price, 0.04),
    (ReasonKind::Certification, 0.03),
    (ReasonKind::LeadTime, 0.02),
    (ReasonKind::Incoterm, 0.02),
    (ReasonKind::Prior, 0.02),
];

/// Shares are whole multiples of 1 / this, a power of two: their sums are then exact in every order.
const GRAIN: f64 = 1_048_576.0;

/// A price above the target by no more than this still earns half the weight, because targets are opening positions.
const PRICE_TOLERANCE: (i64, u32) = (110, 2);

/// How well one piece of evidence fits, 0..1, in words; or what is missing.
enum Assessment {
    Fits(f64, String),
    Lacks(GapKind, String),
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
    breakdown.score = breakdown.reasons.iter().map(|reason| reason.share).sum();
    breakdown
}

/// The best of a supplier's candidates by score, the first of equals, with its place; `None` when there is none.
pub fn best_candidate(requirement: &Requirement, candidates: &[Candidate]) -> Option<(usize, ScoreBreakdown)> {
    let scored = candidates.iter().map(|candidate| score(requirement, candidate)).enumerate();
    scored.reduce(|best, next| if next.1.score > best.1.score { next } else { best })
}

/// The same candidate without the evidence that the kind rests on: what a reason is worth is the difference.
#[must_use]
pub fn without_evidence(candidate: &Candidate, kind: ReasonKind) -> Candidate {
    let mut candidate = candidate.clone();
    match kind {
        ReasonKind::Terms => candidate.text = 0.0,
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
            Assessment::Lacks(kind, detail) => self.gaps.push(Gap { kind, detail }),
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
        ReasonKind::Terms => vec![terms(candidate)],
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

fn terms(candidate: &Candidate) -> Assessment {
    let name = &candidate.listing.name;
    let detail = match candidate.matched_words.as_slice() {
        [] => Message::new("matching-fits-words").with("name", name).text(Language::English),
        words => Message::new("matching-fits-these-words")
            .with("words", words.join(", "))
            .with("name", name)
            .text(Language::English),
    };
    Assessment::Fits(unit_interval(candidate.text), detail)
}

fn hs(requirement: &Requirement, candidate: &Candidate) -> Option<Assessment> {
    let (required, offered) = (requirement.hs_code.as_ref()?, candidate.listing.hs_code.as_ref()?);
    let (fit, key) = if required.subheading().is_some() && required.subheading() == offered.subheading() {
        (1.0, "matching-hs-subheading")
    } else if required.heading().is_some() && required.heading() == offered.heading() {
        // Headings of one chapter are different goods, subheadings of one heading mostly variants: so the steps are not even.
        (0.6, "matching-hs-heading")
    } else if required.chapter() == offered.chapter() {
        (0.2, "matching-hs-chapter")
    } else {
        // Another chapter is said, not punished: suppliers classify the same goods differently, and the words decide.
        let detail = hs_detail("matching-hs-other", required, offered);
        return Some(Assessment::Lacks(GapKind::Hs, detail));
    };
    Some(Assessment::Fits(fit, hs_detail(key, required, offered)))
}

fn hs_detail(key: &'static str, required: &HsCode, offered: &HsCode) -> String {
    let message = Message::new(key).with("offered", offered.to_string());
    message.with("required", required.to_string()).text(Language::English)
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
        gaps.push(Gap { kind: GapKind::SupplierCountry, detail });
    }
    let forms = &requirement.wanted_supplier_forms;
    if let Some(form) = candidate.company.form.as_ref().filter(|form| !forms.is_empty() && !forms.contains(form)) {
        let detail = Message::new("matching-supplier-form")
            .with("form", spoken(form))
            .with("wanted", spoken(&forms.join(", ")))
            .text(Language::English);
        gaps.push(Gap { kind: GapKind::SupplierForm, detail });
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
