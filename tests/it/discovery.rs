//! Search over REST and on the site: its counts are the database's, its pages follow each other, its trees open.

use std::collections::HashSet;
use std::process::Command;

use serde_json::{Value, json};
use tradepost::companies::{self, Company, Form, Verification};
use tradepost::listings::{self, Listing};

use crate::browser::{chromium, document};
use crate::support::{Party, World, market};

both!(
    facet_counts_equal_the_database,
    search_pages_are_stable_while_listings_are_added,
    walk_sees_each_hit_once_beside_updates,
    hs_code_is_found_as_it_is_typed,
    search_box_is_a_combobox_once_the_script_runs,
    hs_codes_and_categories_filter_by_prefix,
    search_language_can_be_chosen,
    no_query_causes_a_server_error,
);

const CODES: [&str; 5] = ["848180", "848110", "730419", "7306", "940511"];
const PATHS: [&str; 4] = ["Fittings / Valves", "Fittings / Valves / Ball valves", "Lighting", "Pipes / Steel, welded"];

/// Listings of two suppliers, each different in many ways.
fn market_of(world: &World, count: usize) -> [Party; 2] {
    let suppliers = [world.party("Ostwind Trading", "CN"), world.party("Westwind Trading", "TR")];
    suppliers[1].patch(&format!("/companies/{}", suppliers[1].company), &json!({"form": "distributor"})).expect(200);
    for n in 0..count {
        let mut listing = market::listing(&format!("N-{n}"));
        listing["name"] = json!(format!("Article number {n}"));
        listing["hs_code"] = json!(CODES[n % 5]);
        listing["category"] = json!(PATHS[n % 4]);
        listing["origin_country"] = json!(["CN", "VN", "IT"][n % 3]);
        listing["price"] =
            json!({"min": {"amount": format!("{}", n + 1), "currency": (["USD", "EUR"][n / 3 % 2])}, "unit": "C62"});
        listing["moq"] = json!({"value": format!("{}", (n * 7) % 20 + 1), "unit": "C62"});
        listing["lead_time_days"] = json!((n * 5) % 30);
        listing["incoterms"] = json!([{"rule": (["FOB", "EXW", "CIF"][n / 2 % 3]), "place": "Ningbo"}]);
        listing["certifications"] = json!([{"scheme": (["ISO 9001", "CE"][n / 5 % 2])}]);
        listing["language"] = json!(["en", "es", "zh"][n / 4 % 3]);
        suppliers[n % 2].publish_listing(&listing);
    }
    world.drain();
    suppliers
}

fn stored(world: &World) -> Vec<Listing> {
    world.app.db.read(|conn| listings::store::load_after(conn, 0, 1_000)).unwrap()
}

fn search(world: &World, query: &str) -> Value {
    world.anonymous().get(&format!("/search/listings?{query}")).expect(200).json()
}

fn is_in(path: Option<&String>, above: &str) -> bool {
    path.is_some_and(|path| path == above || path.starts_with(&format!("{above} / ")))
}

type Holds = Box<dyn Fn(&Listing) -> bool>;

