//! Quotes: their fields, their steps, their seats and their comparison.

use std::collections::HashMap;

use chrono::{Duration, NaiveDate};
use proptest::prelude::*;

use super::comparison::ComparisonInput;
use super::rules::{Award, QuoteFacts, apply_step, declined_by, is_taken};
use super::*;
use crate::ids::QuoteId;
use crate::money::{Currency, Money};
use crate::rates::DatedRates;
use crate::reference::codes::Incoterm;
use crate::rfqs::{RfqFields, Visibility};
use crate::units::{Quantity, Unit};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn today() -> NaiveDate {
    day("2026-11-23")
}

fn money(amount: &str, currency: &str) -> Money {
    Money::new(amount.parse().unwrap(), currency.parse().unwrap())
}

fn quantity(value: &str, unit: &str) -> Quantity {
    Quantity::new(value.parse().unwrap(), unit.parse().unwrap())
}

fn quote(json: &str) -> QuoteFields {
    serde_json::from_str(json).unwrap()
}

#[test]
fn a_step_is_taken_in_the_state_it_leads_to_and_by_its_own_side() {
    let leads_to = [
        (QuoteStep::Withdraw, QuoteState::Withdrawn),
        (QuoteStep::Shortlist, QuoteState::Shortlisted),
        (QuoteStep::Decline, QuoteState::Declined),
        (QuoteStep::Accept, QuoteState::Accepted),
    ];
    for (step, reached) in leads_to {
        for state in QuoteState::ALL {
            for party in [Party::Supplier, Party::Buyer, Party::System] {
                let taken = *state == reached && party == step.party();
                assert_eq!(is_taken(*state, step, party), taken, "{step:?} {state} {party:?}");
            }
        }
    }
    assert!(QuoteState::ALL.iter().all(|state| !is_taken(*state, QuoteStep::Revise, Party::Supplier)));
}

