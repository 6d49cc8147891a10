//! The parameters of a search: which there are, what they may say, and the query that they make. Pure.
//!
//! Every wrong parameter is named; what is right stays in the query, so that a page can answer in spite of a mistake while the
//! API refuses.

use std::fmt::Display;
use std::str::FromStr;
use std::sync::Arc;

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::params;
use crate::clock::Time;
use crate::companies::{Form, Verification};
use crate::error::{Code, FieldCode, FieldError, Problem, Result};
use crate::ids::CompanyId;
use crate::locale::{self, Message};
use crate::money::{Currency, Micros};
use crate::rates::DatedRates;
use crate::reference::codes::{Country, Incoterm, Language};
use crate::reference::{hs, hs_prefix};
use crate::search::{Dim, Kind, PriceFilter, PriceRate, Query, Sort};
use crate::secrets;

/// Most characters of one parameter other than `q`.
const MAX_VALUE: usize = 1_000;
/// Most values of one filter.
const MAX_VALUES: usize = 100;
/// The longest lead time that can be asked for, in days.
const MAX_DAYS: i64 = 10_000;
/// The parameters that change how an answer is shown and not what is found; a cursor outlives a change of them.
// Asking for the next page with marks or other facets must not cost a reader the place in the list.
const SHOWN_ONLY: &[&str] = &["cursor", "limit", "facets", "highlight", "explain"];
/// The parameters that change which of the documents found come first, and not which are found.
const ORDER_ONLY: &[&str] = &["sort", "group_by"];

/// A value in its canonical form, or what would be right.
type Reading = std::result::Result<String, String>;

/// Names and values as they stood in the query string.
pub type Pairs = [(String, String)];

/// A search as it was asked for.
#[derive(Clone, Debug)]
pub struct ParsedSearch {
    /// What is searched.
    pub kind: Kind,
    /// The query, of everything that could be understood; `after` is not set yet.
    pub query: Query,
    /// The cursor, unopened.
    pub cursor: Option<String>,
    /// The name that cursors are bound to: what is searched, and the SHA-256 of all that decides what is found.
    pub list: String,
    /// What could not be understood.
    pub errors: Vec<FieldError>,
    /// The currency that prices are compared in, and the rates they are converted at.
    pub conversion: Option<Conversion>,
}

/// At which rates prices were compared.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Conversion {
    /// The currency that was asked in.
    pub currency: Currency,
    /// Who published the rates; null when none are loaded, so that only prices in this currency count.
    pub rate_source: Option<String>,
    /// The day of the rates.
    pub rate_date: Option<NaiveDate>,
    /// The rates themselves.
    #[serde(skip)]
    pub rates: Option<Arc<DatedRates>>,
}

impl ParsedSearch {
    /// The search, unless a parameter was wrong.
    ///
    /// # Errors
    /// `invalid` naming each parameter that is wrong, by its name as a pointer: `/price_min`.
    pub fn into_valid(self) -> Result<Self> {
        if self.errors.is_empty() { Ok(self) } else { Err(Problem::invalid(self.errors)) }
    }
}

/// The dimensions that a kind of document can be filtered and counted by, in the order in which `facets=all` answers them.
/// The company can be filtered and counted by name only: there are too many for "all".
pub fn dims(kind: Kind) -> &'static [Dim] {
    use Dim::{
        Category, Certification, Company, Country, Currency, Form, Hs, HsChapter, Incoterm, Language, Market, Origin,
        Verification,
    };
    match kind {
        Kind::Listing => &[
            Country,
            HsChapter,
            Hs,
            Category,
            Form,
            Verification,
            Certification,
            Incoterm,
            Currency,
            Language,
            Origin,
            Company,
        ],
        Kind::Company => &[Country, Form, Verification, Certification, Market, Language, Company],
        Kind::Rfq => &[Country, HsChapter, Hs, Category, Certification, Incoterm, Currency, Language, Company],
    }
}

/// The orders that a kind can be asked for in.
pub fn sorts(kind: Kind) -> &'static [Sort] {
    match kind {
        Kind::Listing => &[Sort::Relevance, Sort::Newest, Sort::Price, Sort::Moq],
        Kind::Company => &[Sort::Relevance, Sort::Newest],
        Kind::Rfq => &[Sort::Relevance, Sort::Newest, Sort::Deadline, Sort::Price],
    }
}

/// Whether a search of this kind knows the parameter.
pub fn is_known(kind: Kind, name: &str) -> bool {
    params::names(kind).iter().any(|known| known == name)
}

/// Whether the parameter may hold several values with commas between them. Names of categories may hold commas themselves.
pub fn splits_at_commas(name: &str) -> bool {
    name == "facets" || Dim::parse(name).is_some_and(|dim| dim != Dim::Category)
}

