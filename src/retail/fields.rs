//! Retail records as they travel, and what must hold of them.

use chrono::{Datelike, Days, Months, NaiveDate};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::references::{DeclaredTo, ReferenceCheck, RetailReference};
use crate::customs::Direction;
use crate::customs::regimes::Regime;
use crate::customs::rules::{Axes, DealChannel, DeclarantRole, GoodsRoute, PartyForm};
use crate::error::{FieldCode, FieldError, Problem};
use crate::ids::RetailRecordId;
use crate::locale::{Language, Message, text};
use crate::money::{Micros, Money};
use crate::partnerships::RecordFields;
use crate::partnerships::fields::{current_edition, decimal_or_number};
use crate::reference::codes::{Country, HsCode};
use crate::text::find_contact;
use crate::units::Quantity;

const LANGUAGE: Language = Language::English;
/// The longest name of a platform or of a declarant, in characters.
const MAX_NAME: usize = 200;
/// The longest number and own reference, in characters.
const MAX_NUMBER: usize = 100;

/// What a resource holds beside its fields; ignored where it is sent back.
pub const READ_ONLY: &[&str] = &[
    "id",
    "seller",
    "state",
    "grade",
    "month",
    "corrected_by",
    "customs_check",
    "bucket",
    "counts_for_statistics",
    "not_counted_because",
    "statistics",
    "is_released",
    "findings",
    "version",
    "created_at",
    "updated_at",
];

/// What a company sold to consumers in one country: a parcel, or the parcels of a month.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RetailFields {
    /// Export or import, seen from the reporting country.
    pub direction: Direction,
    /// `b2c`, or `c2c` of a certified individual; trade between businesses is recorded under a partnership.
    pub party_form: PartyForm,
    /// The channel of the deal; a platform's order flow where absent.
    #[serde(rename = "deal_locus", default = "through_platform")]
    pub deal_channel: DealChannel,
    /// The name of the platform, or of the seller's own shop.
    #[serde(default)]
    #[schema(max_length = 200)]
    pub platform: Option<String>,
    /// How the goods reach the consumer.
    pub goods_route: GoodsRoute,
    /// The reporting country: whose customs office the goods were declared to.
    pub reporter_country: Country,
    /// Where the consumers are; all that is recorded of them.
    pub consumer_country: Country,
    /// Where the goods were made.
    #[serde(default)]
    pub origin_country: Option<Country>,
    /// The HS code, 6 digits or more.
    pub hs_code: HsCode,
    /// The edition of the HS, `H6` for HS 2022.
    #[serde(default = "current_edition")]
    pub hs_edition: String,
    /// A description of the goods.
    #[serde(default)]
    #[schema(max_length = 2000)]
    pub description: String,
    /// How much, in the unit of sale.
    pub quantity: Quantity,
    /// Net weight in kilograms, above 0; a decimal string, or a JSON number.
    #[serde(deserialize_with = "decimal_or_number")]
    pub net_kg: Micros,
    /// What the consumers paid for the goods, without carriage where it is known apart.
    pub value: Money,
    /// How many parcels the record sums up; one where absent.
    #[serde(default = "one_parcel")]
    #[schema(minimum = 1)]
    pub parcels: u32,
    /// The month that it sums up, `2026-10`; either this or `date`.
    #[serde(default)]
    #[schema(example = "2026-10")]
    pub period: Option<String>,
    /// The day of declaration, or of dispatch where nothing was declared.
    #[serde(default)]
    pub date: Option<NaiveDate>,
    /// Who declared to customs, where it is known.
    #[serde(default)]
    pub declarant_role: Option<DeclarantRole>,
    /// The name of the declarant: the postal operator, the express carrier, the e-commerce firm.
    #[serde(default)]
    #[schema(max_length = 200)]
    pub declarant_name: Option<String>,
    /// The number under which customs knows the declarant, as it was typed.
    #[serde(default)]
    #[schema(max_length = 100)]
    pub declarant_number: Option<String>,
    /// The customs regime, where it is known: China 9610, 1210, 1239, 9810; EU 4000 for low value; US 86.
    #[serde(default)]
    pub regime: Option<Regime>,
    /// The number of the customs declaration.
    #[serde(default)]
    pub customs_reference: Option<RetailReference>,
    /// The seller's number in the import one-stop shop of the EU: `IM` and 10 digits. Only the form is checked.
    #[serde(default)]
    #[schema(example = "IM2760000001")]
    pub ioss: Option<String>,
    /// The seller's own reference; only one record in force has it.
    #[serde(default)]
    #[schema(max_length = 100)]
    pub reference: Option<String>,
    /// The record that this one corrects.
    #[serde(default)]
    pub supersedes: Option<RetailRecordId>,
}

