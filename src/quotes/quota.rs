//! Seats: who may still quote on an RFQ. Fit decides, never speed alone and never money.

use chrono::Duration;
use serde::Serialize;
use utoipa::ToSchema;

use crate::locale::{Language, Message};
use crate::rfqs::Visibility;
use crate::wire_enum;

wire_enum! {
    /// What kind of seat a quote holds.
    pub enum SeatKind {
        /// A seat for anyone.
        Open = "open",
        /// A seat that was kept for the best-matched.
        Reserved = "reserved",
    }
}

// A day: long enough for the e-mail to be read in every time zone, short against the 30 days that an RFQ is open by default.
const RESERVED_FOR: Duration = Duration::hours(24);
// About four quotes a day. A supplier that quotes on more than fits its catalogue is stopped before buyers have to mark it.
const OPEN_PER_WEEK: u32 = 30;
/// Open seats a week that each "off target" mark costs, for [`MARK_LASTS_DAYS`].
pub const OFF_TARGET_COST: u32 = 5;
/// How long an "off target" mark counts, in days.
pub const MARK_LASTS_DAYS: i64 = 90;
/// The days over which open seats are counted.
pub const WEEK_DAYS: i64 = 7;

/// How seats are shared out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QuotaRule {
    /// How many quotes the RFQ takes, 1 to 30.
    pub max_quotes: u32,
    /// For how long half of them, rounded down, are kept for the best-matched suppliers.
    pub reserved_for: Duration,
    /// How many open seats a supplier without marks may take in a week, over all RFQs.
    pub open_per_week: u32,
    /// How many of them each "off target" mark of a buyer in the last 90 days costs; one always remains.
    pub off_target_cost: u32,
}

impl QuotaRule {
    /// The rule of an RFQ that takes so many quotes, of everyone or of those that its buyer invited. The other figures are the same for every RFQ and in no configuration: suppliers are
    /// shown them, and a platform that sold exceptions would sell seats.
    pub fn of(max_quotes: u8, visibility: Visibility) -> Self {
        Self {
            max_quotes: u32::from(max_quotes),
            // Where the buyer chose who may quote, nobody is kept back for others.
            reserved_for: match visibility {
                Visibility::Public => RESERVED_FOR,
                Visibility::Invited => Duration::zero(),
            },
            open_per_week: OPEN_PER_WEEK,
            off_target_cost: OFF_TARGET_COST,
        }
    }
}

/// What a supplier has used of its quota, and how full the RFQ is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QuotaUsage {
    /// Open seats that are taken.
    pub taken_open: u32,
    /// Reserved seats that are taken.
    pub taken_reserved: u32,
    /// Whether the supplier is among those that matching notified of the RFQ and was there before it, or its buyer invited it.
    pub is_best_matched: bool,
    /// How long ago the RFQ was published.
    pub age: Duration,
    /// Open seats the supplier took in the last seven days, over all RFQs.
    pub open_this_week: u32,
    /// Buyers' "off target" marks on the supplier's quotes in the last 90 days.
    pub off_target_marks: u32,
}

/// Whether there is a seat.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Allocation {
    /// There is one, of this kind.
    Granted(SeatKind),
    /// There is none; a sentence that says why, and when there may be one.
    Refused(String),
}

impl QuotaRule {
    /// The seats kept for the best-matched at first: half, rounded down; none where they are kept for no time.
    pub fn reserved(&self) -> u32 {
        if self.reserved_for.is_zero() {
            return 0;
        }
        // Rounded down: an RFQ that takes one quote keeps none back, or it would take none from most suppliers on its first day.
        self.max_quotes / 2
    }

    /// The open seats a supplier with so many marks may take in a week: at least one, unless the rule grants none at all.
    pub fn weekly(&self, off_target_marks: u32) -> u32 {
        let lost = off_target_marks.saturating_mul(self.off_target_cost);
        self.open_per_week.saturating_sub(lost).max(self.open_per_week.min(1))
    }
}

/// Decides about a seat. While seats are reserved a best-matched supplier takes a reserved one first and leaves the open ones to others.
pub fn allocate(rule: &QuotaRule, usage: &QuotaUsage) -> Allocation {
    let taken = usage.taken_open.saturating_add(usage.taken_reserved);
    if taken >= rule.max_quotes {
        return Allocation::Refused(
            Message::new("quotes-quota-full").with("most", rule.max_quotes).text(Language::English),
        );
    }
    // By the age and not by a flag that a job flips: a job that ran late would keep seats back too long.
    let holds_back = usage.age < rule.reserved_for;
    if holds_back && usage.is_best_matched && usage.taken_reserved < rule.reserved() {
        return Allocation::Granted(SeatKind::Reserved);
    }
    let open = if holds_back { rule.max_quotes - rule.reserved() } else { rule.max_quotes - usage.taken_reserved };
    if usage.taken_open >= open {
        return Allocation::Refused(
            Message::new("quotes-quota-reserved")
                .with("open", open)
                .with("reserved", rule.reserved())
                .with("hours", rule.reserved_for.num_hours())
                .text(Language::English),
        );
    }
    weekly_limit(rule, usage).map_or(Allocation::Granted(SeatKind::Open), Allocation::Refused)
}

/// Best-matched suppliers are not limited: matching found them, they did not go round.
fn weekly_limit(rule: &QuotaRule, usage: &QuotaUsage) -> Option<String> {
    let allowed = rule.weekly(usage.off_target_marks);
    (!usage.is_best_matched && usage.open_this_week >= allowed).then(|| {
        Message::new("quotes-quota-week")
            .with("sent", usage.open_this_week)
            .with("allowed", allowed)
            .with("week", rule.open_per_week)
            .with("cost", rule.off_target_cost)
            .with("marks", usage.off_target_marks)
            .text(Language::English)
    })
}
