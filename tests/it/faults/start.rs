//! Many processes that start at once, on nothing.

use crate::support::wait_for;
use std::process::{Child, Command, Stdio};

/// How many start.
const AT_ONCE: usize = 10;

fn program(data: &std::path::Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tradepost"));
    command.args(arguments).arg("--data").arg(data).env("RUST_LOG", "error");
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// One of them gets to serve, the others are refused; nobody meets an error of the database.
#[test]
fn one_of_ten_servers_on_a_new_folder_serves() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let start = |_| program(&data, &["serve", "--listen", "127.0.0.1:0"]).spawn().unwrap();
    let mut all: Vec<Child> = (0..AT_ONCE).map(start).collect();
    let mut refused = 0;
    wait_for("all but one to end", || {
        refused = all.iter_mut().filter_map(|one| one.try_wait().unwrap()).count();
        refused == AT_ONCE - 1
    });
    for mut one in all {
        let still_serves = one.try_wait().unwrap().is_none();
        if still_serves {
            one.kill().unwrap();
        }
        let ended = one.wait_with_output().unwrap();
        let words = String::from_utf8_lossy(&ended.stderr).into_owned();
        assert!(!words.contains("locked") && !words.contains("panicked"), "{words}");
        assert!(still_serves || words.contains("serves the data folder"), "{words}");
    }
}

/// Commands that only write the database take turns, from its first table on.
#[test]
fn ten_concurrent_commands_on_a_new_folder_succeed() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let companies = folder.path().join("companies.ndjson");
    std::fs::write(&companies, "{\"type\":\"company\",\"ref\":\"forge\",\"name\":\"Forge\",\"country\":\"CN\"}\n")
        .unwrap();
    let file = companies.to_str().unwrap();
    let commands: [&[&str]; 2] = [&["migrate"], &["load", file]];
    let all: Vec<Child> = (0..AT_ONCE).map(|number| program(&data, commands[number % 2]).spawn().unwrap()).collect();
    for one in all {
        let ended = one.wait_with_output().unwrap();
        assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
    }
}
