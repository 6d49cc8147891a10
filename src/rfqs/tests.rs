//! Tests of an RFQ's fields, completeness and life.

use chrono::Duration;
use serde_json::{Value, json};

use super::rules::{
    Closing, RfqRefusal, change_closing, closes, closing, extend,
    visibility::{self, Viewer, buyer_is_shown_to, is_listed, is_visible, quotes_are_readable},
};
use super::*;
use crate::clock::Time;
use crate::companies::CompanyState;
use crate::error::{Code, FieldCode, Problem};
use crate::wire::{merge_patch, read_value, to_json};

/// The contract's example, with every field filled.
fn full() -> Value {
    json!({"title": "Ball valves DN50", "specification": "316, PN40", "hs_code": "848180", "category": "Valves / Ball valves",
        "items": [], "quantity": {"value": "1000", "unit": "C62"}, "frequency": "monthly", "target_price": {"amount": "11.000000", "currency": "USD"},
        "incoterm": "CIF", "destination_country": "NL", "destination_place": "Rotterdam", "destination_locode": "NLRTM",
        "wanted_by": "2027-03-01", "payment_terms": ["LC_SIGHT"], "required_certifications": ["ISO 9001"],
        "wanted_supplier_countries": ["CN", "IN"], "wanted_supplier_forms": ["manufacturer"],
        "attachments": ["doc_0000000000001"], "closing": {"deadline": "2026-12-20T12:00:00Z", "max_quotes": 5}, "sealed": true, "show_buyer_name": false, "visibility": "public", "language": "en"})
}

fn rfq(value: Value) -> RfqFields {
    read_value(value, READ_ONLY).unwrap()
}

fn at(text: &str) -> Time {
    text.parse().unwrap()
}

fn errors(problem: Problem) -> Vec<(String, FieldCode)> {
    assert_eq!(problem.code, Code::Invalid);
    problem.fields.into_iter().map(|error| (error.pointer, error.code)).collect()
}

#[test]
fn the_contracts_example_goes_in_and_comes_out_unchanged() {
    let mut fields = rfq(full());
    fields.check().unwrap();
    assert_eq!(serde_json::to_value(&fields).unwrap(), full());
    assert_eq!(serde_json::from_str::<RfqFields>(&to_json(&fields).unwrap()).unwrap(), fields);
}

#[test]
fn a_draft_may_lack_all_and_publishing_names_what_is_missing() {
    let mut draft = rfq(json!({"state": "draft", "completeness": 5, "closing": null}));
    draft.check().unwrap();
    assert_eq!(draft, RfqFields::default());
    let missing = errors(draft.publishable().unwrap_err());
    let wanted =
        ["/title", "/quantity", "/destination_country"].map(|pointer| (pointer.to_owned(), FieldCode::Required));
    assert_eq!(missing, wanted);
    let enough = json!({"title": "Valves", "quantity": {"value": "1", "unit": "C62"}, "destination_country": "NL"});
    assert!(rfq(enough).publishable().is_ok());
}

#[test]
fn wrong_values_are_named_with_their_pointer() {
    for (field, value, pointer, code) in [
        ("title", json!("write to a@b.com"), "/title", FieldCode::ContactDetails),
        ("title", json!("t".repeat(301)), "/title", FieldCode::Range),
        ("specification", json!("+49 30 1234567"), "/specification", FieldCode::ContactDetails),
        ("quantity", json!({"value": "0", "unit": "C62"}), "/quantity/value", FieldCode::Range),
        ("quantity", json!({"value": "-5", "unit": "C62"}), "/quantity/value", FieldCode::Format),
        ("quantity", json!(1_000), "/quantity", FieldCode::Format),
        ("frequency", json!("weekly"), "/frequency", FieldCode::UnknownValue),
        ("target_price", json!({"amount": "0", "currency": "USD"}), "/target_price/amount", FieldCode::Range),
        ("target_price", json!({"amount": "1", "currency": "XAU"}), "/target_price/currency", FieldCode::Format),
        ("destination_locode", json!("DEHAM"), "/destination_locode", FieldCode::Contradiction),
        ("wanted_supplier_forms", json!(["bank"]), "/wanted_supplier_forms/0", FieldCode::UnknownValue),
        ("closing", json!({"max_quotes": 31}), "/closing/max_quotes", FieldCode::Range),
        ("closing", json!({"max_quotes": 0}), "/closing/max_quotes", FieldCode::Range),
        ("closing", json!({"max_quotes": 300}), "/closing/max_quotes", FieldCode::Range),
        ("closing", json!({"deadline": "tomorrow"}), "/closing/deadline", FieldCode::Format),
        ("sealed", json!("yes"), "/sealed", FieldCode::Format),
        ("budget", json!(5), "/budget", FieldCode::Unknown),
    ] {
        let mut input = full();
        input[field] = value.clone();
        let checked = read_value::<RfqFields>(input, READ_ONLY).and_then(|mut fields| fields.check());
        assert_eq!(errors(checked.unwrap_err()), [(pointer.to_owned(), code)], "{field}: {value}");
    }
}

