//! The quote as it travels: the fields of one version, and what must hold of them.

mod items;

pub use items::{MAX_LEAD_TIME_DAYS, MAX_LINE, QuoteItem};

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize, Serializer};
use utoipa::ToSchema;

use crate::documents::MAX_ATTACHMENTS;
use crate::error::{FieldCode, FieldError, Problem};
use crate::ids::DocumentId;
use crate::locale::{Language, Message, text};
use crate::money::{Currency, Micros, Money};
use crate::reference::codes::{Incoterm, PaymentTerm};
use crate::rfqs::RfqFields;
use crate::text::Checker;
use crate::units::{Quantity, Unit};

/// Members of a quote that only the server sets; sent back, they are ignored.
pub const READ_ONLY: &[&str] = &[
    "id",
    "rfq",
    "rfq_title",
    "supplier",
    "buyer",
    "state",
    "seat",
    "sealed",
    "revision",
    "versions",
    "version",
    "decline_reason",
    "off_target",
    "awarded_items",
    "created_at",
    "updated_at",
    "decided_at",
    "url",
];

/// At most so many price tiers.
pub const MAX_TIERS: usize = 20;
/// At most so many answers to requirements.
pub const MAX_ANSWERS: usize = 100;
/// The longest message and sample terms, in characters.
pub const MAX_TEXT: usize = 5_000;
/// A quote may be valid for at most so many days.
pub const MAX_VALID_DAYS: u64 = 730;

/// One version of a quote: `unit_price` is for one `price_unit`. A quote on an RFQ with items has `items` instead, each with a price of its own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct QuoteFields {
    /// The price of one unit, above 0; null in a quote on an RFQ with items, and needed in every other.
    #[serde(default)]
    pub unit_price: Option<Money>,
    /// The items that are offered, all or some of those that the RFQ asks for, each once and all in one currency; empty where the RFQ has none.
    /// With them, `unit_price`, `price_unit`, `tiers`, `quantity` and `moq` stand in each item.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub items: Vec<QuoteItem>,
    /// The unit of the price; where absent the unit of the quantity quoted, else of the quantity wanted.
    #[serde(default)]
    pub price_unit: Option<Unit>,
    /// Lower prices from larger quantities on, ascending; the quantities are in the price's unit.
    #[serde(default)]
    pub tiers: Vec<PriceTier>,
    /// How much is offered; the quantity wanted where absent.
    #[serde(default)]
    pub quantity: Option<Quantity>,
    /// The least that is sold.
    #[serde(default)]
    pub moq: Option<Quantity>,
    /// The Incoterm of the price.
    #[serde(default)]
    pub incoterm: Option<Incoterm>,
    /// The named place of the Incoterm.
    #[serde(default)]
    pub incoterm_place: Option<String>,
    /// Days from order to dispatch, 0 to 1 000.
    #[serde(default)]
    pub lead_time_days: Option<u32>,
    /// The last day on which the buyer may accept; without one the quote stands until the request closes.
    #[serde(default)]
    pub valid_until: Option<NaiveDate>,
    /// The ways to pay that the supplier takes.
    #[serde(default)]
    pub payment_terms: Vec<PaymentTerm>,
    /// The main carriage to the buyer's destination, for the whole quantity, where the price does not hold it.
    #[serde(default)]
    pub freight: Option<Money>,
    /// What samples cost and how they come.
    #[serde(default)]
    pub sample_terms: Option<String>,
    /// Words to the buyer.
    #[serde(default)]
    pub message: Option<String>,
    /// What the supplier says to each requirement.
    #[serde(default)]
    pub answers: Vec<Answer>,
    /// Documents that belong to this version, at most 10 of the supplier's own; the buyer may read them when they may read the quote.
    #[serde(default)]
    pub attachments: Vec<DocumentId>,
}

/// A price from a quantity on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PriceTier {
    /// From this quantity on, in the price's unit.
    #[serde(serialize_with = "plainly")]
    pub from: Micros,
    /// The price of one unit, in the currency of the unit price.
    pub amount: Money,
}

/// The supplier's word on one requirement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RequirementAnswer)]
pub struct Answer {
    /// The requirement, as the request states it.
    pub requirement: String,
    /// Whether it is met.
    pub met: bool,
    /// How, or why not.
    #[serde(default)]
    pub note: Option<String>,
}

fn plainly<S: Serializer>(value: &Micros, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&value.display(0))
}

