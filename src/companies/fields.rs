//! The profile of a company: the API's JSON, the stored document and the domain type in one.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::names;
use super::{Certification, Form, StaffBand, check_certifications};
use crate::error::{FieldCode, Result};
use crate::locale;
use crate::reference::codes::{Country, Language};
use crate::text::{Checker, area};

/// Members of a company that only the server sets; sent back, they are ignored.
pub const READ_ONLY: &[&str] = &[
    "id",
    "state",
    "verification",
    "verified_on",
    "evidence",
    "version",
    "created_at",
    "updated_at",
    "url",
    "score",
    "highlight",
];

/// A company's own fields.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CompanyFields {
    /// The name it trades under, 1 to 300 characters.
    #[serde(default)]
    #[schema(required = true, min_length = 1, max_length = 300)]
    pub name: String,
    /// The name in the register, up to 300 characters.
    #[serde(default)]
    pub legal_name: Option<String>,
    /// Other names it is known by, at most 20.
    #[serde(default)]
    pub trade_names: Vec<String>,
    /// Where it is registered.
    pub country: Country,
    /// What kind of business it is; a trading company where nothing is said.
    #[serde(default)]
    pub form: Form,
    /// Its numbers in registers, at most 20.
    #[serde(default)]
    pub identifiers: Vec<CompanyIdentifier>,
    /// Its own site.
    #[serde(default)]
    pub website: Option<String>,
    /// The year it was founded, 1000 to 2100.
    #[serde(default)]
    pub year: Option<u16>,
    /// How many people work there.
    #[serde(default)]
    pub staff_band: Option<StaffBand>,
    /// The countries it sells to.
    #[serde(default)]
    pub markets: Vec<Country>,
    /// The languages it can be written to in.
    #[serde(default)]
    pub languages: Vec<Language>,
    /// What it does, in its own words, up to 10 000 characters.
    #[serde(default)]
    pub profile: Option<String>,
    /// The certificates it claims, at most 50.
    #[serde(default)]
    pub certifications: Vec<Certification>,
}

/// A number that a register or an agency gave to the company.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CompanyIdentifier {
    /// `uscc`, `vat`, `eori`, `lei`, `duns`, `gln`, `gtin`, `iec`, `gstin`, `cnpj` or `jp_corporate`. Here only the form is checked: which kinds
    /// there are and whether the digits hold is the business of the identifier checks.
    pub kind: String,
    /// The number, up to 64 characters.
    pub value: String,
    /// The country of the register, where the kind does not say it.
    #[serde(default)]
    pub country: Option<Country>,
}

impl CompanyFields {
    /// A company of which only the name and country are known.
    pub fn new(name: impl Into<String>, country: Country) -> Self {
        Self {
            name: name.into(),
            legal_name: None,
            trade_names: Vec::new(),
            country,
            form: Form::default(),
            identifiers: Vec::new(),
            website: None,
            year: None,
            staff_band: None,
            markets: Vec::new(),
            languages: Vec::new(),
            profile: None,
            certifications: Vec::new(),
        }
    }

    /// Every name that it goes by.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.name.as_str())
            .chain(self.legal_name.as_deref())
            .chain(self.trade_names.iter().map(String::as_str))
    }

    /// Cleans the texts and checks all fields.
    ///
    /// # Errors
    /// `invalid` naming each field that is wrong.
    pub fn check(&mut self) -> Result<()> {
        let mut checker = Checker::new();
        checker.public_text("/name", &mut self.name, 1..=300);
        checker.public_text("/legal_name", &mut self.legal_name, 0..=300);
        checker.public_texts("/trade_names", &mut self.trade_names, 20, 300);
        self.check_names(&mut checker);
        self.check_identifiers(&mut checker);
        checker.text("/website", &mut self.website, 0..=2_000);
        if let Some(website) = &self.website {
            checker.url("/website", website);
        }
        // From the year 1000: there are breweries and bell founders.
        let year_ok = self.year.is_none_or(|year| (1000..=2100).contains(&year));
        checker.ensure(
            year_ok,
            "/year",
            FieldCode::Range,
            locale::text(locale::Language::English, "companies-must-be-year"),
        );
        checker.distinct("/markets", &mut self.markets, 250);
        checker.distinct("/languages", &mut self.languages, 50);
        checker.public_prose("/profile", &mut self.profile, 0..=10_000);
        check_certifications(&mut checker, "/certifications", &mut self.certifications);
        checker.finish()
    }

    fn check_names(&self, checker: &mut Checker) {
        let trade_names = self.trade_names.iter().enumerate().map(|(at, name)| (format!("/trade_names/{at}"), name));
        let named = [("/name".to_owned(), Some(&self.name)), ("/legal_name".to_owned(), self.legal_name.as_ref())];
        let named = named.into_iter().filter_map(|(pointer, name)| Some((pointer, name?)));
        let message = locale::text(locale::Language::English, "companies-name-invisible");
        for (pointer, name) in named.chain(trade_names) {
            checker.ensure(!names::has_invisible(name), &pointer, FieldCode::Format, message);
        }
    }

    fn check_identifiers(&mut self, checker: &mut Checker) {
        checker.max_items("/identifiers", self.identifiers.len(), 20);
        for (index, identifier) in self.identifiers.iter_mut().enumerate() {
            checker.text(&format!("/identifiers/{index}/kind"), &mut identifier.kind, 1..=32);
            checker.text(&format!("/identifiers/{index}/value"), &mut identifier.value, 1..=64);
        }
    }
}

/// Identifiers, one per line: the kind, the number and, where the kind does not imply it, the country: `vat NL001234567B01`.
pub fn parse_identifier_lines(text: &str) -> Value {
    let identifier = |line: &str| {
        let (kind, rest) = line.split_once([' ', ':']).unwrap_or((line, ""));
        let rest = rest.trim_start_matches(':').trim();
        let (value, country) = match rest.rsplit_once(' ') {
            // Capitals only: the last part of a number may be two small letters.
            Some((value, last)) if is_country(last) => (value.trim(), Some(last)),
            _ => (rest, None),
        };
        json!({"kind": kind.trim().to_lowercase(), "value": value, "country": country})
    };
    Value::Array(area::lines(text).map(identifier).collect())
}

fn is_country(text: &str) -> bool {
    text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_uppercase())
}

/// The lines that [`parse_identifier_lines`] reads.
pub fn identifier_lines(identifiers: &[CompanyIdentifier]) -> String {
    let line = |one: &CompanyIdentifier| match one.country {
        Some(country) => format!("{} {} {country}", one.kind, one.value),
        None => format!("{} {}", one.kind, one.value),
    };
    identifiers.iter().map(line).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_survive_the_form() {
        let text = "vat NL001234567B01\nuscc 91330304MA82597939 CN";
        let read: Vec<CompanyIdentifier> = serde_json::from_value(parse_identifier_lines(text)).unwrap();
        assert_eq!(read[1].value, "91330304MA82597939");
        assert_eq!(identifier_lines(&read), text);
        let spaced: Vec<CompanyIdentifier> =
            serde_json::from_value(parse_identifier_lines("VAT: NL 0012 34567B01")).unwrap();
        assert_eq!((spaced[0].kind.as_str(), spaced[0].value.as_str()), ("vat", "NL 0012 34567B01"));
    }
}
