//! Quantities: an exact value and its unit, UN/ECE Recommendation 20 (with Recommendation 21 packages as X-codes).
//!
//! Units of one dimension (mass, length, area, volume, count, energy) convert into each other exactly, so that an MOQ of 1 t
//! compares with 1 000 kg wanted; units of different dimensions never do.

mod conversions;
mod dimension;

use std::fmt;
use std::str::FromStr;

use cefact_units::{Status, UnitCode};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use self::conversions::CONVERTED;
pub use self::dimension::Dimension;
use crate::locale;
use crate::money::Micros;

/// A unit of measure or a package, by its UN/ECE Rec 20 or Rec 21 code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Unit(UnitCode);

/// A quantity: `{"value":"500","unit":"KGM"}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Quantity {
    /// The value, an exact decimal of at most six places, written without needless zeros.
    #[serde(with = "plain_decimal")]
    #[schema(value_type = String, pattern = r"^[0-9]{1,13}(\.[0-9]{1,6})?$", example = "500")]
    pub value: Micros,
    /// The UN/ECE Rec 20 code.
    pub unit: Unit,
}

/// Why a text is not a unit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadUnit;

impl Unit {
    /// `C62`, one: the unit of things that are counted.
    pub const ONE: Unit = Unit(UnitCode::C62);
    /// `KGM`, kilogram.
    pub const KILOGRAM: Unit = Unit(UnitCode::Kgm);

    /// Every unit in force (deprecated and deleted codes are left out).
    pub fn all() -> impl Iterator<Item = Unit> {
        UnitCode::ALL.iter().copied().filter(|code| code.status() == Status::Current).map(Self)
    }

    /// The code, like `KGM`.
    pub fn code(self) -> &'static str {
        self.0.as_str()
    }

    /// The English name of the code list, like `kilogram`.
    pub fn name(self) -> &'static str {
        self.0.info().name
    }

    /// How the trade writes it: `kg`, `pcs`, `m2`; the code list's name where there is no usual short form.
    pub fn label(self) -> &'static str {
        COMMON.iter().find(|(code, ..)| *code == self.code()).map_or_else(|| self.name(), |(_, label, ..)| label)
    }

    /// What it measures and how many base units (kg, m, m2, l, piece, kWh) it holds, as a fraction; `None` for units that
    /// Tradepost does not convert, packages among them.
    pub fn measure(self) -> Option<(Dimension, Decimal)> {
        let common = COMMON.iter().find(|(code, ..)| *code == self.code()).and_then(|(_, _, measure)| *measure);
        let other = || {
            CONVERTED
                .iter()
                .find(|(code, ..)| *code == self.code())
                .map(|(_, of, mantissa, scale)| (*of, *mantissa, *scale))
        };
        common.or_else(other).map(|(dimension, mantissa, scale)| (dimension, Decimal::new(mantissa, scale)))
    }

    /// A price for one of this unit as the price of one base unit of what it measures (kg, m, m2, l, piece, kWh), rounded to micro-units; as
    /// it is for units that do not convert.
    pub fn base_price(self, price: Micros) -> Micros {
        let Some((_, factor)) = self.measure() else { return price };
        price.to_decimal().checked_div(factor).and_then(Micros::from_decimal).unwrap_or(price)
    }

    /// A price for one of this unit as a price for one of `other`, unrounded: 1 000 a tonne is 1 a kilogram. `None` where the
    /// two units do not convert or the result is out of range.
    pub fn reprice(self, price: Decimal, other: Unit) -> Option<Decimal> {
        if self == other {
            return Some(price);
        }
        let (dimension, factor) = self.measure()?;
        let (other_dimension, other_factor) = other.measure()?;
        (dimension == other_dimension).then(|| price.checked_mul(other_factor)?.checked_div(factor))?
    }
}

/// Code, short label, and what it measures as (dimension, factor mantissa, factor decimals).
type CommonUnit = (&'static str, &'static str, Option<(Dimension, i64, u32)>);

