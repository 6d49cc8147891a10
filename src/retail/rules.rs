//! Who may record what, what may become of a record, and which table it enters.

use std::collections::HashSet;

use super::fields::RetailFields;
use super::{RetailRecord, RetailState};
use crate::companies::rules::may_publish;
use crate::companies::{Form, Verification};
use crate::customs::Direction;
use crate::customs::rules::PartyForm;
use crate::error::{FieldCode, Problem};
use crate::ids::{CompanyId, RetailRecordId};
use crate::locale::{Language, Message, text};
use crate::money::Micros;
use crate::partnerships::eligibility::{Circumstances, REVIEWED_ABOVE, TABLE_CURRENCY};
use crate::partnerships::fields::HS_EDITION;
use crate::reference::codes::Country;
use crate::reference::outcome::Outcome;
use crate::wire_enum;

/// Why a record, or a step of one, is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RetailRefusal {
    /// C2C is what one person sells; the seller is a business.
    NoIndividual,
    /// The person who sells is not certified.
    NotCertified,
    /// B2C is what a business sells; the seller is a person.
    Individual,
    /// It is recorded under a partnership.
    Businesses,
    /// The record is not in force.
    State(RetailState),
    /// A release of the statistics holds it.
    Released,
}

impl From<RetailRefusal> for Problem {
    fn from(refusal: RetailRefusal) -> Self {
        const LANGUAGE: Language = Language::English;
        // Of the seller's form and the form of the parties one contradicts the other: named at the one that can be typed anew.
        let party = |key| Self::invalid_field("/party_form", FieldCode::Contradiction, text(LANGUAGE, key));
        match refusal {
            RetailRefusal::NoIndividual => party("retail-needs-individual"),
            RetailRefusal::NotCertified => party("retail-needs-certificate"),
            RetailRefusal::Individual => party("retail-needs-business"),
            RetailRefusal::Businesses => party("retail-no-businesses"),
            RetailRefusal::State(state) => {
                let state = state.pill().label(LANGUAGE);
                Self::conflict(Message::new("retail-wrong-state").with("state", state).text(LANGUAGE))
            }
            RetailRefusal::Released => Self::conflict(text(LANGUAGE, "retail-released")),
        }
    }
}

/// Whether a company of this form and verification may record sales of this form.
///
/// # Errors
/// C2C is for certified individuals alone, B2C for all others.
pub fn may_record(form: Form, verification: Verification, parties: PartyForm) -> Result<(), RetailRefusal> {
    match (parties, form) {
        (PartyForm::B2b, _) => Err(RetailRefusal::Businesses),
        (PartyForm::B2c, Form::Individual) => Err(RetailRefusal::Individual),
        (PartyForm::B2c, _) => Ok(()),
        // Certified for what they sell is certified for what they publish: a moderator saw an identity document.
        (PartyForm::C2c, Form::Individual) => may_publish(form, verification).map_err(|_| RetailRefusal::NotCertified),
        (PartyForm::C2c, _) => Err(RetailRefusal::NoIndividual),
    }
}

/// Whether a correction may take the place of a record in this state.
///
/// # Errors
/// Only what is in force is corrected: of one sale one record counts.
pub fn may_correct(state: RetailState) -> Result<(), RetailRefusal> {
    if state == RetailState::Recorded { Ok(()) } else { Err(RetailRefusal::State(state)) }
}

/// Whether a record may be taken back.
///
/// # Errors
/// Not what is out of force, and not what a release holds.
pub fn may_withdraw(state: RetailState, is_released: bool) -> Result<(), RetailRefusal> {
    match state {
        // What was published is corrected in the open, with a record that says what is right.
        RetailState::Recorded if is_released => Err(RetailRefusal::Released),
        RetailState::Recorded => Ok(()),
        _ => Err(RetailRefusal::State(state)),
    }
}

wire_enum! {
    /// Why a retail record enters no table; the first that applies.
    pub enum RetailExclusion {
        /// It was corrected or withdrawn.
        OutOfForce = "out_of_force",
        /// Its customs number is suspicious.
        SuspiciousReference = "suspicious_reference",
        /// Its HS code is of another edition.
        OtherHsEdition = "other_hs_edition",
        /// Its value is not in the currency of the tables and no rate of its time is loaded.
        NoDatedRate = "no_dated_rate",
        /// Its value is beyond what one company alone can put into the tables.
        ValueTooLarge = "value_too_large",
        /// The seller is not identified.
        NotIdentified = "not_identified",
    }
}

