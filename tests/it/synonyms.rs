//! Synonyms: an operator's file takes effect in a server that runs, and replaces the one before.

use std::path::PathBuf;
use std::process::{Command, Output};

use serde_json::{Value, json};

use crate::support::{Database, Party, Setup, World, market};

both!(
    synonym_file_takes_effect_without_a_restart,
    wrong_synonym_file_changes_nothing,
    hs_code_finds_goods_in_every_language,
    imported_nomenclature_finds_goods_in_every_language,
    rfq_finds_its_supplier_by_a_synonym,
);

/// A world whose operator imports with the program itself.
struct Operated {
    world: World,
    url: String,
    folder: PathBuf,
}

impl Setup for Operated {
    fn on(database: Database) -> Self {
        let (url, folder) = (database.url.clone(), database.folder());
        Self { world: World::on(database), url, folder }
    }
}

impl Operated {
    fn tradepost(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_tradepost"))
            .args(arguments)
            .args(["--database", &self.url, "--data"])
            .arg(self.folder.join("program"))
            .env("RUST_LOG", "warn")
            .output()
            .unwrap()
    }

    fn file(&self, text: &str) -> String {
        let file = self.folder.join("import.txt");
        std::fs::write(&file, text).unwrap();
        file.to_str().unwrap().to_owned()
    }

    /// Imports, lets the process follow the change log, and answers what the program said.
    fn import(&self, text: &str) -> String {
        let output = self.tradepost(&["synonyms", "import", &self.file(text)]);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        self.world.drain();
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    fn found(&self, query: &str) -> Vec<String> {
        let answer = self.world.anonymous().get(&format!("/search/listings?{query}")).expect(200).json();
        answer["data"].as_array().unwrap().iter().map(|hit| hit["sku"].as_str().unwrap().to_owned()).collect()
    }
}

fn publish(supplier: &Party, sku: &str, name: &str, more: &Value) {
    let mut listing = market::listing(sku);
    listing["name"] = json!(name);
    for (key, value) in more.as_object().unwrap() {
        listing[key] = value.clone();
    }
    supplier.publish_listing(&listing);
}

fn synonym_file_takes_effect_without_a_restart(operated: &Operated) {
    let supplier = operated.world.supplier();
    publish(&supplier, "W-1", "Adjustable wrench", &json!({}));
    publish(&supplier, "S-1", "Adjustable spanner", &json!({}));
    operated.world.drain();
    assert_eq!(operated.found("q=spanner"), ["S-1"]);
    assert_eq!(operated.import("# tools\nspanner, wrench\n"), "imported: 1 rules with 2 names");
    assert_eq!(operated.found("q=spanner"), ["S-1", "W-1"]);
    assert_eq!(operated.found("q=wrench"), ["W-1", "S-1"]);
    assert_eq!(operated.import("wrench => spanner\n"), "imported: 1 rules with 2 names");
    assert_eq!(operated.found("q=spanner"), ["S-1"], "the file before is gone");
    assert_eq!(operated.found("q=wrench"), ["W-1", "S-1"]);
    assert!(operated.tradepost(&["synonyms", "clear"]).status.success());
    operated.world.drain();
    assert_eq!(operated.found("q=wrench"), ["W-1"]);
}

fn wrong_synonym_file_changes_nothing(operated: &Operated) {
    let supplier = operated.world.supplier();
    publish(&supplier, "W-1", "Adjustable wrench", &json!({}));
    operated.import("spanner, wrench\n");
    let wrong = operated.file("spanner, wrench\nalone\nhs:12 => b\n");
    let output = operated.tradepost(&["synonyms", "import", &wrong]);
    assert_eq!(output.status.code(), Some(1));
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    for words in ["/lines/2", "must hold two names", "/lines/3", "no hs:, left of =>"] {
        assert!(errors.contains(words), "{words}: {errors}");
    }
    let output = operated.tradepost(&["synonyms", "import", &operated.file("# nothing\n")]);
    assert_eq!(output.status.code(), Some(1));
    let output = operated.tradepost(&["synonyms", "import", "--dry-run", &operated.file("a, b\nc => d\n")]);
    assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), "valid: 2 rules with 4 names");
    operated.world.drain();
    assert_eq!(operated.found("q=spanner"), ["W-1"]);
}