const COMMON: &[CommonUnit] = &[
    ("KGM", "kg", Some((Dimension::Mass, 1, 0))),
    ("GRM", "g", Some((Dimension::Mass, 1, 3))),
    ("MGM", "mg", Some((Dimension::Mass, 1, 6))),
    ("TNE", "t", Some((Dimension::Mass, 1_000, 0))),
    ("LBR", "lb", Some((Dimension::Mass, 45_359_237, 8))),
    ("ONZ", "oz", Some((Dimension::Mass, 28_349_523_125, 12))),
    ("MTR", "m", Some((Dimension::Length, 1, 0))),
    ("CMT", "cm", Some((Dimension::Length, 1, 2))),
    ("MMT", "mm", Some((Dimension::Length, 1, 3))),
    ("KMT", "km", Some((Dimension::Length, 1_000, 0))),
    ("INH", "in", Some((Dimension::Length, 254, 4))),
    ("FOT", "ft", Some((Dimension::Length, 3_048, 4))),
    ("YRD", "yd", Some((Dimension::Length, 9_144, 4))),
    ("MTK", "m\u{b2}", Some((Dimension::Area, 1, 0))),
    ("FTK", "sq ft", Some((Dimension::Area, 9_290_304, 8))),
    ("LTR", "l", Some((Dimension::Volume, 1, 0))),
    ("MLT", "ml", Some((Dimension::Volume, 1, 3))),
    ("MTQ", "m\u{b3}", Some((Dimension::Volume, 1_000, 0))),
    ("C62", "pcs", Some((Dimension::Count, 1, 0))),
    ("H87", "pcs", Some((Dimension::Count, 1, 0))),
    ("EA", "pcs", Some((Dimension::Count, 1, 0))),
    ("PR", "pairs", Some((Dimension::Count, 2, 0))),
    ("DZN", "dozen", Some((Dimension::Count, 12, 0))),
    ("MIL", "thousand", Some((Dimension::Count, 1_000, 0))),
    ("T3", "thousand pcs", Some((Dimension::Count, 1_000, 0))),
    ("KWH", "kWh", Some((Dimension::Energy, 1, 0))),
    ("MWH", "MWh", Some((Dimension::Energy, 1_000, 0))),
    ("SET", "sets", None),
    ("NMP", "packs", None),
    ("XCT", "cartons", None),
    ("XBX", "boxes", None),
    ("XPX", "pallets", None),
    ("XPK", "packages", None),
    ("XDR", "drums", None),
    ("XRO", "rolls", None),
    ("XBG", "bags", None),
];

impl Quantity {
    /// A value in a unit.
    pub fn new(value: Micros, unit: Unit) -> Self {
        Self { value, unit }
    }

    /// The same quantity in another unit of the same dimension; `None` where the two do not convert.
    pub fn to_unit(self, unit: Unit) -> Option<Quantity> {
        if self.unit == unit {
            return Some(self);
        }
        let (from, from_factor) = self.unit.measure()?;
        let (to, to_factor) = unit.measure()?;
        if from != to {
            return None;
        }
        let value = self.value.to_decimal().checked_mul(from_factor)?.checked_div(to_factor)?;
        Some(Quantity::new(Micros::from_decimal(value)?, unit))
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Display for Quantity {
    /// As people read it: `500 kg`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.value.display(0), self.unit.label())
    }
}

impl fmt::Display for BadUnit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(locale::text(locale::Language::English, "errors-unit"))
    }
}

impl std::error::Error for BadUnit {}

impl FromStr for Unit {
    type Err = BadUnit;
    fn from_str(text: &str) -> Result<Self, BadUnit> {
        UnitCode::from_code(text).filter(|code| code.status() == Status::Current).map(Self).ok_or(BadUnit)
    }
}

impl Serialize for Unit {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for Unit {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

impl utoipa::PartialSchema for Unit {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::Type::String)
            .pattern(Some("^[A-Z0-9]{2,3}$"))
            .description(Some(
                "UN/ECE Recommendation 20 unit code, or Recommendation 21 package code with an X before it",
            ))
            .into()
    }
}

impl ToSchema for Unit {}

/// Quantities on the wire carry no needless zeros: `"500"`, `"0.25"`; for `#[serde(with)]`.
pub mod plain_decimal {
    use serde::{Deserialize, Deserializer, Serializer};

    use crate::money::Micros;

