//! Changes name the version they were made of, and nobody is sent what he has already.

use std::sync::Barrier;

use serde_json::{Value, json};

use crate::access::{Actors, walked};
use crate::support::{Client, World, market};

both!(every_change_requires_if_match, one_of_concurrent_writers_wins, unchanged_resource_is_answered_with_304,);

fn is_change(call: &str) -> bool {
    call.starts_with("PATCH ") || call.starts_with("DELETE ")
}

fn every_change_requires_if_match(world: &World) {
    let actors = Actors::enter(world);
    let mut changes = 0;
    for row in walked().into_iter().filter(|row| is_change(row.call) && !row.is_a_persons) {
        let (method, path) = row.call.split_once(' ').unwrap();
        let path = actors.fill(path, &actors.own_id(row.thing));
        let ask = |seen: Option<&str>| {
            let call = actors.own.call(method, &path);
            let call = seen.into_iter().fold(call, |call, seen| call.header("If-Match", seen));
            if method == "PATCH" { call.merge_patch(&row.body).send() } else { call.send() }
        };
        assert_eq!(ask(None).expect(428).problem(), "precondition_required", "{}", row.call);
        for stale in ["\"v0\"", "\"v999\"", "nonsense", "\"\"", "W/\"v0\""] {
            assert_eq!(ask(Some(stale)).expect(412).problem(), "stale", "{} {stale}", row.call);
        }
        changes += 1;
    }
    assert!(changes >= 5, "only {changes} changes were walked");
}

fn one_of_concurrent_writers_wins(world: &World) {
    let party = world.buyer();
    let listing = party.post("/listings", &market::listing("RACE-1")).expect(201).id();
    let rfq = party.post("/rfqs", &market::rfq("Valves in a race")).expect(201).id();
    let brand = |n: usize| json!({"brand": format!("Aldra {n}")});
    let place = |n: usize| json!({"destination_place": format!("Hamburg {n}")});
    let year = |n: usize| json!({"year": 1900 + n});
    let changes: [(String, &(dyn Fn(usize) -> Value + Sync)); 3] = [
        (format!("/listings/{listing}"), &brand),
        (format!("/rfqs/{rfq}"), &place),
        (format!("/companies/{}", party.company), &year),
    ];
    for (path, change) in changes {
        for round in 0..5 {
            let seen = party.get(&path).expect(200).header("etag").unwrap().to_owned();
            let statuses = at_once(&party, |client, n| {
                let change = change(1 + round * 8 + n);
                client.call("PATCH", &path).header("If-Match", &seen).merge_patch(&change).send().status
            });
            assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1, "{path}: {statuses:?}");
            assert!(statuses.iter().all(|status| [200, 412].contains(status)), "{path}: {statuses:?}");
        }
    }
    let path = format!("/listings/{listing}");
    let seen = party.get(&path).expect(200).header("etag").unwrap().to_owned();
    let statuses = at_once(&party, |client, _| client.call("DELETE", &path).header("If-Match", &seen).send().status);
    assert_eq!(statuses.iter().filter(|status| **status == 204).count(), 1, "{statuses:?}");
    assert!(statuses.iter().all(|status| [204, 404, 412].contains(status)), "{statuses:?}");
}

/// Eight writers at the same moment, by their numbers.
fn at_once(party: &Client, write: impl Fn(&Client, usize) -> u16 + Sync) -> Vec<u16> {
    let start = Barrier::new(8);
    std::thread::scope(|scope| {
        let writers: Vec<_> = (0..8)
            .map(|n| {
                let (start, write) = (&start, &write);
                scope.spawn(move || {
                    let client = party.another();
                    start.wait();
                    write(&client, n)
                })
            })
            .collect();
        writers.into_iter().map(|writer| writer.join().unwrap()).collect()
    })
}

fn unchanged_resource_is_answered_with_304(world: &World) {
    let actors = Actors::enter(world);
    let mut tagged = 0;
    for row in walked().into_iter().filter(|row| row.call.starts_with("GET ")) {
        let path = actors.fill(row.call.strip_prefix("GET ").unwrap(), &actors.own_id(row.thing));
        let seen = actors.own.get(&path);
        let Some(tag) = seen.header("etag").map(str::to_owned) else { continue };
        let ask = |tag: &str| actors.own.call("GET", &path).header("If-None-Match", tag).send();
        for matching in [tag.clone(), format!("W/{tag}"), format!("\"other\", {tag}"), "*".to_owned()] {
            let same = ask(&matching).expect(304);
            assert_eq!((same.body.as_str(), same.header("etag")), ("", Some(tag.as_str())), "{path} {matching}");
        }
        assert_eq!(ask("\"v0\"").expect(200).body, seen.body, "{path}");
        tagged += 1;
    }
    assert!(tagged >= 6, "only {tagged} resources have a tag");
    // A partnership's totals change without its version; its tag is still good for a change of it.
    let partnership = actors.own.get("/partnerships").expect(200).text("/data/0/id");
    let path = format!("/partnerships/{partnership}");
    let before = actors.own.get(&path).expect(200).header("etag").unwrap().to_owned();
    let reason = json!({"reason": "The season is over"});
    let end = |client: &Client, seen: &str, body: &Value| {
        client.call("POST", &format!("{path}/end")).header("If-Match", seen).json(body).send()
    };
    end(&actors.own, "\"v0.0000000000000000\"", &reason).expect(412);
    end(&actors.own, &before, &reason).expect(200);
    let after = actors.own.call("GET", &path).header("If-None-Match", &before).send();
    after.expect(200);
}
