//! The restore drill: a backup made while the platform is written to comes back on another place, whole.

use std::collections::BTreeSet;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::Value;

use super::node::{Place, RaisedAtTheEnd, finish, program, publish, refused, total};
use crate::documents::{pdf, send};
use crate::faults::checker::check_integrity;
use crate::support::{Client, Database, SmallDisk, wait_for};

both!(
    backup_under_load_restores_completely,
    restore_does_not_overwrite_without_replace,
    damaged_backup_is_refused,
    failed_backup_leaves_nothing,
);

/// The published listings of the company, page after page, from the database and from the index.
fn published(client: &Client, company: &str) -> (BTreeSet<String>, BTreeSet<String>) {
    let all = |path: &str| {
        let mut ids = BTreeSet::new();
        let mut cursor = String::new();
        loop {
            let page = client.get(&format!("{path}&limit=100{cursor}")).expect(200).json();
            ids.extend(page["data"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()));
            match page["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => return ids,
            }
        }
    };
    (all("/listings?state=published"), all(&format!("/search/listings?company={company}")))
}

/// A fresh place of the same kind; its database is there but has no tables.
fn elsewhere(place: &Place) -> Place {
    let database = Database::empty(place.database.kind).unwrap();
    let data = database.folder().join("restored");
    Place { database, data, port: super::node::free_port() }
}

fn backup_under_load_restores_completely(place: &Place) {
    let key = place.register();
    let backup = place.database.folder().join("backup");
    let folder = backup.to_str().unwrap();
    let _server = place.serve(&[]);
    let certificate = pdf("a certificate");
    let document =
        send(&Client::new(&place.base(), Some(key.clone())), "certificate.pdf", certificate.clone()).expect(201).id();
    let (acknowledged, ended) = (Mutex::new(BTreeSet::new()), AtomicBool::new(false));
    let before = std::thread::scope(|scope| {
        let _end = RaisedAtTheEnd(&ended);
        for writer in 0..2 {
            let (key, acknowledged, ended) = (key.clone(), &acknowledged, &ended);
            scope.spawn(move || {
                let client = Client::new(&place.base(), Some(key));
                for number in (0..).take_while(|_| !ended.load(Ordering::SeqCst)) {
                    let id = publish(&client, &format!("B{writer}-{number}"));
                    acknowledged.lock().unwrap().insert(id);
                }
            });
        }
        wait_for("something to copy", || acknowledged.lock().unwrap().len() >= 20);
        let before = acknowledged.lock().unwrap().clone();
        let said = place.run(&["backup", folder]);
        assert!(said.contains("rows in"), "{said}");
        let during = acknowledged.lock().unwrap().len();
        assert!(during > before.len(), "nobody wrote while the backup was made");
        before
    });
    assert_private(&backup);

    let other = elsewhere(place);
    let said = other.run(&["restore", folder]);
    assert!(said.starts_with("restored: "), "{said}");
    check_integrity(&other.database);
    assert_eq!(secret(&other.data), secret(&place.data), "what was signed stays valid");
    assert_ne!(
        epoch(&other),
        manifest(&backup)["epoch"],
        "an index of the earlier history must not be taken for this one's"
    );

    let _restored = other.serve(&[]);
    let client = Client::new(&other.base(), Some(key));
    let company = client.get("/me").expect(200).text("/company");
    wait_for("the index to hold what the database holds", || {
        let (rows, found) = published(&client, &company);
        rows == found
    });
    let (rows, _) = published(&client, &company);
    assert!(rows.is_superset(&before), "lost: {:?}", before.difference(&rows));
    assert_eq!(total(&client, "/search/companies?limit=1"), 1);
    assert_eq!(client.get(&format!("/documents/{document}/content")).expect(200).bytes, certificate);
    publish(&client, "after-the-restore");
    check_integrity(&other.database);
}

fn secret(data: &Path) -> Vec<u8> {
    std::fs::read(data.join("secret_key")).unwrap()
}

fn manifest(backup: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(backup.join("manifest.json")).unwrap()).unwrap()
}

fn epoch(place: &Place) -> Value {
    // A backup of the restored place tells its epoch.
    let again = place.database.folder().join("again");
    place.run(&["backup", again.to_str().unwrap()]);
    manifest(&again)["epoch"].clone()
}

fn assert_private(backup: &Path) {
    let mode = |path: PathBuf| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(backup.to_owned()), 0o700);
    assert_eq!(mode(backup.join("secret_key")), 0o600);
    let manifest = manifest(backup);
    let files: Vec<&String> = manifest["files"].as_object().unwrap().keys().collect();
    assert!(files.iter().any(|file| file.starts_with("database.")), "{files:?}");
    assert!(files.iter().any(|file| file.starts_with("blobs/")), "{files:?}");
    assert!(manifest["rows"]["listings"].as_i64().unwrap() >= 20, "{manifest}");
}

