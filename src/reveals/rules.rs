//! On which basis contacts are disclosed, and how much of the quota is left; without I/O.

use super::DisclosureBasis;
use crate::companies::Verification;
use crate::companies::rules::{CompanyRefusal, may_reveal_contacts};
use crate::error::{Code, Problem};
use crate::locale::{Language, Message};

/// How many reveals on request a company has; 0 is no limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quota {
    /// In 24 hours.
    pub per_day: i64,
    /// In 30 days.
    pub per_month: i64,
}

/// How many reveals on request a company has made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
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
    /// So many in 24 hours are used up.
    DailyLimit(i64),
    /// So many in 30 days are used up.
    MonthlyLimit(i64),
}

impl From<RevealRefusal> for Problem {
    fn from(refusal: RevealRefusal) -> Self {
        let over = |limit: i64, key: &'static str, seconds: u64| {
            let detail = Message::new(key).with("limit", limit).text(Language::English);
            let mut problem = Problem::new(Code::TooManyRequests, detail);
            problem.retry_after_s = Some(seconds);
            problem
        };
        match refusal {
            RevealRefusal::Company(refusal) => refusal.into(),
            // When to try again, not when the quota is whole again: the windows slide, so each hour or day some of it comes back.
            RevealRefusal::DailyLimit(limit) => over(limit, "reveals-limit-day", 3_600),
            RevealRefusal::MonthlyLimit(limit) => over(limit, "reveals-limit-month", 86_400),
        }
    }
}

impl Quota {
    /// How many reveals on request are left; `None` without a limit.
    pub fn left(&self, usage: Usage) -> Option<i64> {
        let day = (self.per_day > 0).then(|| self.per_day - usage.day);
        let month = (self.per_month > 0).then(|| self.per_month - usage.month);
        // A limit that was lowered since may be exceeded already.
        day.into_iter().chain(month).min().map(|left| left.max(0))
    }
}

/// The basis on which a company may see the contacts of another now.
///
/// # Errors
/// Without a shortlisted or accepted quote: when it is not documented, or its quota is used up.
pub fn basis(
    has_quote: bool,
    level: Verification,
    quota: Quota,
    usage: Usage,
) -> Result<DisclosureBasis, RevealRefusal> {
    // A quote first: what two companies trade anyway uses up nothing.
    if has_quote {
        return Ok(DisclosureBasis::Quote);
    }
    may_reveal_contacts(level).map_err(RevealRefusal::Company)?;
    if quota.per_day > 0 && usage.day >= quota.per_day {
        return Err(RevealRefusal::DailyLimit(quota.per_day));
    }
    if quota.per_month > 0 && usage.month >= quota.per_month {
        return Err(RevealRefusal::MonthlyLimit(quota.per_month));
    }
    Ok(DisclosureBasis::Request)
}
