//! What the check of a number came to: one shape for customs references and company identifiers.

use serde::Serialize;
use utoipa::ToSchema;

use crate::wire_enum;

wire_enum! {
    /// How far a number could be checked. None of these says that the number exists: only its issuer can.
    pub enum Outcome {
        /// Form and check digit hold.
        Valid = "valid",
        /// The form holds; there is no check digit that could.
        ValidFormOnly = "valid_form_only",
        /// The form holds, but something contradicts; the reason says what.
        Suspicious = "suspicious",
        /// It cannot be a number of this kind; the reason says why.
        Invalid = "invalid",
    }
}

crate::states!(Outcome, "customs-outcome", {
    Valid => Open,
    ValidFormOnly => Quiet,
    Suspicious => Needs,
    Invalid => Refused,
});

/// One decoded part of a number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = NumberPart)]
pub struct Part {
    /// What the part is, like `year`.
    pub name: &'static str,
    /// The characters of the part.
    pub value: String,
    /// What they mean.
    pub meaning: String,
}

/// The checked number: its outcome with a reason, its canonical form, how people write it, and its parts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Verdict {
    /// How far it could be checked.
    pub outcome: Outcome,
    /// Why it is suspicious or invalid, or what is to be known of it although it is valid; a sentence.
    pub reason: Option<String>,
    /// The form that is stored and compared; of an invalid number the text without spaces.
    pub canonical: String,
    /// The form that people write.
    pub display: String,
    /// The decoded parts, in the order of the number; none where it is invalid in form.
    pub parts: Vec<Part>,
}

impl Verdict {
    /// A number whose form and check digit hold.
    pub fn valid(canonical: impl Into<String>) -> Self {
        Self::new(Outcome::Valid, canonical.into())
    }

    /// A number whose form holds and that has no check digit.
    pub fn form_only(canonical: impl Into<String>) -> Self {
        Self::new(Outcome::ValidFormOnly, canonical.into())
    }

    /// A text that is no such number, and why.
    pub fn invalid(text: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { reason: Some(reason.into()), ..Self::new(Outcome::Invalid, text.into()) }
    }

    fn new(outcome: Outcome, canonical: String) -> Self {
        Self { outcome, reason: None, display: canonical.clone(), canonical, parts: Vec::new() }
    }

    /// The same, written for people as `display`.
    pub fn shown(mut self, display: impl Into<String>) -> Self {
        self.display = display.into();
        self
    }

    /// The same with one more part.
    pub fn part(mut self, name: &'static str, value: impl Into<String>, meaning: impl Into<String>) -> Self {
        self.parts.push(Part { name, value: value.into(), meaning: meaning.into() });
        self
    }

    /// The same with something to be known that leaves the outcome as it is.
    pub fn with_note(mut self, note: impl Into<String>) -> Self {
        let note = note.into();
        self.reason = Some(match self.reason {
            Some(reason) => format!("{reason}; {note}"),
            None => note,
        });
        self
    }

    /// The same, made suspicious with this reason unless it is invalid already.
    pub fn suspicious(mut self, reason: impl Into<String>) -> Self {
        if self.outcome == Outcome::Invalid {
            return self;
        }
        self.outcome = Outcome::Suspicious;
        self.with_note(reason)
    }

    /// The same, made invalid with this reason; the parts stay so that the reader sees what was read.
    pub fn refused(mut self, reason: impl Into<String>) -> Self {
        self.outcome = Outcome::Invalid;
        self.with_note(reason)
    }
}
