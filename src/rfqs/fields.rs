//! What an RFQ says: the API's JSON, the stored document and the domain type in one.

mod items;

pub use items::{MAX_ITEMS, RfqItem};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Frequency, Visibility};
use crate::clock::Time;
use crate::companies::Form;
use crate::documents::MAX_ATTACHMENTS;
use crate::error::{FieldCode, FieldError, Problem, Result};
use crate::ids::DocumentId;
use crate::listings::normalise_category;
use crate::locale;
use crate::money::Money;
use crate::reference::codes::{Country, HsCode, Incoterm, Language, Locode, PaymentTerm};
use crate::text::Checker;
use crate::units::Quantity;

/// An RFQ takes so many quotes where it does not say otherwise.
pub const DEFAULT_SEATS: u8 = 10;
/// And never more than this: nobody compares more, and every further supplier writes a quote for nothing.
pub const MAX_SEATS: u8 = 30;

/// Members of an RFQ that only the server sets; sent back, they are ignored.
pub const READ_ONLY: &[&str] = &[
    "id",
    "ref",
    "company",
    "buyer",
    "state",
    "closed_reason",
    "withdrawn_reason",
    "version",
    "created_at",
    "updated_at",
    "published_at",
    "closes_at",
    "closed_at",
    "split_award",
    "matched_at",
    "quotes",
    "seats",
    "matches",
    "invitation",
    "invitations",
    "questions",
    "unanswered_questions",
    "completeness",
    "score",
    "highlight",
    "url",
];

/// An RFQ's own fields. A draft may lack any; publishing needs a title, a quantity and a destination country. An RFQ for one kind of goods has no
/// `items`; with `items` it is for several, each of which needs a title and a quantity of its own instead.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct RfqFields {
    /// What is wanted, in a line of up to 300 characters.
    pub title: String,
    /// What it has to be like, up to 20 000 characters.
    pub specification: Option<String>,
    /// The HS code of the goods.
    pub hs_code: Option<HsCode>,
    /// What kind of goods, `A / B / C`, up to 1 000 characters.
    pub category: Option<String>,
    /// Several goods in one RFQ, at most 50, in the order in which they are sent; empty where it is for one, which the fields here describe. Whether
    /// there are any is settled with the publication, and so are their numbers: items may be added and reworded then, and none goes.
    #[schema(max_items = 50)]
    pub items: Vec<RfqItem>,
    /// How much is wanted in one delivery; with `items`, how much the whole is (2 containers).
    pub quantity: Option<Quantity>,
    /// How often it is wanted.
    pub frequency: Frequency,
    /// What the buyer would like to pay for one unit; with `items`, for one unit of the whole.
    pub target_price: Option<Money>,
    /// The delivery term wanted.
    pub incoterm: Option<Incoterm>,
    /// Where the goods go.
    pub destination_country: Option<Country>,
    /// The town or site, up to 200 characters.
    pub destination_place: Option<String>,
    /// The port or place by UN/LOCODE, in the destination country.
    pub destination_locode: Option<Locode>,
    /// The day on which the goods are wanted.
    pub wanted_by: Option<NaiveDate>,
    /// The payment terms the buyer can use.
    pub payment_terms: Vec<PaymentTerm>,
    /// Certificates that goods or supplier must have (`ISO 9001`), at most 20.
    pub required_certifications: Vec<String>,
    /// Only suppliers in these countries; empty: any.
    pub wanted_supplier_countries: Vec<Country>,
    /// Only suppliers of these forms; empty: any.
    pub wanted_supplier_forms: Vec<Form>,
    /// Documents that belong to it, at most 10 of the company's own; whoever sees the RFQ may read them.
    pub attachments: Vec<DocumentId>,
    /// When it stops taking quotes.
    pub closing: ClosingFields,
    /// Whether the quotes stay unread until it closes.
    pub sealed: bool,
    /// Whether everyone may see who asks.
    pub show_buyer_name: bool,
    /// Whether everyone sees it once it is published, or only the suppliers that are invited; `public` cannot become `invited` any more then.
    pub visibility: Visibility,
    /// The language of the texts; English is assumed where nothing is said.
    pub language: Option<Language>,
}

