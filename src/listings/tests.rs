//! Tests of a listing's fields and life.

use serde_json::{Value, json};

use super::rules::{ListingRefusal, default_expiry, expiry, is_over, renewed_expiry};
use super::*;
use crate::error::{Code, FieldCode, Problem};
use crate::money::Micros;
use crate::wire::{merge_patch, read, read_value, to_json};

/// The contract's example, with every field filled.
fn full() -> Value {
    json!({"sku": "BV-50", "name": "Ball valve DN50", "description": "Full bore.\nPN40.", "language": "en", "brand": "Acme",
        "mpn": "BV50-316", "gtin": "4006381333931", "hs_code": "848180", "category": "Valves / Ball valves",
        "attributes": {"body": "316 steel", "size": "DN50"}, "origin_country": "CN",
        "price": {"min": {"amount": "12.400000", "currency": "USD"}, "max": {"amount": "15.000000", "currency": "USD"}, "unit": "C62",
            "tiers": [{"from": "100", "amount": {"amount": "14.000000", "currency": "USD"}},
                {"from": "1000", "amount": {"amount": "12.400000", "currency": "USD"}}]},
        "moq": {"value": "50", "unit": "C62"}, "supply_per_month": {"value": "20000", "unit": "C62"}, "lead_time_days": 25,
        "incoterms": [{"rule": "FOB", "place": "Ningbo", "locode": "CNNGB"}], "payment_terms": ["TT_DEPOSIT", "LC_SIGHT"],
        "certifications": [{"scheme": "ISO 9001", "number": "Q-1", "issuer": "TUV", "valid_until": "2027-12-31", "document": null}],
        "packaging": "20 in a carton", "image_urls": ["https://acme.example/bv50.jpg"], "keywords": ["valve"],
        "expires_on": "2027-03-31"})
}

fn listing(value: Value) -> ListingFields {
    read_value(value, READ_ONLY).unwrap()
}

fn with(field: &str, value: Value) -> Result<ListingFields, Problem> {
    let mut json = full();
    json[field] = value;
    let mut fields: ListingFields = read_value(json, READ_ONLY)?;
    fields.check().map(|()| fields)
}

fn errors(problem: Problem) -> Vec<(String, FieldCode)> {
    assert_eq!(problem.code, Code::Invalid);
    problem.fields.into_iter().map(|error| (error.pointer, error.code)).collect()
}

#[test]
fn the_contracts_example_goes_in_and_comes_out_unchanged() {
    let mut fields = listing(full());
    fields.check().unwrap();
    assert_eq!(serde_json::to_value(&fields).unwrap(), full());
    assert_eq!(serde_json::from_str::<ListingFields>(&to_json(&fields).unwrap()).unwrap(), fields);
}

#[test]
fn sku_and_name_are_enough_and_every_other_field_is_written_as_null_or_empty() {
    let mut fields = listing(json!({"sku": "A", "name": "B", "id": "lst_x", "state": "draft", "company": {"id": 1}}));
    fields.check().unwrap();
    let written = serde_json::to_value(&fields).unwrap();
    assert_eq!(written.as_object().unwrap().len(), full().as_object().unwrap().len());
    assert_eq!((&written["price"], &written["image_urls"]), (&Value::Null, &json!([])));
    let nothing = errors(ListingFields::default().check().unwrap_err());
    assert_eq!(nothing, [("/sku".to_owned(), FieldCode::Required), ("/name".to_owned(), FieldCode::Required)]);
}

