//! Whether a supplier may quote on an RFQ at the moment, and what it should know before: the quota, and what its own listing says already.

use super::quota::{Allocation, QuotaRule, QuotaUsage};
use crate::clock::Time;
use crate::error::{Problem, Result};
use crate::ids::{CompanyId, QuoteId};
use crate::listings::Listing;
use crate::locale::{Language, text};
use crate::rfqs::Rfq;

/// A supplier before an RFQ.
#[derive(Clone, Debug)]
pub struct QuoteEligibility {
    /// The RFQ.
    pub rfq: Rfq,
    /// Whether there is a seat for the supplier at the moment.
    pub allocation: Allocation,
    /// What that was decided by.
    pub usage: QuotaUsage,
    /// And by which rule.
    pub rule: QuotaRule,
    /// The supplier's own listing that fits best, where it was matched.
    pub listing: Option<Listing>,
    /// For each item of the RFQ that it was matched for, by its number, its own listing that fits best.
    pub item_listings: Vec<(u32, Listing)>,
    /// The quote that the supplier has given already.
    pub active: Option<QuoteId>,
}

/// Whether the RFQ takes a quote of the company at `now`, the quota and earlier quotes aside.
///
/// # Errors
/// `conflict` for the company's own RFQ, one that is not open, and one whose deadline has passed.
pub fn ensure_takes_quotes(rfq: &Rfq, company: CompanyId, now: Time) -> Result<()> {
    ensure_foreign(rfq, company)?;
    rfq.state.open_only()?;
    // The sweep that closes it runs once a minute; the deadline holds from its second on.
    if rfq.deadline.is_some_and(|deadline| deadline <= now) {
        return Err(Problem::conflict(text(Language::English, "quotes-refused-deadline")));
    }
    Ok(())
}

/// Refuses an RFQ of the company itself.
///
/// # Errors
/// `conflict`.
pub fn ensure_foreign(rfq: &Rfq, company: CompanyId) -> Result<()> {
    if rfq.company == company {
        return Err(Problem::conflict(text(Language::English, "quotes-refused-own")));
    }
    Ok(())
}
