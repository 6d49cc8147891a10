//! Partnerships and trade records as they travel, and what must hold of them.

use chrono::{Datelike, Days, NaiveDate};
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

use super::states::Side;
use crate::customs::Direction;
use crate::customs::rules::{DealChannel, GoodsRoute, PartyForm};
use crate::error::{FieldCode, FieldError, Problem};
use crate::ids::{CompanyId, QuoteId, RecordId};
use crate::locale::{Language, Message, text};
use crate::money::{Micros, Money};
use crate::reference::codes::{Country, HsCode, Incoterm};
use crate::reference::transport::TransportMode;
use crate::units::Quantity;

/// The longest description and note, in characters.
pub const MAX_TEXT: usize = 2_000;
/// No shipment is recorded from before this year.
pub const FIRST_YEAR: i32 = 2000;
/// The edition of the Harmonized System in force, by its UN name: HS 2022. Records are in it unless they say otherwise, and so are the tables of
/// the statistics.
pub const HS_EDITION: &str = "H6";
/// The editions of the Harmonized System by their UN names, H0 (1992) to H6 (2022).
pub const HS_EDITIONS: [&str; 7] = ["H0", "H1", "H2", "H3", "H4", "H5", "H6"];

/// A proposed partnership.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PartnershipFields {
    /// The company that sells.
    pub supplier: CompanyId,
    /// The company that buys.
    pub buyer: CompanyId,
    /// The accepted quote it comes from.
    #[serde(default)]
    pub quote: Option<QuoteId>,
    /// A note to the other side; both see it.
    #[serde(default)]
    pub note: Option<String>,
}

impl PartnershipFields {
    /// The side that `company` is on; `None` for a third company.
    pub fn side_of(&self, company: CompanyId) -> Option<Side> {
        if company == self.supplier { Some(Side::Supplier) } else { (company == self.buyer).then_some(Side::Buyer) }
    }

    /// Checks the proposal of the company `proposer`.
    ///
    /// # Errors
    /// `invalid`, naming every field that is wrong.
    pub fn check(&self, proposer: CompanyId) -> Result<(), Problem> {
        let mut errors = Vec::new();
        if self.supplier == self.buyer {
            errors.push(FieldError::new(
                "/buyer",
                FieldCode::Contradiction,
                text(Language::English, "partnerships-same-company"),
            ));
        } else if self.side_of(proposer).is_none() {
            let message = text(Language::English, "partnerships-not-a-side");
            errors.push(FieldError::new("/supplier", FieldCode::Contradiction, message));
        }
        check_length("/note", self.note.as_deref(), &mut errors);
        if errors.is_empty() { Ok(()) } else { Err(Problem::invalid(errors)) }
    }
}

/// One shipment, or one item of a declaration, as one side declares it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordFields {
    /// Export or import, seen from the reporting country.
    pub direction: Direction,
    /// The reporting country: whose customs office the goods were declared to.
    pub reporter_country: Country,
    /// The partner country: the last known destination of exports, the country of origin or dispatch of imports.
    pub partner_country: Country,
    /// The form of the parties; between businesses where absent.
    #[serde(default = "b2b")]
    pub party_form: PartyForm,
    /// The channel of the deal; offline where absent.
    #[serde(rename = "deal_locus", default = "offline")]
    pub deal_channel: DealChannel,
    /// The transport route; general cargo where absent.
    #[serde(default = "general_cargo")]
    pub goods_route: GoodsRoute,
    /// The HS code, 6 digits or more.
    pub hs_code: HsCode,
    /// The edition of the HS, `H6` for HS 2022.
    #[serde(default = "current_edition")]
    pub hs_edition: String,
    /// A description of the goods.
    #[serde(default)]
    pub description: String,
    /// How much, in the unit of the invoice.
    pub quantity: Quantity,
    /// Net weight in kilograms, above 0; a decimal string, or a JSON number.
    #[serde(deserialize_with = "decimal_or_number")]
    pub net_kg: Micros,
    /// The invoice value under the Incoterm.
    pub value: Money,
    /// The Incoterm of the value; without one no FOB or CIF value can be derived.
    #[serde(default)]
    pub incoterm: Option<Incoterm>,
    /// The international carriage, in the currency of the value.
    #[serde(default)]
    pub freight: Option<Money>,
    /// The transport insurance, in the currency of the value.
    #[serde(default)]
    pub insurance: Option<Money>,
    /// The date of the invoice.
    pub invoice_date: NaiveDate,
    /// The day customs accepted the declaration.
    #[serde(default)]
    pub declared_on: Option<NaiveDate>,
    /// The day customs released the goods.
    #[serde(default)]
    pub released_on: Option<NaiveDate>,
    /// Where the goods were made.
    #[serde(default)]
    pub origin_country: Option<Country>,
    /// How the goods crossed the border.
    #[serde(default)]
    pub transport_mode: Option<TransportMode>,
    /// The record that this one corrects.
    #[serde(default)]
    pub supersedes: Option<RecordId>,
}

