//! Exchange rates: what is not comparable without them, and what they change once the operator has imported them.

use std::path::PathBuf;
use std::process::{Command, Output};

use serde_json::{Value, json};

use crate::support::{Database, Party, Setup, World, market};

both!(
    quotes_in_two_currencies_are_compared_at_a_dated_rate,
    prices_are_searched_in_one_currency,
    shipment_in_another_currency_counts_at_the_rate_of_its_day,
    invalid_rates_file_changes_nothing,
);

const RATES: &str = "Date,USD,CNY,\n2026-11-20,1.1,7.7,\n2026-11-18,1.2,N/A,\n";

/// A world whose operator imports with the program itself.
struct Exchange {
    world: World,
    url: String,
    folder: PathBuf,
}

impl Setup for Exchange {
    fn on(database: Database) -> Self {
        let (url, folder) = (database.url.clone(), database.folder());
        Self { world: World::on(database), url, folder }
    }
}

impl Exchange {
    fn import(&self, text: &str) -> Output {
        let file = self.folder.join("rates.csv");
        std::fs::write(&file, text).unwrap();
        Command::new(env!("CARGO_BIN_EXE_tradepost"))
            .args(["rates", "import"])
            .arg(file)
            .args(["--database", &self.url, "--data"])
            .arg(self.folder.join("program"))
            .env("RUST_LOG", "warn")
            .output()
            .unwrap()
    }

    /// Imports, and lets the process follow the change log.
    fn imported(&self) {
        let output = self.import(RATES);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let words = String::from_utf8(output.stdout).unwrap();
        assert_eq!(words.trim(), "3 rates of 2 days, the latest of 2026-11-20");
        self.world.drain();
    }

    fn search(&self, query: &str) -> Value {
        self.world.anonymous().get(&format!("/search/listings?{query}")).expect(200).json()
    }
}

fn skus(answer: &Value) -> Vec<String> {
    answer["data"].as_array().unwrap().iter().map(|hit| hit["sku"].as_str().unwrap().to_owned()).collect()
}

fn quote_in(currency: &str, amount: &str) -> Value {
    let mut quote = market::quote("1");
    quote["unit_price"] = json!({"amount": amount, "currency": currency});
    quote["incoterm"] = json!("CIF");
    quote["incoterm_place"] = json!("Hamburg");
    quote
}

fn quotes_in_two_currencies_are_compared_at_a_dated_rate(exchange: &Exchange) {
    let world = &exchange.world;
    let (buyer, dear, cheap) = (world.buyer(), world.supplier(), world.party("Valvole Nord", "IT"));
    let rfq = buyer.publish_rfq(&market::rfq("Brass ball valves DN20"));
    dear.submit_quote(&rfq, &quote_in("USD", "3.30"));
    cheap.submit_quote(&rfq, &quote_in("EUR", "2.90"));
    let compare = || buyer.get(&format!("/rfqs/{rfq}/comparison?currency=USD")).expect(200).json();
    let before = compare();
    assert_eq!(before["quotes"][1]["landed"]["not_comparable"], "not comparable: no dated rate for EUR");
    exchange.imported();
    let after = compare();
    assert_eq!((&after["rate_source"], &after["rate_date"]), (&json!("ECB"), &json!("2026-11-20")));
    assert_eq!(after["quotes"][1]["landed"]["amount"]["amount"], "3.190000", "EUR 2.90 at 1.1");
    assert_eq!(after["quotes"][1]["landed"]["is_lowest"], true);
    assert_eq!(after["quotes"][0]["landed"]["percent_above_lowest"], 3.4);
    world.clock.advance(chrono::Duration::days(30));
    assert_eq!(compare()["rate_date"], json!(null), "rates of a month ago compare nothing");
}

fn priced(supplier: &Party, sku: &str, currency: &str, amount: &str) {
    let mut listing = market::listing(sku);
    listing["price"] = json!({"min": {"amount": amount, "currency": currency}, "unit": "C62"});
    supplier.publish_listing(&listing);
}