impl QuoteFields {
    /// A quote of which only the price is known.
    pub fn priced(unit_price: Money) -> Self {
        Self {
            unit_price: Some(unit_price),
            items: Vec::new(),
            price_unit: None,
            tiers: Vec::new(),
            quantity: None,
            moq: None,
            incoterm: None,
            incoterm_place: None,
            lead_time_days: None,
            valid_until: None,
            payment_terms: Vec::new(),
            freight: None,
            sample_terms: None,
            message: None,
            answers: Vec::new(),
            attachments: Vec::new(),
        }
    }

    /// The item of this number, where it is offered.
    pub fn find_item(&self, number: u32) -> Option<&QuoteItem> {
        self.items.iter().find(|item| item.item == number)
    }

    /// What the quote would say if it priced this item alone. Freight is stated for all that is quoted and is left out, unless that is nothing else.
    pub fn of_item(&self, number: u32) -> Option<Self> {
        let item = self.find_item(number)?;
        Some(Self {
            unit_price: Some(item.unit_price),
            items: Vec::new(),
            price_unit: item.price_unit,
            tiers: Vec::new(),
            quantity: item.quantity,
            moq: item.moq,
            lead_time_days: item.lead_time_days.or(self.lead_time_days),
            freight: self.freight.filter(|_| self.items.len() == 1),
            ..self.clone()
        })
    }

    /// The currency of the prices.
    pub fn currency(&self) -> Option<Currency> {
        self.unit_price.or(self.items.first().map(|item| item.unit_price)).map(|price| price.currency)
    }

    /// What the goods of the items cost together. `None` where the price of one cannot be computed, or money cannot hold the sum.
    pub fn items_total(&self, rfq: &RfqFields) -> Option<Money> {
        let total = |item: &QuoteItem| {
            let wanted = rfq.find_item(item.item).and_then(|wanted| wanted.quantity);
            self.of_item(item.item)?.goods_total(wanted).map(|(total, _)| total)
        };
        let mut totals = self.items.iter().map(total);
        let first = totals.next()??;
        totals.try_fold(first, |sum, next| sum.checked_add(next?))
    }

    /// What it says of these items alone.
    #[must_use]
    pub fn only(&self, items: &[u32]) -> Self {
        let mut fields = self.clone();
        fields.items.retain(|item| items.contains(&item.item));
        fields
    }

    /// The numbers of the items that are offered.
    pub fn item_numbers(&self) -> Vec<u32> {
        self.items.iter().map(|item| item.item).collect()
    }

    /// The unit of the price, with the unit of the quantity wanted where the quote says none.
    pub fn price_unit_or(&self, wanted: Unit) -> Unit {
        self.price_unit.or(self.quantity.map(|quantity| quantity.unit)).unwrap_or(wanted)
    }

    /// The price of one `price_unit` when `quantity` of that unit is bought: that of the highest tier it reaches. None where the quote prices
    /// items.
    pub fn price_for(&self, quantity: Micros) -> Option<Money> {
        let reached = self.tiers.iter().filter(|tier| tier.from <= quantity).max_by_key(|tier| tier.from);
        reached.map_or(self.unit_price, |tier| Some(tier.amount))
    }

    /// What the goods cost in all and for which quantity: the one offered, or the one wanted where the quote names none, or the MOQ where that is
    /// more; at the price of its tier. `None` where no quantity is known, where it is not counted in what the price is for, and where money cannot hold it.
    pub fn goods_total(&self, wanted: Option<Quantity>) -> Option<(Money, Quantity)> {
        let offered = self.quantity.or(wanted)?;
        // Nobody sells less than the MOQ: what is wanted costs as much as that.
        let least = self.moq.filter(|moq| moq.to_unit(offered.unit).is_some_and(|moq| moq.value > offered.value));
        let quantity = least.unwrap_or(offered);
        let priced = quantity.to_unit(self.price_unit_or(quantity.unit))?;
        let each = self.price_for(priced.value)?;
        let amount = each.amount.to_decimal().checked_mul(priced.value.to_decimal())?;
        Some((Money::new(Micros::from_decimal(amount)?, each.currency), quantity))
    }

    /// Whether the last day of validity has passed on `today`.
    pub fn is_expired(&self, today: NaiveDate) -> bool {
        self.valid_until.is_some_and(|last| last < today)
    }