#[test]
fn total_is_that_of_the_quantity_in_the_unit_of_the_price() {
    let wanted = Some(quantity("2", "TNE"));
    for (fields, total) in [
        (r#"{"unit_price": {"amount": "4.22", "currency": "USD"}, "price_unit": "KGM"}"#, Some("8440")),
        (r#"{"unit_price": {"amount": "4.22", "currency": "USD"}}"#, Some("8.44")),
        (
            r#"{"unit_price": {"amount": "4.22", "currency": "USD"}, "price_unit": "KGM",
                "tiers": [{"from": "1500", "amount": {"amount": "4", "currency": "USD"}}]}"#,
            Some("8000"),
        ),
        (
            r#"{"unit_price": {"amount": "4.22", "currency": "USD"}, "quantity": {"value": "100", "unit": "KGM"}}"#,
            Some("422"),
        ),
        // Pieces are no tonnes, and no money holds the last.
        (r#"{"unit_price": {"amount": "4.22", "currency": "USD"}, "price_unit": "C62"}"#, None),
        (
            r#"{"unit_price": {"amount": "9000000000000", "currency": "USD"}, "price_unit": "KGM",
                "quantity": {"value": "9000000000000", "unit": "KGM"}}"#,
            None,
        ),
    ] {
        let found = quote(fields).goods_total(wanted).map(|(total, _)| total.amount.display(0));
        assert_eq!(found.as_deref(), total, "{fields}");
    }
    assert_eq!(quote(r#"{"unit_price": {"amount": "4.22", "currency": "USD"}}"#).goods_total(None), None);
}

fn pointers(fields: &QuoteFields) -> Vec<String> {
    match fields.check(&RfqFields::default(), today()) {
        Ok(()) => Vec::new(),
        Err(problem) => problem.fields.into_iter().map(|field| field.pointer).collect(),
    }
}

const FULL: &str = r#"{"unit_price":{"amount":"4.22","currency":"USD"},"price_unit":"KGM",
    "tiers":[{"from":"5000","amount":{"amount":"4.1","currency":"USD"}}],"quantity":{"value":"2000","unit":"KGM"},
    "moq":{"value":"500","unit":"KGM"},"incoterm":"FOB","incoterm_place":"Ningbo","lead_time_days":25,"valid_until":"2026-12-31",
    "payment_terms":["TT_DEPOSIT"],"freight":{"amount":"200","currency":"USD"},"sample_terms":"free","message":"hello",
    "answers":[{"requirement":"ISO 9001","met":true,"note":"2026"}]}"#;

#[test]
fn a_full_quote_passes_and_round_trips() {
    let fields = quote(FULL);
    assert_eq!(pointers(&fields), Vec::<String>::new());
    let json = serde_json::to_string(&fields).unwrap();
    assert_eq!(quote(&json), fields);
    assert!(json.contains(r#""from":"5000""#));
}

#[test]
fn a_price_alone_is_a_quote_and_unknown_fields_are_refused() {
    assert!(quote(r#"{"unit_price":{"amount":"1","currency":"EUR"}}"#).check(&RfqFields::default(), today()).is_ok());
    assert!(
        serde_json::from_str::<QuoteFields>(r#"{"unit_price":{"amount":"1","currency":"EUR"},"prise":1}"#).is_err()
    );
}

#[test]
fn every_wrong_field_is_named() {
    let mut fields = quote(FULL);
    fields.unit_price = Some(money("0", "EUR"));
    fields.tiers.push(PriceTier { from: "100".parse().unwrap(), amount: money("0", "EUR") });
    fields.quantity = Some(quantity("0", "KGM"));
    fields.incoterm = Some(Incoterm::Cif);
    fields.lead_time_days = Some(1_001);
    fields.valid_until = Some(day("2026-11-22"));
    fields.payment_terms.push(fields.payment_terms[0]);
    fields.message = Some("x".repeat(fields::MAX_TEXT + 1));
    fields.answers[0].requirement = " ".into();
    assert_eq!(
        pointers(&fields),
        [
            "/unit_price/amount",
            "/tiers/0/amount/currency",
            "/tiers/1/amount/amount",
            "/tiers/1/from",
            "/freight",
            "/quantity/value",
            "/moq",
            "/lead_time_days",
            "/valid_until",
            "/payment_terms/1",
            "/message",
            "/answers/0/requirement",
        ]
    );
    fields = quote(FULL);
    fields.incoterm = None;
    fields.valid_until = Some(day("2029-11-22"));
    assert_eq!(pointers(&fields), ["/incoterm", "/valid_until"]);
}

#[test]
fn the_tier_that_the_quantity_reaches_sets_the_price() {
    let fields = quote(FULL);
    for (bought, price) in [("4999", "4.22"), ("5000", "4.1"), ("90000", "4.1")] {
        assert_eq!(fields.price_for(bought.parse().unwrap()), Some(money(price, "USD")));
    }
}

fn facts(state: QuoteState) -> QuoteFacts {
    QuoteFacts {
        state,
        version: 2,
        valid_until: Some(day("2026-11-30")),
        request_is_undecided: true,
        request_is_open: true,
        request_has_items: false,
    }
}

#[test]
fn each_party_takes_its_own_steps_only() {
    use QuoteState::*;
    for (state, step, party, result) in [
        (Submitted, QuoteStep::Revise, Party::Supplier, Ok(Submitted)),
        (Shortlisted, QuoteStep::Revise, Party::Supplier, Ok(Shortlisted)),
        (Submitted, QuoteStep::Shortlist, Party::Buyer, Ok(Shortlisted)),
        (Shortlisted, QuoteStep::Accept, Party::Buyer, Ok(Accepted)),
        (Submitted, QuoteStep::Decline, Party::Buyer, Ok(Declined)),
        (Shortlisted, QuoteStep::Withdraw, Party::Supplier, Ok(Withdrawn)),
        (Submitted, QuoteStep::Accept, Party::Supplier, Err(QuoteRefusal::NotYours(QuoteStep::Accept))),
        (Submitted, QuoteStep::Withdraw, Party::Buyer, Err(QuoteRefusal::NotYours(QuoteStep::Withdraw))),
        (Accepted, QuoteStep::Revise, Party::Supplier, Err(QuoteRefusal::State(Accepted, QuoteStep::Revise))),
        (Declined, QuoteStep::Accept, Party::Buyer, Err(QuoteRefusal::State(Declined, QuoteStep::Accept))),
        (Expired, QuoteStep::Accept, Party::Buyer, Err(QuoteRefusal::Expired)),
        (Submitted, QuoteStep::Expire, Party::System, Err(QuoteRefusal::StillValid)),
    ] {
        assert_eq!(apply_step(&facts(state), step, party, None, today()), result, "{state} {step:?}");
    }
}

#[test]
fn validity_version_and_the_request_are_minded() {
    let accept = |facts: &QuoteFacts, seen, on| apply_step(facts, QuoteStep::Accept, Party::Buyer, seen, on);
    let facts = facts(QuoteState::Submitted);
    assert_eq!(accept(&facts, Some(2), day("2026-11-30")), Ok(QuoteState::Accepted));
    assert_eq!(accept(&facts, Some(1), today()), Err(QuoteRefusal::Revised { current: 2 }));
    assert_eq!(accept(&facts, None, day("2026-12-01")), Err(QuoteRefusal::Expired));
    let expire = apply_step(&facts, QuoteStep::Expire, Party::System, None, day("2026-12-01"));
    assert_eq!(expire, Ok(QuoteState::Expired));
    let decided = QuoteFacts { request_is_undecided: false, request_is_open: false, ..facts };
    assert_eq!(accept(&decided, None, today()), Err(QuoteRefusal::RequestDecided));
    let revise = apply_step(&decided, QuoteStep::Revise, Party::Supplier, None, today());
    assert_eq!(revise, Err(QuoteRefusal::RequestClosed));
}

#[test]
fn a_whole_award_declines_the_other_live_quotes() {
    let quotes = [
        (QuoteId(1), QuoteState::Submitted),
        (QuoteId(2), QuoteState::Shortlisted),
        (QuoteId(3), QuoteState::Withdrawn),
        (QuoteId(4), QuoteState::Submitted),
    ];
    assert_eq!(declined_by(Award::Whole, QuoteId(2), &quotes), [QuoteId(1), QuoteId(4)]);
    assert!(declined_by(Award::Split, QuoteId(2), &quotes).is_empty());
}

fn asks(taken_open: u32, taken_reserved: u32, is_best_matched: bool, hours: i64) -> QuotaUsage {
    let age = Duration::hours(hours);
    QuotaUsage { taken_open, taken_reserved, is_best_matched, age, open_this_week: 0, off_target_marks: 0 }
}

#[test]
fn half_the_seats_are_kept_for_the_best_matched_for_a_day() {
    let rule = QuotaRule::of(10, Visibility::Public);
    for (request, granted) in [
        (asks(0, 0, true, 1), Some(SeatKind::Reserved)),
        (asks(0, 5, true, 1), Some(SeatKind::Open)),
        (asks(4, 0, false, 1), Some(SeatKind::Open)),
        (asks(5, 0, false, 1), None),
        (asks(5, 0, true, 1), Some(SeatKind::Reserved)),
        (asks(5, 0, false, 24), Some(SeatKind::Open)),
        (asks(9, 0, false, 24), Some(SeatKind::Open)),
        (asks(5, 5, true, 1), None),
        (asks(8, 2, false, 48), None),
    ] {
        match allocate(&rule, &request) {
            Allocation::Granted(kind) => assert_eq!(Some(kind), granted, "{request:?}"),
            Allocation::Refused(reason) => {
                assert!(
                    granted.is_none() && (reason.contains("places") || reason.contains("all")),
                    "{request:?} {reason}"
                )
            }
        }
    }
    assert_eq!(QuotaRule { max_quotes: 1, ..rule }.reserved(), 0);
    assert_eq!(QuotaRule::of(10, Visibility::Invited).reserved(), 0, "the buyer chose who quotes");
}

#[test]
fn off_target_quotes_cost_open_seats_and_the_refusal_shows_the_count() {
    let rule = QuotaRule { open_per_week: 4, off_target_cost: 2, ..QuotaRule::of(10, Visibility::Public) };
    assert_eq!([0, 1, 2, 9].map(|marks| rule.weekly(marks)), [4, 2, 1, 1]);
    let request = QuotaUsage { open_this_week: 2, off_target_marks: 1, ..asks(0, 0, false, 1) };
    let Allocation::Refused(reason) = allocate(&rule, &request) else { panic!("granted") };
    assert!(reason.contains("2 open quotes") && reason.contains("can send 2") && reason.contains("irrelevant"));
    assert_eq!(
        allocate(&rule, &QuotaUsage { is_best_matched: true, ..request }),
        Allocation::Granted(SeatKind::Reserved)
    );
}

proptest! {
    #[test]
    fn seats_are_never_oversold(wishes in proptest::collection::vec((any::<bool>(), 0i64..48), 0..60), max in 1u32..=30) {
        let rule = QuotaRule { max_quotes: max, open_per_week: 1_000, ..QuotaRule::of(10, Visibility::Public) };
        let mut taken = (0, 0);
        let mut ages: Vec<_> = wishes;
        ages.sort_by_key(|(_, hours)| *hours);
        for (best, hours) in ages {
            match allocate(&rule, &asks(taken.0, taken.1, best, hours)) {
                Allocation::Granted(SeatKind::Open) => taken.0 += 1,
                Allocation::Granted(SeatKind::Reserved) => taken.1 += 1,
                Allocation::Refused(_) => {}
            }
            prop_assert!(taken.0 + taken.1 <= max && taken.1 <= rule.reserved());
        }
    }
}

fn euro() -> Currency {
    "EUR".parse().unwrap()
}

fn rates() -> DatedRates {
    let per_base = HashMap::from([("USD".parse().unwrap(), "1.0876".parse().unwrap())]);
    DatedRates { source: "ECB".into(), date: day("2026-11-20"), base: euro(), per_base }
}

/// A quote for a tenth of what is wanted at the best tier for the whole is neither that cheap nor the lowest.
#[test]
fn part_quotes_take_their_own_tier_and_are_never_the_lowest() {
    let compared = |quotes: &[&str]| {
        let quotes: Vec<QuoteFields> = quotes.iter().map(|json| quote(json)).collect();
        let inputs: Vec<ComparisonInput<'_>> = quotes
            .iter()
            .enumerate()
            .map(|(place, fields)| ComparisonInput {
                quote: QuoteId(place as i64 + 1),
                supplier: String::new(),
                version: 1,
                fields,
                awarded: &[],
                shares_freight: false,
            })
            .collect();
        compare(&inputs, quantity("1000", "C62"), None, euro())
    };
    let tiers = r#""tiers": [{"from": "100", "amount": {"amount": "9", "currency": "EUR"}},
        {"from": "500", "amount": {"amount": "8", "currency": "EUR"}}], "incoterm": "DAP""#;
    let tiered = |more: &str| {
        format!(r#"{{"unit_price": {{"amount": "10", "currency": "EUR"}}, "price_unit": "C62", {tiers}{more}}}"#)
    };
    let whole = r#"{"unit_price": {"amount": "8.5", "currency": "EUR"}, "price_unit": "C62", "incoterm": "DAP"}"#;
    for (more, price, total, is_part) in [
        (r#", "quantity": {"value": "100", "unit": "C62"}"#, "9", "900", true),
        (r#", "quantity": {"value": "50", "unit": "C62"}"#, "10", "500", true),
        (r#", "quantity": {"value": "999", "unit": "C62"}"#, "8", "7992", true),
        (r#", "quantity": {"value": "1000", "unit": "C62"}"#, "8", "8000", false),
        (r#", "quantity": {"value": "2000", "unit": "C62"}"#, "8", "8000", false),
        ("", "8", "8000", false),
        // The MOQ is what is paid for.
        (r#", "moq": {"value": "3000", "unit": "C62"}"#, "8", "24000", false),
    ] {
        let comparison = compared(&[&tiered(more), whole]);
        let [first, second] = comparison.quotes.as_slice() else { panic!() };
        assert_eq!(first.unit_price, money(price, "EUR"), "{more}");
        assert_eq!(first.landed_total, Some(money(total, "EUR")), "{more}");
        assert_eq!((first.landed.is_lowest, first.converted.is_lowest), (!is_part, !is_part), "{more}");
        assert_eq!(first.landed.not_comparable.is_some(), is_part, "{more}: {:?}", first.landed.not_comparable);
        assert!(!is_part || !second.landed.is_lowest, "alone is not lowest");
    }
}

fn compare_all(quotes: &[QuoteFields], rates: Option<&DatedRates>) -> QuotesCompared {
    let number = |place: usize| QuoteId(i64::try_from(place).unwrap());
    let candidates: Vec<ComparisonInput<'_>> = quotes
        .iter()
        .enumerate()
        .map(|(place, fields)| ComparisonInput {
            quote: number(place),
            supplier: "S".into(),
            version: 1,
            fields,
            awarded: &[],
            shares_freight: false,
        })
        .collect();
    compare(&candidates, quantity("2", "TNE").to_unit(Unit::KILOGRAM).unwrap(), rates, euro())
}

fn offer(amount: &str, currency: &str, term: Incoterm) -> QuoteFields {
    QuoteFields {
        price_unit: Some(Unit::KILOGRAM),
        incoterm: Some(term),
        incoterm_place: Some("Rotterdam".into()),
        ..QuoteFields::priced(money(amount, currency))
    }
}

#[test]
fn the_comparison_of_the_wireframe() {
    let comparison = compare_all(
        &[
            offer("4.22", "USD", Incoterm::Fob),
            offer("4.05", "EUR", Incoterm::Dap),
            offer("4.60", "EUR", Incoterm::Dap),
        ],
        Some(&rates()),
    );
    let [hebei, izmir, nord] = comparison.quotes.as_slice() else { panic!() };
    assert_eq!((comparison.rate_source.as_deref(), comparison.rate_date), (Some("ECB"), Some(day("2026-11-20"))));
    assert_eq!(hebei.unit_price, money("4.22", "USD"));
    assert_eq!(hebei.converted.amount.unwrap().amount.display(2), "3.880103");
    assert!(hebei.converted.is_lowest);
    assert_eq!(hebei.landed.not_comparable.as_deref(), Some("not comparable: no freight stated"));
    assert!(izmir.landed.is_lowest && !nord.landed.is_lowest);
    assert_eq!(nord.landed.percent_above_lowest, Some(13.6));
    assert_eq!(izmir.landed_total, Some(money("8100", "EUR")));
    assert_eq!(izmir.terms.as_deref(), Some("DAP Rotterdam"));
}

#[test]
fn nothing_is_converted_without_a_dated_rate() {
    let quotes =
        [offer("100", "TRY", Incoterm::Dap), offer("4", "USD", Incoterm::Dap), offer("4", "EUR", Incoterm::Dap)];
    let reason = |comparison: &QuotesCompared, place: usize| comparison.quotes[place].converted.not_comparable.clone();
    let comparison = compare_all(&quotes, Some(&rates()));
    assert_eq!(reason(&comparison, 0).as_deref(), Some("not comparable: no dated rate for TRY"));
    assert_eq!(reason(&comparison, 1), None);
    let comparison = compare_all(&quotes, None);
    assert_eq!(reason(&comparison, 1).as_deref(), Some("not comparable: no dated rate for USD"));
    assert_eq!(comparison.rate_date, None);
    assert!(!comparison.quotes[2].converted.is_lowest, "alone is not lowest");
}

#[test]
fn freight_is_spread_over_what_it_is_stated_for() {
    let mut fob = offer("4000", "EUR", Incoterm::Fob);
    fob.price_unit = Some("TNE".parse().unwrap());
    fob.quantity = Some(quantity("1", "TNE"));
    fob.freight = Some(money("100", "EUR"));
    let comparison = compare_all(&[fob, offer("4.05", "EUR", Incoterm::Cif)], None);
    let first = &comparison.quotes[0];
    assert_eq!(first.landed.amount, Some(money("4.1", "EUR")));
    // It is a part of what is wanted, and compared with nothing.
    assert_eq!(first.landed.percent_above_lowest, None);
    assert_eq!(first.notes, ["only 1 t of the 2000 kg wanted"]);
}

#[test]
fn duties_packages_and_missing_terms_are_not_compared() {
    let mut cartons = offer("40", "EUR", Incoterm::Dap);
    cartons.price_unit = Some("XCT".parse().unwrap());
    let mut bare = offer("4", "EUR", Incoterm::Dap);
    bare.incoterm = None;
    let comparison =
        compare_all(&[offer("4", "EUR", Incoterm::Ddp), offer("5", "EUR", Incoterm::Cfr), cartons, bare], None);
    let landed = |place: usize| comparison.quotes[place].landed.not_comparable.as_deref();
    assert_eq!(landed(0), Some("not comparable: DDP holds the import duties"));
    assert_eq!(landed(1), None);
    assert_eq!(landed(2), Some("not comparable: a price for 1 cartons does not convert to kg"));
    assert_eq!(landed(3), Some("not comparable: no Incoterm stated"));
    assert_eq!(comparison.quotes[0].notes, ["import duties are in the price"]);
    assert_eq!(comparison.quotes[1].notes, ["without transport insurance"]);
    let all_ddp = compare_all(&[offer("4", "EUR", Incoterm::Ddp), offer("5", "EUR", Incoterm::Ddp)], None);
    assert!(all_ddp.quotes[0].landed.is_lowest);
}

#[test]
fn the_quantity_wanted_picks_the_tier_and_shows_a_high_moq() {
    let mut tiered = offer("5", "EUR", Incoterm::Dap);
    tiered.tiers = vec![
        PriceTier { from: "1000".parse().unwrap(), amount: money("4.5", "EUR") },
        PriceTier { from: "3000".parse().unwrap(), amount: money("4", "EUR") },
    ];
    tiered.moq = Some(quantity("3", "TNE"));
    let least = tiered.moq.take();
    assert_eq!(compare_all(&[tiered.clone()], None).quotes[0].unit_price, money("4.5", "EUR"));
    tiered.moq = least;
    let comparison = compare_all(&[tiered], None);
    // So much has to be bought, at that price.
    assert_eq!(comparison.quotes[0].unit_price, money("4", "EUR"));
    assert_eq!(comparison.quotes[0].landed_total, Some(money("12000", "EUR")));
    assert_eq!(comparison.quotes[0].notes, ["MOQ 3 t is above the 2000 kg wanted"]);
}
