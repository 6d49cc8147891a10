//! What counts, and why the rest does not.

use std::collections::{BTreeMap, HashSet};

use super::{CURRENCY, Fact, GENERAL_TRADE, HS_EDITION, ReferenceOutcome};
use crate::partnerships::axes::{DealLocus, PartyForm};
use crate::wire_enum;

wire_enum! {
    /// Why a record does not count; the first that applies.
    pub enum NotCounted {
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
        /// Its reference does not have the right form or check digit.
        InvalidReference = "invalid_reference",
        /// An older record carries the same reference.
        DuplicateReference = "duplicate_reference",
        /// It has neither a date of release nor of declaration.
        NoCustomsDate = "no_customs_date",
        /// Its HS code is of another edition, or shorter than a heading.
        OtherHsEdition = "other_hs_edition",
        /// The FOB value of an export or the CIF value of an import cannot be derived.
        NoStatisticalValue = "no_statistical_value",
        /// Its value is not in the currency of the tables and no rate of its day is loaded.
        NoDatedRate = "no_dated_rate",
    }
}

impl NotCounted {
    /// The reason in words, for the list beside the table.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::OutOfForce => "corrected or disputed",
            Self::NotB2b => "one side is a consumer",
            Self::NotOffline => "the deal was made through a platform",
            Self::NotGeneralTrade => "the customs regime is not general trade",
            Self::NotConfirmed => "not confirmed by both sides",
            Self::NoReference => "no customs reference",
            Self::NoDeclaration => "the reference is preliminary, of a transit or supporting only",
            Self::SuspiciousReference => "the customs reference is suspicious",
            Self::InvalidReference => "the customs reference is not well-formed",
            Self::DuplicateReference => "another record carries the same customs reference",
            Self::NoCustomsDate => "neither a release nor a declaration date",
            Self::OtherHsEdition => "the HS code is of another edition or too short",
            Self::NoStatisticalValue => "the FOB or CIF value cannot be derived",
            Self::NoDatedRate => "no dated rate to the currency of the table",
        }
    }
}

/// Whether a record counts, on its own: that its reference is unique is seen only beside the others, by [`sort_out`].
pub fn counts(fact: &Fact) -> Result<(), NotCounted> {
    let refusals = [
        (fact.is_out_of_force, NotCounted::OutOfForce),
        (fact.party_form != PartyForm::B2b, NotCounted::NotB2b),
        (fact.deal_locus != DealLocus::Offline, NotCounted::NotOffline),
        (fact.bucket != GENERAL_TRADE, NotCounted::NotGeneralTrade),
        (!fact.is_confirmed, NotCounted::NotConfirmed),
    ];
    if let Some((_, reason)) = refusals.into_iter().find(|(applies, _)| *applies) {
        return Err(reason);
    }
    reference_counts(fact)?;
    if fact.customs_date.is_none() {
        return Err(NotCounted::NoCustomsDate);
    }
    if fact.hs_edition != HS_EDITION || fact.hs_code.heading().is_none() {
        return Err(NotCounted::OtherHsEdition);
    }
    let value = fact.value().ok_or(NotCounted::NoStatisticalValue)?;
    if value.currency.code() == CURRENCY { Ok(()) } else { Err(NotCounted::NoDatedRate) }
}

fn reference_counts(fact: &Fact) -> Result<(), NotCounted> {
    let reference = fact.reference.as_ref().ok_or(NotCounted::NoReference)?;
    match reference.outcome {
        ReferenceOutcome::Valid | ReferenceOutcome::ValidFormOnly => Ok(()),
        ReferenceOutcome::NoDeclaration => Err(NotCounted::NoDeclaration),
        ReferenceOutcome::Suspicious => Err(NotCounted::SuspiciousReference),
        ReferenceOutcome::Invalid => Err(NotCounted::InvalidReference),
    }
}

/// The records that count, and how many do not, by reason.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counted<'a> {
    /// Those that count, oldest first.
    pub facts: Vec<&'a Fact>,
    /// How many do not, by the first reason.
    pub not_counted: BTreeMap<NotCounted, u32>,
}

/// Sorts out what counts. A line of a declaration counts once, for the oldest record that carries it and counts otherwise.
pub fn sort_out(facts: &[Fact]) -> Counted<'_> {
    let mut oldest_first: Vec<&Fact> = facts.iter().collect();
    oldest_first.sort_by_key(|fact| fact.record);
    let mut taken = HashSet::new();
    let mut counted = Counted::default();
    for fact in oldest_first {
        let verdict = counts(fact).and_then(|()| {
            let is_first = fact.reference.as_ref().is_none_or(|reference| taken.insert(reference.key.as_str()));
            if is_first { Ok(()) } else { Err(NotCounted::DuplicateReference) }
        });
        match verdict {
            Ok(()) => counted.facts.push(fact),
            Err(reason) => *counted.not_counted.entry(reason).or_default() += 1,
        }
    }
    counted
}
