//! `tradepost load`: a market in a file, loaded whole, again, damaged, strictly, and only for show.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::{Value, json};

use crate::support::{Client, Database, Setup, World};

both!(
    market_file_loads_completely,
    repeated_load_changes_nothing,
    load_updates_changed_lines,
    damaged_lines_are_reported_and_the_rest_loads,
    dry_run_stores_nothing,
    every_bad_line_is_named_and_dry_run_names_the_same,
    file_of_utf_16_is_refused_as_one,
    rfq_for_invited_suppliers_is_loaded_as_one,
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

fn market_file_loads_completely(port: &Port) {
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

fn repeated_load_changes_nothing(port: &Port) {
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

fn load_updates_changed_lines(port: &Port) {
    let mut lines = market();
    let file = port.file("market.ndjson", &lines);
    port.loaded(&file, &["--publish"]);
    for (line, name) in
        [(COMPANIES - 1, "name"), (COMPANIES + 5, "name"), (COMPANIES - 1 + LISTINGS, "title"), (0, "profile")]
    {
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

/// Nobody finds it, and a second file hides nothing that everyone saw.
fn rfq_for_invited_suppliers_is_loaded_as_one(port: &Port) {
    let seen_by = |number: usize, visibility: &str| {
        let mut line = rfq(number);
        line["visibility"] = json!(visibility);
        line.to_string()
    };
    let companies = [company(1).to_string(), company(2).to_string()];
    let first = [companies.to_vec(), vec![seen_by(1, "invited"), seen_by(2, "public")]].concat();
    port.loaded(&port.file("first.ndjson", &first), &["--publish"]);
    assert_eq!(port.totals()[2], 1);
    let second = [companies.to_vec(), vec![seen_by(1, "public"), seen_by(2, "invited")]].concat();
    let output = port.load(&port.file("second.ndjson", &second), &["--publish"]);
    assert!(errors(&output).contains("visibility"), "{}", errors(&output));
    assert_eq!(port.totals()[2], 2);
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

fn damaged_lines_are_reported_and_the_rest_loads(port: &Port) {
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

fn dry_run_stores_nothing(port: &Port) {
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

/// Bad lines, each with the field that it is refused for and a word of the reason. `{}` stands for a name that nothing else has.
const BAD: &[(&str, &str, &str)] = &[
    (r#"{"type":"company","ref":"{}","name":"A","country":"Germany"}"#, "/country", "country"),
    (r#"{"type":"company","ref":"{}","name":"A"}"#, "/country", "required"),
    (r#"{"type":"company","ref":"{}","name":"","country":"DE"}"#, "/name", "required"),
    (r#"{"type":"company","name":"A","country":"DE"}"#, "/ref", "required"),
    (r#"{"type":"company","ref":7,"name":"A","country":"DE"}"#, "/ref", "text"),
    (r#"{"type":"company","ref":"a\u0000b","name":"A","country":"DE"}"#, "/ref", "control"),
    (r#"{"type":"company","ref":"{long}","name":"A","country":"DE"}"#, "/ref", "at most"),
    (r#"{"type":"company","ref":"company-0","name":"Again","country":"DE"}"#, "/ref", "line 1 has it"),
    (
        r#"{"type":"company","ref":"{}","name":"A","country":"DE","identifiers":[{"kind":"vat","value":"DE136695977"}]}"#,
        "/identifiers/0/value",
        "check",
    ),
    (
        r#"{"type":"company","ref":"{}","name":"A","country":"DE","identifiers":[{"kind":"passport","value":"1"}]}"#,
        "/identifiers/0/kind",
        "one of",
    ),
    (
        r#"{"type":"company","ref":"{}","name":"A","country":"DE","identifiers":["DE136695976"]}"#,
        "/identifiers",
        "must be",
    ),
    (
        r#"{"type":"company","ref":"{}","name":"A","country":"DE","certifications":[{"scheme":""}]}"#,
        "/certifications/0/scheme",
        "required",
    ),
    (
        r#"{"type":"company","ref":"{}","name":"A","country":"DE","certifications":[{"scheme":"CE","valid_until":"31.12.2027"}]}"#,
        "/certifications",
        "2027",
    ),
    (
        r#"{"type":"company","ref":"{}","name":"A","country":"DE","certifications":[{"scheme":"CE","document":"doc_0000000000001"}]}"#,
        "/certifications/0/document",
        "uploaded",
    ),
    (r#"{"type":"company","ref":"{}","name":"A","country":"DE","year":99999999}"#, "/year", "must be"),
    (r#"{"type":"company","ref":"{}","name":"A","country":"DE","website":"www"}"#, "/website", "web address"),
    (
        r#"{"type":"company","ref":"{}","name":"A","country":"DE","profile":"call +49 40 1234567"}"#,
        "/profile",
        "telephone",
    ),
    (r#"{"type":"company","type":"company","ref":"{}","name":"A","country":"DE"}"#, "/type", "twice"),
    (r#"{"type":"listing","company":"nobody-knows","sku":"{}","name":"A"}"#, "/company", "ref of a company"),
    (r#"{"type":"listing","company":"co\u0000","sku":"{}","name":"A"}"#, "/company", "control"),
    (r#"{"type":"listing","company":"company-0","sku":"SKU-0","name":"Again"}"#, "/sku", "has it already"),
    (
        r#"{"type":"listing","company":"company-0","sku":"{}","name":"A","lead_time_days":"soon"}"#,
        "/lead_time_days",
        "number",
    ),
    (
        r#"{"type":"listing","company":"company-0","sku":"{}","name":"A","lead_time_days":-1}"#,
        "/lead_time_days",
        "must be",
    ),
    (r#"{"type":"listing","company":"company-0","sku":"{}","name":"A","hs_code":"84A"}"#, "/hs_code", "must be"),
    (
        r#"{"type":"listing","company":"company-0","sku":"{}","name":"A","gtin":"4006381333932"}"#,
        "/gtin",
        "check digit",
    ),
    (
        r#"{"type":"listing","company":"company-0","sku":"{}","name":"A","moq":{"value":"1","unit":"ZZ9"}}"#,
        "/moq/unit",
        "unit",
    ),
    (
        r#"{"type":"listing","company":"company-0","sku":"{}","name":"A","price":{"min":{"amount":"x","currency":"USD"},"unit":"C62"}}"#,
        "/price/min/amount",
        "must be",
    ),
    (
        r#"{"type":"listing","company":"company-0","sku":"{}","name":"A","price":{"min":{"amount":"1","currency":"USD"},"unit":"C62","tiers":[{"from":"1","amount":{"amount":"1","currency":"EUR"}}]}}"#,
        "/price/tiers/0/amount/currency",
        "USD",
    ),
    (
        r#"{"type":"listing","company":"company-0","sku":"{}","name":"A","expires_on":"2020-01-01"}"#,
        "/expires_on",
        "passed",
    ),
    (
        r#"{"type":"listing","company":"company-0","sku":"{}","name":"A","expires_on":"tomorrow"}"#,
        "/expires_on",
        "2027",
    ),
    (r#"{"type":"listing","company":"company-0","sku":"{}","name":"A","colour":"red"}"#, "/colour", "not a field"),
    (r#"{"type":"listing","company":"company-0","sku":"{}","name":["A"]}"#, "/name", "string"),
    (r#"{"type":"listing","company":"company-0","sku":"{}","name":"{long}"}"#, "/name", "at most"),
    (
        r#"{"type":"rfq","company":"company-0","ref":"{}","title":"A","destination_country":"XX"}"#,
        "/destination_country",
        "country",
    ),
    (r#"{"type":"rfq","company":"company-0","title":"A"}"#, "/ref", "required"),
    (r#"{"type":"rfq","company":"company-0","ref":"request-0","title":"Again"}"#, "/ref", "has it already"),
    (
        r#"{"type":"rfq","company":"company-0","ref":"{}","title":"A","quantity":{"value":"many","unit":"C62"}}"#,
        "/quantity/value",
        "must be",
    ),
    (r#"{"type":"advert"}"#, "/type", "company, listing or rfq"),
    (r#"{"type":["company"]}"#, "/type", "text"),
    ("[]", "", "JSON object"),
    ("\"company\"", "", "JSON object"),
    (r#"{"type":"listing","company":"company-0","sku":"#, "", "JSON"),
    ("{'type':'listing'}", "", "JSON"),
];

/// The bad lines between good ones, with a mark of UTF-8 in front and the line ends of Windows, and what is wrong with each by its number.
fn bad_market() -> (Vec<u8>, Vec<(usize, &'static str, &'static str)>) {
    let long = "x".repeat(400);
    let mut lines: Vec<Vec<u8>> = market().into_iter().map(String::into_bytes).collect();
    let mut wrong = Vec::new();
    for (number, (line, field, reason)) in BAD.iter().enumerate() {
        let line = line.replace("{long}", &long).replace("{}", &format!("bad-{number}"));
        lines.push(line.into_bytes());
        wrong.push((lines.len(), *field, *reason));
        lines.push(listing(LISTINGS + number).to_string().into_bytes());
    }
    lines.push(b"{\"type\":\"listing\",\"company\":\"company-0\",\"sku\":\"\xff\",\"name\":\"A\"}".to_vec());
    wrong.push((lines.len(), "", "UTF-8"));
    let too_long = format!(
        "{{\"type\":\"listing\",\"company\":\"company-0\",\"sku\":\"L\",\"name\":\"{}\"}}",
        "x".repeat(17 << 20)
    );
    lines.push(too_long.into_bytes());
    wrong.push((lines.len(), "", "at most 16 MiB"));
    lines.push(b"  ".to_vec());
    let mut bytes = b"\xef\xbb\xbf".to_vec();
    for line in lines {
        bytes.extend(line);
        bytes.extend(b"\r\n");
    }
    (bytes, wrong)
}

/// What was said of lines, and the summary.
fn reported(output: &Output) -> (Vec<String>, String) {
    let told = errors(output);
    (told.lines().filter(|line| line.starts_with("line ")).map(str::to_owned).collect(), said(output))
}

fn every_bad_line_is_named_and_dry_run_names_the_same(port: &Port) {
    let (bytes, wrong) = bad_market();
    let file = port.folder.join("bad.ndjson");
    std::fs::write(&file, bytes).unwrap();
    let dry = port.load(&file, &["--publish", "--dry-run"]);
    assert_eq!(port.totals(), [0, 0, 0], "a dry run stores nothing");
    let real = port.load(&file, &["--publish"]);
    for output in [&dry, &real] {
        assert_eq!(output.status.code(), Some(0), "{}", errors(output));
    }
    assert_eq!(reported(&dry), reported(&real));
    let (reports, summary_line) = reported(&real);
    for (line, field, reason) in &wrong {
        let start = format!("line {line}: {field}");
        let found: Vec<&String> =
            reports.iter().filter(|report| report.starts_with(&format!("line {line}:"))).collect();
        let is_named = matches!(found[..], [one] if one.starts_with(&start) && one.contains(reason));
        assert!(is_named, "not {start:?} with {reason:?} but {found:?}");
    }
    assert_eq!(reports.len(), wrong.len(), "{reports:#?}");
    assert_eq!(summary_line, summary(ALL + BAD.len(), 0, 0, wrong.len()));
    assert_eq!(port.totals(), [(LISTINGS + BAD.len()) as u64, COMPANIES as u64, RFQS as u64]);
    // Both report a second load of the same file alike, which changes nothing.
    let (dry, real) = (port.load(&file, &["--publish", "--dry-run"]), port.load(&file, &["--publish"]));
    assert_eq!(reported(&dry), reported(&real));
    assert_eq!(reported(&real).1, summary(0, 0, ALL + BAD.len(), wrong.len()));
}

fn file_of_utf_16_is_refused_as_one(port: &Port) {
    let text: Vec<u8> = market()[0].encode_utf16().flat_map(u16::to_le_bytes).collect();
    let file = port.folder.join("utf-16.ndjson");
    std::fs::write(&file, [b"\xff\xfe", text.as_slice()].concat()).unwrap();
    let output = port.load(&file, &[]);
    let (reports, summary_line) = reported(&output);
    assert_eq!(reports, ["line 1: must be UTF-8, not UTF-16: nothing of the file was read"]);
    assert_eq!(summary_line, summary(0, 0, 0, 1));
}
