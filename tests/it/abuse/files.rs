//! What a process that was killed leaves beside its index, and what a start looks at.

use std::fs::{self, File};
use std::time::{Duration, SystemTime};

use tradepost::app::IndexPlace;

use crate::support::{Database, Kind, Setup, World, market, run};

/// A world with its index on disk.
struct OnDisk(World);

impl Setup for OnDisk {
    fn on(database: Database) -> Self {
        Self(World::placed(database, IndexPlace::DataFolder, |_| {}))
    }
}

/// The database has no part in this.
#[test]
fn litter_of_killed_processes_is_swept() {
    run(Kind::Sqlite, |OnDisk(world): &OnDisk| {
        world.supplier().publish_listing(&market::listing("V-1"));
        world.drain();
        let index = world.app.config.data.join("index");
        let litter = |name: &str, age: u64| {
            let file = index.join("listings").join(name);
            fs::write(&file, "half a file").unwrap();
            let written = SystemTime::now() - Duration::from_secs(age);
            File::options().write(true).open(&file).unwrap().set_modified(written).unwrap();
            file
        };
        let (left, under_way) = (litter(".tmpAbC123", 600), litter(".tmpDeF456", 0));
        let parts = [index.with_added_extension("next"), index.with_added_extension("last")];
        for part in &parts {
            fs::create_dir_all(part.join("listings")).unwrap();
        }
        let kept: Vec<_> =
            ["meta.json", "schema-version"].iter().map(|name| index.join("listings").join(name)).collect();
        world.app.search.forget_unfinished().unwrap();
        assert!(!left.exists() && parts.iter().all(|part| !part.exists()));
        assert!(under_way.exists(), "somebody may be writing it");
        assert!(kept.iter().all(|file| file.exists()));
        let found = world.anonymous().get("/search/listings?q=valve").expect(200).json();
        assert_eq!(found["total"], 1);
    });
}

/// A small file is looked at before it is served, and nothing again afterwards.
#[test]
fn database_is_looked_at_once() {
    run(Kind::Sqlite, |OnDisk(world): &OnDisk| {
        assert!(world.app.db.is_sound());
        world.app.db.check_file_once().unwrap();
        world.app.db.check_small_file().unwrap();
        assert!(world.app.db.is_sound());
    });
}
