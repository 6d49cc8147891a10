//! The customs number of a retail record as it travels, and what its check came to.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::customs::{self, CheckRequest, Direction, Evidence, Scheme};
use crate::error::{FieldCode, FieldError};
use crate::locale::{Language, Message, text};
use crate::partnerships::eligibility::DeclarationLine;
use crate::partnerships::references::FIRST_ITEM;
use crate::reference::codes::Country;
use crate::reference::outcome::Outcome;
use crate::wire::from_one;

/// The longest number and office, in characters.
const MAX_TEXT: usize = 100;

/// The number of the declaration under which the goods went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RetailReference {
    /// Whose number it is.
    pub scheme: Scheme,
    /// The number as it was typed; spaces and full-width characters do not matter.
    #[schema(max_length = 100, example = "310420260000000001")]
    pub number: String,
    /// The item of the declaration, from 1; the first where absent.
    #[serde(default, deserialize_with = "from_one")]
    #[schema(minimum = 1)]
    pub item: Option<u16>,
    /// The customs office; in India the port code, which belongs to the number.
    #[serde(default)]
    pub office: Option<String>,
    /// The date of the declaration; the record's where absent.
    #[serde(default)]
    pub date: Option<NaiveDate>,
}

/// What a record says of the declaration that a number is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeclaredTo {
    /// Export or import.
    pub direction: Direction,
    /// Whose customs office it was declared to.
    pub country: Country,
    /// The day of the record, where it is of one.
    pub date: Option<NaiveDate>,
}

/// What the check of a customs number came to. It says nothing of whether customs knows the number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = RetailReferenceCheck)]
pub struct ReferenceCheck {
    /// How far it could be checked.
    pub outcome: Outcome,
    /// Why it is suspicious, or what is to be known of it.
    pub reason: Option<String>,
    /// The number in the form that is compared.
    pub canonical: String,
    /// The number as people write it.
    pub display: String,
    /// The item of the declaration, from 1.
    pub item: u16,
    /// What it proves at most.
    pub evidence: Evidence,
}

impl RetailReference {
    /// Checks the number by its scheme against the direction, date and country of its record.
    ///
    /// # Errors
    /// Each field of it that is wrong.
    pub fn check(&self, of: &DeclaredTo, today: NaiveDate) -> Result<ReferenceCheck, Vec<FieldError>> {
        let mut errors = Vec::new();
        let texts =
            [("/customs_reference/number", Some(&self.number)), ("/customs_reference/office", self.office.as_ref())];
        for (pointer, typed) in texts {
            if typed.is_some_and(|typed| typed.chars().count() > MAX_TEXT) {
                let message = Message::new("partnerships-too-long").with("most", MAX_TEXT).text(Language::English);
                errors.push(FieldError::new(pointer, FieldCode::Range, message));
            }
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        let request = CheckRequest {
            scheme: self.scheme,
            number: self.number.clone(),
            direction: of.direction,
            date: self.date.or(of.date),
            item: self.item,
            country: Some(of.country),
            port: self.office.clone(),
        };
        let result = customs::check(&request, today);
        if result.outcome == Outcome::Invalid {
            let reason = result.reason;
            let reason = reason.unwrap_or_else(|| text(Language::English, "partnerships-no-such-number").to_owned());
            return Err(vec![FieldError::new("/customs_reference/number", FieldCode::CheckDigit, reason)]);
        }
        Ok(ReferenceCheck {
            outcome: result.outcome,
            reason: result.reason,
            canonical: result.canonical,
            display: result.display,
            item: result.item.unwrap_or(FIRST_ITEM),
            evidence: result.evidence,
        })
    }
}

impl ReferenceCheck {
    /// The line of the declaration that it names, under the system of the scheme.
    pub fn line(&self, scheme: Scheme) -> DeclarationLine {
        DeclarationLine { system: scheme.system(), number: self.canonical.clone(), item: self.item }
    }

    /// The same, suspicious for one more reason.
    #[must_use]
    pub fn doubted(mut self, sentence: &str) -> Self {
        self.outcome = Outcome::Suspicious;
        self.reason = Some(match self.reason.take() {
            Some(reason) => format!("{reason}; {sentence}"),
            None => sentence.to_owned(),
        });
        self
    }
}