fn facet_counts_equal_the_database(world: &World) {
    let [first, _] = market_of(world, 30);
    let all = stored(world);
    assert_eq!(all.len(), 30);
    let own = first.company;
    let hs = |listing: &Listing, prefix: &str| {
        listing.fields.hs_code.as_ref().is_some_and(|code| code.as_str().starts_with(prefix))
    };
    let filters: Vec<(String, Holds)> = vec![
        (String::new(), Box::new(|_| true)),
        ("hs=8481".into(), Box::new(move |l| hs(l, "8481"))),
        ("hs=848110&hs=7306".into(), Box::new(move |l| hs(l, "848110") || hs(l, "7306"))),
        ("hs=XV".into(), Box::new(move |l| hs(l, "73"))),
        ("hs_chapter=84,94".into(), Box::new(move |l| hs(l, "84") || hs(l, "94"))),
        ("category=Fittings+/+Valves".into(), Box::new(|l| is_in(l.fields.category.as_ref(), "Fittings / Valves"))),
        (
            "category=Lighting&category=Pipes+/+Steel,+welded".into(),
            Box::new(|l| ["Lighting", "Pipes"].iter().any(|above| is_in(l.fields.category.as_ref(), above))),
        ),
        ("country=CN".into(), Box::new(move |l| l.company == own)),
        ("country=CN,TR".into(), Box::new(|_| true)),
        ("company=".to_owned() + &own.to_string(), Box::new(move |l| l.company == own)),
        ("origin=VN,IT".into(), Box::new(|l| l.fields.origin_country.is_some_and(|c| c.to_string() != "CN"))),
        ("certification=CE".into(), Box::new(|l| l.fields.certifications.iter().any(|c| c.scheme == "CE"))),
        ("incoterm=EXW,CIF".into(), Box::new(|l| l.fields.incoterms.iter().any(|i| i.rule.to_string() != "FOB"))),
        ("currency=EUR".into(), Box::new(|l| currency(l) == "EUR")),
        ("currency=EUR,USD".into(), Box::new(|_| true)),
        ("language=es,zh".into(), Box::new(|l| l.fields.language.is_some_and(|code| code.to_string() != "en"))),
        (
            "currency=USD&price_min=5&price_max=12".into(),
            Box::new(|l| currency(l) == "USD" && (5..=12).contains(&price(l))),
        ),
        ("moq_max=8".into(), Box::new(|l| l.fields.moq.is_some_and(|moq| moq.value.0 <= 8_000_000))),
        ("lead_time_max=10".into(), Box::new(|l| l.fields.lead_time_days.is_some_and(|days| days <= 10))),
        (
            "hs=84&origin=CN&language=en,es".into(),
            Box::new(move |l| {
                hs(l, "84")
                    && l.fields.origin_country.is_some_and(|c| c.to_string() == "CN")
                    && l.fields.language.is_some_and(|code| code.to_string() != "zh")
            }),
        ),
    ];
    for (filter, holds) in &filters {
        let expected = all.iter().filter(|listing| holds(listing)).count();
        let answer = search(world, &format!("{filter}&facets=all&limit=100"));
        assert_eq!((&answer["total"], &answer["relaxed"]), (&json!(expected), &json!(false)), "{filter}");
        assert_eq!(answer["data"].as_array().unwrap().len(), expected, "{filter}");
    }
    let sellers = world.app.db.read(|conn| companies::store::load_after(conn, 0, 100)).unwrap();
    let of_seller = |holds: &dyn Fn(&Company) -> bool| {
        all.iter().filter(|listing| sellers.iter().any(|seller| seller.id == listing.company && holds(seller))).count()
    };
    for form in Form::ALL {
        let expected = of_seller(&|seller| seller.fields.form == *form);
        assert_eq!(search(world, &format!("form={form}"))["total"], json!(expected), "{form}");
    }
    for level in Verification::ALL {
        let expected = of_seller(&|seller| seller.verification == *level);
        assert_eq!(search(world, &format!("verification={level}"))["total"], json!(expected), "{level}");
    }
    facets_count_the_same(world, &all);
}

fn currency(listing: &Listing) -> String {
    listing.fields.price.as_ref().map(|price| price.min.currency.to_string()).unwrap_or_default()
}

fn price(listing: &Listing) -> i64 {
    listing.fields.price.as_ref().map_or(0, |price| price.min.amount.0 / 1_000_000)
}

/// Each value of each facet counts what a search filtered by it finds, whatever else of that facet is chosen.
fn facets_count_the_same(world: &World, all: &[Listing]) {
    let answer = search(world, "facets=all,company");
    let facets = answer["facets"].as_object().unwrap();
    assert_eq!(facets.len(), 12);
    for (name, values) in facets {
        for value in values.as_array().unwrap() {
            let pair = serde_urlencoded::to_string([(name, value["value"].as_str().unwrap())]).unwrap();
            let alone = search(world, &format!("{pair}&facets={name}"));
            assert_eq!(alone["total"], value["count"], "{pair}");
            assert_eq!(&alone["facets"][name], values, "{pair}: the clicked facet keeps its other values");
        }
    }
    let countries: u64 = facets["country"].as_array().unwrap().iter().map(|v| v["count"].as_u64().unwrap()).sum();
    assert_eq!(countries, all.len() as u64);
}

fn search_pages_are_stable_while_listings_are_added(world: &World) {
    let [supplier, _] = market_of(world, 24);
    for sort in ["relevance", "newest", "price", "moq"] {
        let ids = |answer: &Value| -> Vec<String> {
            answer["data"].as_array().unwrap().iter().map(|hit| hit["id"].as_str().unwrap().to_owned()).collect()
        };
        let whole = ids(&search(world, &format!("q=article&sort={sort}&limit=100")));
        let (mut seen, mut cursor) = (Vec::new(), String::new());
        for page in 0.. {
            let answer = search(world, &format!("q=article&sort={sort}&limit=9{cursor}"));
            seen.extend(ids(&answer));
            let mut added = market::listing(&format!("{sort}-{page}"));
            added["name"] = json!("Article");
            supplier.publish_listing(&added);
            world.drain();
            world.clock.advance(chrono::Duration::seconds(30));
            let Some(next) = answer["next_cursor"].as_str() else { break };
            cursor = format!("&cursor={next}");
        }
        assert_eq!(seen, whole, "{sort}");
    }
}

