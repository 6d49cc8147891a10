//! Seats: who may still quote on a request. Fit decides, never speed alone and never money.

use chrono::Duration;
use serde::Serialize;
use utoipa::ToSchema;

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

/// How seats are shared out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SeatRule {
    /// How many quotes the request takes, 1 to 30.
    pub max_quotes: u32,
    /// For how long half of them, rounded down, are kept for the best-matched suppliers.
    pub reserved_for: Duration,
    /// How many open seats a supplier without marks may take in a week, over all requests.
    pub open_per_week: u32,
    /// How many of them each "off target" mark of a buyer in the last 90 days costs; one always remains.
    pub cost_of_a_mark: u32,
}

impl Default for SeatRule {
    fn default() -> Self {
        Self { max_quotes: 10, reserved_for: Duration::hours(24), open_per_week: 30, cost_of_a_mark: 5 }
    }
}

/// A supplier who wants a seat, and how the request stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SeatRequest {
    /// Open seats that are taken.
    pub taken_open: u32,
    /// Reserved seats that are taken.
    pub taken_reserved: u32,
    /// Whether the supplier is among those that matching told of the request.
    pub is_best_matched: bool,
    /// How long ago the request was published.
    pub age: Duration,
    /// Open seats the supplier took in the last seven days, over all requests.
    pub open_this_week: u32,
    /// Buyers' "off target" marks on the supplier's quotes in the last 90 days.
    pub off_target_marks: u32,
}

/// Whether there is a seat.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Seat {
    /// There is one, of this kind.
    Granted(SeatKind),
    /// There is none; a sentence that says why, and when there may be one.
    Refused(String),
}

impl SeatRule {
    /// The seats kept for the best-matched at first: half, rounded down.
    pub fn reserved(&self) -> u32 {
        self.max_quotes / 2
    }

    /// The open seats a supplier with so many marks may take in a week: at least one, unless the rule grants none at all.
    pub fn weekly(&self, off_target_marks: u32) -> u32 {
        let lost = off_target_marks.saturating_mul(self.cost_of_a_mark);
        self.open_per_week.saturating_sub(lost).max(self.open_per_week.min(1))
    }
}

/// Decides about a seat. While seats are reserved a best-matched supplier takes a reserved one first and leaves the open ones to others.
pub fn seat(rule: &SeatRule, request: &SeatRequest) -> Seat {
    let taken = request.taken_open.saturating_add(request.taken_reserved);
    if taken >= rule.max_quotes {
        return Seat::Refused(format!("All {} seats of this request are taken.", rule.max_quotes));
    }
    let holds_back = request.age < rule.reserved_for;
    if holds_back && request.is_best_matched && request.taken_reserved < rule.reserved() {
        return Seat::Granted(SeatKind::Reserved);
    }
    let open = if holds_back { rule.max_quotes - rule.reserved() } else { rule.max_quotes - request.taken_reserved };
    if request.taken_open >= open {
        return Seat::Refused(format!(
            "The {open} open seats are taken; {} are kept for the best-matched suppliers until {} after publishing.",
            rule.reserved(),
            hours(rule.reserved_for)
        ));
    }
    weekly_limit(rule, request).map_or(Seat::Granted(SeatKind::Open), Seat::Refused)
}

/// Best-matched suppliers are not limited: matching found them, they did not go round.
fn weekly_limit(rule: &SeatRule, request: &SeatRequest) -> Option<String> {
    let allowed = rule.weekly(request.off_target_marks);
    (!request.is_best_matched && request.open_this_week >= allowed).then(|| {
        format!(
            "You took {} open seats in the last 7 days and may take {allowed}: {} less {} for each of {} quotes that buyers marked off target.",
            request.open_this_week, rule.open_per_week, rule.cost_of_a_mark, request.off_target_marks
        )
    })
}

fn hours(duration: Duration) -> String {
    format!("{} hours", duration.num_hours())
}
