//! Whether a shipment counts in the statistics of general trade, and as what. The page of a record, the API and the published tables all
//! ask [`eligibility`]; nothing else decides it.
//!
//! A record counts when it is in force, between businesses, agreed offline, general trade, confirmed by both sides, and its strongest
//! customs reference is a well-formed declaration whose line no older record counts with; when its value at the border is known in
//! the currency of the tables, and is below the bound above which a moderator reviews its documents first; and when both companies are
//! identified at least.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;

use super::fields::HS_EDITION;
use super::{CustomsReference, EvidenceGrade, Record, RecordFields, RecordState};
use crate::customs::regimes::default_regime;
use crate::customs::rules::{Axes, DealChannel, PartyForm, TradeClass, trade_class};
use crate::customs::{Direction, Evidence, Scheme};
use crate::ids::{CompanyId, RecordId};
use crate::locale::{Language, text};
use crate::money::{Currency, Micros};
use crate::rates::rules::History;
use crate::reference::codes::Country;
use crate::reference::outcome::Outcome;
use crate::units::Quantity;
use crate::wire_enum;

/// The currency of the tables.
pub const TABLE_CURRENCY: Currency = Currency::USD;

// More than nearly any single shipment of general trade (a full ship of iron ore is about 20 million); without a bound two puppets could
// outweigh the trade of a whole country, or make its total overflow.
/// The value in [`TABLE_CURRENCY`] up to which a record counts by the word of its two sides.
pub const REVIEWED_ABOVE: Micros = Micros(50_000_000 * 1_000_000);

wire_enum! {
    /// Why a record does not count; the first that applies.
    pub enum ExclusionReason {
        /// It was corrected or is disputed.
        OutOfForce = "out_of_force",
        /// A side is a consumer.
        NotB2b = "not_b2b",
        /// The deal was made through a platform.
        NotOffline = "not_offline",
        /// Its customs regime is not general trade.
        NotGeneralTrade = "not_general_trade",
        /// The other side has not confirmed it.
        NotConfirmed = "not_confirmed",
        /// It carries no customs reference.
        NoReference = "no_reference",
        /// Its reference is preliminary, of a transit or supporting only.
        NoDeclaration = "no_declaration",
        /// Its reference is suspicious.
        SuspiciousReference = "suspicious_reference",
        /// Its reference is a number of no known scheme, and no document shows it.
        NoDocument = "no_document",
        /// Its reference does not have the right form or check digit.
        InvalidReference = "invalid_reference",
        /// A side is not identified.
        NotIdentified = "not_identified",
        /// An older record counts with the same line of the same declaration.
        DuplicateReference = "duplicate_reference",
        /// It has neither a date of release nor of declaration.
        NoCustomsDate = "no_customs_date",
        /// Its HS code is of another edition, or shorter than a heading.
        OtherHsEdition = "other_hs_edition",
        /// The FOB value of an export or the CIF value of an import cannot be derived.
        NoStatisticalValue = "no_statistical_value",
        /// Its value is not in the currency of the tables and no rate of its day is loaded.
        NoDatedRate = "no_dated_rate",
        /// Its value is beyond what two companies alone can put into the tables; a moderator has not reviewed its documents.
        ValueNeedsReview = "value_needs_review",
    }
}

impl ExclusionReason {
    /// The reason in words, on every page and in every answer.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::OutOfForce => text(Language::English, "partnerships-excluded-force"),
            Self::NotB2b => text(Language::English, "partnerships-excluded-consumer"),
            Self::NotOffline => text(Language::English, "partnerships-excluded-platform"),
            Self::NotGeneralTrade => text(Language::English, "partnerships-excluded-regime"),
            Self::NotConfirmed => text(Language::English, "partnerships-excluded-unconfirmed"),
            Self::NoReference => text(Language::English, "partnerships-excluded-no-reference"),
            Self::NoDeclaration => text(Language::English, "partnerships-excluded-no-declaration"),
            Self::SuspiciousReference => text(Language::English, "partnerships-excluded-suspicious"),
            Self::InvalidReference => text(Language::English, "partnerships-excluded-invalid"),
            Self::DuplicateReference => text(Language::English, "partnerships-excluded-duplicate"),
            Self::NoDocument => text(Language::English, "partnerships-excluded-no-document"),
            Self::NotIdentified => text(Language::English, "partnerships-excluded-not-identified"),
            Self::NoCustomsDate => text(Language::English, "partnerships-excluded-no-date"),
            Self::OtherHsEdition => text(Language::English, "partnerships-excluded-edition"),
            Self::NoStatisticalValue => text(Language::English, "partnerships-excluded-no-value"),
            Self::NoDatedRate => text(Language::English, "partnerships-excluded-no-rate"),
            Self::ValueNeedsReview => text(Language::English, "partnerships-excluded-value"),
        }
    }
}