fn valves(operated: &Operated) {
    let supplier = operated.world.party("Ostwind Trading", "CN");
    let listings = [
        ("EN-1", "Butterfly valve DN100", "en"),
        ("ES-1", "Válvula de mariposa DN100", "es"),
        ("ZH-1", "对夹式蝶阀 DN100", "zh"),
        ("DE-1", "Absperrklappe DN100", "de"),
    ];
    for (sku, name, language) in listings {
        publish(
            &supplier,
            sku,
            name,
            &json!({"language": language, "hs_code": "848180", "category": null, "description": null, "attributes": {}}),
        );
    }
    publish(&supplier, "EN-2", "Butterfly net", &json!({"hs_code": "950790", "category": null, "description": null}));
    operated.world.drain();
}

fn hs_code_finds_goods_in_every_language(operated: &Operated) {
    valves(operated);
    // The glossary knows what the goods are called elsewhere; a name of the operator's own it does not.
    let known = operated.found("q=butterfly+valve");
    // Behind the four that are called so comes what holds one of the words.
    assert_eq!((known[0].as_str(), &known[4..]), ("EN-1", &["EN-2".to_owned()][..]), "{known:?}");
    assert_eq!(operated.found("q=quizzlevalve"), [""; 0]);
    operated.import("quizzlevalve, butterfly valve, válvula de mariposa, 蝶阀, hs:848180\n");
    let own = operated.found("q=quizzlevalve");
    assert_eq!(
        (own.len(), own[3].as_str()),
        (4, "DE-1"),
        "by its code alone, below those whose names are known: {own:?}"
    );
    let english = operated.found("q=butterfly+valve");
    assert_eq!((english[0].as_str(), &english[4..]), ("EN-1", &["EN-2".to_owned()][..]), "{english:?}");
    let chinese = operated.found("q=%E8%9D%B6%E9%98%80");
    assert_eq!((chinese[0].as_str(), chinese.len()), ("ZH-1", 4), "{chinese:?}");
}

fn imported_nomenclature_finds_goods_in_every_language(operated: &Operated) {
    valves(operated);
    let lines = "section,hscode,description,parent,level\nXVI,84,Machinery,TOTAL,2\n\
        XVI,8481,\"Taps, cocks, valves and the like\",84,4\nXVI,848180,\"Butterfly valves; others\",8481,6\n";
    let output = operated.tradepost(&["hs", "import", &operated.file(lines)]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    operated.world.drain();
    let found = operated.found("q=butterfly+valve");
    assert_eq!((found[0].as_str(), &found[4..]), ("EN-1", &["EN-2".to_owned()][..]), "{found:?}");
    assert_eq!(operated.found("q=net"), ["EN-2"]);
}

fn rfq_finds_its_supplier_by_a_synonym(operated: &Operated) {
    let (buyer, supplier) = (operated.world.buyer(), operated.world.supplier());
    publish(&supplier, "W-1", "Adjustable wrench", &json!({"hs_code": "820411", "category": "Tools / Wrenches"}));
    operated.import("spanner, wrench\n");
    let mut wanted = market::rfq("Spanners");
    for field in ["specification", "hs_code", "category"] {
        wanted[field] = json!(null);
    }
    let rfq = buyer.publish_rfq(&wanted);
    operated.world.drain();
    let matches = buyer.get(&format!("/rfqs/{rfq}/matches")).expect(200).json();
    assert_eq!(matches["data"][0]["company"]["id"], json!(supplier.company.to_string()), "{matches}");
}
