//! How imports run: in turn, on after a stop, and in bounded steps.

use std::sync::Arc;

use chrono::Duration;
use serde_json::{Value, json};
use tradepost::workers::{Workers, sweep};

use super::{counts, import, send, skus};
use crate::support::{Client, World, amount};

both!(
    a_run_that_is_broken_off_goes_on_behind_what_is_stored,
    imports_of_a_company_run_one_after_the_other,
    imports_are_forgotten_with_their_files_after_thirty_days,
    only_so_many_imports_wait,
    a_large_file_is_read_to_its_end,
);

fn numbered(rows: usize, name: &str) -> String {
    let lines: Vec<String> = (0..rows).map(|at| format!("N-{at},{name} {at}")).collect();
    format!("sku,name\n{}\nN-3,Again\n,Nameless\n", lines.join("\n"))
}

/// Another process that stops as soon as it may: it deals with one part of what is due.
fn stopping_process(world: &World) {
    let other = world.another(|_| {});
    other.app.notify.stop();
    Workers::new(Arc::clone(&other.app)).drain().unwrap();
}

fn shown(client: &Client, id: &str) -> Value {
    client.get(&format!("/imports/{id}")).expect(200).json()
}

fn a_run_that_is_broken_off_goes_on_behind_what_is_stored(world: &World) {
    let supplier = world.supplier();
    let id = send(&supplier, "format=csv&publish=true&mode=replace", numbered(450, "Pipe").as_bytes()).expect(202).id();
    for rows in [200, 400] {
        stopping_process(world);
        let running = shown(&supplier, &id);
        assert_eq!((running["state"].as_str(), running["counts"]["rows"].as_i64()), (Some("running"), Some(rows)));
        world.clock.advance(Duration::seconds(1));
    }
    world.drain();
    let over = shown(&supplier, &id);
    assert_eq!(
        (over["state"].as_str(), counts(&over), over["counts"]["rows"].as_i64()),
        (Some("finished"), [450, 0, 0, 2, 0, 0], Some(452))
    );
    // What the earlier runs have read is known to the last one: the repeated SKU, and the row without one.
    assert_eq!(over["refused_rows"][0]["faults"][0]["code"], "contradiction");
    assert!(over["problem"].as_str().unwrap().contains("Nothing was paused"), "{over}");
    let events = supplier.get("/events?limit=100").expect(200).json();
    assert_eq!(events["data"][99]["type"], "listing.published");
    assert_eq!(
        counts(&import(world, &supplier, "format=csv&publish=true", &numbered(450, "Pipe"))),
        [0, 0, 450, 2, 0, 0]
    );
}

fn imports_of_a_company_run_one_after_the_other(world: &World) {
    let (supplier, other) = (world.supplier(), world.party("Another Supplier", "TR"));
    let first = send(&supplier, "format=csv", numbered(300, "Old").as_bytes()).expect(202).id();
    let second = send(&supplier, "format=csv", numbered(300, "New").as_bytes()).expect(202).id();
    let foreign = send(&other, "format=csv", b"sku,name\nA,One\n").expect(202).id();
    stopping_process(world);
    let states = || {
        [shown(&supplier, &first), shown(&supplier, &second), shown(&other, &foreign)]
            .map(|import| import["state"].clone())
    };
    assert_eq!(states(), ["running", "queued", "finished"]);
    world.pass(Duration::seconds(1));
    assert_eq!(states(), ["finished", "finished", "finished"]);
    assert_eq!((counts(&shown(&supplier, &first))[0], counts(&shown(&supplier, &second))[1]), (300, 300));
}

fn imports_are_forgotten_with_their_files_after_thirty_days(world: &World) {
    let supplier = world.supplier();
    let old = import(world, &supplier, "format=csv", "sku,name\nA,\n");
    world.clock.advance(Duration::days(20));
    let new = import(world, &supplier, "format=csv", "sku,name\nB,\n");
    world.clock.advance(Duration::days(11));
    sweep(&world.app).unwrap();
    let left = supplier.get("/imports").expect(200).json();
    let ids: Vec<&Value> = left["data"].as_array().unwrap().iter().map(|import| &import["id"]).collect();
    assert_eq!(ids, [&new["id"]]);
    assert_eq!(supplier.get(&format!("/imports/{}", old["id"].as_str().unwrap())).expect(404).problem(), "not_found");
    world.clock.advance(Duration::hours(2));
    sweep(&world.app).unwrap();
    let folder = world.app.config.blobs_folder();
    let files =
        std::fs::read_dir(folder).unwrap().flatten().flat_map(|sub| std::fs::read_dir(sub.path()).unwrap().flatten());
    assert_eq!(files.count(), 1, "the file that is still kept");
}

fn only_so_many_imports_wait(world: &World) {
    let supplier = world.supplier();
    for _ in 0..20 {
        send(&supplier, "format=csv", b"sku,name\nA,One\n").expect(202);
    }
    assert_eq!(send(&supplier, "format=csv", b"sku,name\nA,One\n").expect(409).problem(), "conflict");
    world.drain();
    send(&supplier, "format=csv", b"sku,name\nA,One\n").expect(202);
    world.drain();
    assert_eq!(
        (skus(&supplier, "draft"), json!(21)),
        (
            vec!["A".to_owned()],
            json!(supplier.get("/imports?limit=100").expect(200).json()["data"].as_array().unwrap().len())
        )
    );
}

/// The nightly run sets the variable to 20 000.
fn rows() -> usize {
    amount("TRADEPOST_TEST_IMPORT_ROWS", 1_200)
}

fn a_large_file_is_read_to_its_end(world: &World) {
    let supplier = world.supplier();
    let rows = i64::try_from(rows()).unwrap();
    let line = |at: i64| match at % 50 {
        // Every fiftieth row is wrong.
        0 => format!("L-{at},,12.50,EUR"),
        _ => format!("L-{at},\"Pipe {at}, seamless\",12.50,EUR"),
    };
    let lines: Vec<String> = (1..=rows).map(line).collect();
    let file = format!("sku,name,price,currency\n{}\n", lines.join("\n"));
    let wrong = rows / 50;
    let first = import(world, &supplier, "format=csv", &file);
    assert_eq!(
        (counts(&first)[..4].to_vec(), first["counts"]["rows"].as_i64()),
        (vec![rows - wrong, 0, 0, wrong], Some(rows))
    );
    let errors = supplier.get(&format!("/imports/{}/errors.csv", first["id"].as_str().unwrap())).expect(200);
    assert_eq!(errors.body.lines().count(), usize::try_from(wrong).unwrap() + 1);
    let out = supplier.get("/exports/catalog?format=csv").expect(200);
    assert_eq!(counts(&import(world, &supplier, "format=csv", &out.body))[..4], [0, 0, rows - wrong, 0]);
}