    /// Writes the value without needless zeros.
    ///
    /// # Errors
    /// Those of the serializer.
    pub fn serialize<S: Serializer>(value: &Micros, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&value.display(0))
    }

    /// Reads a decimal string.
    ///
    /// # Errors
    /// When it is no decimal of at most six places.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Micros, D::Error> {
        Micros::deserialize(deserializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quantity(value: &str, unit: &str) -> Quantity {
        Quantity::new(value.parse().unwrap(), unit.parse().unwrap())
    }

    #[test]
    fn units_of_one_dimension_convert_exactly() {
        assert_eq!(quantity("2", "TNE").to_unit(Unit::KILOGRAM), Some(quantity("2000", "KGM")));
        assert_eq!(quantity("3", "DZN").to_unit(Unit::ONE), Some(quantity("36", "C62")));
        assert_eq!(quantity("1", "KGM").to_unit(Unit::ONE), None);
        assert_eq!(quantity("5", "XCT").to_unit(Unit::ONE), None);
    }

    #[test]
    fn units_of_trade_convert_or_say_that_they_do_not() {
        for (code, dimension, one_of) in [
            ("CEN", Dimension::Count, "100"),
            ("GRO", Dimension::Count, "144"),
            ("STN", Dimension::Mass, "907.18474"),
            ("LTN", Dimension::Mass, "1016.0469088"),
            ("CWA", Dimension::Mass, "45.359237"),
            ("GLL", Dimension::Volume, "3.785411784"),
            ("BLL", Dimension::Volume, "158.987294928"),
            ("FTQ", Dimension::Volume, "28.316846592"),
            ("YDK", Dimension::Area, "0.83612736"),
            ("CMK", Dimension::Area, "0.0001"),
            ("DTN", Dimension::Mass, "100"),
            ("HLT", Dimension::Volume, "100"),
            ("SMI", Dimension::Length, "1609.344"),
            ("APZ", Dimension::Mass, "0.0311034768"),
        ] {
            let unit: Unit = code.parse().unwrap();
            assert_eq!(unit.measure(), Some((dimension, one_of.parse().unwrap())), "{code}");
        }
        for code in ["XCT", "SET", "NMP", "HUR"] {
            assert_eq!(code.parse::<Unit>().unwrap().measure(), None, "{code}");
        }
        for (code, ..) in CONVERTED {
            assert!(code.parse::<Unit>().is_ok() && !COMMON.iter().any(|(known, ..)| known == code), "{code}");
        }
        let base = |price: &str, unit: &str| {
            unit.parse::<Unit>().unwrap().base_price(price.parse().unwrap()).to_decimal().normalize().to_string()
        };
        assert_eq!(
            [base("4350", "TNE"), base("5", "KGM"), base("2", "CEN"), base("9", "XCT")],
            ["4.35", "5", "0.02", "9"]
        );
    }

    #[test]
    fn prices_follow_their_unit() {
        let unit = |code: &str| code.parse::<Unit>().unwrap();
        assert_eq!(unit("TNE").reprice(Decimal::from(1_000), Unit::KILOGRAM), Some(Decimal::ONE));
        assert_eq!(unit("C62").reprice(Decimal::ONE, unit("DZN")), Some(Decimal::from(12)));
        assert_eq!(unit("XCT").reprice(Decimal::ONE, Unit::ONE), None);
        assert_eq!(unit("XCT").reprice(Decimal::ONE, unit("XCT")), Some(Decimal::ONE));
    }

    #[test]
    fn the_common_units_are_all_in_the_code_list() {
        for (code, ..) in COMMON {
            assert!(code.parse::<Unit>().is_ok(), "{code}");
        }
    }

    #[test]
    fn trade_slang_and_deprecated_codes_are_no_codes() {
        for text in ["PCE", "PCS", "ROL", "NPR", "kgm", ""] {
            assert!(text.parse::<Unit>().is_err(), "{text}");
        }
    }

    #[test]
    fn quantities_read_and_travel_plainly() {
        assert_eq!(quantity("500", "KGM").to_string(), "500 kg");
        assert_eq!(serde_json::to_string(&quantity("0.25", "TNE")).unwrap(), r#"{"value":"0.25","unit":"TNE"}"#);
    }
}
