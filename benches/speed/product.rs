//! Tradepost itself: loading, serving, rebuilding its index, and how soon a change is found.

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::load_generator;
use crate::server::{CONNECTIONS, Server, free_port};

/// Changes whose time to the index is measured.
const CHANGES: usize = 10;

fn tradepost(data: &Path, database: Option<&str>) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tradepost"));
    command.arg("--data").arg(data).env("TRADEPOST__LIMITS__ENABLED", "false").stderr(Stdio::null());
    if let Some(url) = database {
        command.args(["--database", url]);
    }
    command
}

/// Runs a command to its end; answers its time and the most memory that it had, in MiB.
fn timed(command: &mut Command) -> (Duration, u64) {
    let begun = Instant::now();
    let mut child = command.stdout(Stdio::null()).spawn().unwrap();
    let mut peak = 0;
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        let known = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
        let line = known.lines().find(|line| line.starts_with("VmHWM"));
        let kib = line.and_then(|line| line.split_whitespace().nth(1)?.parse::<u64>().ok());
        peak = peak.max(kib.unwrap_or(0) >> 10);
        std::thread::sleep(Duration::from_millis(20));
    };
    assert!(status.success(), "{command:?} failed");
    (begun.elapsed(), peak)
}

/// How many bytes the files below the folder have.
fn size_of(folder: &Path) -> u64 {
    let entries = std::fs::read_dir(folder).unwrap();
    entries
        .map(|entry| {
            let entry = entry.unwrap();
            if entry.file_type().unwrap().is_dir() { size_of(&entry.path()) } else { entry.metadata().unwrap().len() }
        })
        .sum()
}

/// Loads the market, rebuilds the index once for its time, and serves.
pub fn load(name: &'static str, file: &Path, data: &Path, database: Option<&str>, listings: usize) -> Server {
    let per_second = |time: Duration| listings as f64 / time.as_secs_f64();
    let (time, peak) = timed(tradepost(data, database).arg("load").arg(file).arg("--publish"));
    println!("{name:>24}: loaded and indexed at {:.0} listings/s, {peak} MiB of memory at most", per_second(time));
    let (time, peak) = timed(tradepost(data, database).arg("reindex"));
    let bytes = size_of(&data.join("index")) / listings as u64;
    println!("{name:>24}: index rebuilt at {:.0} listings/s, {peak} MiB; {bytes} bytes a listing", per_second(time));
    let address = free_port();
    let mut command = tradepost(data, database);
    command.args(["--listen", &address.to_string(), "serve"]);
    Server::start(name, address, data.to_owned(), &mut command, "/readyz")
}

/// Changes listings while the searches go on, and prints how soon each change was found.
pub fn watch(server: Server, queries: &[String]) {
    let output = tradepost(&server.data, None)
        .args(["admin", "key", "s0", "--scopes", "catalog:read,catalog:write"])
        .stderr(Stdio::inherit())
        .output()
        .unwrap();
    let key = format!("Bearer {}", String::from_utf8(output.stdout).unwrap().trim());
    let stop = AtomicBool::new(false);
    let waits = std::thread::scope(|scope| {
        scope.spawn(|| {
            while !stop.load(Ordering::Relaxed) {
                load_generator::run(&server, server.workloads()[0].1, queries, CONNECTIONS, Duration::from_millis(500));
            }
        });
        let waits: Vec<Duration> = (0..CHANGES).map(|n| wait_for(&server, &key, n)).collect();
        stop.store(true, Ordering::Relaxed);
        waits
    });
    let slowest = waits.iter().max().unwrap();
    println!(
        "\na change is found after {:.0} ms at most of {CHANGES}, while {CONNECTIONS} connections search",
        slowest.as_secs_f64() * 1e3
    );
}

/// Publishes a listing and waits until a search finds it.
fn wait_for(server: &Server, key: &str, n: usize) -> Duration {
    let word = format!("CHANGE{n}X{}", std::process::id());
    let at = |path: &str| format!("http://{}/api/v1{path}", server.address);
    let made =
        ureq::post(at("/listings")).header("Authorization", key).send_json(json!({"sku": word, "name": word})).unwrap();
    let made: Value = made.into_body().read_json().unwrap();
    let id = made["id"].as_str().unwrap();
    ureq::post(at(&format!("/listings/{id}/publish"))).header("Authorization", key).send_json(json!({})).unwrap();
    let published = Instant::now();
    loop {
        let found = ureq::get(at(&format!("/search/listings?q={word}"))).call().unwrap();
        let found: Value = found.into_body().read_json().unwrap();
        if found["data"].as_array().unwrap().iter().any(|hit| hit["id"] == id) {
            return published.elapsed();
        }
        assert!(published.elapsed() < Duration::from_secs(30), "a change is not found");
        std::thread::sleep(Duration::from_millis(10));
    }
}
