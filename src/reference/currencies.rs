//! Currencies in which prices may be stated, ISO 4217.

use std::sync::LazyLock;

use serde::Serialize;
use utoipa::ToSchema;

use crate::money::Currency;

/// One currency of the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct CurrencyInfo {
    /// The three letters.
    #[schema(value_type = String, example = "EUR")]
    pub code: &'static str,
    /// English name.
    pub name: String,
    /// Decimals of its coins: 0 for JPY, 2 for EUR, 3 for KWD.
    pub minor_digits: u16,
    /// The currency that has taken its place; prices should be stated in that one.
    #[schema(value_type = Option<String>)]
    pub superseded_by: Option<&'static str>,
}

static ALL: LazyLock<Vec<CurrencyInfo>> = LazyLock::new(|| {
    let mut rows: Vec<CurrencyInfo> = Currency::all().map(row).collect();
    rows.sort_by_key(|row| row.code);
    rows
});

fn row(currency: Currency) -> CurrencyInfo {
    let code = currency.code();
    CurrencyInfo {
        code,
        name: currency.name(),
        minor_digits: currency.minor_digits(),
        superseded_by: currency.successor().map(|(successor, _)| successor),
    }
}

/// Every currency, by code.
pub fn all() -> &'static [CurrencyInfo] {
    &ALL
}
