//! `tradepost reindex`, and indexes that are found damaged, while the server answers.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use super::node::{Place, RaisedAtTheEnd, publish, total};
use crate::support::{Client, wait_for};

both!(running_server_reindexes_while_it_serves, missing_index_is_rebuilt, reindex_without_a_server_runs_in_the_command);

const SEARCH: &str = "/search/listings?limit=100";

fn found(client: &Client) -> BTreeSet<String> {
    let page = client.get(SEARCH).expect(200).json();
    page["data"].as_array().unwrap().iter().map(|hit| hit["id"].as_str().unwrap().to_owned()).collect()
}

/// Somebody writes and somebody searches all the while: every search finds what earlier ones found.
fn running_server_reindexes_while_it_serves(place: &Place) {
    let key = place.register();
    let _server = place.serve(&[]);
    let client = Client::new(&place.base(), Some(key.clone()));
    let first = publish(&client, "A-0");
    wait_for("the first listing to be found", || found(&client).contains(&first));
    let (ended, searches) = (AtomicBool::new(false), AtomicUsize::new(0));
    let published = std::thread::scope(|scope| {
        let end = RaisedAtTheEnd(&ended);
        let searcher = scope.spawn(|| {
            let client = Client::new(&place.base(), None);
            let mut most = 1;
            while !ended.load(Ordering::SeqCst) {
                let now = total(&client, SEARCH);
                assert!(now >= most, "a search found {now} listings after one that found {most}");
                most = now;
                searches.fetch_add(1, Ordering::SeqCst);
            }
        });
        let writer = scope.spawn(|| {
            let client = Client::new(&place.base(), Some(key.clone()));
            let numbers = (1..60).take_while(|_| !ended.load(Ordering::SeqCst));
            numbers.map(|number| publish(&client, &format!("A-{number}"))).collect::<BTreeSet<_>>()
        });
        for _ in 0..3 {
            let said = place.run(&["reindex"]);
            assert!(said.contains("documents indexed"), "{said}");
        }
        drop(end);
        searcher.join().unwrap();
        writer.join().unwrap()
    });
    assert!(searches.load(Ordering::SeqCst) > 5, "too few searches to prove anything");
    wait_for("everything to be found", || published.is_subset(&found(&client)));
    assert!(!place.data.join("index.next").exists() && !place.data.join("index.last").exists());
    assert!(!place.data.join("reindex").exists());
    let last = publish(&client, "A-last");
    wait_for("the new indexes to follow", || found(&client).contains(&last));
}

/// The folder is deleted under the running server: what is found stays found, and what is published afterwards is found too.
fn missing_index_is_rebuilt(place: &Place) {
    let key = place.register();
    let _server = place.serve(&[]);
    let client = Client::new(&place.base(), Some(key));
    let first = publish(&client, "D-1");
    wait_for("the first listing to be found", || found(&client).contains(&first));
    // What the server writes into the folder meanwhile keeps it there once.
    wait_for("the index to be gone", || std::fs::remove_dir_all(place.data.join("index")).is_ok());
    let second = publish(&client, "D-2");
    assert!(found(&client).contains(&first), "the server still answers");
    let both = BTreeSet::from([first, second]);
    wait_for("the index to be filled anew", || found(&client) == both);
    assert!(place.data.join("index/listings/meta.json").exists());
}

fn reindex_without_a_server_runs_in_the_command(place: &Place) {
    let key = place.register();
    let server = place.serve(&[]);
    let client = Client::new(&place.base(), Some(key));
    let id = publish(&client, "W-1");
    drop(server);
    let said = place.run(&["reindex"]);
    assert_eq!(said, "2 documents indexed\n", "a company and a listing");
    let _server = place.serve(&[]);
    assert_eq!(found(&client), BTreeSet::from([id]));
}
