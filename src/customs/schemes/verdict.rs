//! What a country's file answers, before the checks that all schemes share.

use crate::customs::Evidence;
use crate::reference::outcome::Verdict;

/// What a country's file says of a number: the verdict, what it proves, and the item where the number carries one.
pub(super) struct NumberVerdict {
    pub verdict: Verdict,
    pub evidence: Evidence,
    pub item: Option<u16>,
}

impl NumberVerdict {
    /// Of a number that proves a declaration.
    pub fn declaration(verdict: Verdict) -> Self {
        Self { verdict, evidence: Evidence::Declaration, item: None }
    }

    /// Of a number that only supports one.
    pub fn supporting(verdict: Verdict) -> Self {
        Self { verdict, evidence: Evidence::Supporting, item: None }
    }
}
