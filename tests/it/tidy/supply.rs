//! What others made and we build on: licences, names and sources as `deny.toml` allows them, and no crate that fetches something
//! while it is built. (`cargo deny` reads the same file in `.ci/run`; this looks wherever the tests are run.)

use std::process::Command;

use serde_json::Value;
use spdx::{Expression, LicenseReq, ParseMode};

use super::none;
use super::source::root;

/// Build scripts that know how to fetch, the feature that keeps them from it, and why that is enough.
const FETCHERS: &[(&str, &str)] = &[("utoipa-swagger-ui", "vendored")];
/// The words by which such a build script is known.
const FETCHING: &[&str] = &["reqwest", "ureq", "curl", "wget", "hyper", "TcpStream", "git2", "download"];

fn said_by(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).current_dir(root()).output().unwrap();
    assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Everything that is built for this machine, as cargo describes it.
fn metadata() -> Value {
    let about = said_by("rustc", &["-vV"]);
    let host = about.lines().find_map(|line| line.strip_prefix("host: ")).unwrap();
    let arguments = ["metadata", "--format-version", "1", "--locked", "--offline", "--filter-platform", host];
    serde_json::from_str(&said_by(env!("CARGO"), &arguments)).unwrap()
}

fn policy() -> toml::Table {
    std::fs::read_to_string(root().join("deny.toml")).unwrap().parse().unwrap()
}

fn texts(list: &toml::Value) -> Vec<&str> {
    list.as_array().unwrap().iter().filter_map(toml::Value::as_str).collect()
}

fn text<'v>(value: &'v Value, member: &str) -> &'v str {
    value[member].as_str().unwrap_or_default()
}

#[test]
fn every_dependency_is_allowed() {
    let (metadata, policy) = (metadata(), policy());
    let allowed = texts(&policy["licenses"]["allow"]);
    let registry = texts(&policy["sources"]["allow-registry"]);
    let banned = policy["bans"]["deny"].as_array().unwrap();
    let mut complaints = Vec::new();
    let packages = metadata["packages"].as_array().unwrap();
    assert!(packages.len() > 200, "the crates were not read");
    for package in packages {
        let name = text(package, "name");
        let licence = text(package, "license");
        let is_allowed = |wanted: &LicenseReq| allowed.contains(&wanted.to_string().as_str());
        let expression = Expression::parse_mode(licence, ParseMode::LAX);
        if !expression.is_ok_and(|expression| expression.evaluate(is_allowed)) {
            complaints.push(format!("{name}: the licence {licence:?} is not allowed"));
        }
        let source = text(package, "source");
        if name != "tradepost" && !registry.iter().any(|known| source.strip_prefix("registry+") == Some(known)) {
            complaints.push(format!("{name} comes from {source:?}"));
        }
        if let Some(ban) = banned.iter().find(|ban| ban["crate"].as_str() == Some(name)) {
            complaints.push(format!("{name} is banned: {}", ban["reason"]));
        }
    }
    none(&complaints);
}

#[test]
fn no_build_script_downloads() {
    let metadata = metadata();
    let mut complaints = Vec::new();
    let mut read = 0;
    for package in metadata["packages"].as_array().unwrap() {
        let name = text(package, "name");
        let targets = package["targets"].as_array().unwrap();
        let is_script = |target: &&Value| target["kind"].as_array().unwrap().iter().any(|kind| kind == "custom-build");
        for script in targets.iter().filter(is_script) {
            let source = std::fs::read_to_string(text(script, "src_path")).unwrap();
            read += 1;
            let fetches = FETCHING.iter().any(|word| super::source::places(&source, word).next().is_some());
            if fetches && !FETCHERS.iter().any(|(known, feature)| *known == name && is_on(&metadata, name, feature)) {
                complaints.push(format!("{name} can fetch something while it is built"));
            }
        }
    }
    assert!(read > 20, "the build scripts were not read");
    none(&complaints);
}

/// Whether the crate is built with the feature.
fn is_on(metadata: &Value, name: &str, feature: &str) -> bool {
    let nodes = metadata["resolve"]["nodes"].as_array().unwrap();
    let is_it = |node: &&Value| text(node, "id").contains(&format!("#{name}@"));
    nodes.iter().find(is_it).is_some_and(|node| node["features"].as_array().unwrap().iter().any(|on| on == feature))
}