#[test]
fn a_patch_clears_to_defaults() {
    let patch = json!({"frequency": null, "closing": {"deadline": null}, "sealed": null, "quotes": 3});
    let changed = merge_patch(&rfq(full()), patch, READ_ONLY).unwrap();
    assert_eq!((changed.frequency, changed.sealed), (Frequency::Once, false));
    assert_eq!(changed.closing, ClosingFields { deadline: None, max_quotes: Some(5) });
}

#[test]
fn completeness_names_what_each_missing_field_adds() {
    assert_eq!(completeness(&rfq(full())), Completeness { score: 100, missing: Vec::new(), items: Vec::new() });
    let nothing = completeness(&RfqFields::default());
    assert_eq!((nothing.score, nothing.missing.len()), (0, 11));
    assert_eq!(nothing.missing.iter().filter(|missing| missing.is_required).count(), 3);
    let partly = completeness(&rfq(json!({"title": "Valves", "quantity": {"value": "1", "unit": "C62"}})));
    assert_eq!(partly.score, 25);
    assert!(partly.missing.iter().all(|missing| missing.field != "title" && missing.adds > 0));
    assert!(partly.missing.windows(2).all(|pair| pair[0].adds >= pair[1].adds));
    let port_only = completeness(&rfq(json!({"destination_locode": "NLRTM"})));
    assert_eq!(port_only.score, 5);
}

fn fittings() -> Value {
    json!({"title": "Container of fittings", "destination_country": "NL", "hs_code": "741220", "items": [
        {"title": "Elbow", "quantity": {"value": "500", "unit": "C62"}, "specification": "DN20"},
        {"item": 1, "title": "Tee", "quantity": {"value": "200", "unit": "C62"}},
        {"title": "Pipe", "hs_code": "741110"}
    ]})
}

#[test]
fn items_get_the_free_numbers_and_keep_the_order_of_the_buyer() {
    let mut fields = rfq(fittings());
    fields.check().unwrap();
    let numbered: Vec<(u32, &str)> = fields.items.iter().map(|item| (item.number(), item.title.as_str())).collect();
    assert_eq!(numbered, [(2, "Elbow"), (1, "Tee"), (3, "Pipe")]);
    assert_eq!(errors(fields.publishable().unwrap_err()), [("/items/2/quantity".to_owned(), FieldCode::Required)]);
    let alone = fields.by_item().remove(1).1;
    assert_eq!(alone.title, "Tee");
    assert_eq!(alone.hs_code.map(|code| code.to_string()).as_deref(), Some("741220"));
    assert!(alone.items.is_empty());
}

