//! A disk that is full, or cannot be written: writes are refused with the reason, reads are served, and with free space everything works again.

use std::time::Duration;

use std::collections::BTreeSet;
use std::path::PathBuf;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;

use super::checker::check_integrity;
use super::ledger::Ledger;
use super::site::{Node, Site};
use crate::documents::{pdf, send};
use crate::support::{
    Answer, Client, Database, Kind, Party, ReadOnlyDisk, Setup, World, amount, market, wait_at_most, wait_for,
};

/// Within so long after there is room again things can be stored.
const RECOVERY: Duration = Duration::from_secs(10);

#[test]
fn full_disk_stops_only_writers() {
    let Some(database) = Database::on_small_disk(64) else { return };
    let site = Site::on(database);
    let ledger = Ledger::default();
    let mut node = site.node("served", &["serve"]);
    node.start();
    let seller = node.client(&site.supplier);
    let known = seller.publish_listing(&market::listing("BEFORE"));
    node.await_current();
    // Each time with another remainder.
    for round in 0..amount::<usize>("TRADEPOST_DISK_ROUNDS", 2) {
        site.database.disk().fill(rand::random_range(0..=256));
        until_it_is_full(&seller, round);
        assert_unavailable(&send(&seller, "large.pdf", pdf(&"large ".repeat(100_000))));
        assert_read(&seller, &known);
        site.database.disk().empty();
        await_stored(&seller, &format!("AFTER-{round}"));
        site.check_integrity();
    }
    node.await_current();
    site.check_settled(&ledger, &mut [&mut node]);
}

/// Writes are refused with the reason and a Retry-After.
#[track_caller]
fn assert_unavailable(refused: &Answer) {
    assert_eq!((refused.status, refused.problem().as_str()), (503, "unavailable"), "{}", refused.body);
    assert!(refused.header("retry-after").is_some());
}

/// Who reads is served all the same.
#[track_caller]
fn assert_read(reader: &Client, listing: &str) {
    for path in [&format!("/listings/{listing}"), "/listings", "/search/listings?q=valve"] {
        reader.get(path).expect(200);
    }
    assert_eq!(reader.page("/").status, 200);
}

/// Soon a row and a file can be stored again.
#[track_caller]
fn await_stored(seller: &Client, name: &str) {
    let stores = || seller.post("/listings", &market::listing(name)).status == 201;
    wait_at_most(RECOVERY, "things to be stored again", stores);
    let again = || send(seller, "again.pdf", pdf(name)).status == 201;
    wait_at_most(RECOVERY, "files to be stored again", again);
}

/// Publishes listings until one is refused for lack of space.
fn until_it_is_full(seller: &Client, round: usize) {
    for number in 0..3_000 {
        let made = seller.post("/listings", &market::listing(&format!("FULL-{round}-{number}")));
        let refused = match made.status {
            201 => seller.act(&format!("/listings/{}/publish", made.id())),
            _ => made,
        };
        if refused.status != 200 {
            return assert_unavailable(&refused);
        }
    }
    panic!("the disk was never full");
}

/// So many are tried on one database, which grows with each.
const POINTS_ON_ONE: usize = 50;
/// A job that failed, or was under way when its end could not be noted, is tried again within so long.
const UNTIL_TRIED_AGAIN: chrono::Duration = chrono::Duration::hours(1);

/// The same trade again and again, and each time the room ends a little later in it: in a request, in the claim of a job, in what a
/// job does, in the note that it is done.
#[test]
fn disk_full_at_any_point_loses_no_acknowledged_write() {
    // At so many points of the trade: 1 000 at night.
    let all: usize = amount("TRADEPOST_DISK_POINTS", 10);
    for begun in (0..all).step_by(POINTS_ON_ONE) {
        let Some(database) = Database::on_small_disk(24) else { return };
        let world = World::on(database);
        let (seller, buyer) = (world.supplier(), world.buyer());
        let mut house = House { world: &world, seller, buyer, is_full: false, refused: BTreeSet::new() };
        house.cut_the_log_back();
        let emails = house.trade("first");
        let needed = house.log().metadata().unwrap().len();
        for point in begun..all.min(begun + POINTS_ON_ONE) {
            house.cut_the_log_back();
            let room = needed * point as u64 / all as u64;
            world.database().disk().fill(usize::try_from(room / 1024).unwrap());
            house.is_full = true;
            assert_eq!(house.trade(&format!("{point}")), emails, "e-mails are lost, or came unasked");
            // A trade may write a page less than the first one did, and then there was room for all of it.
            let written = house.log().metadata().unwrap().len();
            assert!(!house.is_full || written <= room, "{written} bytes were written where there was room for {room}");
            check_integrity(world.database());
        }
        eprintln!("a trade writes {needed} bytes; it was refused at {:?}", house.refused);
    }
}

/// Where the trade takes place.
struct House<'w> {
    world: &'w World,
    seller: Party,
    buyer: Party,
    /// Whether there is no room at the end of the log.
    is_full: bool,
    /// The steps at which the room ended.
    refused: BTreeSet<&'static str>,
}

