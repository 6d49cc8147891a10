//! The content of a listing: the API's JSON, a line of a catalogue file, the stored document and the domain type in one.

pub mod lines;

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::PriceFields;
use crate::companies::{Certification, check_certifications, refuse_documents};
use crate::error::{FieldCode, Result};
use crate::locale::{self, Message};
use crate::reference::check_digits::{gs1, last_digit};
use crate::reference::codes::{Country, HsCode, Incoterm, Language, Locode, PaymentTerm};
use crate::text::Checker;
use crate::units::Quantity;
use crate::wire::pointer_part;

/// Names and values of a product, by name.
pub type Attributes = BTreeMap<String, String>;

/// Members of a listing that only the server sets; sent back, they are ignored.
pub const READ_ONLY: &[&str] = &[
    "id",
    "company",
    "state",
    "version",
    "created_at",
    "updated_at",
    "published_at",
    "expires_at",
    "removed_reason",
    "images",
    "score",
    "highlight",
    "url",
];

const MAX_CATEGORY_LEVELS: usize = 8;

/// A listing's own fields. Only `sku` and `name` are needed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ListingFields {
    /// The supplier's own number, 1 to 100 characters, unique within the company.
    #[schema(required = true, min_length = 1, max_length = 100)]
    pub sku: String,
    /// The product's name, 1 to 300 characters.
    #[schema(required = true, min_length = 1, max_length = 300)]
    pub name: String,
    /// Up to 20 000 characters.
    pub description: Option<String>,
    /// The language of the texts; English is assumed where nothing is said.
    pub language: Option<Language>,
    /// Up to 300 characters.
    pub brand: Option<String>,
    /// The maker's part number, up to 300 characters.
    pub mpn: Option<String>,
    /// The GTIN: 8 to 14 digits (leading zeros may be missing), the last a check digit; kept as given.
    pub gtin: Option<String>,
    /// The HS code, with or without national digits.
    pub hs_code: Option<HsCode>,
    /// The path in the supplier's own catalogue, `A / B / C`, at most 8 levels.
    pub category: Option<String>,
    /// At most 250 names of up to 200 characters with values of up to 8 000.
    #[schema(value_type = BTreeMap<String, String>)]
    pub attributes: Attributes,
    /// Where the goods were made.
    pub origin_country: Option<Country>,
    /// What one unit costs.
    pub price: Option<PriceFields>,
    /// The smallest order.
    pub moq: Option<Quantity>,
    /// How much can be supplied in a month.
    pub supply_per_month: Option<Quantity>,
    /// Days from order to shipment, up to 1 000.
    pub lead_time_days: Option<u16>,
    /// The delivery terms offered, at most 20.
    pub incoterms: Vec<IncotermOffer>,
    /// The payment terms offered.
    pub payment_terms: Vec<PaymentTerm>,
    /// The certificates claimed for the product, at most 50.
    pub certifications: Vec<Certification>,
    /// How it is packed, up to 1 000 characters.
    pub packaging: Option<String>,
    /// Addresses of pictures elsewhere, at most 20.
    pub image_urls: Vec<String>,
    /// Words that buyers use for it, at most 50 of up to 100 characters.
    pub keywords: Vec<String>,
    /// The last day on which it is offered.
    pub expires_on: Option<NaiveDate>,
}

/// A delivery term and the place it names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct IncotermOffer {
    /// The Incoterms 2020 rule.
    pub rule: Incoterm,
    /// The named place, up to 200 characters.
    #[serde(default)]
    pub place: Option<String>,
    /// The place's UN/LOCODE: the port of loading for an F rule.
    #[serde(default)]
    pub locode: Option<Locode>,
}

impl ListingFields {
    /// The language of the texts.
    pub fn language_or_english(&self) -> Language {
        self.language.unwrap_or(Language::ENGLISH)
    }

    /// The levels of the category path, from the widest.
    pub fn category_levels(&self) -> impl Iterator<Item = &str> {
        self.category.as_deref().unwrap_or_default().split(" / ").filter(|level| !level.is_empty())
    }

    /// Cleans the texts and checks all fields; what holds for a draft holds for a published listing.
    ///
    /// # Errors
    /// `invalid` naming each field that is wrong.
    pub fn check(&mut self) -> Result<()> {
        let mut checker = Checker::new();
        self.check_identity(&mut checker);
        self.check_attributes(&mut checker);
        self.check_terms(&mut checker);
        checker.public_text("/packaging", &mut self.packaging, 0..=1_000);
        checker.distinct("/image_urls", &mut self.image_urls, 20);
        for (index, url) in self.image_urls.iter().enumerate() {
            checker.url(&format!("/image_urls/{index}"), url);
        }
        checker.public_texts("/keywords", &mut self.keywords, 50, 100);
        checker.finish()
    }

