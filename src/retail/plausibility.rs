//! Plausibility: what is odd about a retail record although every field is well-formed. What is odd about every shipment is asked of
//! [`partnerships::plausibility`](crate::partnerships::plausibility), what contradicts a regime of [`customs::rules`](crate::customs::rules); here
//! stands only what is retail's own.

use serde::Serialize;
use utoipa::ToSchema;

use super::RetailFields;
use crate::customs::Direction;
use crate::customs::regimes::{Regime, RegimeSystem, is_general_trade};
use crate::customs::rules::{GoodsRoute, PartyForm, contradictions, contradictions_of_axes};
use crate::error::{FieldCode, FieldError, Problem};
use crate::locale::{Language, text};
use crate::money::Currency;
use crate::partnerships::plausibility::{Level, findings as findings_of_shipment};
use crate::reference::codes::Country;
use crate::reference::countries::is_eu_member;

/// Below this goods come into the EU without duty and under its one-stop shop, in euros a parcel.
const EU_LOW_VALUE: i64 = 150;
/// Below this goods came into the US as low-value shipments, in dollars a parcel.
const US_LOW_VALUE: i64 = 800;
/// No postal operator takes a heavier parcel, in kilograms.
const HEAVIEST_BY_POST: i64 = 50;
const MICROS: i128 = 1_000_000;

/// One thing that is odd.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct RetailRemark {
    /// How odd it is.
    pub level: Level,
    /// The field that it is about, as a JSON pointer.
    pub pointer: &'static str,
    /// What is odd, and what may be meant.
    pub sentence: String,
}

/// A rule of retail's own.
struct Rule {
    level: Level,
    pointer: &'static str,
    sentence: fn(Language) -> &'static str,
    applies: fn(&RetailFields) -> bool,
}

macro_rules! rules {
    ($($level:ident $pointer:literal $key:literal $applies:expr;)*) => {
        [$(Rule { level: Level::$level, pointer: $pointer, sentence: |language| text(language, $key), applies: $applies },)*]
    };
}

/// Every rule, the gravest first.
static RULES: [Rule; 9] = rules![
    Warning "/regime" "retail-odd-territory" |r| r.regime.as_ref().is_some_and(|regime| !is_of(regime, r.reporter_country));
    Warning "/regime" "retail-odd-us-value" |r| is_us_low_value(r) && is_parcel_above(r, Currency::USD, US_LOW_VALUE);
    Warning "/consumer_country" "retail-odd-consumer" |r| is_for_another_country(r);
    Warning "/ioss" "retail-odd-ioss-country" |r| r.ioss.is_some() && !is_eu_member(r.consumer_country);
    Warning "/ioss" "retail-odd-ioss-seller" |r| r.ioss.is_some() && r.party_form == PartyForm::C2c;
    Warning "/ioss" "retail-odd-ioss-value" |r| r.ioss.is_some() && is_parcel_above(r, Currency::EUR, EU_LOW_VALUE);
    Warning "/parcels" "retail-odd-post" |r| {
        r.goods_route == GoodsRoute::Post && i128::from(r.net_kg.0) > i128::from(r.parcels) * i128::from(HEAVIEST_BY_POST) * MICROS
    };
    Note "/regime" "retail-note-general-trade" |r| {
        r.party_form == PartyForm::B2c && r.regime.as_ref().is_some_and(|regime| is_general_trade(regime, r.direction))
    };
    Note "/regime" "retail-note-form-only" |r| {
        r.regime.as_ref().is_some_and(|regime| matches!(regime.system(), RegimeSystem::EuProcedure | RegimeSystem::UsEntryType))
    };
];

/// What is odd about the record, the gravest first.
pub fn findings(record: &RetailFields, language: Language) -> Vec<RetailRemark> {
    let own = RULES.iter().filter(|rule| (rule.applies)(record)).map(|rule| RetailRemark {
        level: rule.level,
        pointer: rule.pointer,
        sentence: (rule.sentence)(language).to_owned(),
    });
    let against = match &record.regime {
        Some(regime) => ("/regime", contradictions(&record.axes(), regime)),
        // What a regime would contradict is not asked of one that nobody stated.
        None => ("/declarant_role", contradictions_of_axes(&record.axes())),
    };
    let (pointer, sentences) = against;
    let against = sentences.into_iter().map(|sentence| RetailRemark { level: Level::Warning, pointer, sentence });
    let mut found: Vec<RetailRemark> =
        of_every_shipment(record, language).into_iter().chain(against).chain(own).collect();
    found.sort_by_key(|remark| remark.level);
    found
}

fn of_every_shipment(record: &RetailFields, language: Language) -> Vec<RetailRemark> {
    let Some(day) = record.first_day() else { return Vec::new() };
    let found = findings_of_shipment(&record.as_shipment(day), language);
    // An import for consumers at home names one country twice, and its partner in the table is no country of origin.
    let is_about_partner = |pointer: &str| matches!(pointer, "/reporter_country" | "/origin_country");
    let found = found.into_iter().filter(|one| record.direction == Direction::Export || !is_about_partner(one.pointer));
    found
        .map(|one| RetailRemark { level: one.level, pointer: one.pointer, sentence: one.sentence.to_owned() })
        .collect()
}

/// Refuses a record that cannot be so.
///
/// # Errors
/// `invalid`, naming each field with its sentence.
pub fn ensure_possible(record: &RetailFields, language: Language) -> Result<(), Problem> {
    let impossible = findings(record, language).into_iter().filter(|finding| finding.level == Level::Error);
    let error = |found: RetailRemark| FieldError::new(found.pointer, FieldCode::Contradiction, found.sentence);
    let errors: Vec<FieldError> = impossible.map(error).collect();
    if errors.is_empty() { Ok(()) } else { Err(Problem::invalid(errors)) }
}

/// Whether the country uses the code list of the regime.
fn is_of(regime: &Regime, country: Country) -> bool {
    match regime.system() {
        RegimeSystem::CnSupervision => country.as_str() == "CN",
        RegimeSystem::EuProcedure => is_eu_member(country),
        RegimeSystem::UsEntryType => country.as_str() == "US",
        RegimeSystem::UnProcedure => true,
    }
}

/// An import is for consumers of the country that it comes into; within the Union it may come in through any member.
fn is_for_another_country(record: &RetailFields) -> bool {
    let (reporter, consumer) = (record.reporter_country, record.consumer_country);
    record.direction == Direction::Import && reporter != consumer && !(is_eu_member(reporter) && is_eu_member(consumer))
}

fn is_us_low_value(record: &RetailFields) -> bool {
    record.regime.as_ref().is_some_and(|regime| regime.system() == RegimeSystem::UsEntryType && regime.code() == "86")
}

/// Whether the parcels are worth more than so many whole units each, in the currency; in another one that is not known.
fn is_parcel_above(record: &RetailFields, currency: Currency, most: i64) -> bool {
    record.value.currency == currency
        && i128::from(record.value.amount.0) > i128::from(record.parcels) * i128::from(most) * MICROS
}