fn through_platform() -> DealChannel {
    DealChannel::Platform
}

fn one_parcel() -> u32 {
    1
}

/// The first day of a month like `2026-10`.
pub fn first_of(month: &str) -> Option<NaiveDate> {
    let has_form = month.len() == 7 && month.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    has_form.then(|| NaiveDate::parse_from_str(&format!("{month}-01"), "%Y-%m-%d").ok())?
}

impl RetailFields {
    /// The same without spaces around texts; what is empty then is absent.
    #[must_use]
    pub fn trimmed(mut self) -> Self {
        let texts = [
            &mut self.platform,
            &mut self.period,
            &mut self.declarant_name,
            &mut self.declarant_number,
            &mut self.ioss,
            &mut self.reference,
        ];
        for text in texts {
            *text = text.take().map(|typed| typed.trim().to_owned()).filter(|typed| !typed.is_empty());
        }
        self.ioss = self.ioss.map(|number| number.replace(' ', "").to_uppercase());
        self
    }

    /// The first day that it speaks of; `None` with neither date nor month.
    pub fn first_day(&self) -> Option<NaiveDate> {
        self.date.or_else(|| self.period.as_deref().and_then(first_of))
    }

    /// The last day that it speaks of: whose rates of exchange count.
    pub fn last_day(&self) -> Option<NaiveDate> {
        let end = |first: NaiveDate| first.checked_add_months(Months::new(1))?.pred_opt();
        self.date.or_else(|| self.period.as_deref().and_then(first_of).and_then(end))
    }

    /// The month that it belongs to, `2026-10`; empty with neither date nor month.
    pub fn month(&self) -> String {
        self.first_day().map(|day| format!("{:04}-{:02}", day.year(), day.month())).unwrap_or_default()
    }

    /// The declared axes.
    pub fn axes(&self) -> Axes {
        Axes {
            direction: self.direction,
            party_form: self.party_form,
            deal_channel: self.deal_channel,
            goods_route: self.goods_route,
            declarant_role: self.declarant_role,
        }
    }

    /// The same goods as a shipment, on a day: what holds of every shipment is asked of it and not written down twice.
    pub fn as_shipment(&self, day: NaiveDate) -> RecordFields {
        RecordFields {
            direction: self.direction,
            reporter_country: self.reporter_country,
            partner_country: self.consumer_country,
            party_form: self.party_form,
            deal_channel: self.deal_channel,
            goods_route: self.goods_route,
            hs_code: self.hs_code.clone(),
            hs_edition: self.hs_edition.clone(),
            description: self.description.clone(),
            quantity: self.quantity,
            net_kg: self.net_kg,
            value: self.value,
            incoterm: None,
            freight: None,
            insurance: None,
            invoice_date: day,
            declared_on: None,
            released_on: None,
            origin_country: self.origin_country,
            transport_mode: None,
            supersedes: None,
        }
    }

    /// Checks what a type alone cannot hold, the customs number with it; `today` is today in UTC.
    ///
    /// # Errors
    /// `invalid`, naming every field that is wrong.
    pub fn check(&self, today: NaiveDate) -> Result<Option<ReferenceCheck>, Problem> {
        let mut errors = Vec::new();
        self.check_parties(&mut errors);
        self.check_time(today, &mut errors);
        self.check_goods(today, &mut errors);
        self.check_texts(&mut errors);
        let to = DeclaredTo { direction: self.direction, country: self.reporter_country, date: self.date };
        let check = self.customs_reference.as_ref().map(|reference| reference.check(&to, today));
        let check = match check {
            Some(Err(found)) => {
                errors.extend(found);
                None
            }
            Some(Ok(check)) => Some(check),
            None => None,
        };
        if errors.is_empty() { Ok(check) } else { Err(Problem::invalid(errors)) }
    }

