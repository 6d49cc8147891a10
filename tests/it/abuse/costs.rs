//! The table of what routes cost: every route is in it, every bound is told to operators, and the rate limit counts by it.

use std::collections::BTreeSet;
use std::path::Path;

use actix_web::http::Method;
use serde_json::json;
use tradepost::actor::{Actor, Permission};
use tradepost::web::costs::{self, Bound};

use crate::access::{documented, pages};
use crate::support::{Client, Database, Setup, World, market};

both!(
    batch_counts_for_what_it_costs,
    unconfirmed_newcomer_spends_four_times_as_much,
    changes_of_a_company_are_counted_over_the_day,
);

/// Calls that only check what they are sent.
const CHECKS: [&str; 2] = ["POST /api/v1/customs/check", "POST /api/v1/companies/identifiers/check"];

#[test]
fn every_route_has_its_cost() {
    let table: BTreeSet<String> = costs::all().map(|(call, _)| call).collect();
    assert_eq!(table.len(), costs::all().count(), "a route stands in the table twice");
    let api = documented().into_iter().map(|call| call.replacen(' ', " /api/v1", 1));
    // The document of the API is declared among the pages.
    let routes: BTreeSet<String> = api.chain(pages::declared()).collect();
    let missing: Vec<_> = routes.difference(&table).collect();
    let unknown: Vec<_> = table.difference(&routes).collect();
    assert!(
        missing.is_empty() && unknown.is_empty(),
        "what bounds these? Write it into src/web/costs: {missing:#?}; no such route: {unknown:#?}"
    );
}

#[test]
fn what_changes_something_is_bounded_as_a_change() {
    for (call, cost) in costs::all() {
        let (method, pattern) = call.split_once(' ').unwrap();
        assert!(cost.weight > 0, "{call} costs nothing");
        let is_read = method == "GET" || CHECKS.contains(&call.as_str());
        let is_counted = !matches!(cost.bound, Bound::Reads | Bound::Free | Bound::Matches | Bound::Files);
        assert!(is_read || is_counted, "{call} is bounded like a page that is read");
        let method: Method = method.parse().unwrap();
        assert_eq!(costs::of(&method, Some(pattern)), cost, "{call}");
    }
    let nothing = costs::of(&Method::GET, None);
    assert_eq!((nothing.weight, nothing.bound), (1, Bound::Reads), "what is nowhere is counted all the same");
    let page = costs::of(&Method::GET, Some("/api/v1/statistics/general-trade"));
    assert_eq!(costs::of(&Method::HEAD, Some("/api/v1/statistics/general-trade")), page);
    assert_eq!(page.for_actor(&Actor::Anonymous), page.weight);
}

fn text(file: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).unwrap()
}

#[test]
fn operators_read_of_every_bound() {
    let (docs, configuration) = (text("src/docs.rs"), text("config/default.toml"));
    let told = docs.split("# What is bounded by what").nth(1).unwrap();
    for bound in costs::all().map(|(_, cost)| cost.bound).collect::<std::collections::HashSet<_>>() {
        let row = told.lines().find(|line| line.starts_with(&format!("//! | {} |", bound.row())));
        let row = row.unwrap_or_else(|| panic!("no row for {bound:?}, {}", bound.row()));
        for setting in bound.settings() {
            assert!(row.contains(&format!("`{setting}`")), "the row of {bound:?} does not name {setting}");
            assert!(configuration.contains(&format!("\n{setting} = ")), "{setting} is no setting");
        }
    }
}

/// Limits that a test reaches.
struct Narrow(World);

impl Setup for Narrow {
    fn on(database: Database) -> Self {
        Self(World::with(database, |config| {
            config.limits.enabled = true;
            config.limits.sign_in_minute = 0;
            config.limits.per_key_minute = 60;
            config.limits.changes_per_company_day = 25;
        }))
    }
}

/// How many requests are left, by the header.
fn left(header: Option<&str>) -> u32 {
    header.unwrap().split(';').find_map(|part| part.strip_prefix("r=")).unwrap().parse().unwrap()
}

fn batch_counts_for_what_it_costs(Narrow(world): &Narrow) {
    let supplier = world.supplier();
    let key = || Client::new(&world.base, Some(world.key(supplier.company, &[Permission::CatalogWrite])));
    let (one, many) = (key(), key());
    let one = left(one.post("/listings", &market::listing("ONE")).expect(201).header("ratelimit"));
    let batch = json!({"listings": [market::listing("TWO"), market::listing("THREE")]});
    let many = left(many.post("/listings/batch", &batch).expect(200).header("ratelimit"));
    assert_eq!(one - many, 9, "{one} {many}");
}

fn unconfirmed_newcomer_spends_four_times_as_much(Narrow(world): &Narrow) {
    let email = "newcomer@company.example";
    crate::accounts::sign_up(world, email).expect(303);
    let (newcomer, other) = (world.browser(email), world.browser(&world.buyer().email));
    let answered = |browser: &Client| (0..40).filter(|_| browser.page("/account").status == 200).count();
    let (few, many) = (answered(&newcomer), answered(&other));
    // A page of 60, and what comes back while they are asked for.
    assert!((10..=25).contains(&few), "{few}");
    assert_eq!(many, 40);
}

fn changes_of_a_company_are_counted_over_the_day(Narrow(world): &Narrow) {
    let (supplier, other) = (world.supplier(), world.buyer());
    let keys: Vec<Client> = (0..2)
        .map(|_| Client::new(&world.base, Some(world.key(supplier.company, &[Permission::CatalogWrite]))))
        .collect();
    let make = |number: usize| keys[number % 2].post("/listings", &market::listing(&format!("L-{number}"))).status;
    let statuses: Vec<u16> = (0..30).map(make).collect();
    assert_eq!(statuses.iter().filter(|status| **status == 201).count(), 25, "{statuses:?}");
    assert_eq!(statuses[25..], [429; 5]);
    let refused = keys[0].post("/listings", &market::listing("L-99")).expect(429);
    let wait: u64 = refused.header("retry-after").unwrap().parse().unwrap();
    assert!((600..=3_600).contains(&wait), "one of 25 a day: {wait}");
    supplier.get("/listings").expect(200);
    assert!(refused.body.contains("as many changes today"), "{}", refused.body);
    assert_eq!(refused.header("ratelimit-policy"), Some("\"changes\";q=25;w=86400"));
    // Who has used up the day can still end a key and a session.
    let browser = world.browser(&supplier.email);
    browser.fill_in("/account", "/sign-out", &[]).expect(303);
    other.post("/rfqs", &market::rfq("Brass ball valves")).expect(201);
    world.drain();
}
