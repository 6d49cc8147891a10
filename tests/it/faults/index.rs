//! Index files that are damaged or gone: found at the start or while running, filled again beside a service that stays up, and
//! afterwards the right hits.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use tradepost::app::IndexPlace;
use tradepost::indexing::Indexer;

use super::ledger::{Ledger, trade};
use super::site::Site;
use crate::support::{Client, Database, Kind, PATIENCE, Setup, World, market, run, wait_for};

both!(deleted_index_folder_is_rebuilt, search_reports_a_rebuilding_index);

/// The files are the same whichever database they are filled from.
#[test]
fn damaged_index_file_is_detected_and_rebuilt() {
    run(Kind::Sqlite, with_each_damage);
}

/// A kind of damage by name, and what does it to a file.
type Damage = (&'static str, fn(&Path));

const DAMAGES: [Damage; 3] = [("cut", cut), ("flipped", flip), ("deleted", delete)];

fn cut(file: &Path) {
    let len = file.metadata().unwrap().len();
    fs::File::options().write(true).open(file).unwrap().set_len(len / 2).unwrap();
}

fn flip(file: &Path) {
    let mut bytes = fs::read(file).unwrap();
    if bytes.is_empty() {
        bytes.push(0);
    }
    let place = rand::random_range(0..bytes.len());
    bytes[place] ^= 0x55;
    fs::write(file, bytes).unwrap();
}

fn delete(file: &Path) {
    fs::remove_file(file).unwrap();
}

/// The indexes; each is damaged.
const INDEXES: [&str; 3] = ["listings", "companies", "rfqs"];
/// What every segment has a file of.
const PARTS: [&str; 6] = ["fast", "fieldnorm", "idx", "pos", "store", "term"];

/// One file of each kind that is in the folder and in use: of segments by its ending, of all others by its whole name.
fn kinds(folder: &Path) -> BTreeMap<String, PathBuf> {
    let used = fs::read_to_string(folder.join("meta.json")).unwrap().replace('-', "");
    let mut kinds = BTreeMap::new();
    for file in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        // Segments are named by 32 hexadecimal digits; all other names are their own kind.
        match name.split_at_checked(32) {
            Some((segment, rest)) if used.contains(segment) => {
                kinds.insert(rest[1..].rsplit('.').next().unwrap().to_owned(), file)
            }
            Some(_) => None,
            None => kinds.insert(name, file),
        };
    }
    assert!(PARTS.iter().all(|part| kinds.contains_key(*part)), "{folder:?}: {kinds:?}");
    kinds
}

/// Whether the damage has to be seen when the index is opened. No answer comes from a lock file or from the list of the files that
/// are in use, and a letter more or less in the description of the index may leave it as good as it was.
fn must_be_seen(kind: &str, damage: &str) -> bool {
    let is_flipped_description = kind == "meta.json" && damage == "flipped";
    !kind.starts_with('.') && !is_flipped_description
}

/// To how many of the indexes each damage of a kind of file is done: at night to every one, else one of the three damages is
/// done to each kind of file, in another index for each.
fn damaged_indexes(number: usize, turn: usize) -> Vec<&'static str> {
    let is_night = std::env::var_os("TRADEPOST_TEST_EACH_INDEX").is_some();
    let first = (number + turn) % INDEXES.len();
    if is_night {
        INDEXES.to_vec()
    } else if (number + turn).is_multiple_of(DAMAGES.len()) {
        vec![INDEXES[first]]
    } else {
        Vec::new()
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).unwrap();
        }
    }
}

fn with_each_damage(site: &Site) {
    let ledger = Ledger::default();
    let mut node = site.node("served", &["serve"]);
    node.start();
    std::thread::scope(|scope| {
        let _callers = trade(scope, site, &ledger, &[node.base()], "damage", 2);
        ledger.await_steps(40, PATIENCE);
    });
    site.check_settled(&ledger, &mut [&mut node]);
    node.stop();
    let (index, whole) = (node.data.join("index"), node.data.join("whole"));
    copy(&index, &whole);
    let kinds = INDEXES.map(|name| (name, kinds(&index.join(name))));
    let all: BTreeSet<&String> = kinds.iter().flat_map(|(_, kinds)| kinds.keys()).collect();
    for (number, kind) in all.into_iter().enumerate() {
        for (turn, (damage, apply)) in DAMAGES.into_iter().enumerate() {
            for (name, kinds) in kinds.iter().filter(|(name, _)| damaged_indexes(number, turn).contains(name)) {
                // What was deleted is noted in a file of its own, which a young index does not have.
                let Some(file) = kinds.get(kind) else { continue };
                fs::remove_dir_all(&index).unwrap();
                copy(&whole, &index);
                apply(file);
                let said = node.log().len();
                node.start();
                site.check_index(&mut node);
                node.kill();
                let log = node.log();
                let seen = log[said..]
                    .lines()
                    .any(|line| line.contains(&format!("index/{name}: ")) && line.contains("filled again"));
                assert!(
                    seen || !must_be_seen(kind, damage),
                    "{name}: a {kind} that is {damage} is not seen: {}",
                    &log[said..]
                );
            }
        }
    }
}

