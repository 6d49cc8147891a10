//! Plausibility: what is odd about a shipment although every field is well-formed, with a level and a sentence for each. An error is refused on
//! entry; warnings and notes stand in the record for both sides.

use serde::Serialize;
use utoipa::ToSchema;

use super::RecordFields;
use crate::customs::Direction;
use crate::customs::rules::GoodsRoute;
use crate::error::{FieldCode, FieldError, Problem};
use crate::locale::{Language, text};
use crate::reference::codes::Country;
use crate::reference::countries;
use crate::reference::transport::TransportMode;
use crate::units::Unit;
use crate::wire_enum;

wire_enum! {
    /// How odd it is.
    pub enum Level {
        /// It cannot be so.
        Error = "error",
        /// It is hardly so.
        Warning = "warning",
        /// It may be so, and is worth a look.
        Note = "note",
    }
}

/// One thing that is odd.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PlausibilityRemark {
    /// How odd it is.
    pub level: Level,
    /// The field that it is about, as a JSON pointer.
    pub pointer: &'static str,
    /// What is odd, and what may be meant.
    pub sentence: &'static str,
}

/// A rule: its level, its field, the key of its sentence, and whether it speaks of the shipment.
struct Rule {
    level: Level,
    pointer: &'static str,
    sentence: fn(Language) -> &'static str,
    applies: fn(&RecordFields) -> bool,
}

macro_rules! rules {
    ($($level:ident $pointer:literal $key:literal $applies:expr;)*) => {
        [$(Rule { level: Level::$level, pointer: $pointer, sentence: |language| text(language, $key), applies: $applies },)*]
    };
}

/// Every rule, the gravest first.
static RULES: [Rule; 9] = rules![
    Error "/transport_mode" "partnerships-odd-air-parcel" |r| {
        r.goods_route == GoodsRoute::AirParcel && r.transport_mode.is_some_and(|mode| !is_by_air(mode))
    };
    Error "/net_kg" "partnerships-more-net-than-all" |r| is_another_weight(r) && is_more_than_all(r);
    Warning "/incoterm" "partnerships-odd-incoterm" |r| {
        r.incoterm.is_some_and(|term| term.is_for_water_only()) && r.transport_mode.is_some_and(is_without_water)
    };
    Warning "/net_kg" "partnerships-odd-weight" |r| is_another_weight(r) && !is_more_than_all(r);
    Warning "/hs_code" "partnerships-odd-hs-digits" |r| {
        r.hs_code.as_str().len() == 9 && r.reporter_country.as_str() != "JP"
    };
    Warning "/reporter_country" "partnerships-odd-inside-eu" |r| is_inside_eu(r);
    Warning "/invoice_date" "partnerships-odd-dates" |r| {
        r.customs_date().is_some_and(|day| (r.invoice_date - day).num_days() > 30 || (day - r.invoice_date).num_days() > 365)
    };
    Warning "/value/amount" "partnerships-odd-value" |r| is_odd_value(r);
    Note "/origin_country" "partnerships-odd-origin" |r| {
        r.direction == Direction::Import && r.origin_country.is_none()
    };
];

/// What is odd about the shipment, the gravest first.
pub fn findings(record: &RecordFields, language: Language) -> Vec<PlausibilityRemark> {
    let applies = RULES.iter().filter(|rule| (rule.applies)(record));
    applies
        .map(|rule| PlausibilityRemark {
            level: rule.level,
            pointer: rule.pointer,
            sentence: (rule.sentence)(language),
        })
        .collect()
}

/// Refuses a shipment that cannot be so.
///
/// # Errors
/// `invalid`, naming each field with its sentence.
pub fn ensure_possible(record: &RecordFields, language: Language) -> Result<(), Problem> {
    let impossible = findings(record, language).into_iter().filter(|finding| finding.level == Level::Error);
    let error = |found: PlausibilityRemark| FieldError::new(found.pointer, FieldCode::Contradiction, found.sentence);
    let errors: Vec<FieldError> = impossible.map(error).collect();
    if errors.is_empty() { Ok(()) } else { Err(Problem::invalid(errors)) }
}