fn restore_does_not_overwrite_without_replace(place: &Place) {
    place.register();
    let backup = place.database.folder().join("backup");
    let folder = backup.to_str().unwrap();
    place.run(&["backup", folder]);
    assert!(place.refused(&["backup", folder]).contains("not empty"));
    let nightly = place.database.folder().join("nightly");
    place.run(&["backup", nightly.to_str().unwrap(), "--rotate"]);
    let made: Vec<PathBuf> = std::fs::read_dir(&nightly).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert!(made.len() == 1 && made[0].join("manifest.json").is_file(), "{made:?}");

    let words = place.refused(&["restore", folder]);
    assert!(words.contains("--replace"), "{words}");
    let server = place.serve(&[]);
    let words = place.refused(&["restore", folder, "--replace"]);
    assert!(words.contains("already"), "{words}");
    drop(server);

    let file = place.database.folder().join("more.ndjson");
    std::fs::write(&file, "{\"type\":\"company\",\"ref\":\"late\",\"name\":\"Latecomer\",\"country\":\"DE\"}\n")
        .unwrap();
    place.run(&["load", file.to_str().unwrap()]);
    place.run(&["restore", folder, "--replace"]);
    let _server = place.serve(&[]);
    let client = Client::new(&place.base(), None);
    wait_for("the index to be filled", || total(&client, "/search/companies?limit=1") == 1);
    let entries = std::fs::read_dir(&place.data).unwrap().flatten();
    let put_aside = entries.filter(|entry| entry.file_name().to_string_lossy().starts_with("replaced-")).count();
    assert_eq!(put_aside, 1, "what was there is moved away");
}

fn damaged_backup_is_refused(place: &Place) {
    place.register();
    let backup = place.database.folder().join("backup");
    place.run(&["backup", backup.to_str().unwrap()]);
    let other = elsewhere(place);
    let restore = || refused(program(&other.database.url, &other.data, &["restore", backup.to_str().unwrap()]));

    let database = std::fs::read_dir(&backup).unwrap().flatten().map(|entry| entry.path());
    let database =
        database.into_iter().find(|path| path.file_name().unwrap().to_str().unwrap().starts_with("database."));
    let database = database.unwrap();
    let whole = std::fs::read(&database).unwrap();
    let mut flipped = whole.clone();
    flipped[whole.len() / 2] ^= 1;
    std::fs::write(&database, &flipped).unwrap();
    assert!(restore().contains("checksum"));
    std::fs::write(&database, &whole[..whole.len() - 1]).unwrap();
    assert!(restore().contains("checksum"));
    std::fs::write(&database, &whole).unwrap();

    let written = std::fs::read_to_string(backup.join("manifest.json")).unwrap();
    let other_engine = written.replace("\"engine\": \"sqlite\"", "\"engine\": \"oracle\"");
    let other_engine = other_engine.replace("\"engine\": \"postgres\"", "\"engine\": \"oracle\"");
    std::fs::write(backup.join("manifest.json"), other_engine).unwrap();
    assert!(restore().contains("oracle"));
    std::fs::remove_file(backup.join("manifest.json")).unwrap();
    assert!(restore().contains("not a complete backup"));

    std::fs::write(backup.join("manifest.json"), written).unwrap();
    finish(program(&other.database.url, &other.data, &["restore", backup.to_str().unwrap()]));
}

/// The disk for backups is full: that is said, what was begun is no backup and leaves nothing behind, and with room there is one.
fn failed_backup_leaves_nothing(place: &Place) {
    let key = place.register();
    let mount = place.database.folder().join("backups");
    std::fs::create_dir(&mount).unwrap();
    let Some(disk) = SmallDisk::mount(&mount, 16) else { return };
    let server = place.serve(&[]);
    let noise: Vec<u8> = (0..2 << 20).map(|_| rand::random()).collect();
    let client = Client::new(&place.base(), Some(key));
    send(&client, "large.pdf", [pdf("a large one"), noise].concat()).expect(201);
    let made = mount.join("backup");
    // In the copy of the database, in the one of the files, and at the end.
    for left_kib in [16, 128, 1_024, 2_048] {
        disk.fill(left_kib);
        let words = place.refused(&["backup", made.to_str().unwrap()]);
        assert!(!words.contains("panicked") && !words.is_empty(), "{words}");
        assert!(words.contains("No space left") || words.contains("full"), "{words}");
        assert!(!made.join("manifest.json").exists(), "{left_kib} KiB were enough");
        let left: Vec<_> = std::fs::read_dir(&mount).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(left, ["ballast"], "what is of no use takes room");
    }
    disk.empty();
    std::fs::create_dir(&made).unwrap();
    disk.fill(128);
    place.refused(&["backup", made.to_str().unwrap()]);
    assert_eq!(std::fs::read_dir(&made).unwrap().count(), 0, "the folder that was there stays, empty");
    disk.empty();
    place.run(&["backup", made.to_str().unwrap()]);
    drop(server);
    let other = elsewhere(place);
    other.run(&["restore", made.to_str().unwrap()]);
    check_integrity(&other.database);
}
