//! `tradepost load`: a market in a file, loaded whole, again, damaged, strictly, and only for show.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::{Value, json};

use crate::support::{Client, Database, Setup, World};

both!(
    a_market_loads_whole,
    loading_again_changes_nothing,
    what_differs_is_changed,
    damaged_lines_are_named_and_the_rest_loads,
    a_dry_run_stores_nothing,
);

const COMPANIES: usize = 20;
const LISTINGS: usize = 440;
const RFQS: usize = 60;

/// A world that the program itself loads into, on the same data folder and database.
struct Port {
    world: World,
    url: String,
    folder: PathBuf,
}

impl Setup for Port {
    fn on(database: Database) -> Self {
        let (url, folder) = (database.url.clone(), database.folder());
        Self { world: World::on(database), url, folder }
    }
}

impl Port {
    fn file(&self, name: &str, lines: &[String]) -> PathBuf {
        let path = self.folder.join(name);
        std::fs::write(&path, lines.join("\n") + "\n").unwrap();
        path
    }

    fn load(&self, file: &Path, options: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_tradepost"))
            .arg("load")
            .arg(file)
            .args(options)
            .args(["--database", &self.url, "--data"])
            .arg(self.folder.join("program"))
            .env("RUST_LOG", "warn")
            .output()
            .unwrap()
    }

    /// Loads, expecting success, and answers the summary.
    #[track_caller]
    fn loaded(&self, file: &Path, options: &[&str]) -> String {
        let output = self.load(file, options);
        assert!(output.status.success(), "{}", errors(&output));
        said(&output)
    }

    /// How many published listings, companies and open RFQs the search knows.
    fn totals(&self) -> [u64; 3] {
        self.world.drain();
        let nobody = self.world.anonymous();
        ["listings", "companies", "rfqs"].map(|kind| total(&nobody, &format!("/search/{kind}")))
    }
}

fn total(client: &Client, path: &str) -> u64 {
    client.get(path).expect(200).json()["total"].as_u64().unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).trim().lines().last().unwrap_or_default().to_owned()
}

