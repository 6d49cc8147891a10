//! Money: an exact amount of at most six decimals and its ISO 4217 currency.
//!
//! Amounts are kept as a 64-bit count of millionths of the currency's main unit ("micros"), because B2B unit prices need four to
//! six decimals; the range is about +-9.2 million million. Nothing here is a float, and two currencies are never added.

use crate::locale;
use std::fmt;
use std::str::FromStr;

use iso_currency::Currency as IsoCurrency;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

const MICROS_PER_UNIT: i64 = 1_000_000;

/// An ISO 4217 currency in which prices may be stated; metals, test and no-currency codes are refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Currency(IsoCurrency);

/// An exact decimal with at most six places, written as a string of digits; used for amounts and quantities.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Micros(pub i64);

/// An amount of money: `{"amount":"12.345600","currency":"USD"}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Money {
    /// The amount in the currency's main unit, a decimal of at most six places.
    pub amount: Micros,
    /// The ISO 4217 code.
    pub currency: Currency,
}

/// A sum of [`Micros`], in millionths too. Wide enough that adding never overflows: it would take 10 million million million of the largest amounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Sum(pub i128);

/// A sum of money of one currency: `{"amount":"12.345600","currency":"USD"}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct MoneySum {
    /// The sum in the currency's main unit, six decimals.
    pub amount: Sum,
    /// The ISO 4217 code.
    pub currency: Currency,
}

/// Why a text is not an amount or a currency; the key of the message that says what would be right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadMoney(&'static str);

/// Currencies that another one has replaced: the code, its successor, and the first day on which only that is money. Of the ISO 4217 amendments
/// and the decisions of the central banks, as of 2026-11.
const RETIRED: [(&str, &str, &str); 6] = [
    ("ANG", "XCG", "2025-07-01"),
    ("BGN", "EUR", "2026-02-01"),
    ("CUC", "CUP", "2021-07-01"),
    ("HRK", "EUR", "2023-01-15"),
    ("SLL", "SLE", "2024-01-01"),
    ("ZWL", "ZWG", "2024-09-01"),
];

impl Currency {
    /// The United States dollar, in which most of the trade is quoted.
    pub const USD: Currency = Currency(IsoCurrency::USD);
    /// The euro.
    pub const EUR: Currency = Currency(IsoCurrency::EUR);

    /// Every currency that may be used, by code.
    pub fn all() -> impl Iterator<Item = Currency> {
        use iso_currency::IntoEnumIterator;
        IsoCurrency::iter().map(Self).filter(|currency| currency.is_usable())
    }

    /// The three-letter code.
    pub fn code(self) -> &'static str {
        self.0.code()
    }

    /// The English name.
    pub fn name(self) -> String {
        self.0.name().to_owned()
    }

    /// How many decimals the currency's coins have: 0 for JPY, 2 for EUR, 3 for KWD.
    pub fn minor_digits(self) -> u16 {
        self.0.exponent().unwrap_or(2)
    }

    /// The code of the currency that has replaced it, and since when nothing is paid in it, `2026-02-01`. The old and the digital bolívar (VES
    /// and VED) are both in use.
    pub fn successor(self) -> Option<(&'static str, &'static str)> {
        RETIRED.iter().find(|(code, ..)| *code == self.code()).map(|(_, successor, since)| (*successor, *since))
    }

    /// Why a new price cannot be in this currency; `None` where it can.
    pub fn refusal(self) -> Option<String> {
        let (successor, since) = self.successor()?;
        Some(format!("{} was replaced by {successor}; nothing is paid in it since {since}", self.code()))
    }

    fn is_usable(self) -> bool {
        // Codes that begin with X are metals, bonds and test codes, but for the common currencies of several countries.
        let code = self.0.code();
        !code.starts_with('X') || matches!(code, "XAF" | "XCD" | "XCG" | "XOF" | "XPF")
    }
}

impl Micros {
    /// Parses a decimal of at most six places, without sign, exponent or separators: `12.3456`.
    pub fn parse(text: &str) -> Result<Self, BadMoney> {
        const WRONG: BadMoney = BadMoney("errors-decimal");
        let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
        let digits_only = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        if !digits_only(whole) || !digits_only(fraction) || fraction.len() > 6 {
            return Err(WRONG);
        }
        let whole: i64 = whole.parse().map_err(|_| BadMoney("errors-too-large"))?;
        let fraction: i64 = format!("{fraction:0<6}").parse().map_err(|_| WRONG)?;
        whole
            .checked_mul(MICROS_PER_UNIT)
            .and_then(|micros| micros.checked_add(fraction))
            .map(Self)
            .ok_or(BadMoney("errors-too-large"))
    }

    /// The whole number `units` as an exact decimal.
    pub fn from_units(units: i32) -> Self {
        // 32 bits, so that there is always a millionth count for it: nothing to saturate or to refuse.
        Self(i64::from(units) * MICROS_PER_UNIT)
    }

    /// The value as a decimal for exact arithmetic.
    pub fn to_decimal(self) -> Decimal {
        Decimal::new(self.0, 6)
    }

    /// The decimal rounded half to even at the sixth place; `None` when it is out of range.
    pub fn from_decimal(decimal: Decimal) -> Option<Self> {
        let micros = (decimal.round_dp(6).checked_mul(Decimal::from(MICROS_PER_UNIT))?).trunc();
        i64::try_from(micros).ok().map(Self)
    }

