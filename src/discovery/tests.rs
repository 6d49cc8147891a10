//! The parameters of a search as a request writes them.

use actix_web::web::Data;
use actix_web::{App as ActixApp, test as http};
use serde_json::{Value, json};

use super::pages::search_url::SearchUrl;
use super::rules;
use crate::app::{App, IndexPlace};
use crate::clock::{Clock, Time};
use crate::config::{Config, Overrides};
use crate::error::Problem;
use crate::ids::{CompanyId, ListingId, RfqId};
use crate::search::{Change, CompanyDoc, Dim, Kind, ListingDoc, Position, RfqDoc, Sort};
use crate::web::layout::SearchScope;

pub(crate) fn now() -> Time {
    "2026-11-23T12:00:00Z".parse().unwrap()
}

fn pairs(query: &str) -> Vec<(String, String)> {
    serde_urlencoded::from_str(query).unwrap()
}

fn read(kind: Kind, query: &str) -> rules::ParsedSearch {
    rules::read(kind, &pairs(query), now(), None)
}

fn filter(parsed: &rules::ParsedSearch, dim: Dim) -> Vec<String> {
    parsed.query.filters.dims.iter().find(|(of, _)| *of == dim).map(|(_, values)| values.clone()).unwrap_or_default()
}

#[test]
fn several_values_are_repeated_or_stand_between_commas() {
    let parsed =
        read(Kind::Listing, "country=CN,tr&country=NL&country=CN&category=Pipes,+tubes+/+Steel&certification=ISO+9001");
    assert_eq!(filter(&parsed, Dim::Country), ["CN", "TR", "NL"]);
    assert_eq!(filter(&parsed, Dim::Category), ["Pipes, tubes / Steel"]);
    assert_eq!(filter(&parsed, Dim::Certification), ["ISO 9001"]);
    let company = format!("company={}", CompanyId(42));
    assert_eq!(filter(&read(Kind::Listing, &company), Dim::Company), ["42"]);
    assert_eq!(read(Kind::Listing, "hs=7304.41,85").query.filters.hs, ["730441", "85"]);
}

#[test]
fn a_wrong_value_is_refused_under_its_name() {
    for (kind, query, pointer, words) in [
        (Kind::Listing, "country=China", "/country", "ISO 3166"),
        (Kind::Listing, "currency=US", "/currency", "ISO 4217"),
        (Kind::Listing, "incoterm=FOX", "/incoterm", "must be one of"),
        (Kind::Listing, "form=shop", "/form", "must be one of"),
        (Kind::Listing, "hs_chapter=77", "/hs_chapter", "two digits"),
        (Kind::Listing, "hs=7", "/hs", "2 to 10 digits"),
        (Kind::Listing, "company=lst_0000000000001", "/company", "cmp_"),
        (Kind::Listing, "price_min=4", "/price_min", "currency"),
        (Kind::Listing, "price_max=4&currency=USD,EUR", "/price_max", "one currency"),
        (Kind::Listing, "price_min=5&price_max=4&currency=USD", "/price_max", "below"),
        (Kind::Listing, "price_min=-1&currency=USD", "/price_min", ""),
        (Kind::Listing, "price_min=abc&currency=USD", "/price_min", "decimal"),
        (Kind::Listing, "moq_max=many", "/moq_max", "decimal"),
        (Kind::Listing, "lead_time_max=1.5", "/lead_time_max", "whole number"),
        (Kind::Listing, "limit=0", "/limit", "1 to 100"),
        (Kind::Listing, "limit=101", "/limit", "1 to 100"),
        (Kind::Listing, "limit=abc", "/limit", "1 to 100"),
        (Kind::Listing, "sort=cheapest", "/sort", "must be one of"),
        (Kind::Company, "sort=price", "/sort", "relevance, newest"),
        (Kind::Listing, "facets=colour", "/facets", "hs_chapter"),
        (Kind::Listing, "group_by=country", "/group_by", "company"),
        (Kind::Listing, "highlight=yes", "/highlight", "true or false"),
        (Kind::Listing, "q=a&q=b", "/q", "once"),
    ] {
        let refused = read(kind, query).into_valid().unwrap_err();
        assert_eq!(refused.code.status(), 422, "{query}");
        assert_eq!(refused.fields[0].pointer, pointer, "{query}");
        assert!(refused.fields[0].message.contains(words), "{query}: {}", refused.fields[0].message);
    }
}