#[test]
fn wrong_items_are_named_at_their_place() {
    let item = |number: u32| json!({"item": number, "title": "Tee"});
    let mut wrong = rfq(json!({"items": [item(0), item(7), item(7), item(1000),
        {"title": "Tees, write to me@example.com", "quantity": {"value": "0", "unit": "C62"}}]}));
    let found = errors(wrong.check().unwrap_err());
    let expected = [
        ("/items/0/item", FieldCode::Range),
        ("/items/2/item", FieldCode::Contradiction),
        ("/items/3/item", FieldCode::Range),
        ("/items/4/title", FieldCode::ContactDetails),
        ("/items/4/quantity/value", FieldCode::Range),
    ];
    assert_eq!(found, expected.map(|(pointer, code)| (pointer.to_owned(), code)));
    let mut many = RfqFields { items: vec![RfqItem::default(); MAX_ITEMS + 1], ..RfqFields::default() };
    assert_eq!(errors(many.check().unwrap_err()), [("/items".to_owned(), FieldCode::Range)]);
}

#[test]
fn published_items_stay() {
    let mut before = rfq(fittings());
    before.check().unwrap();
    let with = |numbers: &[u32]| {
        let kept = before.items.iter().filter(|item| numbers.contains(&item.number()));
        RfqFields { items: kept.cloned().collect(), ..before.clone() }
    };
    let mut more = before.clone();
    more.items.push(RfqItem { item: Some(9), ..RfqItem::default() });
    assert!(more.check_items_after(&before, &[1, 2, 3]).is_ok());
    for (after, said) in [(with(&[1, 3]), "published items 2"), (with(&[]), "published with items keeps them")] {
        let refused = after.check_items_after(&before, &[]).unwrap_err();
        assert!(refused.fields[0].message.contains(said), "{refused}");
    }
    assert!(before.check_items_after(&with(&[]), &[]).is_err());
    let mut reworded = before.clone();
    reworded.items[0].title = "Elbow of 45 degrees".to_owned();
    assert!(reworded.check_items_after(&before, &[1]).is_ok());
    let refused = errors(reworded.check_items_after(&before, &[1, 2]).unwrap_err());
    assert_eq!(refused, [("/items/0".to_owned(), FieldCode::Contradiction)]);
}

#[test]
fn completeness_of_items_is_said_for_each() {
    let mut fields = rfq(fittings());
    fields.check().unwrap();
    let complete = completeness(&fields);
    let lacking = |name: &str| complete.missing.iter().find(|missing| missing.field == name).map(|m| m.items.clone());
    assert_eq!(lacking("quantity"), Some(vec![3]));
    assert_eq!(lacking("specification"), Some(vec![1, 3]));
    assert_eq!(lacking("hs_code"), None, "the code of the RFQ is that of its items");
    assert_eq!(lacking("incoterm"), Some(Vec::new()));
    let adds: u8 = complete.missing.iter().map(|missing| missing.adds).sum();
    assert_eq!(complete.score, 100 - adds);
    let scores: Vec<(u32, u8)> = complete.items.iter().map(|item| (item.item, item.score)).collect();
    // Title, destination, code; the tee has a quantity beside, the elbow a specification too.
    assert_eq!(scores, [(2, 65), (1, 50), (3, 35)]);
    let mut untitled = fields.clone();
    untitled.items[0].title = String::new();
    let untitled = completeness(&untitled);
    let title = untitled.missing.iter().find(|missing| missing.field == "title").unwrap();
    assert_eq!((title.items.as_slice(), title.is_required), ([2].as_slice(), true), "publishing needs it");
    assert_eq!(complete.items[2].missing, ["quantity", "specification", "target_price", "category"]);
}

#[test]
fn each_step_leads_where_it_should() {
    use RfqState::{Awarded, Closed, Draft, NotAwarded, Open, Withdrawn};
    for (from, publish, close, award, end, withdraw) in [
        (Draft, Some(Open), None, None, None, Some(Withdrawn)),
        (Open, None, Some(Closed), Some(Awarded), None, Some(Withdrawn)),
        (Closed, None, None, Some(Awarded), Some(NotAwarded), Some(Withdrawn)),
        (Awarded, None, None, None, None, None),
        (NotAwarded, None, None, None, None, None),
        (Withdrawn, None, None, None, None, None),
    ] {
        let steps =
            [from.publish(), from.close(), from.award(), from.end_without_award(), from.withdraw()].map(Result::ok);
        assert_eq!(steps, [publish, close, award, end, withdraw], "{from}");
        assert_eq!(from.change().is_ok(), matches!(from, Draft | Open));
        assert_eq!(from.reopen().ok(), (from == Closed).then_some(Open), "{from}");
    }
    let problem = Problem::from(Closed.close().unwrap_err());
    assert_eq!(
        (problem.code, problem.detail.as_str()),
        (Code::Conflict, "The RFQ is closed; only an open one allows this.")
    );
}

