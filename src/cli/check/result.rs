//! The result of one check, and how it is printed.

use std::fmt;

/// The result of a check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// As it should be.
    Passed(String),
    /// No error, but worth knowing.
    Note(String),
    /// Has to be fixed.
    Failed(String),
}

/// A check with its result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct CheckResult {
    pub name: &'static str,
    pub outcome: Outcome,
}

impl fmt::Display for CheckResult {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (word, text) = match &self.outcome {
            Outcome::Passed(text) => ("ok", text),
            Outcome::Note(text) => ("note", text),
            Outcome::Failed(text) => ("ERROR", text),
        };
        // One line each: messages of libraries may have several.
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        write!(f, "{word:<6} {:<14} {text}", self.name)
    }
}

impl CheckResult {
    /// The result of a check that fails by an error.
    pub fn of(name: &'static str, result: std::result::Result<Outcome, impl fmt::Display>) -> Self {
        Self { name, outcome: result.unwrap_or_else(|reason| Outcome::Failed(reason.to_string())) }
    }
}