/// A shipment that counts, as the tables see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TradeFact {
    /// The record.
    pub record: RecordId,
    /// Export or import.
    pub direction: Direction,
    /// The country that the record is for.
    pub reporter: Country,
    /// The statistical partner: origin of imports, destination of exports.
    pub partner: Country,
    /// The heading of the goods, 4 digits in [`HS_EDITION`].
    pub heading: String,
    /// The day of release, else of declaration.
    pub customs_date: NaiveDate,
    /// FOB of exports, CIF of imports, in [`TABLE_CURRENCY`].
    pub value: Micros,
    /// Net weight in kilograms.
    pub net_kg: Micros,
    /// The quantity of the invoice.
    pub quantity: Quantity,
    /// The company that sold.
    pub supplier: CompanyId,
    /// The company that bought.
    pub buyer: CompanyId,
}

/// A line of a customs declaration: what only one record can count with.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct DeclarationLine {
    /// The system whose number it is.
    pub system: Scheme,
    /// The number in the form that is compared.
    pub number: String,
    /// The item of the declaration, from 1.
    pub item: u16,
}

impl CustomsReference {
    /// The line that it names.
    pub fn line(&self) -> DeclarationLine {
        DeclarationLine { system: self.fields.scheme.system(), number: self.canonical.clone(), item: self.item }
    }
}

/// The lines that records count with, each with the oldest of them.
#[derive(Clone, Debug, Default)]
pub struct CountedLines(HashMap<DeclarationLine, RecordId>);

impl CountedLines {
    /// Adds the line that a record counts with. Records come oldest first.
    pub fn add(&mut self, line: DeclarationLine, record: RecordId) {
        // The first one stays: records come by id, and the oldest has the line.
        self.0.entry(line).or_insert(record);
    }

    fn is_taken(&self, line: &DeclarationLine, record: RecordId) -> bool {
        // Smaller and not other: a record never excludes itself when it is looked at a second time.
        self.0.get(line).is_some_and(|first| *first < record)
    }
}

/// What a decision needs to know beside a record.
#[derive(Clone, Copy, Debug)]
pub struct Circumstances<'a> {
    /// The exchange rates that are loaded.
    pub rates: &'a History,
    /// The companies of the records that are identified at least.
    pub identified: &'a HashSet<CompanyId>,
}

/// Whether the record counts, with all its references and the lines that older records count with.
///
/// # Errors
/// The first reason why it does not.
pub fn eligibility(
    record: &Record,
    references: &[CustomsReference],
    duplicates: &CountedLines,
    circumstances: Circumstances<'_>,
) -> Result<TradeFact, ExclusionReason> {
    let fields = &record.fields;
    ensure_general_trade(record, references)?;
    let reference = strongest_reference(references).ok_or(ExclusionReason::NoReference)?;
    ensure_declaration(reference)?;
    // Nothing of such a number can be checked, so what it stands on has to be seen.
    if reference.fields.scheme == Scheme::Other && record.grade < EvidenceGrade::DocumentAttached {
        return Err(ExclusionReason::NoDocument);
    }
    let customs_date = fields.customs_date().ok_or(ExclusionReason::NoCustomsDate)?;
    let heading = heading(fields).ok_or(ExclusionReason::OtherHsEdition)?;
    let value = table_value(record, customs_date, circumstances.rates)?;
    if value > REVIEWED_ABOVE && record.grade != EvidenceGrade::OperatorReviewed {
        return Err(ExclusionReason::ValueNeedsReview);
    }
    // Whoever can register can make companies up: two invented ones beside a real one would open its figures to whoever made them.
    if ![record.supplier, record.buyer].iter().all(|side| circumstances.identified.contains(side)) {
        return Err(ExclusionReason::NotIdentified);
    }
    // Last: an older record takes the line only if it counts itself, so whether this one would count is decided without the others.
    if duplicates.is_taken(&reference.line(), record.id) {
        return Err(ExclusionReason::DuplicateReference);
    }
    Ok(TradeFact {
        record: record.id,
        direction: fields.direction,
        reporter: fields.reporter_country,
        partner: fields.statistical_partner(),
        heading,
        customs_date,
        value,
        net_kg: fields.net_kg,
        quantity: fields.quantity,
        supplier: record.supplier,
        buyer: record.buyer,
    })
}