#[test]
fn wrong_values_are_named_with_their_pointer() {
    let usd = |amount: &str| json!({"amount": amount, "currency": "USD"});
    let tier = |from: &str| json!({"from": from, "amount": usd("1")});
    for (field, value, pointer, code) in [
        ("name", json!("n".repeat(301)), "/name", FieldCode::Range),
        ("name", json!("Valve, mail a@b.com"), "/name", FieldCode::ContactDetails),
        ("description", json!("call +86 138 0013 8000"), "/description", FieldCode::ContactDetails),
        ("description", json!("d".repeat(20_001)), "/description", FieldCode::Range),
        ("gtin", json!("4006381333932"), "/gtin", FieldCode::CheckDigit),
        ("gtin", json!("BV50"), "/gtin", FieldCode::Format),
        ("hs_code", json!("7701"), "/hs_code", FieldCode::Format),
        ("category", json!("a/b/c/d/e/f/g/h/i"), "/category", FieldCode::Range),
        ("attributes", json!({"a/b": "v".repeat(8_001)}), "/attributes/a~1b", FieldCode::Range),
        ("attributes", json!({"mail": "a@b.com"}), "/attributes/mail", FieldCode::ContactDetails),
        ("attributes", json!({"size": "1", " size": "2"}), "/attributes/size", FieldCode::Contradiction),
        ("price", json!({"min": usd("0"), "unit": "C62"}), "/price/min/amount", FieldCode::Range),
        (
            "price",
            json!({"min": usd("2"), "max": usd("1"), "unit": "C62"}),
            "/price/max/amount",
            FieldCode::Contradiction,
        ),
        (
            "price",
            json!({"min": usd("2"), "max": {"amount": "3", "currency": "EUR"}, "unit": "C62"}),
            "/price/max/currency",
            FieldCode::Contradiction,
        ),
        (
            "price",
            json!({"min": usd("1"), "unit": "C62", "tiers": [tier("10"), tier("10")]}),
            "/price/tiers/1/from",
            FieldCode::Contradiction,
        ),
        ("price", json!({"min": usd("1")}), "/price/unit", FieldCode::Required),
        (
            "price",
            json!({"min": {"amount": 1, "currency": "USD"}, "unit": "C62"}),
            "/price/min/amount",
            FieldCode::Format,
        ),
        ("moq", json!({"value": "0", "unit": "C62"}), "/moq/value", FieldCode::Range),
        ("lead_time_days", json!(1_001), "/lead_time_days", FieldCode::Range),
        ("incoterms", json!([{"rule": "FOB"}, {"rule": "DAT"}]), "/incoterms/1/rule", FieldCode::UnknownValue),
        ("payment_terms", json!(["CASH"]), "/payment_terms/0", FieldCode::UnknownValue),
        ("image_urls", json!(["javascript:alert(1)"]), "/image_urls/0", FieldCode::Format),
        ("certifications", json!([{"number": "1"}]), "/certifications/0/scheme", FieldCode::Required),
        ("expires_on", json!("31/03/2027"), "/expires_on", FieldCode::Format),
        ("colour", json!("red"), "/colour", FieldCode::Unknown),
    ] {
        let found = errors(with(field, value.clone()).unwrap_err());
        assert_eq!(found, [(pointer.to_owned(), code)], "{field}: {value}");
    }
}

#[test]
fn too_many_attributes_are_refused() {
    let many: serde_json::Map<String, Value> = (0..251).map(|n| (n.to_string(), json!("x"))).collect();
    assert_eq!(
        errors(with("attributes", Value::Object(many)).unwrap_err()),
        [("/attributes".to_owned(), FieldCode::Range)]
    );
}

#[test]
fn texts_lists_and_paths_are_tidied() {
    for (field, given, kept) in [
        ("category", json!("Valves>Ball valves > Steel"), json!("Valves / Ball valves / Steel")),
        ("category", json!("TV/Audio / Radios"), json!("TV/Audio / Radios")),
        ("category", json!("A/B/ C"), json!("A / B / C")),
        ("category", json!(" / "), Value::Null),
        ("brand", json!("  "), Value::Null),
        ("attributes", json!({" size ": " DN50 ", "empty": ""}), json!({"size": "DN50"})),
        ("payment_terms", json!(["DP", "DP"]), json!(["DP"])),
        ("keywords", json!([" valve", "valve"]), json!(["valve"])),
        ("gtin", json!("36000291452"), json!("36000291452")),
        ("hs_code", json!("8481.80"), json!("848180")),
    ] {
        let fields = with(field, given).unwrap();
        assert_eq!(serde_json::to_value(&fields).unwrap()[field], kept, "{field}");
    }
    assert_eq!(listing(full()).category_levels().collect::<Vec<_>>(), ["Valves", "Ball valves"]);
    assert_eq!(ListingFields::default().category_levels().count(), 0);
}

