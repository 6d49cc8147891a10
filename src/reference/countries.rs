//! Countries: ISO 3166-1 with the numbers that statistics use.

use std::sync::LazyLock;

use serde::Serialize;
use utoipa::ToSchema;

use super::codes::Country;

/// One country of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct CountryInfo {
    /// ISO 3166-1 alpha-2.
    #[schema(value_type = String, example = "NL")]
    pub alpha2: &'static str,
    /// ISO 3166-1 alpha-3; `XKX` for Kosovo.
    #[schema(value_type = String, example = "NLD")]
    pub alpha3: &'static str,
    /// UN M49 number; none for Kosovo.
    pub numeric: Option<u16>,
    /// The number that UN Comtrade uses, which differs from M49 for six countries; none for Kosovo.
    pub comtrade: Option<u16>,
    /// English short name.
    #[schema(value_type = String)]
    pub name: &'static str,
    /// Whether it is a member state of the European Union.
    pub eu_member: bool,
}

const EU_MEMBERS: [&str; 27] = [
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT", "LU", "LV",
    "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
];

static ALL: LazyLock<Vec<CountryInfo>> = LazyLock::new(|| {
    let mut countries: Vec<CountryInfo> = rust_iso3166::ALL.iter().map(from_iso).collect();
    countries.push(CountryInfo {
        alpha2: "XK",
        alpha3: "XKX",
        numeric: None,
        comtrade: None,
        name: "Kosovo",
        eu_member: false,
    });
    countries.sort_by_key(|country| country.alpha2);
    countries
});

fn from_iso(iso: &rust_iso3166::CountryCode) -> CountryInfo {
    CountryInfo {
        alpha2: iso.alpha2,
        alpha3: iso.alpha3,
        numeric: Some(iso.numeric),
        comtrade: Some(comtrade_number(iso.alpha2, iso.numeric)),
        name: iso.name,
        eu_member: EU_MEMBERS.contains(&iso.alpha2),
    }
}

/// Comtrade reports some countries under areas of its own (with Puerto Rico, with Monaco, with Svalbard ...).
fn comtrade_number(alpha2: &str, m49: u16) -> u16 {
    match alpha2 {
        "US" => 842,
        "IN" => 699,
        "FR" => 251,
        "NO" => 579,
        "CH" => 757,
        "TW" => 490,
        _ => m49,
    }
}

/// Every country, by alpha-2 code.
pub fn all() -> &'static [CountryInfo] {
    &ALL
}

/// The row of a country.
pub fn find(country: Country) -> Option<&'static CountryInfo> {
    ALL.binary_search_by_key(&country.as_str(), |row| row.alpha2).ok().and_then(|place| ALL.get(place))
}

/// Whether the country is a member state of the European Union.
pub fn is_eu_member(country: Country) -> bool {
    EU_MEMBERS.contains(&country.as_str())
}
