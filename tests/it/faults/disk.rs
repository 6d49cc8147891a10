//! A disk that is full, or cannot be written: whoever writes is told so, whoever reads is served, and with the room all comes back.

use std::time::Duration;

use super::ledger::Ledger;
use super::site::{Node, Site, wait_at_most, wait_for};
use crate::support::{Client, Database, Kind, Setup, market};

/// How often the disk is filled, with another remainder each time.
const ROUNDS: usize = 12;
/// Within so long after there is room again things can be stored.
const RECOVERY: Duration = Duration::from_secs(10);

#[test]
fn a_full_disk_stops_who_writes_and_nobody_else() {
    let Some(database) = Database::on_small_disk(64) else { return };
    let site = Site::on(database);
    let ledger = Ledger::default();
    let mut node = site.node("served", &["serve"]);
    node.start();
    let seller = node.client(&site.supplier);
    let known = seller.publish_listing(&market::listing("BEFORE"));
    node.await_current();
    for round in 0..ROUNDS {
        site.database.disk().fill(rand::random_range(0..=256));
        until_it_is_full(&seller, round);
        for path in [format!("/listings/{known}"), "/listings".to_owned(), "/search/listings?q=valve".to_owned()] {
            seller.get(&path).expect(200);
        }
        assert_eq!(seller.page("/").status, 200);
        site.database.disk().empty();
        let name = format!("AFTER-{round}");
        wait_at_most(RECOVERY, "things to be stored again", || {
            seller.post("/listings", &market::listing(&name)).status == 201
        });
        site.check_integrity();
    }
    node.await_current();
    site.check_settled(&ledger, &mut [&mut node]);
}

/// Publishes listings until one is refused for want of room.
fn until_it_is_full(seller: &Client, round: usize) {
    for number in 0..3_000 {
        let made = seller.post("/listings", &market::listing(&format!("FULL-{round}-{number}")));
        let refused = match made.status {
            201 => seller.act(&format!("/listings/{}/publish", made.id())),
            _ => made,
        };
        if refused.status != 200 {
            assert_eq!((refused.status, refused.problem().as_str()), (503, "unavailable"), "{}", refused.body);
            assert!(refused.header("retry-after").is_some());
            return;
        }
    }
    panic!("the disk was never full");
}

/// The index alone is on the full disk: what is published waits for its place in it, the node says that it is behind, and with the
/// room it catches up.
#[test]
fn a_disk_too_full_for_the_index_makes_the_node_unready_and_no_more() {
    let Some(small) = Database::on_small_disk(8) else { return };
    let Some(database) = Database::fresh(Kind::Postgres) else { return };
    let site = Site::on(database);
    let ledger = Ledger::default();
    let mut node = site.node("served", &["serve"]).with("SEARCH__MOST_LAG_S", "1");
    node.data = small.folder().join("served");
    std::fs::create_dir_all(&node.data).unwrap();
    node.start();
    let seller = node.client(&site.supplier);
    small.disk().fill(0);
    let mut number = 0;
    wait_for("the node to be red", || {
        number += 1;
        seller.publish_listing(&market::listing(&format!("UNSEEN-{number}")));
        node.readiness().is_some_and(|(status, behind)| status == 503 && behind.is_some_and(|behind| behind > 0))
    });
    seller.get("/search/listings?q=valve").expect(200);
    small.disk().empty();
    site.check_settled(&ledger, &mut [&mut node]);
}

#[test]
fn a_server_says_that_it_cannot_write_its_folder() {
    let Some(database) = Database::on_small_disk(16) else { return };
    database.disk().make_read_only();
    let elsewhere = Site::on(Database::fresh(Kind::Sqlite).unwrap());
    let mut node: Node = elsewhere.node("served", &["serve"]);
    node.data = database.folder();
    let ended = node.program(&["serve", "--listen", "127.0.0.1:0"]).output().unwrap();
    let words = String::from_utf8_lossy(&ended.stderr).into_owned();
    assert_eq!(ended.status.code(), Some(1), "{words}");
    assert!(words.contains("Read-only file system") && !words.contains("panicked"), "{words}");
}