    /// Whether it is greater than zero.
    pub fn is_positive(self) -> bool {
        self.0 > 0
    }

    /// The value for scoring and display where exactness does not matter; never for adding money up.
    pub fn to_f64(self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "only for scores and bars, never for sums")]
        let micros = self.0 as f64;
        micros / 1_000_000.0
    }

    /// The number without needless zeros but with at least `places` decimals: `12.40`, `0.0125`.
    pub fn display(self, places: usize) -> String {
        shortened(&self.to_string(), places)
    }
}

impl Sum {
    /// Adds an amount.
    pub fn add(&mut self, more: Micros) {
        self.0 += i128::from(more.0);
    }

    /// The number without needless zeros but with at least `places` decimals.
    pub fn display(self, places: usize) -> String {
        shortened(&self.to_string(), places)
    }

    /// The value for bars and comparison where exactness does not matter.
    pub fn to_f64(self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "only for bars, never for sums")]
        let micros = self.0 as f64;
        micros / 1_000_000.0
    }
}

/// A number of six decimals without needless zeros, but with at least `places` decimals.
fn shortened(text: &str, places: usize) -> String {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let kept = fraction.trim_end_matches('0').len().max(places.min(6));
    if kept == 0 { whole.to_owned() } else { format!("{whole}.{}", &fraction[..kept]) }
}

impl Money {
    /// An amount in a currency.
    pub fn new(amount: Micros, currency: Currency) -> Self {
        Self { amount, currency }
    }

    /// The sum, or `None` across currencies and on overflow.
    pub fn checked_add(self, other: Money) -> Option<Money> {
        let amount = (self.currency == other.currency).then(|| self.amount.0.checked_add(other.amount.0))??;
        Some(Self { amount: Micros(amount), currency: self.currency })
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Display for Micros {
    /// Six places, as the API writes it: `12.345600`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let micros = self.0.unsigned_abs();
        write!(f, "{sign}{}.{:06}", micros / 1_000_000, micros % 1_000_000)
    }
}

impl fmt::Display for Sum {
    /// Six places, as [`Micros`].
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let micros = self.0.unsigned_abs();
        write!(f, "{sign}{}.{:06}", micros / 1_000_000, micros % 1_000_000)
    }
}

impl fmt::Display for Money {
    /// As people read it: `USD 12.40`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.currency, self.amount.display(usize::from(self.currency.minor_digits())))
    }
}

impl fmt::Display for BadMoney {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(locale::text(locale::Language::English, self.0))
    }
}

impl std::error::Error for BadMoney {}

impl FromStr for Currency {
    type Err = BadMoney;
    fn from_str(text: &str) -> Result<Self, BadMoney> {
        IsoCurrency::from_code(text)
            .map(Self)
            .filter(|currency| currency.is_usable())
            .ok_or(BadMoney("errors-currency"))
    }
}

impl FromStr for Micros {
    type Err = BadMoney;
    fn from_str(text: &str) -> Result<Self, BadMoney> {
        Self::parse(text)
    }
}

/// Written as a text of this pattern.
macro_rules! text_form {
    ($name:ident, $pattern:literal) => {
        impl Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
                utoipa::openapi::ObjectBuilder::new()
                    .schema_type(utoipa::openapi::schema::Type::String)
                    .pattern(Some($pattern))
                    .into()
            }
        }

        impl ToSchema for $name {}
    };
}

/// Read from such a text as well.
macro_rules! read_form {
    ($name:ident) => {
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

text_form!(Currency, "^[A-Z]{3}$");
text_form!(Micros, r"^[0-9]{1,13}(\.[0-9]{1,6})?$");
text_form!(Sum, r"^-?[0-9]+\.[0-9]{6}$");
read_form!(Currency);
read_form!(Micros);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_exact_and_written_with_six_places() {
        assert_eq!(Micros::parse("12.3456").unwrap().to_string(), "12.345600");
        assert_eq!(Micros::parse("0").unwrap(), Micros(0));
        assert_eq!(Micros::parse("9223372036854.775807").unwrap(), Micros(i64::MAX));
    }

    #[test]
    fn what_is_not_a_plain_decimal_is_refused() {
        for text in ["", ".", "1.", ".5", "-1", "+1", "1e3", "1,000", "1.2345678", "9223372036855", " 1"] {
            assert!(Micros::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn prices_read_as_the_trade_writes_them() {
        let money = Money::new(Micros::parse("12.4").unwrap(), "USD".parse().unwrap());
        assert_eq!(money.to_string(), "USD 12.40");
        let yen = Money::new(Micros::parse("1200").unwrap(), "JPY".parse().unwrap());
        assert_eq!(yen.to_string(), "JPY 1200");
    }

    #[test]
    fn sums_do_not_overflow() {
        let mut sum = Sum::default();
        (0..3).for_each(|_| sum.add(Micros(i64::MAX)));
        assert_eq!(sum.to_string(), "27670116110564.327421");
        assert_eq!(Sum(1_500_000).display(2), "1.50");
    }

    #[test]
    fn metals_and_test_codes_are_no_currencies() {
        assert!("XAU".parse::<Currency>().is_err() && "XXX".parse::<Currency>().is_err());
        assert!("XOF".parse::<Currency>().is_ok());
    }
}