    /// Cleans the texts: spaces around them go, and an empty one counts as absent.
    ///
    /// # Errors
    /// `invalid` naming the texts that are too long or hold control characters.
    pub fn clean(&mut self) -> Result<(), Problem> {
        let mut checker = Checker::new();
        checker.text("/incoterm_place", &mut self.incoterm_place, 0..=MAX_LINE);
        checker.prose("/sample_terms", &mut self.sample_terms, 0..=MAX_TEXT);
        checker.prose("/message", &mut self.message, 0..=MAX_TEXT);
        for (place, answer) in self.answers.iter_mut().enumerate() {
            checker.text(&format!("/answers/{place}/requirement"), &mut answer.requirement, 1..=MAX_LINE);
            checker.prose(&format!("/answers/{place}/note"), &mut answer.note, 0..=MAX_TEXT);
        }
        items::clean(&mut self.items, &mut checker);
        checker.finish()
    }

    /// Checks what a type alone cannot hold, against what the RFQ asks for; `today` is the day of submission.
    ///
    /// # Errors
    /// `invalid`, naming every field that is wrong.
    pub fn check(&self, rfq: &RfqFields, today: NaiveDate) -> Result<(), Problem> {
        let mut errors = Vec::new();
        self.check_priced(rfq, &mut errors);
        self.check_price(&mut errors);
        self.check_quantities(rfq.quantity, &mut errors);
        self.check_terms(today, &mut errors);
        self.check_texts(&mut errors);
        self.check_attachments(&mut errors);
        if errors.is_empty() { Ok(()) } else { Err(Problem::invalid(errors)) }
    }

    /// A price for the one kind of goods that the RFQ asks for, or items.
    fn check_priced(&self, rfq: &RfqFields, errors: &mut Vec<FieldError>) {
        let (is_priced, has_items) = (self.unit_price.is_some(), !self.items.is_empty());
        if rfq.items.is_empty() {
            if has_items {
                let message = text(Language::English, "quotes-items-none");
                errors.push(FieldError::new("/items", FieldCode::Contradiction, message));
            } else if !is_priced {
                errors.push(FieldError::required("/unit_price"));
            }
            return;
        }
        if !has_items {
            let message = text(Language::English, "quotes-items-required");
            errors.push(FieldError::new("/items", FieldCode::Required, message));
        }
        let beside = [
            ("/unit_price", is_priced),
            ("/price_unit", self.price_unit.is_some()),
            ("/tiers", !self.tiers.is_empty()),
            ("/quantity", self.quantity.is_some()),
            ("/moq", self.moq.is_some()),
        ];
        for (pointer, _) in beside.into_iter().filter(|(_, is_stated)| *is_stated) {
            let message = text(Language::English, "quotes-items-each");
            errors.push(FieldError::new(pointer, FieldCode::Contradiction, message));
        }
        items::check(&self.items, &rfq.items, errors);
    }

    fn check_price(&self, errors: &mut Vec<FieldError>) {
        items::check_money("/unit_price", self.unit_price, errors);
        if self.tiers.len() > MAX_TIERS {
            errors.push(FieldError::new(
                "/tiers",
                FieldCode::Range,
                Message::new("quotes-too-many").with("most", MAX_TIERS).text(Language::English),
            ));
        }
        for (place, tier) in self.tiers.iter().enumerate() {
            let below = place.checked_sub(1).map(|before| &self.tiers[before]);
            self.check_tier(place, tier, below, errors);
        }
        if let Some(freight) = self.freight {
            if freight.amount.0 < 0 {
                errors.push(FieldError::new(
                    "/freight/amount",
                    FieldCode::Range,
                    text(Language::English, "quotes-not-negative"),
                ));
            }
            // Under C and D terms the price holds the carriage; adding it once more would make the quote look dearer than it is.
            if freight.amount.is_positive() && self.incoterm.is_some_and(Incoterm::seller_pays_freight) {
                let message = text(Language::English, "quotes-freight-included");
                errors.push(FieldError::new("/freight", FieldCode::Contradiction, message));
            }
        }
    }

    fn check_tier(&self, place: usize, tier: &PriceTier, below: Option<&PriceTier>, errors: &mut Vec<FieldError>) {
        let mut refuse = |field: &str, code, message: &str| {
            errors.push(FieldError::new(format!("/tiers/{place}/{field}"), code, message));
        };
        if !tier.from.is_positive() {
            refuse("from", FieldCode::Range, text(Language::English, "quotes-positive"));
        }
        if !tier.amount.amount.is_positive() {
            refuse("amount/amount", FieldCode::Range, text(Language::English, "quotes-positive"));
        }
        if self.unit_price.is_some_and(|price| price.currency != tier.amount.currency) {
            refuse("amount/currency", FieldCode::Contradiction, text(Language::English, "quotes-tier-currency"));
        }
        if below.is_some_and(|below| below.from >= tier.from) {
            refuse("from", FieldCode::Contradiction, text(Language::English, "quotes-tier-order"));
        }
    }