#[test]
fn a_patch_reaches_into_price_and_attributes() {
    let patch = json!({"price": {"max": null, "tiers": []}, "attributes": {"size": "DN65", "body": null}, "brand": null, "id": 1});
    let changed = merge_patch(&listing(full()), patch, READ_ONLY).unwrap();
    let price = changed.price.unwrap();
    assert_eq!((price.max, price.tiers.len(), price.min.to_string().as_str()), (None, 0, "USD 12.40"));
    assert_eq!((changed.attributes.len(), changed.attributes["size"].as_str(), changed.brand), (1, "DN65", None));
    let refused = merge_patch(&listing(full()), json!({"price": {"min": null}}), READ_ONLY).unwrap_err();
    assert_eq!(errors(refused), [("/price/min".to_owned(), FieldCode::Required)]);
}

#[test]
fn the_price_falls_with_the_tiers() {
    let price = listing(full()).price.unwrap();
    let at = |quantity| price.at_quantity(Micros::from_units(quantity)).amount.display(2);
    assert_eq!((at(50), at(100), at(5_000)), ("12.40".to_owned(), "14.00".to_owned(), "12.40".to_owned()));
}

#[test]
fn a_wrong_body_is_told_apart_from_a_wrong_meaning() {
    assert_eq!(read::<ListingFields>(b"sku=1", READ_ONLY).unwrap_err().code, Code::BadRequest);
    assert_eq!(read::<ListingFields>(br#"{"sku":1}"#, READ_ONLY).unwrap_err().code, Code::Invalid);
}

#[test]
fn each_step_leads_where_it_should() {
    use ListingState::{Draft, Expired, Paused, Published, Removed};
    for (from, publish, pause, renew, expire, remove) in [
        (Draft, Some(Published), None, None, None, Some(Removed)),
        (Published, None, Some(Paused), Some(Published), Some(Expired), Some(Removed)),
        (Paused, Some(Published), None, Some(Paused), Some(Expired), Some(Removed)),
        (Expired, Some(Published), None, Some(Published), None, Some(Removed)),
        (Removed, None, None, None, None, None),
    ] {
        let steps = [from.publish(), from.pause(), from.renew(), from.expire(), from.remove()].map(Result::ok);
        assert_eq!(steps, [publish, pause, renew, expire, remove], "{from}");
        assert_eq!(from.change().is_ok(), from != Removed);
    }
    let problem = Problem::from(Draft.pause().unwrap_err());
    assert_eq!(
        (problem.code, problem.detail.as_str()),
        (Code::Conflict, "The listing is draft; only a published one allows this.")
    );
}

#[test]
fn a_listing_lives_180_days_or_as_long_as_it_says() {
    let day = |text: &str| text.parse::<chrono::NaiveDate>().unwrap();
    let today = day("2026-11-23");
    assert_eq!(expiry(today, None), Ok(day("2027-05-22")));
    assert_eq!(expiry(today, Some(today)), Ok(today));
    assert_eq!(expiry(today, Some(day("2026-11-22"))), Err(ListingRefusal::LastDayPassed(day("2026-11-22"))));
    assert_eq!(renewed_expiry(today, Some(day("2026-01-01"))), default_expiry(today));
    assert_eq!(renewed_expiry(today, Some(day("2028-01-01"))), day("2028-01-01"));
    assert!(!is_over(today, today) && is_over(day("2026-11-24"), today));
}
