//! The list of schemes: whose numbers they are, how they look, and which way they are given for.

use std::sync::LazyLock;

use serde::Serialize;
use utoipa::ToSchema;

use crate::customs::{Direction, Scheme};
use crate::locale::{Language, label};

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

fn row(
    code: Scheme,
    country: &'static str,
    example: &'static str,
    has_check_digit: bool,
    direction: Option<Direction>,
) -> SchemeInfo {
    let country = if country.is_empty() { None } else { Some(country) };
    let name = label(Language::English, "customs-scheme", code.as_str());
    let form = label(Language::English, "customs-form-of", code.as_str());
    SchemeInfo { code, country, name, form, example, has_check_digit, direction }
}

const IMPORT: Option<Direction> = Some(Direction::Import);
const EXPORT: Option<Direction> = Some(Direction::Export);

#[rustfmt::skip]
static SCHEMES: LazyLock<[SchemeInfo; 16]> = LazyLock::new(|| [
    row(Scheme::CnDeclaration, "CN", "531620261234567890", false, None),
    row(Scheme::CnPreliminary, "CN", "531620261234567890", false, None),
    row(Scheme::EuMrn, "", "24DE586612345678A4", true, None),
    row(Scheme::UkMrn, "GB", "26GB0A1B2C3D4E5FR1", true, None),
    row(Scheme::UkDucr, "", "6GB987654321000-PO(77)", false, None),
    row(Scheme::UkMucr, "", "A:12312345678", false, None),
    row(Scheme::UsEntry, "US", "9CE-1234567-4", true, IMPORT),
    row(Scheme::UsItn, "US", "X20260115004321", false, EXPORT),
    row(Scheme::InShippingBill, "IN", "INNSA1/7896542/2026-04-10", false, EXPORT),
    row(Scheme::InBillOfEntry, "IN", "INMAA1/1234567/2025-12-01", false, IMPORT),
    row(Scheme::BrDuimp, "BR", "24BR00001234563", true, IMPORT),
    row(Scheme::BrDue, "BR", "26BR0001234567", false, EXPORT),
    row(Scheme::BrDi, "BR", "24/1234567-8", false, IMPORT),
    row(Scheme::JpDeclaration, "JP", "123 4567 8901", false, None),
    row(Scheme::KrDeclaration, "KR", "12345-26-123456X", false, None),
    row(Scheme::Other, "", "10234567/2026", false, None),
]);

/// Every scheme.
pub fn schemes() -> &'static [SchemeInfo] {
    SCHEMES.as_slice()
}

impl Scheme {
    /// The scheme's row of the list.
    pub fn info(self) -> &'static SchemeInfo {
        // One row for each value in order; a test holds the table to that.
        &SCHEMES[self as usize]
    }

    /// The system whose number it is, as its principal scheme: a British MRN is one number, whichever of its two schemes it was given as.
    pub fn system(self) -> Self {
        if self == Self::UkMrn { Self::EuMrn } else { self }
    }
}