#[test]
fn what_is_right_stays_beside_what_is_wrong() {
    let parsed = read(Kind::Rfq, "q=pipe&country=NL,XX&sort=deadline&limit=10");
    assert_eq!((parsed.errors.len(), filter(&parsed, Dim::Country)), (1, vec!["NL".to_owned()]));
    assert_eq!((parsed.query.sort, parsed.query.limit, parsed.query.text.as_str()), (Sort::Deadline, 10, "pipe"));
    assert_eq!(parsed.query.filters.open_at_ms, Some(now().timestamp_millis()));
}

#[test]
fn an_unknown_parameter_is_refused_by_name() {
    for (kind, query, name) in [
        (Kind::Listing, "colour=red", "colour"),
        (Kind::Company, "moq_max=4", "moq_max"),
        (Kind::Rfq, "form=importer", "form"),
    ] {
        let refused = rules::ensure_known(kind, &pairs(query)).unwrap_err();
        assert_eq!(refused.code.status(), 400);
        assert!(refused.detail.contains(&format!("'{name}'")), "{}", refused.detail);
    }
    assert!(rules::ensure_known(Kind::Listing, &pairs("q=&hs=&moq_max=&limit=&cursor=&facets=&country=")).is_ok());
}

#[test]
fn a_cursor_belongs_to_what_is_found_and_not_to_how_it_is_shown() {
    let list = |query| read(Kind::Listing, query).list;
    assert_eq!(list("q=pipe&country=CN&limit=5"), list("country=CN&q=pipe&highlight=true&cursor=x&moq_max="));
    for other in ["q=pipes&country=CN", "q=pipe", "q=pipe&country=CN&sort=newest"] {
        assert_ne!(list("q=pipe&country=CN"), list(other));
    }
    assert_ne!(list("q=pipe"), read(Kind::Rfq, "q=pipe").list);
}

#[test]
fn all_facets_are_those_of_the_kind_without_the_companies() {
    let all = read(Kind::Company, "facets=all,country").query.facets;
    assert_eq!(all, [Dim::Country, Dim::Form, Dim::Verification, Dim::Certification, Dim::Market, Dim::Language]);
    assert_eq!(read(Kind::Listing, "facets=company,hs_chapter").query.facets, [Dim::Company, Dim::HsChapter]);
}

#[test]
fn every_dimension_is_a_documented_parameter() {
    for kind in Kind::ALL {
        for dim in rules::dims(*kind) {
            assert!(super::params::names(*kind).iter().any(|name| name == dim.as_str()), "{kind:?} {dim}");
        }
    }
}

#[test]
fn search_url_holds_the_whole_search() {
    let url = SearchUrl::new(&pairs("country=CN,TR&q=316l pipe&scope=products&colour=red&cursor=x&moq_max="));
    assert_eq!(url.href(), "/search?q=316l+pipe&scope=products&country=CN&country=TR");
    assert_eq!(url.href_toggled("country", "CN"), "/search?q=316l+pipe&scope=products&country=TR");
    assert_eq!(url.href_toggled("form", "importer"), format!("{}&form=importer", url.href()));
    assert_eq!(url.href_with("country", ""), "/search?q=316l+pipe&scope=products");
    assert_eq!(url.href_in(SearchScope::Rfqs), "/search?q=316l+pipe&scope=rfqs");
    assert_eq!(SearchUrl::new(&pairs("moq_max=5&q=x&scope=suppliers")).href(), "/search?q=x&scope=suppliers");
}

/// An application on an empty database and with an index of a few documents.
pub(crate) fn app() -> (tempfile::TempDir, Data<App>) {
    let folder = tempfile::tempdir().unwrap();
    let overrides = Overrides { data: folder.path().to_path_buf(), ..Overrides::default() };
    let app =
        App::migrate_and_build(Config::load(&overrides).unwrap(), Clock::fake(now()), IndexPlace::Memory).unwrap();
    let mut writer = app.search.writer(15_000_000, 1).unwrap();
    writer.apply(documents()).unwrap();
    writer.commit(&Position { epoch: "test".into(), seq: 1 }).unwrap();
    writer.close().unwrap();
    (folder, Data::new(app))
}

fn company(id: i64, name: &str, country: &str, form: &str, verification: &str) -> Value {
    json!({ "id": CompanyId(id), "name": name, "country": country, "form": form, "verification": verification })
}

fn suppliers() -> [Value; 3] {
    [
        company(1, "Hebei Ruide Pipe", "CN", "manufacturer", "documented"),
        company(2, "Izmir Celik AS", "TR", "manufacturer", "identified"),
        company(3, "Tubi Nord Srl", "IT", "distributor", "registered"),
    ]
}

