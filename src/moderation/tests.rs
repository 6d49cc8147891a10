//! Tests of what can be reported and decided.

use super::rules::{act_of, decisions_for, kinds_for, state_after};
use super::*;
use crate::ids::{ListingId, MessageId, QuoteId, RfqId};

#[test]
fn a_thing_is_named_by_its_id_alone() {
    for about in [
        TargetId::Rfq(RfqId(7)),
        TargetId::Listing(ListingId(8)),
        TargetId::Quote(QuoteId(9)),
        TargetId::Company(CompanyId(10)),
        TargetId::Message(MessageId(11)),
    ] {
        assert_eq!(about.to_string().parse(), Ok(about));
        assert_eq!(TargetId::of(about.kind(), about.raw()), about);
    }
    assert!("usr_0000000000001".parse::<TargetId>().is_err());
}

#[test]
fn off_target_is_said_of_quotes_and_price_fishing_of_who_asks() {
    for about in TargetKind::ALL {
        let kinds = kinds_for(*about);
        assert_eq!(kinds.contains(&ReportKind::OffTarget), *about == TargetKind::Quote, "{about}");
        assert_eq!(kinds.contains(&ReportKind::PriceFishing), matches!(about, TargetKind::Rfq | TargetKind::Company));
        assert!(kinds.contains(&ReportKind::Other) && !kinds.contains(&ReportKind::ContactQuota), "{about}");
    }
}

#[test]
fn every_decision_fits_something_and_closes_the_report() {
    for decision in Decision::ALL {
        assert!(TargetKind::ALL.iter().any(|about| decisions_for(*about).contains(decision)), "{decision}");
        assert_ne!(state_after(*decision), ReportState::Open);
        assert_ne!(act_of(*decision), Act::Lifted);
    }
    assert_eq!(state_after(Decision::Dismiss), ReportState::Dismissed);
}