fn errors(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn company(number: usize) -> Value {
    let countries = ["CN", "DE", "TR", "IN", "ES", "MX", "VN", "IT"];
    json!({
        "type": "company",
        "ref": format!("company-{number}"),
        "name": format!("Werkstatt {number}"),
        "country": countries[number % countries.len()],
        "form": "manufacturer",
        "markets": ["FR", "US"],
        "profile": format!("Makes fittings of brass and steel; works {number}.")
    })
}

fn listing(number: usize) -> Value {
    json!({
        "type": "listing",
        "company": format!("company-{}", number % COMPANIES),
        "sku": format!("SKU-{number}"),
        "name": format!("Ball valve DN{} no. {number}", 10 + number % 90),
        "hs_code": "848180",
        "price": {"min": {"amount": format!("{}.25", 1 + number % 50), "currency": "USD"}, "unit": "C62"},
        "moq": {"value": "100", "unit": "C62"}
    })
}

fn rfq(number: usize) -> Value {
    json!({
        "type": "rfq",
        "company": format!("company-{}", number % COMPANIES),
        "ref": format!("request-{number}"),
        "title": format!("Ball valves, lot {number}"),
        "quantity": {"value": "1000", "unit": "C62"},
        "destination_country": "FR"
    })
}

/// Listings and RFQs stand before some of the companies that they belong to.
fn market() -> Vec<String> {
    let companies = (0..COMPANIES).map(company);
    let rest = (0..LISTINGS).map(listing).chain((0..RFQS).map(rfq));
    let (mut all, later): (Vec<Value>, Vec<Value>) = companies.partition(|company| company["ref"] != "company-7");
    all.extend(rest);
    all.extend(later);
    all.iter().map(Value::to_string).collect()
}

fn summary(made: usize, changed: usize, same: usize, refused: usize) -> String {
    format!("{made} new, {changed} changed, {same} unchanged, {refused} refused")
}

const ALL: usize = COMPANIES + LISTINGS + RFQS;

fn a_market_loads_whole(port: &Port) {
    let file = port.file("market.ndjson", &market());
    assert_eq!(port.loaded(&file, &["--publish"]), summary(ALL, 0, 0, 0));
    assert_eq!(port.totals(), [LISTINGS as u64, COMPANIES as u64, RFQS as u64]);
    let nobody = port.world.anonymous();
    let found = nobody.get("/search/listings?q=DN33&limit=100").expect(200).json();
    let wanted = (0..LISTINGS).filter(|number| 10 + number % 90 == 33).count();
    assert_eq!(found["total"], wanted);
    let key = Command::new(env!("CARGO_BIN_EXE_tradepost"))
        .args(["admin", "key", "company-3", "--scopes", "catalog:read,rfqs:read"])
        .args(["--database", &port.url, "--data"])
        .arg(port.folder.clone())
        .output()
        .unwrap();
    assert!(key.status.success(), "{}", errors(&key));
    assert!(String::from_utf8_lossy(&key.stdout).trim().starts_with("tp_live_"));
}

fn loading_again_changes_nothing(port: &Port) {
    let file = port.file("market.ndjson", &market());
    port.loaded(&file, &["--publish"]);
    let totals = port.totals();
    let company = port.world.anonymous().get("/search/companies?limit=1").expect(200).text("/data/0/id");
    let before = port.world.anonymous().get(&format!("/companies/{company}")).expect(200);
    assert_eq!(port.loaded(&file, &["--publish"]), summary(0, 0, ALL, 0));
    assert_eq!(port.totals(), totals);
    let after = port.world.anonymous().get(&format!("/companies/{company}")).expect(200);
    assert_eq!((before.header("etag"), &before.body), (after.header("etag"), &after.body));
}

fn what_differs_is_changed(port: &Port) {
    let mut lines = market();
    let file = port.file("market.ndjson", &lines);
    port.loaded(&file, &["--publish"]);
    for (line, name) in [(COMPANIES - 1, "name"), (COMPANIES + 5, "name"), (COMPANIES - 1 + LISTINGS, "title"), (0, "profile")] {
        let mut changed: Value = serde_json::from_str(&lines[line]).unwrap();
        changed[name] = json!("Something else altogether");
        lines[line] = changed.to_string();
    }
    let file = port.file("changed.ndjson", &lines);
    assert_eq!(port.loaded(&file, &["--publish"]), summary(0, 4, ALL - 4, 0));
    let nobody = port.world.anonymous();
    port.world.drain();
    assert_eq!(total(&nobody, "/search/listings?q=altogether"), 2);
    assert_eq!(total(&nobody, "/search/rfqs?q=altogether"), 1);
}

/// The damaged lines with the field that each must be refused for.
fn damage(lines: &mut [String]) -> Vec<(usize, &'static str)> {
    let mut change = |place: usize, name: &str, value: Value| {
        let mut line: Value = serde_json::from_str(&lines[place]).unwrap();
        line[name] = value;
        lines[place] = line.to_string();
    };
    let first = COMPANIES - 1;
    change(first + 1, "company", json!("nobody-knows"));
    change(first + 2, "hs_code", json!("84A"));
    change(first + 3, "name", json!(""));
    change(first + 4, "colour", json!("red"));
    change(first + 5, "price", json!({"min": {"amount": "x", "currency": "USD"}, "unit": "C62"}));
    change(first + 6, "type", json!("advert"));
    change(first + 7, "moq", json!({"value": "1", "unit": "ZZ9"}));
    change(first + LISTINGS + 1, "destination_country", json!("XX"));
    change(first + LISTINGS + 2, "ref", Value::Null);
    // The line of company-16, whose listings and RFQs then have no company.
    change(15, "country", json!("Germany"));
    lines[first + 8].truncate(40);
    lines[first + 9] = "[]".to_owned();
    vec![
        (first + 1, "/company"),
        (first + 2, "/hs_code"),
        (first + 3, "/name"),
        (first + 4, "/colour"),
        (first + 5, "/price"),
        (first + 6, "/type"),
        (first + 7, "/moq"),
        (first + LISTINGS + 1, "/destination_country"),
        (first + LISTINGS + 2, "/ref"),
        (15, "/country"),
        (first + 8, ""),
        (first + 9, ""),
    ]
}

fn damaged_lines_are_named_and_the_rest_loads(port: &Port) {
    let mut lines = market();
    let damaged = damage(&mut lines);
    let orphans = lines.iter().filter(|line| line.contains("\"company\":\"company-16\"")).count();
    let file = port.file("damaged.ndjson", &lines);
    let output = port.load(&file, &["--publish"]);
    assert_eq!(output.status.code(), Some(0), "{}", errors(&output));
    let told = errors(&output);
    for (place, field) in &damaged {
        let start = format!("line {}: {field}", place + 1);
        let line = told.lines().find(|line| line.starts_with(&start));
        let line = line.unwrap_or_else(|| panic!("nothing begins {start:?} in {told}"));
        assert!(line.len() > start.len() + 5, "no reason: {line}");
    }
    let refused = damaged.len() + orphans;
    let named: BTreeSet<&str> = told.lines().filter_map(|line| line.strip_prefix("line ")?.split(':').next()).collect();
    assert_eq!(named.len(), refused, "{told}");
    assert_eq!(said(&output), summary(ALL - refused, 0, 0, refused));
    let [listings, companies, rfqs] = port.totals();
    assert_eq!((listings + companies + rfqs) as usize, ALL - refused);
    let strict = port.load(&file, &["--publish", "--strict"]);
    assert_eq!(strict.status.code(), Some(1));
    assert_eq!(said(&strict), summary(0, 0, ALL - refused, refused));
    // The whole file brings what was missing and leaves the rest.
    let whole = port.file("market.ndjson", &market());
    assert_eq!(port.loaded(&whole, &["--publish", "--strict"]), summary(refused, 0, ALL - refused, 0));
}

fn a_dry_run_stores_nothing(port: &Port) {
    let mut lines = market();
    let damaged = damage(&mut lines);
    let file = port.file("damaged.ndjson", &lines);
    let output = port.load(&file, &["--publish", "--dry-run"]);
    assert!(output.status.success(), "{}", errors(&output));
    for (place, field) in damaged {
        assert!(errors(&output).contains(&format!("line {}: {field}", place + 1)), "{}", errors(&output));
    }
    assert_eq!(port.totals(), [0, 0, 0]);
    let whole = port.file("market.ndjson", &market());
    assert_eq!(port.loaded(&whole, &["--publish"]), summary(ALL, 0, 0, 0));
    assert_eq!(port.load(Path::new("no-such-file.ndjson"), &[]).status.code(), Some(1));
}