fn ensure_general_trade(record: &Record, references: &[CustomsReference]) -> Result<(), ExclusionReason> {
    let fields = &record.fields;
    // What nobody can mend comes first, what still waits for the other side last: the first that applies is shown.
    let is_out_of_force = matches!(record.state, RecordState::Superseded | RecordState::Disputed);
    let refusals = [
        (is_out_of_force, ExclusionReason::OutOfForce),
        (fields.party_form != PartyForm::B2b, ExclusionReason::NotB2b),
        (fields.deal_channel != DealChannel::Offline, ExclusionReason::NotOffline),
        (class_of(fields, references) != TradeClass::GeneralTrade, ExclusionReason::NotGeneralTrade),
        (record.state != RecordState::Confirmed, ExclusionReason::NotConfirmed),
    ];
    refusals.into_iter().find(|(applies, _)| *applies).map_or(Ok(()), |(_, reason)| Err(reason))
}

fn ensure_declaration(reference: &CustomsReference) -> Result<(), ExclusionReason> {
    match Strength::of(reference) {
        Strength::CheckedDeclaration | Strength::WellFormedDeclaration => Ok(()),
        Strength::Suspicious => Err(ExclusionReason::SuspiciousReference),
        Strength::NoDeclaration => Err(ExclusionReason::NoDeclaration),
        Strength::Invalid => Err(ExclusionReason::InvalidReference),
    }
}

fn heading(fields: &RecordFields) -> Option<String> {
    // A code of another edition may mean other goods, and no table of correspondence is exact: it is left out, not converted.
    let heading = (fields.hs_edition == HS_EDITION).then(|| fields.hs_code.heading())??;
    Some(heading.to_owned())
}

fn table_value(record: &Record, day: NaiveDate, rates: &History) -> Result<Micros, ExclusionReason> {
    let at_border = record.customs_value();
    let value = match record.fields.direction {
        // As customs statistics do: exports at the border of the seller's country, imports with freight and insurance to the buyer's.
        Direction::Export => at_border.fob,
        Direction::Import => at_border.cif,
    };
    let value = value.ok_or(ExclusionReason::NoStatisticalValue)?;
    if value.currency == TABLE_CURRENCY {
        return Ok(value.amount);
    }
    let converted = rates.convert_on(day, value, TABLE_CURRENCY).ok_or(ExclusionReason::NoDatedRate)?;
    Ok(converted.amount)
}

/// How much a reference proves, the strongest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Strength {
    /// An import or export declaration whose check digit holds.
    // The order is the rank: `derive(Ord)` makes the best one the least.
    CheckedDeclaration,
    /// One whose form holds; its scheme has no check digit.
    WellFormedDeclaration,
    /// Something contradicts.
    Suspicious,
    /// Preliminary, of a transit, or supporting only.
    NoDeclaration,
    /// Neither form nor check digit hold.
    Invalid,
}

impl Strength {
    fn of(reference: &CustomsReference) -> Self {
        match (reference.outcome, reference.evidence) {
            (Outcome::Invalid, _) => Self::Invalid,
            (Outcome::Suspicious, _) => Self::Suspicious,
            (Outcome::Valid, Evidence::Declaration) => Self::CheckedDeclaration,
            (Outcome::ValidFormOnly, Evidence::Declaration) => Self::WellFormedDeclaration,
            (_, Evidence::Preliminary | Evidence::Transit | Evidence::Supporting) => Self::NoDeclaration,
        }
    }
}

/// The reference that speaks for its record: the one that proves most, the oldest of several.
pub fn strongest_reference(references: &[CustomsReference]) -> Option<&CustomsReference> {
    references.iter().min_by_key(|reference| (Strength::of(reference), reference.id))
}

/// The one class of trade that the record falls in, by the regime of its strongest reference; without one by that of a plain purchase
/// across its border.
pub fn class_of(record: &RecordFields, references: &[CustomsReference]) -> TradeClass {
    match strongest_reference(references) {
        Some(reference) => trade_class(&reference.fields.axes_for(record), &reference.fields.regime_for(record)),
        // Without a number there is no regime either; what is usual for the country and direction is assumed, and `NoReference` excludes it
        // anyway.
        None => {
            let axes = Axes {
                direction: record.direction,
                party_form: record.party_form,
                deal_channel: record.deal_channel,
                goods_route: record.goods_route,
                declarant_role: None,
            };
            trade_class(&axes, &default_regime(record.reporter_country, record.direction))
        }
    }
}