/// The closing rule: whichever comes first. Without a deadline an RFQ closes after 30 days, without a number after 10 quotes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ClosingFields {
    /// The moment after which no quote is taken; in the future, at most 180 days.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub deadline: Option<Time>,
    /// How many quotes it takes, 1 to 30.
    #[schema(minimum = 1, maximum = 30)]
    pub max_quotes: Option<u8>,
}

impl RfqFields {
    /// The item of this number.
    pub fn find_item(&self, number: u32) -> Option<&RfqItem> {
        self.items.iter().find(|item| item.number() == number)
    }

    /// What the RFQ would say if it asked for one of its items alone, for each of them.
    pub fn by_item(&self) -> Vec<(u32, Self)> {
        let shared = Self { items: Vec::new(), attachments: Vec::new(), ..self.clone() };
        let alone = |item: &RfqItem| Self {
            title: item.title.clone(),
            specification: item.specification.clone().or_else(|| shared.specification.clone()),
            hs_code: item.hs_code.clone().or_else(|| shared.hs_code.clone()),
            category: item.category.clone().or_else(|| shared.category.clone()),
            quantity: item.quantity,
            target_price: item.target_price,
            ..shared.clone()
        };
        self.items.iter().map(|item| (item.number(), alone(item))).collect()
    }

    /// The language of the texts.
    pub fn language_or_english(&self) -> Language {
        self.language.unwrap_or(Language::ENGLISH)
    }

    /// Cleans the texts and checks the fields that are there, all but the dates: see [`RfqFields::check_dates`].
    ///
    /// # Errors
    /// `invalid` naming each field that is wrong.
    pub fn check(&mut self) -> Result<()> {
        let mut checker = Checker::new();
        checker.public_text("/title", &mut self.title, 0..=300);
        checker.public_prose("/specification", &mut self.specification, 0..=20_000);
        self.category = self.category.take().and_then(|path| normalise_category(&path));
        checker.public_text("/category", &mut self.category, 0..=1_000);
        checker.public_text("/destination_place", &mut self.destination_place, 0..=200);
        checker.public_texts("/required_certifications", &mut self.required_certifications, 20, 100);
        checker.distinct("/payment_terms", &mut self.payment_terms, PaymentTerm::ALL.len());
        checker.distinct("/wanted_supplier_countries", &mut self.wanted_supplier_countries, 250);
        checker.distinct("/wanted_supplier_forms", &mut self.wanted_supplier_forms, Form::ALL.len());
        checker.distinct("/attachments", &mut self.attachments, MAX_ATTACHMENTS);
        items::check(&mut self.items, &mut checker);
        self.check_numbers(&mut checker);
        self.check_destination(&mut checker);
        self.closing.deadline = self.closing.deadline.map(crate::clock::cut_to_micros);
        checker.finish()
    }

    /// Refuses a `wanted_by` before today and a deadline that has passed. `before` is what the RFQ said until now: a date that nobody
    /// changed is left alone, so that an RFQ whose day has passed can still be changed in everything else.
    ///
    /// # Errors
    /// `invalid` naming each date that has passed.
    pub fn check_dates(&self, before: Option<&Self>, now: Time) -> Result<()> {
        let mut checker = Checker::new();
        let same_day = before.is_some_and(|before| before.wanted_by == self.wanted_by);
        // The day of UTC: where it has ended, it has ended almost everywhere, and nobody can deliver on it.
        let is_past = self.wanted_by.is_some_and(|day| day < now.date_naive());
        checker.ensure(
            same_day || !is_past,
            "/wanted_by",
            FieldCode::Range,
            locale::text(locale::Language::English, "rfqs-today-or-later"),
        );
        let same_deadline = before.is_some_and(|before| before.closing.deadline == self.closing.deadline);
        let is_over = self.closing.deadline.is_some_and(|deadline| deadline <= now);
        checker.ensure(
            same_deadline || !is_over,
            "/closing/deadline",
            FieldCode::Range,
            locale::text(locale::Language::English, "rfqs-in-future"),
        );
        checker.finish()
    }