/// Loads the lines by the program, publishes what is new, and brings the index up to date.
fn load(world: &World, lines: impl Iterator<Item = Value>) {
    let file = world.database().folder().join("lines.ndjson");
    std::fs::write(&file, lines.map(|line| format!("{line}\n")).collect::<String>()).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_tradepost"))
        .args(["load", "--publish", "--database", &world.database().url])
        .arg("--data")
        .arg(world.database().folder().join("program"))
        .arg(&file)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    world.drain();
}

/// More listings that say the same than are weighed again (350), a quarter of them updated between the pages: by the walk's own state of
/// the index, and where that was dropped because the reader paused for too long.
fn walk_sees_each_hit_once_beside_updates(world: &World) {
    const COUNT: usize = 400;
    let line = |n: usize, days: i64| json!({"type": "listing", "company": "clamps", "sku": format!("N-{n}"), "name": "Hose clamp of steel", "lead_time_days": days});
    let company =
        json!({"type": "company", "ref": "clamps", "name": "Ostwind Clamps", "country": "CN", "form": "manufacturer"});
    load(world, [company].into_iter().chain((0..COUNT).map(|n| line(n, 0))));
    for pause in [1, 400] {
        let (mut seen, mut cursor, mut updated) = (Vec::new(), String::new(), 0);
        loop {
            let answer = search(world, &format!("q=hose+clamp&limit=50{cursor}"));
            let hits = answer["data"].as_array().unwrap();
            seen.extend(hits.iter().map(|hit| hit["id"].as_str().unwrap().to_owned()));
            load(world, (updated..COUNT.min(updated + 52)).step_by(4).map(|n| line(n, pause)));
            updated += 52;
            world.clock.advance(chrono::Duration::seconds(pause));
            let Some(next) = answer["next_cursor"].as_str() else { break };
            cursor = format!("&cursor={next}");
        }
        assert!(updated >= COUNT, "{updated}");
        assert_eq!(seen.len(), COUNT, "after {pause} s each");
        assert_eq!(seen.iter().collect::<HashSet<_>>().len(), COUNT, "after {pause} s each");
    }
}

fn hs_code_is_found_as_it_is_typed(world: &World) {
    market_of(world, 10);
    let all = stored(world);
    let under = |prefix: &str| {
        let is_under = |l: &&Listing| l.fields.hs_code.as_ref().is_some_and(|code| code.as_str().starts_with(prefix));
        json!(all.iter().filter(is_under).count())
    };
    for (typed, prefix) in [
        ("7304", "7304"),
        ("7304.19", "730419"),
        ("7304 19", "730419"),
        ("HS 7304", "7304"),
        ("7304.xx", "7304"),
        ("8481.10.00", "848110"),
        ("73.04", "7304"),
        ("7304.41", "730441"),
        ("7303", "7303"),
        ("ch. 73", "73"),
    ] {
        let pair = |name: &str| serde_urlencoded::to_string([(name, typed)]).unwrap();
        assert_eq!(search(world, &pair("q"))["total"], under(prefix), "{typed}");
        assert_eq!(search(world, &pair("hs"))["total"], under(prefix), "{typed}");
    }
    let page = world.anonymous().page("/search?hs=7304.19").expect(200).body;
    assert!(page.contains("HS 730419"), "the filter is the code's, however it is typed: {page}");
    let suppliers = world.anonymous().get("/search/companies?q=7304.19").expect(200).json();
    assert_eq!(suppliers["total"], json!(2));
}

/// Without the script the box is a plain field; with it, what APG calls an editable combobox with list autocomplete.
fn search_box_is_a_combobox_once_the_script_runs(world: &World) {
    let plain = world.anonymous().page("/about/ranking").expect(200).body;
    let field = plain.split("<input id=\"q\"").nth(1).and_then(|rest| rest.split('>').next()).unwrap();
    assert!(field.contains("type=\"search\"") && !field.contains("role=") && !field.contains("aria-"), "{field}");
    let Some(chromium) = chromium() else { return };
    let (document, complaints) = document(&chromium, &format!("{}/about/ranking", world.base));
    assert_eq!(complaints, "");
    let field = document.split("<input id=\"q\"").nth(1).and_then(|rest| rest.split('>').next()).unwrap();
    for attribute in
        ["role=\"combobox\"", "aria-expanded=\"false\"", "aria-controls=\"options\"", "aria-autocomplete=\"list\""]
    {
        assert!(field.contains(attribute), "{attribute} is not on {field}");
    }
    let list = document.split("<ul id=\"options\"").nth(1).and_then(|rest| rest.split('>').next()).unwrap();
    assert!(list.contains("role=\"listbox\"") && list.contains("aria-label=") && list.contains("hidden"), "{list}");
}