/// Refuses a parameter that is not known.
///
/// # Errors
/// `bad_request` naming it and those that are known.
pub fn ensure_known(kind: Kind, pairs: &Pairs) -> Result<()> {
    let Some((name, _)) = pairs.iter().find(|(name, _)| !is_known(kind, name)) else { return Ok(()) };
    let name: String = name.chars().take(60).collect();
    let detail = Message::new("discovery-parameter-unknown")
        .with("name", &name)
        .with("known", params::names(kind).join(", "))
        .text(locale::Language::English);
    let mut problem = Problem::new(Code::BadRequest, detail);
    problem.fields.push(FieldError::new(
        format!("/{name}"),
        FieldCode::Unknown,
        locale::text(locale::Language::English, "discovery-not-a-parameter"),
    ));
    Err(problem)
}

/// Reads the parameters. RFQs whose deadline has passed at `now` are left out even where the index still has them; prices are
/// converted at `rates`.
pub fn read(kind: Kind, pairs: &Pairs, now: Time, rates: Option<Arc<DatedRates>>) -> ParsedSearch {
    let mut reader = Reader { pairs, errors: Vec::new() };
    let mut query = Query::text(reader.one("q").unwrap_or_default());
    read_dims(kind, &mut reader, &mut query);
    let conversion = read_numbers(kind, &mut reader, &mut query, rates);
    read_order(kind, &mut reader, &mut query);
    query.stages.spelling = !reader.flag("literal");
    query.highlight = reader.flag("highlight");
    query.explain = reader.flag("explain");
    query.facets = read_facets(kind, &mut reader);
    query.limit = reader.limit();
    // The sweep that closes RFQs runs every minute and the index follows it: until then the deadline itself decides.
    query.filters.open_at_ms = (kind == Kind::Rfq).then(|| now.timestamp_millis());
    let cursor = reader.one("cursor").map(str::to_owned);
    ParsedSearch { kind, query, cursor, list: list_name(kind, pairs), errors: reader.errors, conversion }
}

/// The parameters that decide what a search answers, sorted.
fn deciding(kind: Kind, pairs: &Pairs) -> Vec<(&str, &str)> {
    let mut deciding: Vec<(&str, &str)> = pairs
        .iter()
        .map(|(name, value)| (name.as_str(), value.trim()))
        .filter(|(name, value)| !value.is_empty() && is_known(kind, name) && !SHOWN_ONLY.contains(name))
        .collect();
    // The order of parameters decides nothing: clients build query strings from maps.
    deciding.sort_unstable();
    deciding
}

/// The parameters that decide which documents a search finds, sorted, each once: the others say in which order and how they are shown.
pub fn found_by(kind: Kind, pairs: &Pairs) -> Vec<(&str, &str)> {
    let mut found_by = deciding(kind, pairs);
    found_by.retain(|(name, _)| !ORDER_ONLY.contains(name));
    found_by.dedup();
    found_by
}

/// A name for the list of what these parameters find.
fn list_name(kind: Kind, pairs: &Pairs) -> String {
    let deciding = deciding(kind, pairs);
    // As JSON and not joined by a sign that a value could hold, too.
    let text = serde_json::to_vec(&deciding).unwrap_or_default();
    format!("search/{} {}", kind.folder(), secrets::sha256_hex(&text))
}

fn read_dims(kind: Kind, reader: &mut Reader<'_>, query: &mut Query) {
    for dim in dims(kind) {
        let values = reader.many(dim.as_str(), |text| value_of(*dim, text));
        if *dim == Dim::Hs {
            query.filters.hs = values.iter().flat_map(|value| prefixes(value)).collect();
        } else if !values.is_empty() {
            query.filters.dims.push((*dim, values));
        }
    }
}

fn read_numbers(
    kind: Kind,
    reader: &mut Reader<'_>,
    query: &mut Query,
    rates: Option<Arc<DatedRates>>,
) -> Option<Conversion> {
    if kind == Kind::Listing {
        query.filters.moq_max_micros = reader.amount("moq_max");
        query.filters.lead_time_max_days = reader.days("lead_time_max");
    }
    if is_known(kind, "price_min") { read_price(reader, query, rates) } else { None }
}