fn is_by_air(mode: TransportMode) -> bool {
    matches!(mode, TransportMode::Air | TransportMode::Post | TransportMode::Multimodal)
}

fn is_without_water(mode: TransportMode) -> bool {
    matches!(
        mode,
        TransportMode::Air | TransportMode::Rail | TransportMode::Road | TransportMode::Post | TransportMode::Pipeline
    )
}

/// Whether a quantity in a unit of mass and the net weight differ by more than a tenth: packing is not net, and rounding is less.
fn is_another_weight(record: &RecordFields) -> bool {
    let Some(kilograms) = record.quantity.to_unit(Unit::KILOGRAM) else { return false };
    let (stated, net) = (kilograms.value.0, record.net_kg.0);
    i128::from(stated.abs_diff(net)) * 10 > i128::from(stated.max(net))
}

/// Whether more weighs net than there is: 500 kg with 900 kg net. (Less is odd and not impossible: the quantity may be gross.)
fn is_more_than_all(record: &RecordFields) -> bool {
    record.quantity.to_unit(Unit::KILOGRAM).is_some_and(|all| record.net_kg > all.value)
}

/// Whether both countries are in the customs territory of the Union: since 1993 no declaration is made between them.
fn is_inside_eu(record: &RecordFields) -> bool {
    let is_eu = |country: Country| countries::is_eu_member(country);
    is_eu(record.reporter_country) && is_eu(record.partner_country)
}

/// Below a cent or above a million a kilogram, in any currency that trade is invoiced in: a comma has moved.
fn is_odd_value(record: &RecordFields) -> bool {
    let (value, kilograms) = (record.value.amount.to_f64(), record.net_kg.to_f64());
    kilograms > 0.0 && !(0.01..=1_000_000.0).contains(&(value / kilograms))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(changes: &[(&str, serde_json::Value)]) -> RecordFields {
        let mut record = serde_json::json!({
            "direction": "export", "reporter_country": "CN", "partner_country": "NL", "hs_code": "730441",
            "quantity": {"value": "2", "unit": "TNE"}, "net_kg": "2000", "value": {"amount": "8700", "currency": "USD"},
            "incoterm": "FOB", "invoice_date": "2026-10-02", "released_on": "2026-10-05", "transport_mode": "sea"
        });
        changes.iter().for_each(|(name, value)| record[*name] = value.clone());
        serde_json::from_value(record).unwrap()
    }

    #[test]
    fn odd_shipments_are_found_with_level_and_field() {
        use serde_json::json;
        assert!(findings(&record(&[]), Language::English).is_empty());
        for (changes, level, pointer) in [
            (vec![("goods_route", json!("air_parcel"))], Level::Error, "/transport_mode"),
            (vec![("transport_mode", json!("air"))], Level::Warning, "/incoterm"),
            (vec![("net_kg", json!("2"))], Level::Warning, "/net_kg"),
            (vec![("quantity", json!({"value": "3000", "unit": "KGM"}))], Level::Warning, "/net_kg"),
            (vec![("quantity", json!({"value": "500", "unit": "KGM"}))], Level::Error, "/net_kg"),
            (vec![("hs_code", json!("304411000"))], Level::Warning, "/hs_code"),
            (vec![("reporter_country", json!("DE"))], Level::Warning, "/reporter_country"),
            (vec![("invoice_date", json!("2025-01-02"))], Level::Warning, "/invoice_date"),
            (vec![("value", json!({"amount": "0.01", "currency": "USD"}))], Level::Warning, "/value/amount"),
            (vec![("direction", json!("import"))], Level::Note, "/origin_country"),
        ] {
            let found = findings(&record(&changes), Language::English);
            let found: Vec<_> = found.iter().map(|finding| (finding.level, finding.pointer)).collect();
            assert_eq!(found, [(level, pointer)], "{changes:?}");
        }
        let by_piece = [("quantity", json!({"value": "500", "unit": "H87"}))];
        assert!(findings(&record(&by_piece), Language::English).is_empty(), "pieces weigh what they weigh");
        let japan = [("hs_code", json!("304411000")), ("reporter_country", json!("JP"))];
        assert!(findings(&record(&japan), Language::English).is_empty());
    }
}