    /// Refuses what the items of a published RFQ cannot become; `awarded` are the numbers of those that are awarded.
    ///
    /// # Errors
    /// `invalid` when items go, when one that is awarded changes, and when an RFQ for one kind of goods becomes one for several or the other
    /// way round.
    pub fn check_items_after(&self, before: &Self, awarded: &[u32]) -> Result<()> {
        if let Some(message) = items::refused_change(&before.items, &self.items) {
            return Err(Problem::invalid_field("/items", FieldCode::Contradiction, message));
        }
        let is_changed =
            |item: &RfqItem| awarded.contains(&item.number()) && before.find_item(item.number()) != Some(item);
        let changed = self.items.iter().enumerate().filter(|(_, item)| is_changed(item));
        let message = locale::text(locale::Language::English, "rfqs-item-awarded");
        let errors: Vec<FieldError> = changed
            .map(|(place, _)| FieldError::new(format!("/items/{place}"), FieldCode::Contradiction, message))
            .collect();
        if errors.is_empty() { Ok(()) } else { Err(Problem::invalid(errors)) }
    }

    /// Whether it may be posted by hand.
    ///
    /// # Errors
    /// `invalid` naming which of title, quantity and destination country are missing; of an RFQ with items, which titles and quantities of these.
    pub fn publishable(&self) -> Result<()> {
        let missing = [
            ("/title", self.title.is_empty()),
            ("/quantity", self.quantity.is_none() && self.items.is_empty()),
            ("/destination_country", self.destination_country.is_none()),
        ];
        let mut errors: Vec<FieldError> = missing
            .into_iter()
            .filter(|(_, is_missing)| *is_missing)
            .map(|(pointer, _)| {
                FieldError::new(
                    pointer,
                    FieldCode::Required,
                    locale::text(locale::Language::English, "rfqs-required-to-publish"),
                )
            })
            .collect();
        errors.extend(items::missing_to_publish(&self.items));
        if errors.is_empty() { Ok(()) } else { Err(Problem::invalid(errors)) }
    }

    fn check_numbers(&self, checker: &mut Checker) {
        let quantity_ok = self.quantity.is_none_or(|quantity| quantity.value.is_positive());
        checker.ensure(
            quantity_ok,
            "/quantity/value",
            FieldCode::Range,
            locale::text(locale::Language::English, "rfqs-positive"),
        );
        let price_ok = self.target_price.is_none_or(|price| price.amount.is_positive());
        checker.ensure(
            price_ok,
            "/target_price/amount",
            FieldCode::Range,
            locale::text(locale::Language::English, "rfqs-positive"),
        );
        if let Some(message) = self.target_price.and_then(|price| price.currency.refusal()) {
            checker.fail("/target_price/currency", FieldCode::UnknownValue, message);
        }
        let seats_ok = self.closing.max_quotes.is_none_or(|seats| (1..=MAX_SEATS).contains(&seats));
        checker.ensure(
            seats_ok,
            "/closing/max_quotes",
            FieldCode::Range,
            locale::text(locale::Language::English, "rfqs-one-to-thirty"),
        );
    }

    fn check_destination(&self, checker: &mut Checker) {
        let (Some(country), Some(locode)) = (self.destination_country, self.destination_locode) else { return };
        let fits = locode.as_str().starts_with(country.as_str());
        let message = locale::text(locale::Language::English, "rfqs-place-in-country");
        checker.ensure(fits, "/destination_locode", FieldCode::Contradiction, message);
    }
}