/// A price is asked for in one currency: that of `price_currency`, to which all others are converted, or else the one that
/// listings are filtered by.
fn read_price(reader: &mut Reader<'_>, query: &mut Query, rates: Option<Arc<DatedRates>>) -> Option<Conversion> {
    let (min_micros, max_micros) = (reader.amount("price_min"), reader.amount("price_max"));
    let asked_in = reader.parsed::<Currency>("price_currency");
    let filtered = query.filters.dims.iter().find(|(dim, _)| *dim == Dim::Currency).map(|(_, values)| values.clone());
    let only = filtered.filter(|values| values.len() == 1).and_then(|values| values.first()?.parse().ok());
    for (name, amount) in [("price_min", min_micros), ("price_max", max_micros)] {
        if amount.is_some() && asked_in.or(only).is_none() {
            reader.fail(
                name,
                FieldCode::Contradiction,
                locale::text(locale::Language::English, "discovery-needs-currency"),
            );
        }
    }
    if min_micros.zip(max_micros).is_some_and(|(min, max)| min > max) {
        reader.fail(
            "price_max",
            FieldCode::Contradiction,
            locale::text(locale::Language::English, "discovery-price-range"),
        );
        return None;
    }
    let currency = asked_in.or(only)?;
    // Without `price_currency` nothing is converted: whoever filters by one currency means amounts in it.
    let rates = rates.filter(|rates| asked_in.is_some() && rates.per_base(currency).is_some());
    let price_rates = price_rates(currency, rates.as_deref());
    query.filters.price = Some(PriceFilter { min_micros, max_micros, rates: price_rates });
    asked_in.map(|currency| Conversion {
        currency,
        rate_source: rates.as_ref().map(|rates| rates.source.clone()),
        rate_date: rates.as_ref().map(|rates| rates.date),
        rates,
    })
}

/// How the prices of each currency compare with those of `to`; without rates only those of `to` itself do.
fn price_rates(to: Currency, rates: Option<&DatedRates>) -> Vec<PriceRate> {
    let Some(rates) = rates else {
        return vec![PriceRate { currency: to.to_string(), numerator: 1, denominator: 1 }];
    };
    let micros = |currency: Currency| rates.per_base(currency).and_then(Micros::from_decimal).map(|rate| rate.0);
    let rate = |currency: &Currency| {
        let (numerator, denominator) = (micros(to)?, micros(*currency)?);
        Some(PriceRate { currency: currency.to_string(), numerator, denominator })
    };
    rates.currencies().iter().filter_map(rate).collect()
}

fn read_order(kind: Kind, reader: &mut Reader<'_>, query: &mut Query) {
    if let Some(sort) = reader.parsed::<Sort>("sort") {
        if sorts(kind).contains(&sort) {
            query.sort = sort;
        } else {
            let known: Vec<&str> = sorts(kind).iter().map(|sort| sort.as_str()).collect();
            reader.fail(
                "sort",
                FieldCode::UnknownValue,
                Message::new("discovery-must-be-one-of")
                    .with("known", known.join(", "))
                    .text(locale::Language::English),
            );
        }
    }
    if kind == Kind::Listing {
        match reader.one("group_by") {
            None => {}
            Some("company") => query.group_by_company = true,
            Some(_) => reader.fail(
                "group_by",
                FieldCode::UnknownValue,
                locale::text(locale::Language::English, "discovery-must-be-company"),
            ),
        }
    }
}

fn read_facets(kind: Kind, reader: &mut Reader<'_>) -> Vec<Dim> {
    let mut wanted = Vec::new();
    for name in reader.many("facets", |text| Ok(text.to_ascii_lowercase())) {
        match Dim::parse(&name).filter(|dim| dims(kind).contains(dim)) {
            Some(dim) => wanted.push(dim),
            // Not the companies: there are thousands, and the fifty commonest say little.
            None if name == "all" => wanted.extend(dims(kind).iter().filter(|dim| **dim != Dim::Company)),
            None => {
                let known: Vec<&str> = dims(kind).iter().map(|dim| dim.as_str()).collect();
                reader.fail(
                    "facets",
                    FieldCode::UnknownValue,
                    Message::new("discovery-must-be-facets")
                        .with("known", known.join(", "))
                        .text(locale::Language::English),
                );
            }
        }
    }
    let mut distinct = Vec::with_capacity(wanted.len());
    for dim in wanted {
        if !distinct.contains(&dim) {
            distinct.push(dim);
        }
    }
    distinct
}

fn code<T: FromStr + Display>(text: &str) -> Reading
where
    T::Err: Display,
{
    text.parse::<T>().map(|code| code.to_string()).map_err(|error| error.to_string())
}

/// The value of a dimension as the index has it.
fn value_of(dim: Dim, text: &str) -> Reading {
    let (upper, lower) = (text.to_ascii_uppercase(), text.to_ascii_lowercase());
    match dim {
        Dim::Country | Dim::Origin | Dim::Market => code::<Country>(&upper),
        Dim::Currency => code::<Currency>(&upper),
        Dim::Incoterm => code::<Incoterm>(&upper),
        Dim::Language => code::<Language>(&lower),
        Dim::Form => code::<Form>(&lower),
        Dim::Verification => code::<Verification>(&lower),
        Dim::HsChapter => match hs_prefix::whole(text).as_deref().and_then(hs::chapter) {
            Some(chapter) => Ok(chapter.code.to_owned()),
            None => Err(locale::text(locale::Language::English, "discovery-must-be-chapter").to_owned()),
        },
        Dim::Hs => hs_value(text),
        Dim::Company => match text.parse::<CompanyId>() {
            Ok(id) => Ok(id.0.to_string()),
            Err(_) => Err(locale::text(locale::Language::English, "discovery-must-be-company-id").to_owned()),
        },
        Dim::Certification | Dim::Category => Ok(text.to_owned()),
    }
}