const LISTINGS: &[(&str, usize, &str, &str, &str, &str, i64)] = &[
    ("Stainless steel pipe 316L, seamless, DN50", 0, "730441", "Pipes / Stainless / Seamless", "USD", "4.1", 500),
    (
        "Pipe 316L & fittings, welded, EN 10217-7, outside diameter 21.3 to 323.9 mm, polished inside",
        1,
        "730640",
        "Pipes / Stainless / Welded",
        "EUR",
        "4.05",
        300,
    ),
    ("无缝不锈钢管 316L DN50 pipe", 2, "730441", "Pipes / Stainless / Seamless", "EUR", "4.6", 1000),
    ("Carbon steel pipe S355, spiral welded", 0, "730511", "Pipes / Carbon", "USD", "0.92", 20000),
    ("Brass ball valve, 1/2 inch, PN25", 1, "848180", "Valves", "USD", "2.35", 1000),
];

fn text(value: &Value, name: &str) -> String {
    value[name].as_str().unwrap_or_default().to_owned()
}

fn listing(place: usize) -> Change {
    let (name, supplier, hs, category, currency, price, moq) = LISTINGS[place];
    let supplier = &suppliers()[supplier];
    let id = ListingId(i64::try_from(place).unwrap() + 100);
    let micros = price.parse::<crate::money::Micros>().unwrap().0;
    Change::Listing(Box::new(ListingDoc {
        id: id.0,
        company_id: text(supplier, "id").parse::<CompanyId>().unwrap().0,
        sku: format!("SKU-{place}"),
        name: name.into(),
        description:
            "Pipe for heat exchangers, EN 10216-5, pickled; outside diameter 60.3 mm, wall 2.0 mm, lengths of 6 m. \
                      Mill certificate 3.1 <with> every heat."
                .into(),
        hs_code: hs.into(),
        category: category.into(),
        language: "en".into(),
        company_name: text(supplier, "name"),
        company_country: text(supplier, "country"),
        company_form: text(supplier, "form"),
        company_verification: text(supplier, "verification"),
        certifications: vec!["ISO 9001".into(), "PED 2014/68/EU".into()],
        incoterms: vec!["FOB".into()],
        currency: currency.into(),
        price_min_micros: Some(micros),
        moq_micros: Some(moq * 1_000_000),
        lead_time_days: Some(25),
        published_at_ms: now().timestamp_millis() - i64::try_from(place).unwrap(),
        hit: json!({
            "id": id, "sku": format!("SKU-{place}"), "name": name, "company": supplier, "hs_code": hs, "category": category,
            "price": { "min": { "amount": price, "currency": currency }, "max": { "amount": "5", "currency": currency }, "unit": "KGM", "tiers": [] },
            "moq": { "value": moq.to_string(), "unit": "KGM" }, "lead_time_days": 25,
            "incoterms": [{ "rule": "FOB", "place": "Ningbo", "locode": "CNNGB" }],
            "certifications": ["ISO 9001", "PED 2014/68/EU"], "image_url": null, "language": "en", "published_at": now(),
        }),
        ..ListingDoc::default()
    }))
}

fn supplier(place: usize) -> Change {
    let hit = &suppliers()[place];
    let id = i64::try_from(place).unwrap() + 1;
    let mut hit = hit.clone();
    hit["certifications"] = json!(["ISO 9001"]);
    hit["markets"] = json!(["DE", "NL"]);
    Change::Company(Box::new(CompanyDoc {
        id,
        name: text(&hit, "name"),
        country: text(&hit, "country"),
        form: text(&hit, "form"),
        verification: text(&hit, "verification"),
        profile: "Seamless and welded stainless pipe since 1998.".into(),
        certifications: vec!["ISO 9001".into()],
        markets: vec!["DE".into(), "NL".into()],
        hit,
        ..CompanyDoc::default()
    }))
}

fn rfq(place: i64, title: &str, country: &str) -> Change {
    let id = RfqId(place + 200);
    let deadline = now() + chrono::Duration::days(place);
    Change::Rfq(Box::new(RfqDoc {
        id: id.0,
        title: title.into(),
        specification: "EN 10204 3.1 certificates.".into(),
        hs_code: "730441".into(),
        destination_country: country.into(),
        deadline_ms: Some(deadline.timestamp_millis()),
        published_at_ms: now().timestamp_millis() - place,
        hit: json!({
            "id": id, "title": title, "buyer": null, "hs_code": "730441", "quantity": { "value": "2", "unit": "TNE" },
            "frequency": "monthly", "target_price": { "amount": "4.2", "currency": "EUR" }, "incoterm": "DAP",
            "destination_country": country, "destination_place": "Rotterdam", "destination_locode": null,
            "required_certifications": ["EN 10204 3.1"], "deadline": deadline, "published_at": now(), "language": "en",
        }),
        ..RfqDoc::default()
    }))
}