/// Searches are answered from the files that are still open until the new ones are there.
fn deleted_index_folder_is_rebuilt(site: &Site) {
    let ledger = Ledger::default();
    let mut node = site.node("served", &["serve"]);
    node.start();
    let anybody = Client::new(&node.base(), None);
    std::thread::scope(|scope| {
        let _callers = trade(scope, site, &ledger, &[node.base()], "deleted", 2);
        ledger.await_steps(20, PATIENCE);
        // The server may be writing a file into the folder while it is emptied.
        wait_for("the index to be gone", || fs::remove_dir_all(node.data.join("index")).is_ok());
        ledger.await_steps(20, PATIENCE);
        anybody.get("/search/listings?q=valve").expect(200);
        wait_for("the index to be there again", || {
            anybody.get("/search/listings?q=valve").expect(200);
            node.data.join("index/listings/meta.json").exists()
        });
        ledger.await_steps(10, PATIENCE);
    });
    site.check_settled(&ledger, &mut [&mut node]);
}

/// A world whose listings' index was damaged before the start.
struct Damaged(World);

impl Setup for Damaged {
    fn on(database: Database) -> Self {
        let folder = database.folder().join("index/listings");
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("meta.json"), "half a fi").unwrap();
        Self(World::placed(database, IndexPlace::DataFolder, |_| {}))
    }
}

/// The process holds its writers before it listens; what is asked between that and the last document of the fill is looked at here.
fn search_reports_a_rebuilding_index(Damaged(world): &Damaged) {
    assert!(world.app.config.data.join("index/listings.unusable/meta.json").exists(), "the damage was not found");
    let (supplier, buyer) = (world.supplier(), world.buyer());
    for sku in ["F-1", "F-2", "F-3"] {
        supplier.publish_listing(&market::listing(sku));
    }
    let rfq = buyer.publish_rfq(&market::rfq("Brass ball valves DN20"));
    let mut indexer = Indexer::open(&world.app).unwrap();

    let anybody = world.anonymous();
    let searches = [("/search/listings?q=valve", 3), ("/search/companies", 2), ("/search/rfqs?q=valves", 1)];
    let pages = [
        ("/", "listings"),
        ("/search?q=valve", "listings"),
        ("/search?q=valve&scope=suppliers", "companies"),
        ("/search?q=valve&scope=rfqs", "open RFQs"),
    ];
    let ask = |path: &str| -> Value { anybody.get(path).expect(200).json() };
    for (path, number) in searches {
        let answer = ask(path);
        assert_eq!(answer["incomplete"], json!({"searchable": 0, "expected": number}), "{path}");
        assert_eq!(answer["total"], 0, "{path}");
    }
    assert_eq!(ask("/search/suggest?q=bra")["incomplete"]["expected"], 3);
    for (path, things) in pages {
        let page = anybody.page(path).expect(200).body;
        assert!(
            page.contains("The search index is being rebuilt: 0 of about ") && page.contains(things),
            "{path}: {page}"
        );
    }
    assert_eq!(anybody.page("/readyz").status, 503);
    let explained = supplier.get(&format!("/rfqs/{rfq}/why-not")).expect(503);
    assert!(explained.problem() == "unavailable" && explained.header("retry-after").is_some(), "{}", explained.body);

    indexer.catch_up(&world.app).unwrap();
    for (path, number) in searches {
        let answer = ask(path);
        assert!(answer["incomplete"].is_null() && answer["total"] == number, "{path}: {answer}");
    }
    assert!(ask("/search/suggest?q=bra")["incomplete"].is_null());
    for (path, _) in pages {
        assert!(!anybody.page(path).expect(200).body.contains("is being rebuilt"), "{path}");
    }
    assert_eq!(anybody.page("/readyz").status, 200);
    supplier.get(&format!("/rfqs/{rfq}/why-not")).expect(200);
}
