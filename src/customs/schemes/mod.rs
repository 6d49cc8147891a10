//! One file for each country's numbers; here the list of schemes, the way to the right file, and the checks that all of them share.

use chrono::{Datelike, Days, NaiveDate};
use serde::Serialize;
use utoipa::ToSchema;

use super::{CheckRequest, CheckResult, Direction, Evidence, Scheme};
use crate::reference::outcome::{Outcome, Verdict};

mod asia;
mod brazil;
mod china;
mod europe;
mod india;
mod other;
mod uk;
mod us;

/// One scheme of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct SchemeInfo {
    /// The scheme.
    pub code: Scheme,
    /// The country whose offices give the number; none where several do.
    #[schema(value_type = Option<String>)]
    pub country: Option<&'static str>,
    /// Its name.
    #[schema(value_type = String)]
    pub name: &'static str,
    /// The form, for people.
    #[schema(value_type = String)]
    pub form: &'static str,
    /// A made-up number that passes the check.
    #[schema(value_type = String)]
    pub example: &'static str,
    /// Whether the number carries a check digit that is tested.
    pub has_check_digit: bool,
    /// The only direction that it is given for; none where both.
    pub direction: Option<Direction>,
}

const fn row(
    code: Scheme,
    country: &'static str,
    name: &'static str,
    form: &'static str,
    example: &'static str,
    has_check_digit: bool,
    direction: Option<Direction>,
) -> SchemeInfo {
    let country = if country.is_empty() { None } else { Some(country) };
    SchemeInfo { code, country, name, form, example, has_check_digit, direction }
}

const IMPORT: Option<Direction> = Some(Direction::Import);
const EXPORT: Option<Direction> = Some(Direction::Export);

#[rustfmt::skip]
static SCHEMES: [SchemeInfo; 16] = [
    row(Scheme::CnDeclaration, "CN", "China, customs declaration number", "18 characters: office 4, year 4, flow 1 (1 or I import, 0 or E export), serial 9; or 21 with the item", "531620261234567890", false, None),
    row(Scheme::CnPreliminary, "CN", "China, preliminary entry number", "18 characters like the customs number; pending until the declaration is accepted", "531620261234567890", false, None),
    row(Scheme::EuMrn, "", "EU movement reference number (MRN)", "18 characters: year 2, country 2, 12 letters or digits, procedure letter, check digit", "24DE586612345678A4", true, None),
    row(Scheme::UkMrn, "GB", "UK movement reference number (MRN)", "18 characters: year 2, GB or XI, 12 letters or digits, procedure, check digit", "26GB0A1B2C3D4E5FR1", true, None),
    row(Scheme::UkDucr, "", "Declaration unique consignment reference (DUCR)", "year digit, country, trader's EORI digits, hyphen, own reference; at most 35 characters", "6GB987654321000-PO(77)", false, None),
    row(Scheme::UkMucr, "", "Master unique consignment reference (MUCR)", "GB/code-reference, A: with an air waybill, or C: with a carrier's reference", "A:12312345678", false, None),
    row(Scheme::UsEntry, "US", "US entry number", "filer 3, serial 7, check digit: FFF-NNNNNNN-C", "9CE-1234567-4", true, IMPORT),
    row(Scheme::UsItn, "US", "US internal transaction number (ITN)", "X, date YYYYMMDD, 6 digits", "X20260115004321", false, EXPORT),
    row(Scheme::InShippingBill, "IN", "India, shipping bill", "port 6, number of 3 to 7 digits, date: PORT/NUMBER/YYYY-MM-DD", "INNSA1/7896542/2026-04-10", false, EXPORT),
    row(Scheme::InBillOfEntry, "IN", "India, bill of entry", "port 6, number of 3 to 7 digits, date: PORT/NUMBER/YYYY-MM-DD", "INMAA1/1234567/2025-12-01", false, IMPORT),
    row(Scheme::BrDuimp, "BR", "Brazil, Duimp", "year 2, BR, 10 digits, check digit", "24BR00001234563", true, IMPORT),
    row(Scheme::BrDue, "BR", "Brazil, DU-E", "year 2, BR, 10 digits", "26BR0001234567", false, EXPORT),
    row(Scheme::BrDi, "BR", "Brazil, DI", "year 2, serial 7, digit: YY/NNNNNNN-D", "24/1234567-8", false, IMPORT),
    row(Scheme::JpDeclaration, "JP", "Japan, declaration number", "11 digits", "123 4567 8901", false, None),
    row(Scheme::KrDeclaration, "KR", "Korea, declaration number", "declarant 5, year 2, serial 6, type letter", "12345-26-123456X", false, None),
    row(Scheme::Other, "", "Another country's number", "4 to 35 letters, digits, and / . -; with the country and the date of the document", "10234567/2026", false, None),
];

/// Every scheme.
pub fn schemes() -> &'static [SchemeInfo] {
    &SCHEMES
}