fn documents() -> Vec<Change> {
    let listings = (0..LISTINGS.len()).map(listing);
    let rfqs = [
        rfq(12, "Stainless pipe 316L, DN50, 2 t", "NL"),
        rfq(20, "Ball valves, brass, 1/2 inch", "DE"),
        rfq(-1, "Closed by time but not yet by the sweep", "FR"),
    ];
    listings.chain((0..3).map(supplier)).chain(rfqs).collect()
}

async fn get(app: &Data<App>, path: &str) -> Result<Value, Problem> {
    let routes = |cfg: &mut actix_web::web::ServiceConfig| {
        super::api::routes(&mut utoipa_actix_web::service_config::ServiceConfig::new(cfg));
    };
    let service = http::init_service(ActixApp::new().app_data(Data::clone(app)).configure(routes)).await;
    let response = http::call_service(&service, http::TestRequest::get().uri(path).to_request()).await;
    if let Some(problem) = response.response().extensions().get::<Problem>() {
        return Err(problem.clone());
    }
    assert_eq!(response.headers().get("content-type").unwrap(), "application/json");
    Ok(serde_json::from_slice(&http::read_body(response).await).unwrap())
}

#[actix_web::test]
async fn an_answer_has_hits_facets_and_a_cursor_of_its_own() {
    let (_folder, app) = app();
    let first = get(&app, "/search/listings?q=316l+pipe&facets=country,company&highlight=true&explain=true&limit=2")
        .await
        .unwrap();
    assert_eq!((first["total"].as_u64(), first["has_more"].as_bool()), (Some(3), Some(true)), "{first}");
    assert_eq!(first["data"][0]["company"]["verification"], "documented");
    assert!(first["data"][0]["highlight"]["name"].as_str().unwrap().contains("<mark>"));
    assert!(first["data"][0]["explain"].is_object() && first["data"][0]["score"].is_number());
    assert_eq!(first["facets"]["country"].as_array().unwrap().len(), 3);
    assert!(first["facets"]["company"][0]["value"].as_str().unwrap().starts_with("cmp_"));
    assert_eq!(
        (&first["relaxed"], &first["did_you_mean"], &first["prev_cursor"]),
        (&json!(false), &Value::Null, &Value::Null)
    );
    let cursor = first["next_cursor"].as_str().unwrap();
    let second = get(&app, &format!("/search/listings?q=316l+pipe&limit=2&cursor={cursor}")).await.unwrap();
    assert_eq!((second["data"].as_array().unwrap().len(), second["has_more"].as_bool()), (1, Some(false)));
    let refused = get(&app, &format!("/search/listings?q=valve&cursor={cursor}")).await.unwrap_err();
    assert_eq!(refused.code.as_str(), "bad_cursor");
    assert_eq!(get(&app, "/search/listings?q=x&cursor=x").await.unwrap_err().code.as_str(), "bad_cursor");
}

#[actix_web::test]
async fn hits_read_as_what_the_document_of_the_api_says() {
    let (_folder, app) = app();
    let listings = app.search.listings(&read(Kind::Listing, "q=pipe&highlight=true&group_by=company").query).unwrap();
    assert_eq!(super::queries::decode::<super::hits::ListingHit>(&listings).len(), listings.hits.len());
    let companies = app.search.companies(&read(Kind::Company, "q=pipe").query).unwrap();
    assert_eq!(super::queries::decode::<super::hits::CompanyHit>(&companies).len(), 3);
    let rfqs = app.search.rfqs(&read(Kind::Rfq, "").query).unwrap();
    assert_eq!(super::queries::decode::<super::hits::RfqHit>(&rfqs).len(), 2, "one has passed its deadline");
}

#[actix_web::test]
async fn no_query_is_an_error() {
    let (_folder, app) = app();
    let long = format!("/search/listings?q={}", "pipe+".repeat(400));
    assert!(get(&app, &long).await.is_ok());
    for path in
        ["/search/listings?q=%22%22-+%29%28*~%5E", "/search/companies?q=%00", "/search/rfqs?q=+", "/search/suggest?q="]
    {
        assert!(get(&app, path).await.is_ok(), "{path}");
    }
    for (path, status) in
        [("/search/suggest?q=a&limit=21", 422), ("/search/suggest?x=1", 400), ("/search/rfqs?x=1", 400)]
    {
        assert_eq!(get(&app, path).await.unwrap_err().code.status(), status, "{path}");
    }
    let suggested = get(&app, "/search/suggest?q=stainl").await.unwrap();
    assert!(!suggested["data"].as_array().unwrap().is_empty(), "{suggested}");
}