fn prices_are_searched_in_one_currency(exchange: &Exchange) {
    let (world, supplier) = (&exchange.world, exchange.world.supplier());
    for (sku, currency, amount) in
        [("A-1", "USD", "3.30"), ("A-2", "EUR", "2.90"), ("A-3", "CNY", "28"), ("A-4", "TRY", "100")]
    {
        priced(&supplier, sku, currency, amount);
    }
    world.drain();
    let before = exchange.search("q=valve&price_currency=EUR&price_max=3.5&sort=price");
    assert_eq!(skus(&before), ["A-2"], "without rates only prices in euro count");
    assert_eq!(before["price_conversion"], json!({"currency": "EUR", "rate_source": null, "rate_date": null}));
    exchange.imported();
    let after = exchange.search("q=valve&price_currency=EUR&price_max=3.5&sort=price");
    assert_eq!(skus(&after), ["A-2", "A-1"], "USD 3.30 is EUR 3.00, CNY 28 is EUR 3.64");
    assert_eq!(after["price_conversion"], json!({"currency": "EUR", "rate_source": "ECB", "rate_date": "2026-11-20"}));
    assert_eq!(skus(&exchange.search("q=valve&price_currency=USD&price_min=3.8")), ["A-3"]);
    assert_eq!(skus(&exchange.search("q=valve&currency=CNY&price_max=28")), ["A-3"], "as it was without conversion");
    let page = world.anonymous().page("/search?q=valve&price_currency=EUR&price_max=3.5").expect(200).body;
    assert!(page.contains("EUR 3.00 / pc") && page.contains("ECB rate of 2026-11-20"), "{page}");
    assert!(page.contains("Converted at the ECB rates of 2026-11-20."));
    let rates = world.anonymous().get("/reference/rates?on=2026-11-19").expect(200).json();
    assert_eq!(rates["data"], json!([{"currency": "USD", "per_base": "1.200000"}]));
    assert_eq!(world.anonymous().get("/reference/rates?on=2026-10-01").expect(200).json()["data"], json!([]));
}

fn shipment_in_another_currency_counts_at_the_rate_of_its_day(exchange: &Exchange) {
    let (buyer, supplier) = (exchange.world.buyer(), exchange.world.supplier());
    let proposed = json!({"supplier": supplier.company.to_string(), "buyer": buyer.company.to_string()});
    let partnership = supplier.post("/partnerships", &proposed).expect(201).id();
    buyer.act(&format!("/partnerships/{partnership}/confirm")).expect(200);
    let mut record = market::record();
    record["value"]["currency"] = json!("EUR");
    let record = supplier.post(&format!("/partnerships/{partnership}/records"), &record).expect(201).id();
    supplier.post(&format!("/records/{record}/customs-references"), &market::declaration(1)).expect(201);
    buyer.act(&format!("/records/{record}/confirm")).expect(200);
    let reason = || supplier.get(&format!("/records/{record}")).expect(200).json()["not_counted_because"].clone();
    exchange.world.identify(&[supplier.company, buyer.company]);
    assert_eq!(reason(), "no dated rate to the currency of the tables");
    exchange.imported();
    assert_eq!(reason(), json!(null));
}

fn invalid_rates_file_changes_nothing(exchange: &Exchange) {
    exchange.imported();
    for (text, words) in [("Date,USD\n2026-11-21,x\n", "line 2, USD: x is no rate"), ("Date,USD\n", "holds no rates")] {
        let output = exchange.import(text);
        assert_eq!(output.status.code(), Some(1));
        let errors = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(errors.contains(words), "{errors}");
    }
    exchange.world.drain();
    let rates = exchange.world.anonymous().get("/reference/rates").expect(200).json();
    assert_eq!((&rates["date"], rates["data"].as_array().unwrap().len()), (&json!("2026-11-20"), 2));
}