#[test]
fn the_closing_rule_has_defaults_and_bounds() {
    let now = at("2026-11-23T12:00:00Z");
    let in_days = |days| now + Duration::days(days);
    let wanted = |deadline| ClosingFields { deadline, max_quotes: None };
    assert_eq!(closing(now, &wanted(None)), Ok(Closing { deadline: in_days(30), seats: DEFAULT_SEATS }));
    assert_eq!(closing(now, &wanted(Some(now))), Err(RfqRefusal::DeadlinePassed));
    assert!(closing(now, &wanted(Some(in_days(180)))).is_ok());
    assert_eq!(closing(now, &wanted(Some(in_days(181)))), Err(RfqRefusal::DeadlineTooFar));
    let three = ClosingFields { deadline: Some(in_days(1)), max_quotes: Some(3) };
    assert_eq!(closing(now, &three), Ok(Closing { deadline: in_days(1), seats: 3 }));
    assert_eq!(Problem::from(RfqRefusal::DeadlinePassed).fields[0].pointer, "/closing/deadline");
}

#[test]
fn it_closes_by_deadline_or_seats() {
    let deadline = at("2026-12-01T00:00:00Z");
    let rule = Closing { deadline, seats: 2 };
    for (now, quotes, reason) in [
        ("2026-11-30T23:59:59Z", 1, None),
        ("2026-11-30T23:59:59Z", 2, Some(ClosedReason::Seats)),
        ("2026-12-01T00:00:00Z", 0, Some(ClosedReason::Deadline)),
        ("2026-12-02T00:00:00Z", 2, Some(ClosedReason::Deadline)),
    ] {
        assert_eq!(closes(at(now), &rule, quotes), reason, "{now} {quotes}");
    }
}

#[test]
fn a_deadline_only_moves_later() {
    let (now, deadline) = (at("2026-11-23T12:00:00Z"), at("2026-12-01T00:00:00Z"));
    let to = |state, text: &str| extend(state, now, deadline, at(text));
    assert_eq!(to(RfqState::Open, "2026-12-08T00:00:00Z"), Ok(at("2026-12-08T00:00:00Z")));
    assert_eq!(to(RfqState::Open, "2026-12-01T00:00:00Z"), Err(RfqRefusal::NotLater));
    assert_eq!(to(RfqState::Open, "2028-12-01T00:00:00Z"), Err(RfqRefusal::DeadlineTooFar));
    assert_eq!(to(RfqState::Closed, "2026-12-08T00:00:00Z"), Err(RfqRefusal::NotOpen(RfqState::Closed)));
}

#[test]
fn changed_fields_keep_or_extend_the_deadline() {
    let (now, deadline) = (at("2026-11-23T12:00:00Z"), at("2026-12-01T00:00:00Z"));
    let current = Closing { deadline, seats: 3 };
    let change = |deadline: Option<&str>, max_quotes| {
        change_closing(now, &current, &ClosingFields { deadline: deadline.map(at), max_quotes })
    };
    assert_eq!(change(None, Some(3)), Ok(current));
    assert_eq!(change(Some("2026-12-01T00:00:00Z"), Some(5)), Ok(Closing { deadline, seats: 5 }));
    assert_eq!(change(Some("2026-11-30T00:00:00Z"), None), Err(RfqRefusal::NotLater));
    assert_eq!(change(Some("2028-01-01T00:00:00Z"), None), Err(RfqRefusal::DeadlineTooFar));
}

