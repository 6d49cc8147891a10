//! Customs references of a record as they travel, and what checking one against its record comes to.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::RecordFields;
use crate::customs::regimes::{Regime, default_regime};
use crate::customs::rules::{Axes, DeclarantRole, contradictions};
use crate::customs::{self, CheckRequest, CheckResult, Evidence, Scheme};
use crate::error::{FieldCode, FieldError, Problem};
use crate::locale::{Language, Message, text};
use crate::reference::outcome::Outcome;
use crate::wire::from_one;

/// The item of a reference that states none and whose number carries none.
pub const FIRST_ITEM: u16 = 1;
/// The longest number and office, in characters.
const MAX_TEXT: usize = 100;

/// A customs reference as a side adds it to a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReferenceFields {
    /// Whose number it is.
    pub scheme: Scheme,
    /// The number as it was typed; spaces and full-width characters do not matter.
    #[schema(max_length = 100, example = "26NL0002108AB12DR1")]
    pub number: String,
    /// The item of the declaration, from 1; the first where absent.
    #[serde(default, deserialize_with = "from_one")]
    #[schema(minimum = 1)]
    pub item: Option<u16>,
    /// The customs regime; that of a plain purchase in the record's country where absent.
    #[serde(default)]
    pub regime: Option<Regime>,
    /// Who declared, where it is known.
    #[serde(default)]
    pub declarant_role: Option<DeclarantRole>,
    /// The customs office; in India the port code, which belongs to the number.
    #[serde(default)]
    pub office: Option<String>,
    /// The date of the declaration; the record's where absent.
    #[serde(default)]
    pub date: Option<NaiveDate>,
}

/// The document of a stored reference: what was typed, and what the check made of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReferenceContent {
    /// What was typed.
    pub fields: ReferenceFields,
    /// The number as people write it.
    pub display: String,
    /// What it proves at most.
    pub evidence: Evidence,
}

impl ReferenceFields {
    /// The regime as stated, else that of a plain purchase across the border of the record's country.
    pub fn regime_for(&self, record: &RecordFields) -> Regime {
        self.regime.clone().unwrap_or_else(|| default_regime(record.reporter_country, record.direction))
    }

    /// The axes of the record with this reference's declarant.
    pub fn axes_for(&self, record: &RecordFields) -> Axes {
        Axes {
            direction: record.direction,
            party_form: record.party_form,
            deal_channel: record.deal_channel,
            goods_route: record.goods_route,
            declarant_role: self.declarant_role,
        }
    }

    /// Checks the number by its scheme against the record's direction, dates and country. Contradictions between the axes and the regime
    /// make it suspicious. `today` is today in UTC.
    pub fn assess(&self, record: &RecordFields, today: NaiveDate) -> CheckResult {
        let request = CheckRequest {
            scheme: self.scheme,
            number: self.number.clone(),
            direction: record.direction,
            // A number carries the year of its acceptance, so the date of release comes last: it may lie in the next year.
            date: self.date.or(record.declared_on).or(record.released_on),
            item: self.item,
            country: Some(record.reporter_country),
            port: self.office.clone(),
        };
        let mut result = customs::check(&request, today);
        // What is no number is not improved by being suspicious as well.
        if result.outcome == Outcome::Invalid {
            return result;
        }
        for sentence in contradictions(&self.axes_for(record), &self.regime_for(record)) {
            mark_suspicious(&mut result, &sentence);
        }
        result
    }

    /// The same, refusing what cannot be a number of the scheme.
    ///
    /// # Errors
    /// `invalid`, naming `/number` with the reason.
    pub fn check(&self, record: &RecordFields, today: NaiveDate) -> Result<CheckResult, Problem> {
        let mut errors = Vec::new();
        for (pointer, text) in [("/number", Some(&self.number)), ("/office", self.office.as_ref())] {
            if text.is_some_and(|text| text.chars().count() > MAX_TEXT) {
                let message = Message::new("partnerships-too-long").with("most", MAX_TEXT).text(Language::English);
                errors.push(FieldError::new(pointer, FieldCode::Range, message));
            }
        }
        if !errors.is_empty() {
            return Err(Problem::invalid(errors));
        }
        let result = self.assess(record, today);
        if result.outcome == Outcome::Invalid {
            let reason =
                result.reason.unwrap_or_else(|| text(Language::English, "partnerships-no-such-number").to_owned());
            return Err(Problem::invalid_field("/number", FieldCode::CheckDigit, reason));
        }
        Ok(result)
    }
}

/// Makes a result suspicious for one more reason.
pub fn mark_suspicious(result: &mut CheckResult, sentence: &str) {
    result.outcome = Outcome::Suspicious;
    result.reason = Some(match result.reason.take() {
        Some(reason) => format!("{reason}; {sentence}"),
        None => sentence.to_owned(),
    });
}