fn b2b() -> PartyForm {
    PartyForm::B2b
}

fn offline() -> DealChannel {
    DealChannel::Offline
}

fn general_cargo() -> GoodsRoute {
    GoodsRoute::GeneralCargo
}

pub(crate) fn current_edition() -> String {
    HS_EDITION.to_owned()
}

/// Takes `"1980.5"` and, because weights are so often sent as numbers, `1980.5`.
pub(crate) fn decimal_or_number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Micros, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Either {
        Text(String),
        Number(serde_json::Number),
    }
    let text = match Either::deserialize(deserializer)? {
        Either::Text(text) => text,
        Either::Number(number) => number.to_string(),
    };
    text.parse().map_err(serde::de::Error::custom)
}

impl RecordFields {
    /// The day the record counts on in statistics: that of release, else of declaration. The invoice is no customs date, so a
    /// record with neither has none.
    pub fn customs_date(&self) -> Option<NaiveDate> {
        self.released_on.or(self.declared_on)
    }

    /// The country that statistics show as the partner: the origin of imports where stated, the destination of exports.
    pub fn statistical_partner(&self) -> Country {
        match self.direction {
            Direction::Import => self.origin_country.unwrap_or(self.partner_country),
            Direction::Export => self.partner_country,
        }
    }

    /// Checks what a type alone cannot hold; `today` is today in UTC. Dates up to a day ahead pass, because it is tomorrow in
    /// some customs offices already.
    ///
    /// # Errors
    /// `invalid`, naming every field that is wrong.
    pub fn check(&self, today: NaiveDate) -> Result<(), Problem> {
        let mut errors = Vec::new();
        self.check_goods(&mut errors);
        self.check_values(&mut errors);
        self.check_dates(today, &mut errors);
        check_length("/description", Some(&self.description), &mut errors);
        if self.reporter_country == self.partner_country {
            let message = text(Language::English, "partnerships-same-country");
            errors.push(FieldError::new("/partner_country", FieldCode::Contradiction, message));
        }
        if errors.is_empty() { Ok(()) } else { Err(Problem::invalid(errors)) }
    }

    fn check_goods(&self, errors: &mut Vec<FieldError>) {
        // Six digits are the same in every country; the table is by heading, but a correction of four digits would be guesswork.
        if self.hs_code.subheading().is_none() {
            errors.push(FieldError::new(
                "/hs_code",
                FieldCode::Format,
                text(Language::English, "partnerships-hs-digits"),
            ));
        }
        if !HS_EDITIONS.contains(&self.hs_edition.as_str()) {
            let message =
                Message::new("partnerships-one-of").with("values", HS_EDITIONS.join(", ")).text(Language::English);
            errors.push(FieldError::new("/hs_edition", FieldCode::UnknownValue, message));
        }
        if !self.quantity.value.is_positive() {
            errors.push(FieldError::new(
                "/quantity/value",
                FieldCode::Range,
                text(Language::English, "partnerships-positive"),
            ));
        }
        if !self.net_kg.is_positive() {
            errors.push(FieldError::new("/net_kg", FieldCode::Range, text(Language::English, "partnerships-positive")));
        }
    }

