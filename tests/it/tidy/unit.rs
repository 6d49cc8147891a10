//! The unit for systemd that the documentation shows: systemd finds nothing wrong with it, and the program stops in the time it is given.

use std::process::Command;

use super::source::root;

/// What is set in it; systemd passes over what it does not know.
const KEYS: &[&str] = &[
    "Description",
    "After",
    "Wants",
    "User",
    "Environment",
    "ExecStart",
    "Restart",
    "RestartSec",
    "TimeoutStopSec",
    "NoNewPrivileges",
    "PrivateTmp",
    "ProtectSystem",
    "ProtectHome",
    "ReadWritePaths",
    "WantedBy",
];
/// A stop may take so many seconds.
const STOPPED: u32 = 35;

/// The unit as it stands in the documentation.
fn unit() -> String {
    let page = std::fs::read_to_string(root().join("src/docs.rs")).unwrap();
    let lines = page.lines().map(|line| line.trim_start_matches("//!").trim());
    let lines = lines.skip_while(|line| *line != "```ini").skip(1).take_while(|line| *line != "```");
    lines.map(|line| format!("{line}\n")).collect()
}

#[test]
fn systemd_unit_is_valid() {
    let unit = unit();
    let set: Vec<(&str, &str)> = unit.lines().filter_map(|line| line.split_once('=')).collect();
    let value = |wanted: &str| set.iter().find(|(key, _)| *key == wanted).unwrap_or_else(|| panic!("no {wanted}")).1;
    assert!(set.iter().all(|(key, _)| KEYS.contains(key)), "{unit}");
    assert!(["[Unit]", "[Service]", "[Install]"].iter().all(|section| unit.contains(section)), "{unit}");
    assert!(value("TimeoutStopSec").parse::<u32>().unwrap() > STOPPED);
    let program = value("ExecStart").split(' ').next().unwrap();

    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("tradepost.service");
    std::fs::write(&file, unit.replace(program, env!("CARGO_BIN_EXE_tradepost"))).unwrap();
    // Without systemd the look at the keys has to do.
    let Ok(verified) = Command::new("systemd-analyze").arg("verify").arg(&file).output() else { return };
    let complaints = String::from_utf8_lossy(&verified.stderr);
    assert!(verified.status.success() && !complaints.contains("tradepost.service"), "{complaints}");
}
