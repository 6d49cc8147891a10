//! The program as an operator runs it: real processes on a database and a data folder.

use std::ffi::OsString;
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use serde_json::json;

use crate::support::{Client, Database, Setup, market, wait_for};

/// A database with a company in it, and the data folder of its server, which does not run yet.
pub struct Place {
    pub database: Database,
    pub data: PathBuf,
    pub port: u16,
}

impl Setup for Place {
    fn on(database: Database) -> Self {
        let data = database.folder().join("served");
        std::fs::create_dir_all(&data).unwrap();
        Self { database, data, port: free_port() }
    }
}

/// A loopback port that nobody has at the moment.
pub fn free_port() -> u16 {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port()
}

/// A running process, killed with this value.
pub struct Process(pub Child);

impl Drop for Process {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

impl Place {
    /// The program on this database and folder.
    pub fn program(&self, arguments: &[&str]) -> Command {
        program(&self.database.url, &self.data, arguments)
    }

    /// Runs a command to its end; what it printed, if it succeeded.
    #[track_caller]
    pub fn run(&self, arguments: &[&str]) -> String {
        finish(self.program(arguments))
    }

    /// Runs a command that has to fail; what it said on standard error.
    #[track_caller]
    pub fn refused(&self, arguments: &[&str]) -> String {
        refused(self.program(arguments))
    }

    pub fn base(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Starts the server and does not wait.
    pub fn launch(&self, more: &[(&str, &str)]) -> Process {
        let mut command = self.program(&["serve", "--listen", &format!("127.0.0.1:{}", self.port)]);
        command.envs(more.iter().copied()).stdout(Stdio::null());
        Process(command.spawn().unwrap())
    }

    /// Whether the server is ready; it must not have ended.
    pub fn is_ready(&self, process: &mut Process) -> bool {
        assert!(process.0.try_wait().unwrap().is_none(), "the server ended by itself");
        status_of(&format!("{}/readyz", self.base())) == Some(200)
    }

    /// Starts the server and waits until it is ready.
    pub fn serve(&self, more: &[(&str, &str)]) -> Process {
        let mut process = self.launch(more);
        wait_for("the server to be ready", || self.is_ready(&mut process));
        process
    }

    /// A company with a key for everything that these tests do.
    pub fn register(&self) -> String {
        let file = self.database.folder().join("company.ndjson");
        std::fs::write(
            &file,
            "{\"type\":\"company\",\"ref\":\"forge\",\"name\":\"Forge of Trials\",\"country\":\"CN\"}\n",
        )
        .unwrap();
        self.run(&["load", file.to_str().unwrap()]);
        let scopes =
            "catalog:read,catalog:write,rfqs:read,rfqs:write,account:read,account:write,documents:read,documents:write";
        self.run(&["admin", "key", "forge", "--scopes", scopes]).trim().to_owned()
    }

    /// Another company asks for what the first one sells; who belongs to that one gets an e-mail.
    pub fn ask_for_valves(&self) {
        let file = self.database.folder().join("buyer.ndjson");
        std::fs::write(&file, "{\"type\":\"company\",\"ref\":\"buyer\",\"name\":\"Nordwind\",\"country\":\"DE\"}\n")
            .unwrap();
        self.run(&["load", file.to_str().unwrap()]);
        let key = self.run(&["admin", "key", "buyer", "--scopes", "rfqs:read,rfqs:write"]);
        let buyer = Client::new(&self.base(), Some(key.trim().to_owned()));
        let id = buyer.post("/rfqs", &market::rfq("Brass ball valves DN20")).expect(201).id();
        buyer.post(&format!("/rfqs/{id}/publish"), &json!({})).expect(200);
    }
}

/// The program as it is released, where the nightly run has built it: what is measured is measured by that one.
fn released() -> Option<OsString> {
    std::env::var_os("TRADEPOST_TEST_PROGRAM")
}

pub fn program(database: &str, data: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(released().unwrap_or_else(|| env!("CARGO_BIN_EXE_tradepost").into()));
    command.args(arguments).args(["--database", database, "--data"]).arg(data).stdin(Stdio::null());
    command.env("TRADEPOST__LIMITS__ENABLED", "false").env("TRADEPOST__SEARCH__WRITER_MIB", "15");
    command.env("RUST_LOG", "error,actix_http=off");
    command
}

#[track_caller]
pub fn finish(mut command: Command) -> String {
    let Output { status, stdout, stderr } = command.output().unwrap();
    assert!(status.success(), "{command:?}: {}", String::from_utf8_lossy(&stderr));
    String::from_utf8(stdout).unwrap()
}

#[track_caller]
pub fn refused(mut command: Command) -> String {
    let Output { status, stdout, stderr } = command.output().unwrap();
    let words = String::from_utf8_lossy(&stderr).into_owned();
    assert_eq!(status.code(), Some(1), "{command:?}: {words}{}", String::from_utf8_lossy(&stdout));
    words
}

/// The status of an address; none while nobody answers.
pub fn status_of(url: &str) -> Option<u16> {
    let config =
        ureq::Agent::config_builder().http_status_as_error(false).timeout_global(Some(Duration::from_secs(10)));
    config.build().new_agent().get(url).call().ok().map(|answer| answer.status().as_u16())
}

/// Raises the flag when it goes, so that threads that look at it end however the test does.
pub struct RaisedAtTheEnd<'f>(pub &'f AtomicBool);

impl Drop for RaisedAtTheEnd<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

/// Makes a listing and publishes it; its id.
#[track_caller]
pub fn publish(client: &Client, sku: &str) -> String {
    let id = client.post("/listings", &market::listing(sku)).expect(201).id();
    client.post(&format!("/listings/{id}/publish"), &json!({})).expect(200);
    id
}

/// How many documents a search finds.
pub fn total(client: &Client, path: &str) -> usize {
    usize::try_from(client.get(path).expect(200).json()["total"].as_u64().unwrap()).unwrap()
}