    fn check_values(&self, errors: &mut Vec<FieldError>) {
        if !self.value.amount.is_positive() {
            errors.push(FieldError::new(
                "/value/amount",
                FieldCode::Range,
                text(Language::English, "partnerships-positive"),
            ));
        }
        // A shipment of the past was paid in the currency of its day.
        let is_retired = |(_, since): &(&str, &str)| self.invoice_date.to_string().as_str() >= *since;
        if self.value.currency.successor().filter(is_retired).is_some() {
            let message = self.value.currency.refusal().unwrap_or_default();
            errors.push(FieldError::new("/value/currency", FieldCode::UnknownValue, message));
        }
        for (field, part) in [("freight", self.freight), ("insurance", self.insurance)] {
            let Some(part) = part else { continue };
            if part.currency != self.value.currency {
                let message = Message::new("partnerships-same-currency")
                    .with("currency", self.value.currency.to_string())
                    .text(Language::English);
                errors.push(FieldError::new(format!("/{field}/currency"), FieldCode::Contradiction, message));
            } else if part.amount.0 < 0 {
                errors.push(FieldError::new(
                    format!("/{field}/amount"),
                    FieldCode::Range,
                    text(Language::English, "partnerships-not-negative"),
                ));
            } else if self.holds(field) && part.amount >= self.value.amount {
                let message = text(Language::English, "partnerships-below-value");
                errors.push(FieldError::new(format!("/{field}/amount"), FieldCode::Contradiction, message));
            }
        }
        let parts = [self.freight, self.insurance].into_iter().flatten();
        if parts.map(|part| part.amount.0).try_fold(self.value.amount.0, i64::checked_add).is_none() {
            // The value at the border may be the sum of all three; one that cannot be written down would only be missing there.
            let message = text(Language::English, "partnerships-value-too-large");
            errors.push(FieldError::new("/value/amount", FieldCode::Range, message));
        }
    }

    /// Whether the value holds the part under its Incoterm.
    fn holds(&self, part: &str) -> bool {
        self.incoterm.is_some_and(|term| {
            if part == "freight" { term.seller_pays_freight() } else { term.seller_pays_insurance() }
        })
    }

    fn check_dates(&self, today: NaiveDate, errors: &mut Vec<FieldError>) {
        // Tokyo is nine hours ahead of UTC, and its customs office dates by its own calendar.
        let latest = today.checked_add_days(Days::new(1)).unwrap_or(today);
        let dates = [
            ("/invoice_date", Some(self.invoice_date)),
            ("/declared_on", self.declared_on),
            ("/released_on", self.released_on),
        ];
        for (pointer, date) in dates {
            let Some(date) = date else { continue };
            if date > latest {
                errors.push(FieldError::new(
                    pointer,
                    FieldCode::Range,
                    text(Language::English, "partnerships-in-future"),
                ));
            } else if date.year() < FIRST_YEAR {
                errors.push(FieldError::new(
                    pointer,
                    FieldCode::Range,
                    Message::new("partnerships-first-year")
                        .with("year", FIRST_YEAR.to_string())
                        .text(Language::English),
                ));
            }
        }
        if let (Some(declared), Some(released)) = (self.declared_on, self.released_on)
            && released < declared
        {
            let message = text(Language::English, "partnerships-before-declared");
            errors.push(FieldError::new("/released_on", FieldCode::Contradiction, message));
        }
    }
}

fn check_length(pointer: &str, text: Option<&str>, errors: &mut Vec<FieldError>) {
    if text.is_some_and(|text| text.chars().count() > MAX_TEXT) {
        errors.push(FieldError::new(
            pointer,
            FieldCode::Range,
            Message::new("partnerships-too-long").with("most", MAX_TEXT).text(Language::English),
        ));
    }
}
