//! Tests of the grounds and the quota.

use super::rules::*;
use super::*;
use crate::companies::Verification;

const QUOTA: Quota = Quota { per_day: 20, per_month: 100 };

#[test]
fn a_quote_needs_no_documents_and_no_quota() {
    let over = Used { day: 20, month: 100 };
    assert_eq!(ground(true, Verification::Registered, QUOTA, over), Ok(Ground::Quote));
    assert!(matches!(ground(false, Verification::Identified, QUOTA, Used::default()), Err(RevealRefusal::Company(_))));
    assert_eq!(ground(false, Verification::Documented, QUOTA, Used::default()), Ok(Ground::Asked));
}

#[test]
fn both_limits_hold_and_zero_is_none() {
    let used = |day, month| Used { day, month };
    let asks = |quota, used| ground(false, Verification::Documented, quota, used);
    assert_eq!(asks(QUOTA, used(19, 99)), Ok(Ground::Asked));
    assert_eq!(asks(QUOTA, used(20, 20)), Err(RevealRefusal::DayIsOver(20)));
    assert_eq!(asks(QUOTA, used(0, 100)), Err(RevealRefusal::MonthIsOver(100)));
    assert_eq!(QUOTA.left(used(3, 99)), Some(1));
    assert_eq!(QUOTA.left(used(25, 0)), Some(0));
    let none = Quota { per_day: 0, per_month: 0 };
    assert_eq!((asks(none, used(900, 900)), none.left(used(9, 9))), (Ok(Ground::Asked), None));
}