#[test]
fn drafts_are_the_owners_and_decided_ones_the_participants() {
    for (state, participant, anyone) in [
        (RfqState::Draft, false, false),
        (RfqState::Open, true, true),
        (RfqState::Closed, true, true),
        (RfqState::Awarded, true, false),
        (RfqState::NotAwarded, true, false),
        (RfqState::Withdrawn, true, false),
    ] {
        let viewers = [Viewer::Owner, Viewer::Participant, Viewer::Anyone];
        let seen = viewers.map(|viewer| is_visible(state, Visibility::Public, CompanyState::Active, viewer));
        assert_eq!(seen, [true, participant, anyone], "{state}");
        let of_suspended = viewers.map(|viewer| is_visible(state, Visibility::Public, CompanyState::Suspended, viewer));
        assert_eq!(of_suspended, [true, false, false], "{state} of a suspended buyer");
    }
    assert!(buyer_is_shown_to(false, Viewer::Owner) && !buyer_is_shown_to(false, Viewer::Participant));
    assert!(buyer_is_shown_to(true, Viewer::Anyone));
    assert!(!quotes_are_readable(RfqState::Open, true) && quotes_are_readable(RfqState::Closed, true));
}

#[test]
fn an_rfq_for_invited_suppliers_is_seen_by_these_and_nobody_else() {
    let viewers = [Viewer::Owner, Viewer::Invited, Viewer::Participant, Viewer::Anyone];
    for state in RfqState::ALL.iter().copied() {
        let seen = |buyer| viewers.map(|viewer| is_visible(state, Visibility::Invited, buyer, viewer));
        let is_posted = state != RfqState::Draft;
        assert_eq!(seen(CompanyState::Active), [true, is_posted, false, false], "{state}");
        assert_eq!(seen(CompanyState::Suspended), [true, false, false, false], "{state} of a suspended buyer");
        assert!(!is_listed(state, Visibility::Invited), "{state}");
        assert_eq!(is_listed(state, Visibility::Public), state == RfqState::Open, "{state}");
        // What everyone saw cannot be hidden; what few saw can be shown.
        let hides = visibility::change(state, Visibility::Public, Visibility::Invited, 0);
        assert_eq!(hides.is_ok(), state == RfqState::Draft, "{state}");
        let shows = |questions| visibility::change(state, Visibility::Invited, Visibility::Public, questions);
        assert!(shows(0).is_ok() && shows(1).is_err(), "{state}");
        assert!(is_visible(state, Visibility::Public, CompanyState::Active, Viewer::Invited) == is_posted, "{state}");
    }
}

#[test]
fn a_closed_rfq_is_settled_when_no_quote_waits() {
    for (state, quotes, undecided, accepted, decided_state) in [
        (RfqState::Closed, 0, 0, 0, None),
        (RfqState::Closed, 3, 1, 0, None),
        (RfqState::Closed, 3, 0, 0, Some(RfqState::NotAwarded)),
        (RfqState::Closed, 3, 0, 2, Some(RfqState::Awarded)),
        (RfqState::Open, 3, 0, 0, None),
    ] {
        assert_eq!(
            rules::decided_state(state, quotes, undecided, accepted),
            decided_state,
            "{state} {quotes} {undecided} {accepted}"
        );
    }
}

#[test]
fn date_that_has_passed_is_refused_unless_it_was_there_before() {
    let now = at("2026-11-23T08:00:00Z");
    let dated =
        |wanted_by: &str, deadline: &str| rfq(json!({"wanted_by": wanted_by, "closing": {"deadline": deadline}}));
    let past = dated("2026-11-22", "2026-11-23T08:00:00Z");
    let refused = [("/wanted_by", FieldCode::Range), ("/closing/deadline", FieldCode::Range)];
    let named = refused.map(|(pointer, code)| (pointer.to_owned(), code));
    assert_eq!(errors(past.check_dates(None, now).unwrap_err()), named);
    assert_eq!(errors(past.check_dates(Some(&RfqFields::default()), now).unwrap_err()), named);
    past.check_dates(Some(&past), now).unwrap();
    dated("2026-11-23", "2026-11-23T08:00:01Z").check_dates(None, now).unwrap();
    RfqFields::default().check_dates(None, now).unwrap();
}
