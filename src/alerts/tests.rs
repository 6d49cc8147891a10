//! Unit tests of the query of a saved search.

use super::rules::{canonical_query, next_digest};
use super::{AlertFrequency, SavedSearchFields, SearchedKind};
use crate::clock::Time;
use crate::error::Code;
use crate::search::Kind;

#[test]
fn a_query_has_one_canonical_form() {
    let of = |query: &str| canonical_query(Kind::Listing, query).unwrap();
    assert_eq!(of("?q=ball+valve&country=CN"), "country=CN&q=ball+valve");
    assert_eq!(
        of("country=CN&q=%20ball%20valve%20&limit=5&cursor=x&facets=all&sort=price&group_by=company"),
        of("q=ball+valve&country=CN")
    );
    assert_eq!(of("country=CN&country=CN&q="), "country=CN");
    assert_ne!(of("q=ball+valve&literal=true"), of("q=ball+valve"));
}

#[test]
fn digests_are_in_the_morning_and_weekly_ones_on_monday() {
    let due = |now: &str, frequency| next_digest(now.parse::<Time>().unwrap(), frequency).to_rfc3339();
    // The first of December 2026 is a Tuesday.
    assert_eq!(due("2026-12-01T06:59:00Z", AlertFrequency::Daily), "2026-12-01T07:00:00+00:00");
    assert_eq!(due("2026-12-01T07:00:00Z", AlertFrequency::Daily), "2026-12-02T07:00:00+00:00");
    assert_eq!(due("2026-12-01T06:59:00Z", AlertFrequency::Weekly), "2026-12-07T07:00:00+00:00");
    assert_eq!(due("2026-12-07T06:00:00Z", AlertFrequency::Weekly), "2026-12-07T07:00:00+00:00");
    assert_eq!(due("2026-12-07T07:00:00Z", AlertFrequency::Weekly), "2026-12-14T07:00:00+00:00");
}

#[test]
fn everything_that_search_refuses_is_refused_by_name() {
    let faults = canonical_query(Kind::Listing, "q=pipe&country=Atlantis&price_max=-1&hs=abc").unwrap_err();
    let all: Vec<&str> = faults.iter().map(|(_, message)| message.as_str()).collect();
    for name in ["country", "price_max", "hs"] {
        assert!(all.iter().any(|message| message.starts_with(name)), "{name}: {all:?}");
    }
    assert!(canonical_query(Kind::Rfq, "q=pipe&moq_max=5").unwrap_err()[0].1.contains("moq_max"));
    for nothing in ["sort=newest", "literal=true", "q=", "limit=5"] {
        assert!(canonical_query(Kind::Company, nothing).is_err(), "{nothing}");
    }
}

#[test]
fn all_that_is_wrong_is_said_at_once() {
    let mut fields =
        SavedSearchFields { query: "moq_max=x".to_owned(), kind: SearchedKind::Listings, ..Default::default() };
    let problem = fields.check().unwrap_err();
    let pointers: Vec<&str> = problem.fields.iter().map(|field| field.pointer.as_str()).collect();
    assert_eq!((problem.code, pointers), (Code::Invalid, vec!["/name", "/query"]));
}
