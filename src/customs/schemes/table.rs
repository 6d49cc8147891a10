//! The list of schemes: whose numbers they are, how they look, and which way they are given for.

use serde::Serialize;
use utoipa::ToSchema;

use crate::customs::{Direction, Scheme};

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
