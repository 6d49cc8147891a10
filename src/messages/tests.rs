//! Tests of the rules of messages.

use chrono::{Duration, TimeZone, Utc};

use super::rules::{
    Answering, AnsweringHabit, Dealings, Mark, MessageRefusal, MessagingRelation, Ownership, WritingLimits, addressee,
    answering_habit, contact_data_is_open, is_other_hidden, mask, may_write,
};
use super::{MaskedKind, Subject, SubjectKind};
use crate::clock::Time;
use crate::companies::{CompanyState, Verification};
use crate::ids::{CompanyId, ListingId, MessageId, QuoteId, RecordId, RfqId};
use crate::locale::Language;
use crate::quotes::QuoteState;
use crate::text::find_contact;

const ONE: CompanyId = CompanyId(1);
const OTHER: CompanyId = CompanyId(2);
const THIRD: CompanyId = CompanyId(3);

fn noon() -> Time {
    Utc.with_ymd_and_hms(2026, 11, 30, 12, 0, 0).unwrap()
}

#[test]
fn messages_go_to_the_owner_or_to_the_other_party() {
    let (listing, rfq, quote) = (Subject::Listing(ListingId(7)), Subject::Rfq(RfqId(7)), Subject::Quote(QuoteId(7)));
    for (subject, owned, writer, wanted) in [
        (listing, Ownership::Of(ONE), OTHER, Ok(ONE)),
        (listing, Ownership::Of(ONE), ONE, Err(MessageRefusal::Own(SubjectKind::Listing))),
        (rfq, Ownership::Of(ONE), ONE, Err(MessageRefusal::Own(SubjectKind::Rfq))),
        (quote, Ownership::Between(ONE, OTHER), ONE, Ok(OTHER)),
        (quote, Ownership::Between(ONE, OTHER), OTHER, Ok(ONE)),
        (quote, Ownership::Between(ONE, OTHER), THIRD, Err(MessageRefusal::Absent)),
    ] {
        assert_eq!(addressee(subject, owned, writer), wanted, "{subject:?} by {writer}");
    }
}

#[test]
fn only_active_companies_that_block_nobody_write_to_each_other() {
    let free = MessagingRelation { other: CompanyState::Active, is_blocked: false, blocks: false, is_hidden: false };
    for (standing, wanted) in [
        (free, Ok(())),
        (MessagingRelation { other: CompanyState::Suspended, ..free }, Err(MessageRefusal::Gone)),
        (MessagingRelation { other: CompanyState::Closed, ..free }, Err(MessageRefusal::Gone)),
        (MessagingRelation { other: CompanyState::Unconfirmed, ..free }, Err(MessageRefusal::Gone)),
        (MessagingRelation { is_blocked: true, ..free }, Err(MessageRefusal::Blocked)),
        (MessagingRelation { blocks: true, ..free }, Err(MessageRefusal::Blocking)),
        // The refusal would say that the hidden buyer is the company that was blocked.
        (MessagingRelation { blocks: true, is_hidden: true, ..free }, Ok(())),
        (MessagingRelation { is_blocked: true, blocks: true, ..free }, Err(MessageRefusal::Blocked)),
    ] {
        assert_eq!(may_write(standing), wanted, "{standing:?}");
    }
}

#[test]
fn hidden_buyer_is_known_after_the_award_alone() {
    assert!(is_other_hidden(false, false, None));
    assert!(is_other_hidden(false, false, Some(QuoteState::Submitted)));
    assert!(is_other_hidden(false, false, Some(QuoteState::Shortlisted)));
    assert!(!is_other_hidden(false, false, Some(QuoteState::Accepted)));
    assert!(!is_other_hidden(false, true, None), "the RFQ shows it");
    assert!(!is_other_hidden(true, false, None), "a supplier is never hidden from the buyer");
}

#[test]
fn contact_data_opens_by_a_deal_and_under_a_hidden_name_by_this_one_alone() {
    for (is_hidden, is_chosen_here, have_dealt, wanted) in [
        (false, false, false, false),
        (false, false, true, true),
        (false, true, false, true),
        (true, false, true, false),
        (true, true, false, true),
    ] {
        let dealings = Dealings { is_hidden, is_chosen_here, have_dealt };
        assert_eq!(contact_data_is_open(dealings), wanted, "{dealings:?}");
    }
}

