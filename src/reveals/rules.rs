//! Who may see contacts on what ground, and how much of the quota is left; without I/O.

use super::Ground;
use crate::companies::Verification;
use crate::companies::rules::{CompanyRefusal, may_reveal_contacts};
use crate::error::{Code, Problem};

/// So many looks of one company are counted at most; 0 is no limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quota {
    /// In 24 hours.
    pub per_day: i64,
    /// In 30 days.
    pub per_month: i64,
}

/// How many looks a company has made on its own asking.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Used {
    /// In the last 24 hours.
    pub day: i64,
    /// In the last 30 days.
    pub month: i64,
}

/// Why contacts stay hidden.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RevealRefusal {
    /// The company is not documented.
    Company(CompanyRefusal),
    /// The day's quota is used up.
    DayIsOver(i64),
    /// The month's quota is used up.
    MonthIsOver(i64),
}

impl From<RevealRefusal> for Problem {
    fn from(refusal: RevealRefusal) -> Self {
        let over = |most: i64, span: &str, seconds: u64| {
            let detail =
                format!("Your company has looked at the contacts of {most} companies in {span}, which is the most.");
            let mut problem = Problem::new(Code::TooManyRequests, detail);
            problem.retry_after_s = Some(seconds);
            problem
        };
        match refusal {
            RevealRefusal::Company(refusal) => refusal.into(),
            RevealRefusal::DayIsOver(most) => over(most, "24 hours", 3_600),
            RevealRefusal::MonthIsOver(most) => over(most, "30 days", 86_400),
        }
    }
}

impl Quota {
    /// How many looks are left, none where there is no limit.
    pub fn left(&self, used: Used) -> Option<i64> {
        let day = (self.per_day > 0).then(|| self.per_day - used.day);
        let month = (self.per_month > 0).then(|| self.per_month - used.month);
        day.into_iter().chain(month).min().map(|left| left.max(0))
    }
}

/// The ground on which a company may see the contacts of another now.
///
/// # Errors
/// Without a shortlisted or accepted quote: when it is not documented, or its quota is used up.
pub fn ground(has_quote: bool, level: Verification, quota: Quota, used: Used) -> Result<Ground, RevealRefusal> {
    if has_quote {
        return Ok(Ground::Quote);
    }
    may_reveal_contacts(level).map_err(RevealRefusal::Company)?;
    if quota.per_day > 0 && used.day >= quota.per_day {
        return Err(RevealRefusal::DayIsOver(quota.per_day));
    }
    if quota.per_month > 0 && used.month >= quota.per_month {
        return Err(RevealRefusal::MonthIsOver(quota.per_month));
    }
    Ok(Ground::Asked)
}