impl RetailExclusion {
    /// The reason in words, on every page and in every answer.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::OutOfForce => text(Language::English, "retail-excluded-force"),
            Self::SuspiciousReference => text(Language::English, "retail-excluded-suspicious"),
            Self::OtherHsEdition => text(Language::English, "retail-excluded-edition"),
            Self::NoDatedRate => text(Language::English, "retail-excluded-no-rate"),
            Self::ValueTooLarge => text(Language::English, "retail-excluded-value"),
            Self::NotIdentified => text(Language::English, "retail-excluded-not-identified"),
        }
    }
}

/// A retail record that counts, as its table sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RetailFact {
    /// The record.
    pub record: RetailRecordId,
    /// B2C or C2C: each has tables of its own.
    pub party_form: PartyForm,
    /// Export or import.
    pub direction: Direction,
    /// The country that the record is for.
    pub reporter: Country,
    /// The country of the consumers.
    pub consumer: Country,
    /// The HS chapter, 2 digits.
    pub chapter: String,
    /// The month that it belongs to, `2026-10`.
    pub month: String,
    /// What the consumers paid, in the currency of the tables.
    pub value: Micros,
    /// Net weight in kilograms.
    pub net_kg: Micros,
    /// The company that sold.
    pub seller: CompanyId,
}

/// What of a record enters the retail tables. None of it ever enters those of general trade.
///
/// # Errors
/// The first reason why nothing does.
pub fn counted(record: &RetailRecord, circumstances: Circumstances<'_>) -> Result<RetailFact, RetailExclusion> {
    let fields = &record.fields;
    if record.state != RetailState::Recorded {
        return Err(RetailExclusion::OutOfForce);
    }
    if record.check.as_ref().is_some_and(|check| check.outcome == Outcome::Suspicious) {
        return Err(RetailExclusion::SuspiciousReference);
    }
    // Chapters changed between editions too: it is left out, not converted.
    if fields.hs_edition != HS_EDITION {
        return Err(RetailExclusion::OtherHsEdition);
    }
    let value = table_value(fields, circumstances)?;
    // Of general trade a moderator reviews the documents of such a value; here there are none.
    if value > REVIEWED_ABOVE {
        return Err(RetailExclusion::ValueTooLarge);
    }
    // Whoever can register can make companies up: two invented ones beside a real one would open its figures to whoever made them.
    if !is_identified(record.seller, circumstances.identified) {
        return Err(RetailExclusion::NotIdentified);
    }
    Ok(RetailFact {
        record: record.id,
        party_form: fields.party_form,
        direction: fields.direction,
        reporter: fields.reporter_country,
        consumer: fields.consumer_country,
        chapter: fields.hs_code.chapter().to_owned(),
        month: fields.month(),
        value,
        net_kg: fields.net_kg,
        seller: record.seller,
    })
}

fn is_identified(seller: CompanyId, identified: &HashSet<CompanyId>) -> bool {
    identified.contains(&seller)
}

fn table_value(fields: &RetailFields, circumstances: Circumstances<'_>) -> Result<Micros, RetailExclusion> {
    if fields.value.currency == TABLE_CURRENCY {
        return Ok(fields.value.amount);
    }
    // The last day of a month: rates of a month that is not over are not known, and it enters no table before.
    let converted = fields.last_day().and_then(|day| circumstances.rates.convert_on(day, fields.value, TABLE_CURRENCY));
    converted.map(|money| money.amount).ok_or(RetailExclusion::NoDatedRate)
}

/// Which table the record enters or stands in, or why none, in one sentence.
pub fn statement(fields: &RetailFields, counted: &Result<RetailFact, RetailExclusion>, is_released: bool) -> String {
    const LANGUAGE: Language = Language::English;
    match counted {
        Err(reason) => Message::new("retail-enters-none").with("reason", reason.sentence()).text(LANGUAGE),
        Ok(fact) => {
            let message = Message::new(match (fact.direction, is_released) {
                (Direction::Export, false) => "retail-enters-exports",
                (Direction::Import, false) => "retail-enters-imports",
                (Direction::Export, true) => "retail-stands-exports",
                (Direction::Import, true) => "retail-stands-imports",
            });
            let parties = fields.party_form.label(LANGUAGE);
            message.with("parties", parties).with("month", fact.month.as_str()).text(LANGUAGE)
        }
    }
}
