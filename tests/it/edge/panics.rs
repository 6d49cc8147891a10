//! A use case that panics in the midst of its transaction, in the running server: it is answered, counted and taken back, and
//! everybody else is served.

use super::headers::assert_guarded;
use crate::support::{Database, Setup, World, market, query_log};

both!(panic_in_a_transaction_affects_no_other_request);

/// A world whose connections are listened to.
struct Heard(World);

impl Setup for Heard {
    fn on(database: Database) -> Self {
        query_log::listen();
        Self(World::on(database))
    }
}

fn failures(world: &World) -> u64 {
    let text = world.app.metrics.exposition(&tradepost::metrics::Snapshot::default()).unwrap();
    let failed =
        text.lines().filter(|line| line.starts_with("tradepost_requests_total{") && line.contains("status=\"500\""));
    failed.map(|line| line.rsplit(' ').next().unwrap().parse::<u64>().unwrap()).sum()
}

fn panic_in_a_transaction_affects_no_other_request(Heard(world): &Heard) {
    let supplier = world.supplier();
    let browser = world.browser(&supplier.email);
    let mut poisoned = market::listing("P-1");
    poisoned["name"] = query_log::PANIC.into();
    for round in 1..=5 {
        let answer = supplier.post("/listings", &poisoned);
        assert_guarded("a panic", &answer);
        assert_eq!(answer.header("content-type"), Some("application/problem+json"));
        let said = answer.expect(500);
        assert!(said.problem() == "internal" && !said.body.contains("as it was asked for"), "{}", said.body);
        assert_eq!(failures(world), 2 * round - 1);
        let typed = [("sku", "P-1"), ("name", query_log::PANIC)];
        let page = browser.submit("/desk/selling/listings/new", "/desk/selling/listings/new", &typed).expect(500);
        assert!(page.body.contains("<h1") && !page.body.contains("as it was asked for"), "{}", page.body);
        assert_eq!(failures(world), 2 * round, "a form that could not be carried out is no mistake of the sender");
        // The one writer of SQLite, and every connection, is as good as before.
        supplier.publish_listing(&market::listing(&format!("N-{round}")));
    }
    let kept = supplier.get("/listings").expect(200).json();
    assert_eq!(kept["data"].as_array().unwrap().len(), 5, "nothing is left of what panicked: {kept}");
}