impl Scheme {
    /// The scheme's row of the list.
    pub fn info(self) -> &'static SchemeInfo {
        // One row for each value in order; a test holds the table to that.
        &SCHEMES[self as usize]
    }
}

/// What a country's file finds: the verdict, what it proves, and the item where the number carries one.
struct Finding {
    verdict: Verdict,
    evidence: Evidence,
    item: Option<u16>,
}

impl Finding {
    fn declaration(verdict: Verdict) -> Self {
        Self { verdict, evidence: Evidence::Declaration, item: None }
    }

    fn supporting(verdict: Verdict) -> Self {
        Self { verdict, evidence: Evidence::Supporting, item: None }
    }
}

/// Checks a customs number by the rules of its scheme. `today` decides which years and dates lie in the future.
pub fn check(request: &CheckRequest, today: NaiveDate) -> CheckResult {
    let finding = match request.scheme {
        Scheme::CnDeclaration => china::check(request, today, Evidence::Declaration),
        Scheme::CnPreliminary => china::check(request, today, Evidence::Preliminary),
        Scheme::EuMrn => europe::check_eu(request, today),
        Scheme::UkMrn => europe::check_uk(request, today),
        Scheme::UkDucr => Finding::supporting(uk::ducr(&request.number)),
        Scheme::UkMucr => Finding::supporting(uk::mucr(&request.number)),
        Scheme::UsEntry => Finding::declaration(us::entry(&request.number)),
        Scheme::UsItn => Finding::declaration(us::itn(request, today)),
        Scheme::InShippingBill | Scheme::InBillOfEntry => Finding::declaration(india::check(request, today)),
        Scheme::BrDuimp => Finding::declaration(brazil::duimp(request, today)),
        Scheme::BrDue => Finding::declaration(brazil::due(request, today)),
        Scheme::BrDi => Finding::declaration(brazil::di(request, today)),
        Scheme::JpDeclaration => Finding::declaration(asia::japan(&request.number)),
        Scheme::KrDeclaration => Finding::declaration(asia::korea(request, today)),
        Scheme::Other => Finding::declaration(other::check(request)),
    };
    conclude(request, today, finding)
}

/// The checks that every scheme shares: only direction, issuing country, date and item of the request against the number.
fn conclude(request: &CheckRequest, today: NaiveDate, finding: Finding) -> CheckResult {
    let Finding { mut verdict, evidence, item } = finding;
    if verdict.outcome != Outcome::Invalid {
        for reason in [wrong_direction(request), wrong_country(request), future_date(request, today)] {
            verdict = reason.into_iter().fold(verdict, Verdict::suspicious);
        }
        verdict = match (request.item, item) {
            (Some(0), _) => verdict.refused("items are counted from 1"),
            (Some(given), Some(own)) if given != own => {
                verdict.suspicious(format!("the number carries item {own}, but item {given} was given"))
            }
            _ => verdict,
        };
    }
    let Verdict { outcome, reason, canonical, display, parts } = verdict;
    CheckResult { outcome, reason, canonical, display, evidence, parts, item: item.or(request.item) }
}

fn wrong_direction(request: &CheckRequest) -> Option<String> {
    let info = request.scheme.info();
    let only = info.direction.filter(|only| *only != request.direction)?;
    Some(format!("{} is given for an {only}, but the record is an {}", info.name, request.direction))
}

fn wrong_country(request: &CheckRequest) -> Option<String> {
    let (given, issuer) = (request.country?, request.scheme.info().country?);
    (given.as_str() != issuer).then(|| format!("it is issued in {issuer}, but {given} was given"))
}

fn future_date(request: &CheckRequest, today: NaiveDate) -> Option<String> {
    let date = request.date.filter(|date| is_future(*date, today))?;
    Some(format!("the date {date} lies in the future"))
}

/// Whether the date lies after today in every time zone.
fn is_future(date: NaiveDate, today: NaiveDate) -> bool {
    today.checked_add_days(Days::new(1)).is_some_and(|tomorrow| date > tomorrow)
}

/// Marks a number as suspicious whose year is not that of the declaration's date, give or take the month around New Year.
fn check_year(verdict: Verdict, year: i32, date: Option<NaiveDate>) -> Verdict {
    let near = |date: NaiveDate| {
        let month = Days::new(31);
        [date.checked_sub_days(month), Some(date), date.checked_add_days(month)]
            .into_iter()
            .flatten()
            .any(|day| day.year() == year)
    };
    match date {
        Some(date) if !near(date) => verdict.suspicious(format!("the number is of {year}, but the date is {date}")),
        _ => verdict,
    }
}

/// The year that two digits stand for: 90 to 99 are of the last century.
fn full_year(two_digits: &str) -> Option<i32> {
    let year: i32 = two_digits.parse().ok()?;
    Some(if year >= 90 { 1900 + year } else { 2000 + year })
}

fn is_future_year(year: i32, today: NaiveDate) -> bool {
    year > today.year() + 1
}