    fn check_parties(&self, errors: &mut Vec<FieldError>) {
        let mut add = |pointer: &str, code, key: &'static str| {
            errors.push(FieldError::new(pointer, code, text(LANGUAGE, key)));
        };
        if self.party_form == PartyForm::B2b {
            add("/party_form", FieldCode::Contradiction, "retail-no-businesses");
        }
        if self.platform.is_some() && self.deal_channel == DealChannel::Offline {
            add("/platform", FieldCode::Contradiction, "retail-platform-offline");
        }
        if self.declarant_role.is_none() && (self.declarant_name.is_some() || self.declarant_number.is_some()) {
            add("/declarant_role", FieldCode::Required, "retail-role-of-declarant");
        }
        if self.parcels == 0 {
            add("/parcels", FieldCode::Range, "partnerships-positive");
        }
        if self.ioss.as_deref().is_some_and(|number| !is_ioss(number)) {
            add("/ioss", FieldCode::Format, "retail-ioss-form");
        }
    }

    fn check_time(&self, today: NaiveDate, errors: &mut Vec<FieldError>) {
        let mut add = |pointer: &str, code, key: &'static str| {
            errors.push(FieldError::new(pointer, code, text(LANGUAGE, key)));
        };
        match (self.date, self.period.as_deref()) {
            (None, None) => add("/date", FieldCode::Required, "retail-date-or-period"),
            (Some(_), Some(_)) => add("/period", FieldCode::Contradiction, "retail-date-or-period"),
            (None, Some(period)) if first_of(period).is_none() => add("/period", FieldCode::Format, "retail-month"),
            // A month is summed up from its first day on in the zone that is ahead of all.
            (None, Some(period)) if first_of(period) > today.checked_add_days(Days::new(1)) => {
                add("/period", FieldCode::Range, "partnerships-in-future");
            }
            _ => {}
        }
    }

    /// What holds of the goods of every shipment.
    fn check_goods(&self, today: NaiveDate, errors: &mut Vec<FieldError>) {
        let shipment = self.as_shipment(self.first_day().unwrap_or(today));
        let found = shipment.check(today).err().map(|problem| problem.fields).unwrap_or_default();
        for mut error in found {
            match error.pointer.as_str() {
                // Imports are for consumers at home.
                "/partner_country" if self.direction == Direction::Import => continue,
                "/partner_country" => "/consumer_country".clone_into(&mut error.pointer),
                // A month that is to come was named above.
                "/invoice_date" if self.date.is_none() => {
                    if errors.iter().any(|known| known.pointer == "/period") {
                        continue;
                    }
                    "/period".clone_into(&mut error.pointer);
                }
                "/invoice_date" => "/date".clone_into(&mut error.pointer),
                _ => {}
            }
            errors.push(error);
        }
    }

    fn check_texts(&self, errors: &mut Vec<FieldError>) {
        let texts = [
            ("/platform", &self.platform, MAX_NAME),
            ("/declarant_name", &self.declarant_name, MAX_NAME),
            ("/declarant_number", &self.declarant_number, MAX_NUMBER),
            ("/reference", &self.reference, MAX_NUMBER),
        ];
        for (pointer, typed, most) in texts {
            if typed.as_ref().is_some_and(|typed| typed.chars().count() > most) {
                let message = Message::new("partnerships-too-long").with("most", most).text(LANGUAGE);
                errors.push(FieldError::new(pointer, FieldCode::Range, message));
            }
            if typed.as_ref().is_some_and(|typed| typed.chars().any(char::is_control)) {
                errors.push(FieldError::new(pointer, FieldCode::Format, text(LANGUAGE, "retail-one-line")));
            }
        }
        if self.description.contains('\0') {
            errors.push(FieldError::new("/description", FieldCode::Format, text(LANGUAGE, "retail-one-line")));
        }
        // The country is all that is recorded of a consumer.
        if find_contact(&self.description).is_some() {
            errors.push(FieldError::new(
                "/description",
                FieldCode::ContactDetails,
                text(LANGUAGE, "retail-no-consumers"),
            ));
        }
    }
}

/// Whether it has the form of a number of the import one-stop shop; only the tax office that gave it can say more.
fn is_ioss(number: &str) -> bool {
    let digits = number.strip_prefix("IM").unwrap_or_default();
    digits.len() == 10 && digits.bytes().all(|byte| byte.is_ascii_digit())
}
