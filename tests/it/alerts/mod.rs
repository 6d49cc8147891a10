//! Searches that people keep, and what comes of them.

mod delivery;
mod matching;
mod notifications;
mod saved;

use serde_json::{Value, json};

use crate::support::Client;

/// Saves a search and answers its id.
#[track_caller]
pub fn save(client: &Client, kind: &str, query: &str, frequency: &str) -> String {
    let body = json!({"name": query, "kind": kind, "query": query, "frequency": frequency});
    client.post("/saved-searches", &body).expect(201).id()
}

/// The items of a list.
#[track_caller]
pub fn data(client: &Client, path: &str) -> Vec<Value> {
    client.get(path).expect(200).json()["data"].as_array().unwrap().clone()
}