fn hs_codes_and_categories_filter_by_prefix(world: &World) {
    market_of(world, 20);
    let facets = &search(world, "facets=hs,category")["facets"];
    let tree = |name: &str| -> Vec<(String, Value)> {
        let values = facets[name].as_array().unwrap().iter();
        values.map(|v| (v["value"].as_str().unwrap().to_owned(), v["parent"].clone())).collect()
    };
    let codes = tree("hs");
    for (value, parent) in
        [("XVI", json!(null)), ("84", json!("XVI")), ("8481", json!("84")), ("848110", json!("8481"))]
    {
        assert!(codes.contains(&(value.to_owned(), parent)), "{value}: {codes:?}");
    }
    let place = |value: &str| codes.iter().position(|(known, _)| known == value).unwrap();
    assert!(place("XVI") < place("84") && place("84") < place("8481") && place("8481") < place("848180"));
    let machinery = facets["hs"].as_array().unwrap().iter().find(|v| v["value"] == "XVI").unwrap();
    assert_eq!((&machinery["label"], &machinery["count"]), (&json!("Machinery"), &json!(8)));
    assert!(tree("category").contains(&("Fittings / Valves / Ball valves".into(), json!("Fittings / Valves"))));
    let page = world.anonymous().page("/search?q=article").expect(200).body;
    assert!(page.contains("XVI Machinery") && !page.contains("facet-hs-8481"), "closed: {page}");
    let page = world.anonymous().page("/search?q=article&hs=84&hs=XX").expect(200).body;
    assert!(page.contains("facet-hs-8481\"") && page.contains("› › 8481"), "open where chosen: {page}");
    assert!(
        page.contains("hs=84&amp;hs=XX&amp;hs=XV\"") || page.contains("hs=84&#38;hs=XX&#38;hs=XV\""),
        "beside: {page}"
    );
}

fn search_language_can_be_chosen(world: &World) {
    let supplier = world.party("Ostwind Trading", "CN");
    let mut listing = market::listing("ES-1");
    listing["name"] = json!("Válvula mariposa de acero");
    listing["language"] = json!("es");
    supplier.publish_listing(&listing);
    world.drain();
    let path = "/search/listings?q=v%C3%A1lvulas+para+mariposas";
    let plain = world.anonymous().get(path).expect(200);
    assert_eq!(plain.json()["relaxed"], true, "'para' is a word like any other");
    let spanish = world.anonymous().call("GET", path).header("accept-language", "es-MX,es;q=0.9").send().expect(200);
    assert_eq!((&spanish.json()["relaxed"], &spanish.json()["total"]), (&json!(false), &json!(1)));
}

fn no_query_causes_a_server_error(world: &World) {
    market_of(world, 6);
    let unknown: Vec<String> = (0..60).map(|n| format!("unherd{n}of{}", "x".repeat(n % 5))).collect();
    let queries = [
        "\u{0}".to_owned(),
        "a".repeat(5_000),
        "\"".repeat(600),
        "-".repeat(600),
        "(".repeat(400) + &")".repeat(400),
        "½ × ".repeat(200),
        "蝶阀".repeat(300),
        "misspeld wrods evrywhere ".repeat(20),
        unknown.join(" "),
        "field:value AND NOT (x OR y)~5^2 [a TO b] {* TO *} /re.*x+/".to_owned(),
        "'; DROP TABLE listings; --".to_owned(),
        "\u{202e}\u{feff}\u{301}\u{301}".to_owned(),
    ];
    for query in queries {
        for kind in ["listings", "companies", "rfqs", "suggest"] {
            let pair = serde_urlencoded::to_string([("q", &query)]).unwrap();
            let answer = world.anonymous().get(&format!("/search/{kind}?{pair}"));
            assert!(
                answer.status < 500 && (answer.status == 200 || pair.len() > 4_000),
                "{kind} {query}: {}",
                answer.status
            );
        }
        let pair = serde_urlencoded::to_string([("q", &query)]).unwrap();
        assert!(world.anonymous().page(&format!("/search?{pair}")).status < 500);
    }
    for raw in ["q=%ff%fe", "q=%", "q=%zz", "q[]=a", "q=a&q=b", "limit=-1", "sort=;"] {
        assert!(world.anonymous().get(&format!("/search/listings?{raw}")).status < 500, "{raw}");
    }
}