    fn check_quantities(&self, wanted: Option<Quantity>, errors: &mut Vec<FieldError>) {
        if self.items.is_empty() {
            let unit = self.price_unit.or(self.quantity.or(wanted).map(|quantity| quantity.unit));
            items::check_quantities("", unit, self.quantity, self.moq, errors);
        }
        if self.lead_time_days.is_some_and(|days| days > MAX_LEAD_TIME_DAYS) {
            let message = Message::new("quotes-too-many-days")
                .with("most", MAX_LEAD_TIME_DAYS.to_string())
                .text(Language::English);
            errors.push(FieldError::new("/lead_time_days", FieldCode::Range, message));
        }
    }

    fn check_terms(&self, today: NaiveDate, errors: &mut Vec<FieldError>) {
        let place = self.incoterm_place.as_deref().map(str::trim);
        if self.incoterm.is_none() && place.is_some_and(|place| !place.is_empty()) {
            errors.push(FieldError::new(
                "/incoterm",
                FieldCode::Required,
                text(Language::English, "quotes-incoterm-required"),
            ));
        }
        if let Some(last) = self.valid_until {
            let latest = today.checked_add_days(Days::new(MAX_VALID_DAYS)).unwrap_or(NaiveDate::MAX);
            if last < today {
                errors.push(FieldError::new(
                    "/valid_until",
                    FieldCode::Range,
                    text(Language::English, "quotes-today-or-later"),
                ));
            } else if last > latest {
                errors.push(FieldError::new(
                    "/valid_until",
                    FieldCode::Range,
                    Message::new("quotes-or-earlier").with("latest", latest.to_string()).text(Language::English),
                ));
            }
        }
        for (place, term) in self.payment_terms.iter().enumerate() {
            if self.payment_terms[..place].contains(term) {
                let pointer = format!("/payment_terms/{place}");
                errors.push(FieldError::new(
                    pointer,
                    FieldCode::Contradiction,
                    text(Language::English, "quotes-twice"),
                ));
            }
        }
    }

    fn check_attachments(&self, errors: &mut Vec<FieldError>) {
        if self.attachments.len() > MAX_ATTACHMENTS {
            errors.push(FieldError::new(
                "/attachments",
                FieldCode::Range,
                Message::new("quotes-too-many-documents").with("most", MAX_ATTACHMENTS).text(Language::English),
            ));
        }
        for (place, document) in self.attachments.iter().enumerate() {
            if self.attachments[..place].contains(document) {
                let pointer = format!("/attachments/{place}");
                errors.push(FieldError::new(
                    pointer,
                    FieldCode::Contradiction,
                    text(Language::English, "quotes-twice"),
                ));
            }
        }
    }

    fn check_texts(&self, errors: &mut Vec<FieldError>) {
        let texts = [
            ("/incoterm_place", &self.incoterm_place, MAX_LINE),
            ("/sample_terms", &self.sample_terms, MAX_TEXT),
            ("/message", &self.message, MAX_TEXT),
        ];
        for (pointer, text, most) in texts {
            check_length(pointer.to_owned(), text.as_deref(), most, errors);
        }
        if self.answers.len() > MAX_ANSWERS {
            errors.push(FieldError::new(
                "/answers",
                FieldCode::Range,
                Message::new("quotes-too-many").with("most", MAX_ANSWERS).text(Language::English),
            ));
        }
        for (place, answer) in self.answers.iter().enumerate() {
            if answer.requirement.trim().is_empty() {
                errors.push(FieldError::required(format!("/answers/{place}/requirement")));
            }
            check_length(format!("/answers/{place}/requirement"), Some(&answer.requirement), MAX_LINE, errors);
            check_length(format!("/answers/{place}/note"), answer.note.as_deref(), MAX_TEXT, errors);
        }
    }
}

fn check_length(pointer: String, text: Option<&str>, most: usize, errors: &mut Vec<FieldError>) {
    if text.is_some_and(|text| text.chars().count() > most) {
        errors.push(FieldError::new(
            pointer,
            FieldCode::Range,
            Message::new("quotes-too-long").with("most", most).text(Language::English),
        ));
    }
}