impl House<'_> {
    fn file(&self) -> PathBuf {
        PathBuf::from(self.world.database().url.strip_prefix("sqlite://").unwrap())
    }

    fn log(&self) -> PathBuf {
        self.file().with_extension("sqlite-wal")
    }

    /// From here on, all that is written needs new room.
    fn cut_the_log_back(&self) {
        let mut conn = SqliteConnection::establish(self.file().to_str().unwrap()).unwrap();
        conn.batch_execute("PRAGMA busy_timeout = 5000; PRAGMA wal_checkpoint(TRUNCATE)").unwrap();
        assert_eq!(self.log().metadata().unwrap().len(), 0, "somebody reads for long");
    }

    /// A listing, an RFQ that it fits, a quote; answers how many e-mails were about it.
    fn trade(&mut self, name: &str) -> usize {
        let before = self.emails();
        let listing = self.step("listing", |house| house.seller.post("/listings", &market::listing(name))).id();
        let path = format!("/listings/{listing}/publish");
        self.step("listing/publish", |house| house.seller.act(&path));
        let rfq = market::rfq(&format!("Brass ball valves DN20 {name}"));
        let rfq = self.step("rfq", |house| house.buyer.post("/rfqs", &rfq)).id();
        let path = format!("/rfqs/{rfq}/publish");
        self.step("rfq/publish", |house| house.buyer.act(&path));
        self.jobs("jobs of the RFQ");
        let path = format!("/rfqs/{rfq}/quotes");
        let quote = self.step("quote", |house| house.seller.post(&path, &market::quote("3.21"))).id();
        self.jobs("jobs of the quote");
        assert_eq!(self.seller.get(&format!("/listings/{listing}")).expect(200).text("/state"), "published");
        assert_eq!(self.buyer.get(&format!("/rfqs/{rfq}")).expect(200).text("/state"), "open");
        assert_eq!(self.buyer.get(&format!("/quotes/{quote}")).expect(200).text("/state"), "submitted");
        assert_eq!(self.world.failed_jobs(), []);
        self.emails() - before
    }

    /// E-mails by their Message-ID: one that was sent before its end could be noted is sent again.
    fn emails(&self) -> usize {
        self.world.mails().into_iter().map(|sent| sent.email.message_id).collect::<BTreeSet<_>>().len()
    }

    /// A request that is refused only for lack of space, and granted as soon as there is some.
    fn step(&mut self, name: &'static str, send: impl Fn(&Self) -> Answer) -> Answer {
        let answer = send(self);
        if matches!(answer.status, 200 | 201) {
            return answer;
        }
        assert_unavailable(&answer);
        self.make_room(name);
        let again = send(self);
        assert!(matches!(again.status, 200 | 201), "{name}: {}", again.body);
        again
    }

    /// The jobs that are due. What could not be stored is tried again later.
    fn jobs(&mut self, name: &'static str) {
        let drained = self.world.try_drain();
        let failed = self.world.failed_jobs();
        if drained.is_ok() && failed.is_empty() {
            return;
        }
        self.make_room(name);
        self.world.pass(UNTIL_TRIED_AGAIN);
    }

    /// Who reads is served all the same; then there is room again.
    fn make_room(&mut self, name: &'static str) {
        assert!(self.is_full, "{name} was refused although there is room");
        for path in ["/listings", "/rfqs", "/search/listings?q=valve"] {
            self.seller.get(path).expect(200);
        }
        assert_eq!(self.seller.page("/").status, 200);
        self.world.database().disk().empty();
        self.is_full = false;
        self.refused.insert(name);
    }
}

/// The index alone is on the full disk: what is published waits for its place in it, the node says that it is behind, and with the
/// room it catches up.
#[test]
fn disk_too_full_for_the_index_makes_the_node_unready_only() {
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
fn unwritable_data_folder_is_reported() {
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

/// As a system makes a disk read-only after an error of the device, and somebody mends it.
#[test]
fn read_only_disk_stops_only_writers() {
    let site = Site::on(Database::fresh(Kind::Sqlite).unwrap());
    let Some(disk) = ReadOnlyDisk::in_folder(&site.database.folder()) else { return };
    let ledger = Ledger::default();
    let mut node = site.node("served", &["serve"]).with("LIMITS__ENABLED", "true").on_disk(&disk);
    node.start();
    let seller = node.client(&site.supplier);
    for round in 0..3 {
        let known = seller.publish_listing(&market::listing(&format!("BEFORE-{round}")));
        node.await_current();
        disk.make_read_only();
        for number in 0..3 {
            assert_unavailable(&seller.post("/listings", &market::listing(&format!("FROZEN-{round}-{number}"))));
            assert_unavailable(&send(&seller, "frozen.pdf", pdf(&format!("frozen {round} {number}"))));
            let nobody = Client::new(&node.base(), None);
            let typed = [("email", "somebody@company.example"), ("password", "not the password")];
            assert_eq!(nobody.submit("/sign-in", "/sign-in", &typed).status, 503, "whose failure cannot be counted");
            assert_read(&seller, &known);
        }
        disk.make_writable();
        await_stored(&seller, &format!("AFTER-{round}"));
        site.check_integrity();
    }
    node.await_current();
    assert!(!node.log().contains("panicked"), "{}", node.log());
    site.check_settled(&ledger, &mut [&mut node]);
}