    fn check_identity(&mut self, checker: &mut Checker) {
        checker.public_text("/sku", &mut self.sku, 1..=100);
        checker.public_text("/name", &mut self.name, 1..=300);
        checker.public_prose("/description", &mut self.description, 0..=20_000);
        checker.public_text("/brand", &mut self.brand, 0..=300);
        checker.public_text("/mpn", &mut self.mpn, 0..=300);
        checker.text("/gtin", &mut self.gtin, 0..=20);
        match self.gtin.as_deref().map(gtin_fault) {
            Some(Some(GtinFault::Form)) => checker.fail(
                "/gtin",
                FieldCode::Format,
                locale::text(locale::Language::English, "listings-must-be-gtin"),
            ),
            Some(Some(GtinFault::CheckDigit)) => {
                checker.fail(
                    "/gtin",
                    FieldCode::CheckDigit,
                    locale::text(locale::Language::English, "listings-gtin-check-digit"),
                );
            }
            _ => {}
        }
        // Before the check, so that what is stored is what was measured.
        self.category = self.category.take().and_then(|path| normalise_category(&path));
        checker.public_text("/category", &mut self.category, 0..=1_000);
        let levels = self.category_levels().count();
        let message =
            Message::new("listings-category-levels").with("most", MAX_CATEGORY_LEVELS).text(locale::Language::English);
        checker.ensure(levels <= MAX_CATEGORY_LEVELS, "/category", FieldCode::Range, &message);
    }

    /// Attributes whose value is empty are dropped.
    fn check_attributes(&mut self, checker: &mut Checker) {
        checker.max_items("/attributes", self.attributes.len(), 250);
        let mut cleaned = Attributes::new();
        for (given_name, mut value) in std::mem::take(&mut self.attributes) {
            let pointer = format!("/attributes/{}", pointer_part(&given_name));
            let mut name = given_name;
            checker.public_text(&pointer, &mut name, 1..=200);
            checker.public_prose(&pointer, &mut value, 0..=8_000);
            // ERP exports name every column of the table; an empty one would be a facet without a value.
            if value.is_empty() {
                continue;
            }
            // Two names can become one when they are trimmed and normalised.
            if cleaned.insert(name, value).is_some() {
                checker.fail(
                    &pointer,
                    FieldCode::Contradiction,
                    locale::text(locale::Language::English, "listings-given-twice"),
                );
            }
        }
        self.attributes = cleaned;
    }

    fn check_terms(&mut self, checker: &mut Checker) {
        if let Some(price) = &self.price {
            price.check(checker, "/price");
        }
        for (pointer, quantity) in [("/moq/value", self.moq), ("/supply_per_month/value", self.supply_per_month)] {
            let is_positive = quantity.is_none_or(|quantity| quantity.value.is_positive());
            checker.ensure(
                is_positive,
                pointer,
                FieldCode::Range,
                locale::text(locale::Language::English, "listings-must-be-positive"),
            );
        }
        let lead_time_ok = self.lead_time_days.is_none_or(|days| days <= 1_000);
        checker.ensure(
            lead_time_ok,
            "/lead_time_days",
            FieldCode::Range,
            locale::text(locale::Language::English, "listings-lead-time-most"),
        );
        checker.max_items("/incoterms", self.incoterms.len(), 20);
        for (index, offer) in self.incoterms.iter_mut().enumerate() {
            checker.public_text(&format!("/incoterms/{index}/place"), &mut offer.place, 0..=200);
        }
        checker.distinct("/payment_terms", &mut self.payment_terms, PaymentTerm::ALL.len());
        check_certifications(checker, "/certifications", &mut self.certifications);
        // A listing is public; the file of a certificate is for the company and moderators.
        refuse_documents(checker, "/certifications", &self.certifications);
    }
}

enum GtinFault {
    Form,
    CheckDigit,
}

/// What is wrong with a GTIN. The weights count from the right, so that leading zeros may be missing, as ERP systems leave them out.
fn gtin_fault(gtin: &str) -> Option<GtinFault> {
    // Kept as given, not padded: suppliers look for the number that they typed.
    if !(8..=14).contains(&gtin.len()) || !gtin.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(GtinFault::Form);
    }
    let holds = gs1(&gtin[..gtin.len() - 1]) == last_digit(gtin);
    (!holds).then_some(GtinFault::CheckDigit)
}

/// The path with ` / ` between its levels. Where ` / ` or `>` stands in it, a bare `/` belongs to a name (`TV/Audio > Radios`).
pub fn normalise_category(path: &str) -> Option<String> {
    let spaced = path.replace('>', " / ");
    // Merchant feeds write `A > B`, ERP exports `A/B`; within the former a slash belongs to a name.
    let separator = if spaced.contains(" / ") { " / " } else { "/" };
    let levels: Vec<&str> = spaced.split(separator).map(str::trim).filter(|level| !level.is_empty()).collect();
    (!levels.is_empty()).then(|| levels.join(" / "))
}
