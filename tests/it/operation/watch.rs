//! What can be watched: `/metrics` on an address of its own, and a log for machines.

use std::fs::File;

use serde_json::{Value, json};

use super::node::{Place, free_port, publish, status_of};
use crate::support::{Client, wait_for};

both!(metrics_are_served_on_their_own_address, metrics_show_stuck_work, json_log_holds_no_personal_data);

fn scrape(port: u16) -> String {
    let mut answer = ureq::get(format!("http://127.0.0.1:{port}/metrics")).call().unwrap();
    answer.body_mut().read_to_string().unwrap()
}

/// The value of a series.
#[track_caller]
fn value(text: &str, series: &str) -> f64 {
    let line = text.lines().find(|line| line.strip_prefix(series).is_some_and(|rest| rest.starts_with(' ')));
    let line = line.unwrap_or_else(|| panic!("no {series} in\n{text}"));
    line.rsplit(' ').next().unwrap().parse().unwrap()
}

fn metrics_are_served_on_their_own_address(place: &Place) {
    let key = place.register();
    let port = free_port();
    let address = format!("127.0.0.1:{port}");
    let _server = place.serve(&[("TRADEPOST_METRICS_LISTEN", &address)]);
    assert_eq!(status_of(&format!("{}/metrics", place.base())), Some(404), "never where the world reaches it");
    assert_eq!(status_of(&format!("http://{address}/readyz")), Some(404), "and nothing else is there");

    let client = Client::new(&place.base(), Some(key));
    publish(&client, "W-1");
    client.get("/search/listings?q=secret-word-of-somebody").expect(200);
    client.get("/listings/lst_0000000000000").expect(404);
    client.call("GET", "/no/such/route").send().expect(404);
    let mut text = String::new();
    wait_for("jobs and index to be done", || {
        text = scrape(port);
        value(&text, "tradepost_index_lag_changes") == 0.0 && text.contains("tradepost_job_runs_total")
    });
    let requests = |labels: &str| value(&text, &format!("tradepost_requests_total{{{labels}}}"));
    assert_eq!(requests("method=\"POST\",route=\"/api/v1/listings\",status=\"201\""), 1.0);
    assert_eq!(requests("method=\"POST\",route=\"/api/v1/listings/{id}/publish\",status=\"200\""), 1.0);
    assert_eq!(requests("method=\"GET\",route=\"/api/v1/listings/{id}\",status=\"404\""), 1.0);
    assert_eq!(requests("method=\"GET\",route=\"none\",status=\"404\""), 2.0);
    assert_eq!(value(&text, "tradepost_search_seconds_count{kind=\"listings\"}"), 1.0);
    assert_eq!(value(&text, "tradepost_index_documents{kind=\"listings\"}"), 1.0);
    assert_eq!(value(&text, "tradepost_mails{state=\"dead\"}"), 0.0);
    assert!(value(&text, "tradepost_database_connections{pool=\"read\",state=\"idle\"}") >= 1.0);
    assert_eq!(value(&text, "tradepost_database_sound"), 1.0);
    assert!(value(&text, "process_resident_memory_bytes") > 1e6);
    for unwanted in ["secret-word", "lst_0", "Forge"] {
        assert!(!text.contains(unwanted), "{unwanted} is in\n{text}");
    }
}

/// A server whose index sleeps after its first step and that runs no jobs: an e-mail waits, and what is published is not found.
fn metrics_show_stuck_work(place: &Place) {
    let key = place.register();
    let port = free_port();
    let start = |more: &[&str]| {
        let listen = format!("127.0.0.1:{}", place.port);
        let mut command = place.program(&[&["serve", "--listen", &listen][..], more].concat());
        command.env("TRADEPOST_METRICS_LISTEN", format!("127.0.0.1:{port}")).stdout(std::process::Stdio::null());
        command.env("TRADEPOST__SEARCH__COMMIT_EVERY_MS", if more.is_empty() { "150" } else { "3600000" });
        let server = super::node::Process(command.spawn().unwrap());
        wait_for("the server to be up", || status_of(&format!("{}/livez", place.base())) == Some(200));
        server
    };
    let held_up = start(&["--no-workers"]);
    let client = Client::new(&place.base(), Some(key));
    let company = client.get("/me").expect(200).text("/company");
    let invited = json!({"email": "anna@forge.example", "role": "viewer"});
    client.post(&format!("/companies/{company}/members"), &invited).expect(201);
    let (mut text, mut number) = (String::new(), 0);
    wait_for("the index to be behind for a second, and a job to be as old", || {
        number += 1;
        publish(&client, &format!("H-{number}"));
        text = scrape(port);
        value(&text, "tradepost_index_lag_seconds") >= 1.0 && value(&text, "tradepost_oldest_due_job_seconds") >= 1.0
    });
    assert!(value(&text, "tradepost_index_lag_changes") >= 1.0, "{text}");
    assert!(value(&text, "tradepost_mails{state=\"waiting\"}") >= 1.0, "{text}");
    drop(held_up);
    let _server = start(&[]);
    let held_up = ["index_lag_seconds", "index_lag_changes", "oldest_due_job_seconds", "mails{state=\"waiting\"}"];
    wait_for("nothing to be held up any more", || {
        text = scrape(port);
        held_up.iter().all(|series| value(&text, &format!("tradepost_{series}")) == 0.0)
    });
}

fn json_log_holds_no_personal_data(place: &Place) {
    let key = place.register();
    let log = place.database.folder().join("log");
    let mut command = place.program(&["serve", "--listen", &format!("127.0.0.1:{}", place.port)]);
    command.env("TRADEPOST__LOG__FORMAT", "json").env("TRADEPOST__LOG__REQUESTS", "all").env("RUST_LOG", "debug");
    command.stdout(std::process::Stdio::null()).stderr(File::create(&log).unwrap());
    let server = super::node::Process(command.spawn().unwrap());
    wait_for("the server to be ready", || status_of(&format!("{}/readyz", place.base())) == Some(200));

    let client = Client::new(&place.base(), Some(key));
    let id = publish(&client, "L-1");
    let named = client.call("GET", &format!("/listings/{id}?x=1")).header("X-Request-Id", "my-own-id-7").send();
    assert!(named.status < 500);
    client.get("/search/listings?q=secret-word-of-somebody").expect(200);
    let lines = || -> Vec<Value> {
        let text = std::fs::read_to_string(&log).unwrap();
        // The last line may be half written.
        let (whole, _) = text.rsplit_once('\n').unwrap_or_default();
        whole.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"))).collect()
    };
    let is_of = |line: &Value, message: &str| line["message"] == message;
    wait_for("the job to be run", || lines().iter().any(|line| is_of(line, "job") && line["outcome"] == "done"));
    drop(server);
    let lines = lines();
    let request = lines.iter().find(|line| line["request"] == "my-own-id-7").expect("the request has a line");
    assert_eq!(request["route"], "/api/v1/listings/{id}");
    assert_eq!(request["method"], "GET");
    assert!(request["status"].is_u64() && request["ms"].is_number(), "{request}");
    assert!(request["time"].is_string() && request["level"] == "INFO", "{request}");
    let ours =
        lines.iter().filter(|line| line["target"].as_str().is_some_and(|target| target.starts_with("tradepost")));
    for line in ours {
        let text = line.to_string();
        for unwanted in ["secret-word", "Forge of Trials", "tp_live_"] {
            assert!(!text.contains(unwanted), "{unwanted} is in {text}");
        }
    }
}