/// The beginning of a code in digits, or the Roman number of a section.
fn hs_value(text: &str) -> Reading {
    if let Some(section) = hs::sections().iter().find(|section| section.code.eq_ignore_ascii_case(text)) {
        return Ok(section.code.to_owned());
    }
    let message = locale::text(locale::Language::English, "discovery-must-be-hs");
    hs_prefix::whole(text).ok_or_else(|| message.to_owned())
}

/// The beginnings of codes that a value stands for: itself, or all chapters of a section.
fn prefixes(value: &str) -> Vec<String> {
    let of_section: Vec<String> = hs::chapters()
        .iter()
        .filter(|chapter| chapter.section == value)
        .map(|chapter| chapter.code.to_owned())
        .collect();
    if of_section.is_empty() { vec![value.to_owned()] } else { of_section }
}

struct Reader<'a> {
    pairs: &'a Pairs,
    errors: Vec<FieldError>,
}

impl<'a> Reader<'a> {
    fn fail(&mut self, name: &str, code: FieldCode, message: impl Into<String>) {
        self.errors.push(FieldError::new(format!("/{name}"), code, message));
    }

    /// Everything given under the name; a parameter without a value was not given.
    fn given(&self, name: &str) -> Vec<&'a str> {
        let of_name = self.pairs.iter().filter(|(known, _)| known == name);
        of_name.map(|(_, value)| value.trim()).filter(|value| !value.is_empty()).collect()
    }

    fn one(&mut self, name: &str) -> Option<&'a str> {
        let given = self.given(name);
        // Neither the first nor the last is guessed: which one counts differs from library to library.
        if given.len() > 1 {
            self.fail(name, FieldCode::Contradiction, locale::text(locale::Language::English, "discovery-given-twice"));
        }
        given.first().copied()
    }

    fn parsed<T: FromStr>(&mut self, name: &str) -> Option<T>
    where
        T::Err: Display,
    {
        let parsed = self.one(name)?.parse::<T>();
        parsed.map_err(|error| self.fail(name, FieldCode::Format, error.to_string())).ok()
    }

    fn many(&mut self, name: &str, read: impl Fn(&str) -> Reading) -> Vec<String> {
        let given = self.given(name);
        let pieces = given.iter().flat_map(|text| {
            let separator: &[char] = if splits_at_commas(name) { &[','] } else { &[] };
            text.split(separator).map(str::trim).filter(|piece| !piece.is_empty())
        });
        let mut values = Vec::new();
        for piece in pieces.take(MAX_VALUES) {
            let read = if piece.len() > MAX_VALUE {
                Err(locale::text(locale::Language::English, "discovery-is-too-long").to_owned())
            } else {
                read(piece)
            };
            match read {
                Ok(value) if values.contains(&value) => {}
                Ok(value) => values.push(value),
                Err(message) => self.fail(name, FieldCode::Format, message),
            }
        }
        values
    }

    fn flag(&mut self, name: &str) -> bool {
        match self.one(name) {
            None | Some("false" | "0") => false,
            Some("true" | "1") => true,
            Some(_) => {
                self.fail(
                    name,
                    FieldCode::Format,
                    locale::text(locale::Language::English, "discovery-must-be-boolean"),
                );
                false
            }
        }
    }

    /// A decimal that is not negative, in micro-units.
    fn amount(&mut self, name: &str) -> Option<i64> {
        let amount = self.parsed::<Micros>(name)?;
        if amount.0 >= 0 {
            return Some(amount.0);
        }
        self.fail(name, FieldCode::Range, locale::text(locale::Language::English, "discovery-must-not-be-negative"));
        None
    }

    fn days(&mut self, name: &str) -> Option<i64> {
        let days = self.one(name)?.parse::<i64>().ok().filter(|days| (0..=MAX_DAYS).contains(days));
        if days.is_none() {
            self.fail(
                name,
                FieldCode::Range,
                Message::new("discovery-must-be-days").with("most", MAX_DAYS).text(locale::Language::English),
            );
        }
        days
    }

    fn limit(&mut self) -> usize {
        let Some(text) = self.one("limit") else { return Query::default().limit };
        if let Some(limit) = text.parse::<usize>().ok().filter(|limit| (1..=100).contains(limit)) {
            return limit;
        }
        self.fail("limit", FieldCode::Range, locale::text(locale::Language::English, "discovery-limit-100"));
        Query::default().limit
    }
}