#[test]
fn masks_hold_no_contact_data_and_name_what_they_hide() {
    let written = "Write to anna@acme.com, ＋８６ １３８ ００１３ ８０００ or WeChat: anna88. Price 3.20 USD.";
    let (shown, kinds) = mask(written).unwrap();
    assert_eq!(find_contact(&shown), None, "{shown}");
    assert_eq!(kinds, [MaskedKind::Email, MaskedKind::Phone, MaskedKind::Messenger]);
    assert!(shown.contains("Price 3.20 USD.") && !shown.contains("anna") && !shown.contains("１３８"), "{shown}");
    let (encoded, _) = mask("See =?utf-8?b?YW5uYUBhY21lLmNvbQ==?= please").unwrap();
    assert!(!encoded.contains("YW5uYUBhY21lLmNvbQ"), "{encoded}");
    assert_eq!(mask("MOQ 1 000 pcs, FOB Ningbo"), None);
}

#[test]
fn one_mail_until_it_is_read_or_a_quarter_of_an_hour_has_passed() {
    let mailed = Mark { read: 0, mailed: Some((MessageId(10), noon())) };
    for (mark, minutes, wanted) in [
        (Mark::default(), 0, true),
        (mailed, 0, false),
        (mailed, 14, false),
        (mailed, 15, true),
        (Mark { read: 9, ..mailed }, 1, false),
        (Mark { read: 10, ..mailed }, 1, true),
    ] {
        assert_eq!(mark.is_mail_due(noon() + Duration::minutes(minutes)), wanted, "{mark:?} after {minutes}");
    }
}

#[test]
fn unread_is_what_the_other_side_wrote_after_the_mark() {
    let mark = Mark { read: 5, mailed: None };
    assert!(mark.is_unread(Some(MessageId(6))));
    assert!(!mark.is_unread(Some(MessageId(5))) && !mark.is_unread(None));
}

#[test]
fn identified_companies_write_four_times_as_much() {
    let limits = |level| WritingLimits::of(level, 300, 30);
    assert_eq!((limits(Verification::Registered).messages, limits(Verification::Registered).threads), (300, 30));
    assert_eq!((limits(Verification::Identified).messages, limits(Verification::Audited).threads), (1_200, 120));
    assert!(limits(Verification::Registered).is_newcomer && !limits(Verification::Documented).is_newcomer);
}

#[test]
fn answering_is_said_of_enough_threads_and_not_of_those_still_open() {
    let thread = |hours_ago: i64, answered_after: Option<i64>| {
        let began = noon() - Duration::hours(hours_ago);
        Answering { began, answered: answered_after.map(|minutes| began + Duration::minutes(minutes)) }
    };
    let four = [thread(200, Some(30)), thread(190, Some(90)), thread(180, Some(600)), thread(170, None)];
    assert_eq!(answering_habit(&four, noon()), None, "four are too few");
    let mut five = four.to_vec();
    five.push(thread(10, None));
    assert_eq!(answering_habit(&five, noon()), None, "ten hours without an answer are no refusal");
    five.push(thread(10, Some(20)));
    let habit = answering_habit(&five, noon()).unwrap();
    assert_eq!((habit.percent, habit.threads, habit.typical), (80, 5, Some(Duration::minutes(30))));
    let silent = [thread(200, None); 5];
    let habit = answering_habit(&silent, noon()).unwrap();
    assert_eq!((habit.percent, habit.typical), (0, None));
    assert_eq!(habit.sentence(Language::English), "Has answered none of the 5 latest conversations.");
}

#[test]
fn answering_is_said_in_words_that_promise_nothing() {
    let said = |minutes: i64| {
        let habit = AnsweringHabit { percent: 80, threads: 12, typical: Some(Duration::minutes(minutes)) };
        habit.sentence(Language::English)
    };
    assert_eq!(said(5), "Answers 80% of conversations, half of them within an hour (12 latest conversations).");
    assert_eq!(said(61), "Answers 80% of conversations, half of them within 2 hours (12 latest conversations).");
    assert_eq!(said(1_441), "Answers 80% of conversations, half of them within 2 days (12 latest conversations).");
}

#[test]
fn subject_is_read_from_its_id() {
    for subject in [Subject::Listing(ListingId(9)), Subject::Company(ONE), Subject::Record(RecordId(4))] {
        assert_eq!(subject.to_string().parse::<Subject>().as_ref(), Ok(&subject));
        assert_eq!(Subject::parse(subject.kind(), &subject.to_string()).as_ref(), Ok(&subject));
        assert_eq!(Subject::of(subject.kind(), subject.raw()), subject);
    }
    assert!("doc_0000000000001".parse::<Subject>().is_err());
    assert!(Subject::parse(SubjectKind::Rfq, &ONE.to_string()).is_err());
}
