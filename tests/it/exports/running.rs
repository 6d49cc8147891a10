//! How exports run and end: anew after a stop, over after their time, given up without an owner, so many a day.

use std::sync::Arc;

use chrono::Duration;
use diesel::prelude::*;
use serde_json::json;
use tradepost::actor::Role;
use tradepost::store::schema::blobs;
use tradepost::workers::{Workers, sweep};

use super::{ask, export, shown};
use crate::support::{Database, Setup, World, market};

both!(
    a_run_that_is_broken_off_begins_anew_and_leaves_nothing,
    an_archive_is_gone_when_its_time_is_over,
    an_export_without_its_owner_fails,
    an_export_that_nothing_ends_is_given_up_for_another_one,
    only_so_many_exports_a_day,
);

/// How many files there are in the folder of unfinished uploads.
fn unfinished(world: &World) -> usize {
    std::fs::read_dir(world.app.config.data.join("incoming")).unwrap().count()
}

/// How many stored files have these bytes.
fn stored(world: &World, sha256: &str) -> i64 {
    world.app.db.read(|conn| Ok(blobs::table.filter(blobs::sha256.eq(sha256)).count().get_result(conn)?)).unwrap()
}

/// How many stored files there are.
fn all_stored(world: &World) -> i64 {
    world.app.db.read(|conn| Ok(blobs::table.count().get_result(conn)?)).unwrap()
}

fn a_run_that_is_broken_off_begins_anew_and_leaves_nothing(world: &World) {
    let supplier = world.supplier();
    supplier.publish_listing(&market::listing("RUN-1"));
    let id = ask(&supplier).expect(202).id();
    // Another process that stops as soon as it may.
    let other = world.another(|_| {});
    other.app.notify.stop();
    Workers::new(Arc::clone(&other.app)).drain().unwrap();
    let running = shown(&supplier, &id);
    assert_eq!((running["state"].as_str(), &running["bytes"]), (Some("running"), &json!(null)));
    assert!(running["progress"].as_u64().unwrap() < 100, "{running}");
    supplier.get(&format!("/exports/{id}/content")).expect(409);
    assert_eq!((unfinished(world), all_stored(world)), (0, 0), "nothing is left of it");
    world.pass(Duration::seconds(1));
    let over = shown(&supplier, &id);
    assert_eq!((over["state"].as_str(), &over["counts"]["listings"]), (Some("finished"), &json!(1)));
    supplier.get(&format!("/exports/{id}/content")).expect(200);
    assert_eq!((unfinished(world), all_stored(world)), (0, 1));
}

fn an_archive_is_gone_when_its_time_is_over(world: &World) {
    let supplier = world.supplier();
    let (over, _) = export(world, &supplier);
    let (id, sha256) = (over["id"].as_str().unwrap(), over["sha256"].as_str().unwrap());
    let content = format!("/exports/{id}/content");
    world.clock.advance(Duration::days(7) - Duration::seconds(1));
    sweep(&world.app).unwrap();
    supplier.get(&content).expect(200);
    world.clock.advance(Duration::seconds(1));
    // By the clock, before a sweep comes by.
    assert_eq!(supplier.get(&content).expect(410).problem(), "gone");
    assert_eq!(shown(&supplier, id)["state"], "expired");
    sweep(&world.app).unwrap();
    assert_eq!(supplier.get(&content).expect(410).problem(), "gone");
    let expired = shown(&supplier, id);
    assert_eq!((&expired["state"], &expired["sha256"]), (&json!("expired"), &json!(sha256)));
    assert_eq!((&expired["counts"], &expired["progress"]), (&over["counts"], &json!(100)));
    world.clock.advance(Duration::hours(2));
    sweep(&world.app).unwrap();
    assert_eq!(stored(world, sha256), 0, "its bytes are gone");
    let folder = world.app.config.blobs_folder();
    let folders = std::fs::read_dir(folder).unwrap().flatten();
    assert_eq!(folders.flat_map(|sub| std::fs::read_dir(sub.path()).unwrap().flatten()).count(), 0);
    sweep(&world.app).unwrap();
    world.clock.advance(Duration::days(84));
    sweep(&world.app).unwrap();
    assert_eq!(supplier.get(&format!("/exports/{id}")).expect(404).problem(), "not_found");
    assert_eq!(supplier.get(&content).expect(404).problem(), "not_found");
}

fn an_export_without_its_owner_fails(world: &World) {
    let supplier = world.supplier();
    world.member(supplier.company, Role::Owner);
    let id = ask(&supplier).expect(202).id();
    supplier.delete(&format!("/companies/{}/members/{}", supplier.company, supplier.person)).expect(204);
    world.drain();
    let failed = shown(&supplier, &id);
    assert_eq!(failed["state"], "failed");
    assert!(failed["problem"].as_str().unwrap().contains("no owner"), "{failed}");
    assert_eq!(supplier.get(&format!("/exports/{id}/content")).expect(409).problem(), "conflict");
    // The other owner's is made.
    export(world, &supplier);
}

fn an_export_that_nothing_ends_is_given_up_for_another_one(world: &World) {
    let supplier = world.supplier();
    let lost = ask(&supplier).expect(202).id();
    world.clock.advance(Duration::hours(23));
    assert_eq!(ask(&supplier).expect(202).id(), lost);
    world.clock.advance(Duration::hours(1));
    let next = ask(&supplier).expect(202).id();
    assert_ne!(next, lost);
    // Its job comes back after all, and leaves it as it is.
    world.drain();
    assert_eq!(
        (shown(&supplier, &lost)["state"].as_str(), shown(&supplier, &next)["state"].as_str()),
        (Some("failed"), Some("finished"))
    );
}

/// A world in which a company has two exports made a day.
struct Scarce(World);

impl Setup for Scarce {
    fn on(database: Database) -> Self {
        Self(World::with(database, |config| {
            config.limits.enabled = true;
            config.limits.exports_per_day = 2;
        }))
    }
}

fn only_so_many_exports_a_day(Scarce(world): &Scarce) {
    let supplier = world.supplier();
    export(world, &supplier);
    export(world, &supplier);
    let refused = ask(&supplier).expect(429);
    assert!(refused.problem() == "too_many_requests" && refused.body.contains('2'), "{}", refused.body);
    let here = world.browser(&supplier.email);
    let page = here.submit("/account/exports", "/account/exports", &[]).expect(200);
    assert!(page.body.contains("2 exports made in the last 24 hours"), "{}", page.body);
    world.clock.advance(Duration::hours(24));
    export(world, &supplier);
}
