//! Retail records: what a company sells to consumers abroad, through the API and on the site.

mod many;
mod releases;

use diesel::prelude::*;
use serde_json::{Value, json};
use tradepost::store::schema;

use crate::support::{Answer, Client, Party, World, market};

both!(
    record_says_its_class_its_table_and_what_is_odd,
    all_that_is_wrong_is_named_at_once,
    c2c_needs_a_certified_individual,
    correction_takes_the_place_of_what_it_corrects,
    record_is_withdrawn_by_its_owner_and_stays_in_the_list,
    reference_and_customs_number_are_in_force_once,
    number_that_two_others_confirmed_is_suspicious,
    list_is_filtered_and_paged,
    stranger_finds_nothing,
    pages_record_correct_and_withdraw,
);

/// The record with members changed; null takes one out.
fn with(changes: &[(&str, Value)]) -> Value {
    let mut record = market::retail();
    for (name, value) in changes {
        record[*name] = value.clone();
    }
    record.as_object_mut().unwrap().retain(|_, value| !value.is_null());
    record
}

fn post(client: &Client, changes: &[(&str, Value)]) -> Answer {
    client.post("/retail-records", &with(changes))
}

/// Makes a company an individual, certified or not, as a moderator's decision leaves it.
fn individual(world: &World, name: &str, level: &str) -> Party {
    let party = world.party(name, "CN");
    party.patch(&format!("/companies/{}", party.company), &json!({"form": "individual"})).expect(200);
    let change = |tx: &mut tradepost::store::Tx| {
        let company = schema::companies::table.find(party.company.0);
        diesel::update(company).set(schema::companies::verification.eq(level)).execute(tx.conn())?;
        Ok(())
    };
    world.app.db.write(change).unwrap();
    party
}

fn record_says_its_class_its_table_and_what_is_odd(world: &World) {
    let seller = world.supplier();
    let made = post(
        &seller,
        &[
            ("regime", json!({"system": "cn_supervision", "code": "9610"})),
            ("declarant_role", json!("postal_operator")),
            ("declarant_name", json!(" China Post ")),
            ("customs_reference", json!({"scheme": "cn_declaration", "number": "3104 2026 0 000000001"})),
            ("ioss", json!("im 2760000001")),
        ],
    )
    .expect(201);
    assert!(made.id().starts_with("rtl_") && made.header("etag") == Some("\"v1\""), "{}", made.body);
    assert_eq!(made.header("location"), Some(format!("/api/v1/retail-records/{}", made.id()).as_str()));
    let record = made.json();
    for (name, value) in [
        ("state", json!("recorded")),
        ("grade", json!("self_declared")),
        ("bucket", json!("b2c")),
        ("month", json!("2026-10")),
        ("deal_locus", json!("platform")),
        ("declarant_name", json!("China Post")),
        ("ioss", json!("IM2760000001")),
        ("counts_for_statistics", json!(false)),
        ("is_released", json!(false)),
        ("findings", json!([])),
    ] {
        assert_eq!(record[name], value, "{name}: {record}");
    }
    assert_eq!(record["customs_check"]["canonical"], "310420260000000001", "{record}");
    assert!(record["statistics"].as_str().unwrap().contains("not identified"), "{record}");
    world.identify(&[seller.company]);
    let path = format!("/retail-records/{}", made.id());
    let record = seller.get(&path).expect(200).json();
    assert_eq!((&record["counts_for_statistics"], &record["not_counted_because"]), (&json!(true), &json!(null)));
    assert!(record["statistics"].as_str().unwrap().contains("retail exports, B2C, of 2026-10"), "{record}");
    let odd = post(&seller, &[("regime", json!({"system": "cn_supervision", "code": "0110"}))]).expect(201).json();
    assert_eq!((&odd["findings"][0]["level"], &odd["findings"][0]["pointer"]), (&json!("note"), &json!("/regime")));
    // As it was answered it may be sent back.
    seller.post("/retail-records", &odd).expect(201);
}

fn all_that_is_wrong_is_named_at_once(world: &World) {
    let seller = world.supplier();
    let unknown =
        post(&seller, &[("consumer_name", json!("Erika Mustermann")), ("parcels", json!("many"))]).expect(422);
    let mut pointers = unknown.wrong_fields();
    pointers.sort();
    assert_eq!(pointers, ["/consumer_name", "/parcels"]);
    let wrong = post(
        &seller,
        &[
            ("party_form", json!("b2b")),
            ("date", json!("2026-10-09")),
            ("consumer_country", json!("CN")),
            ("parcels", json!(0)),
            ("ioss", json!("IM1")),
            ("hs_code", json!("6109")),
            ("customs_reference", json!({"scheme": "eu_mrn", "number": "no number"})),
        ],
    )
    .expect(422);
    let mut pointers = wrong.wrong_fields();
    pointers.sort();
    assert_eq!(
        pointers,
        ["/consumer_country", "/customs_reference/number", "/hs_code", "/ioss", "/parcels", "/party_form", "/period"]
    );
    for (field, text) in [
        ("description", "Sold to hans@example.org"),
        ("description", "T-shirts\u{0}"),
        ("reference", "C-21\nexport"),
        ("platform", "Shop\t1"),
    ] {
        let refused = post(&seller, &[(field, json!(text))]).expect(422);
        assert_eq!(refused.wrong_fields(), [format!("/{field}")], "{text:?}");
    }
    let impossible = post(&seller, &[("quantity", json!({"value": "500", "unit": "KGM"}))]).expect(422);
    assert_eq!(impossible.wrong_fields(), ["/net_kg"]);
    let elsewhere = post(&seller, &[("supersedes", json!("rtl_0000000000001"))]).expect(422);
    assert_eq!(elsewhere.wrong_fields(), ["/supersedes"]);
    assert_eq!(seller.get("/retail-records").expect(200).json()["data"], json!([]));
}

fn c2c_needs_a_certified_individual(world: &World) {
    let c2c = [("party_form", json!("c2c"))];
    let certified = individual(world, "Li Wei", "documented");
    let made = post(&certified, &c2c).expect(201).json();
    assert_eq!((&made["bucket"], &made["counts_for_statistics"]), (&json!("c2c"), &json!(true)));
    let business = post(&certified, &[]).expect(422);
    assert_eq!(business.wrong_fields(), ["/party_form"]);
    let uncertified = individual(world, "Zhang Min", "identified");
    let refused = post(&uncertified, &c2c).expect(422);
    assert!(
        refused.wrong_fields() == ["/party_form"] && refused.body.contains("identity document"),
        "{}",
        refused.body
    );
    let company = post(&world.supplier(), &c2c).expect(422);
    assert_eq!(company.wrong_fields(), ["/party_form"]);
}

fn correction_takes_the_place_of_what_it_corrects(world: &World) {
    let seller = world.supplier();
    world.identify(&[seller.company]);
    let first = post(&seller, &[("reference", json!("OCT-1"))]).expect(201);
    let path = format!("/retail-records/{}/correct", first.id());
    let body = with(&[("reference", json!("OCT-1")), ("parcels", json!(2400))]);
    let send = |seen: &str, key: &str| {
        seller.call("POST", &path).header("If-Match", seen).header("Idempotency-Key", key).json(&body).send()
    };
    assert_eq!(send("\"v9\"", "stale").expect(412).problem(), "stale");
    let second = send("\"v1\"", "once").expect(201);
    assert_eq!(send("\"v1\"", "once").expect(201).header("idempotent-replayed"), Some("true"));
    let second = second.json();
    assert_eq!((&second["supersedes"], &second["state"]), (&json!(first.id()), &json!("recorded")));
    let old = seller.get(&format!("/retail-records/{}", first.id())).expect(200).json();
    assert_eq!(
        (&old["state"], &old["corrected_by"], &old["version"], &old["not_counted_because"]),
        (&json!("superseded"), &second["id"], &json!(2), &json!("it was corrected or withdrawn"))
    );
    let again = seller.post(&path, &body).expect(409);
    assert!(again.text("/detail").contains("superseded"), "{}", again.body);
    let third =
        post(&seller, &[("reference", json!("OCT-1")), ("supersedes", second["id"].clone())]).expect(201).json();
    assert_eq!(third["supersedes"], second["id"]);
    let other = with(&[("supersedes", json!(first.id()))]);
    let path = format!("/retail-records/{}/correct", third["id"].as_str().unwrap());
    assert_eq!(seller.post(&path, &other).expect(422).wrong_fields(), ["/supersedes"]);
}

fn record_is_withdrawn_by_its_owner_and_stays_in_the_list(world: &World) {
    let seller = world.supplier();
    let id = post(&seller, &[("reference", json!("OCT-1"))]).expect(201).id();
    let path = format!("/retail-records/{id}/withdraw");
    let withdrawn = seller.act(&path).expect(200);
    assert_eq!((withdrawn.text("/state").as_str(), withdrawn.header("etag")), ("withdrawn", Some("\"v2\"")));
    assert_eq!(seller.act(&path).expect(200).text("/state"), "withdrawn", "asked again it changes nothing");
    assert_eq!(seller.get("/retail-records").expect(200).text("/data/0/state"), "withdrawn");
    seller.post(&format!("/retail-records/{id}/correct"), &market::retail()).expect(409);
    post(&seller, &[("reference", json!("OCT-1"))]).expect(201);
}

fn reference_and_customs_number_are_in_force_once(world: &World) {
    let (seller, other) = (world.supplier(), world.party("Jinhua Trading", "CN"));
    let number = |item: u32| json!({"scheme": "cn_declaration", "number": "310420260000000001", "item": item});
    let own = [("reference", json!("OCT-1")), ("customs_reference", number(1))];
    let first = post(&seller, &own).expect(201).id();
    let twice = post(&seller, &[("reference", json!("OCT-1"))]).expect(409);
    assert!(twice.problem() == "duplicate" && twice.text("/detail").contains(&first), "{}", twice.body);
    let twice = post(&seller, &[("customs_reference", number(1))]).expect(409);
    assert!(twice.problem() == "duplicate" && twice.text("/detail").contains(&first), "{}", twice.body);
    post(&seller, &[("customs_reference", number(2))]).expect(201);
    // Whose number it is, one side alone cannot say: that of another company is not in the way.
    assert_eq!(post(&other, &own).expect(201).text("/customs_check/outcome"), "valid_form_only");
    post(&seller, &[("reference", json!("OCT-1")), ("customs_reference", number(1)), ("supersedes", json!(first))])
        .expect(201);
}

fn number_that_two_others_confirmed_is_suspicious(world: &World) {
    let (supplier, buyer, seller) = (world.supplier(), world.buyer(), world.party("Jinhua Trading", "CN"));
    let proposal = json!({"supplier": supplier.company, "buyer": buyer.company});
    let partnership = supplier.post("/partnerships", &proposal).expect(201).id();
    buyer.act(&format!("/partnerships/{partnership}/confirm")).expect(200);
    let record = supplier.post(&format!("/partnerships/{partnership}/records"), &market::record()).expect(201).id();
    supplier.post(&format!("/records/{record}/customs-references"), &market::declaration(1)).expect(201);
    let number = market::declaration(1);
    let number = json!({"scheme": number["scheme"], "number": number["number"]});
    let outcome = |changes: &[(&str, Value)]| post(&seller, changes).expect(201).json();
    let before = outcome(&[("customs_reference", number.clone()), ("reference", json!("A"))]);
    assert_eq!(before["customs_check"]["outcome"], "valid_form_only", "what one side claims makes nothing suspicious");
    buyer.act(&format!("/records/{record}/confirm")).expect(200);
    let after = outcome(&[("customs_reference", number), ("supersedes", before["id"].clone())]);
    assert_eq!(after["customs_check"]["outcome"], "suspicious");
    assert_eq!(after["not_counted_because"], "its customs number is suspicious");
}

fn list_is_filtered_and_paged(world: &World) {
    let seller = world.supplier();
    for (number, month) in ["2026-08", "2026-09", "2026-10"].iter().enumerate() {
        let changes = [("period", json!(month)), ("reference", json!(format!("M-{number}")))];
        post(&seller, &changes).expect(201);
    }
    let import = [
        ("direction", json!("import")),
        ("reporter_country", json!("DE")),
        ("goods_route", json!("express")),
        ("period", json!(null)),
        ("date", json!("2026-10-21")),
    ];
    world.clock.advance(chrono::Duration::hours(1));
    post(&seller, &import).expect(201);
    let count = |query: &str| {
        let list = seller.get(&format!("/retail-records?{query}")).expect(200).json();
        list["data"].as_array().unwrap().len()
    };
    for (query, rows) in [
        ("", 4),
        ("direction=import", 1),
        ("party_form=c2c", 0),
        ("month=2026-10", 2),
        ("month=2026-10&direction=export", 1),
        ("reference=M-1", 1),
        ("updated_since=2026-11-01T00:00:00Z", 4),
        ("updated_since=2030-01-01T00:00:00Z", 0),
    ] {
        assert_eq!(count(query), rows, "{query}");
    }
    let first = seller.get("/retail-records?limit=3").expect(200).json();
    assert_eq!((&first["data"][0]["month"], &first["has_more"]), (&json!("2026-10"), &json!(true)));
    let rest = seller.get(&format!("/retail-records?limit=3&cursor={}", first["next_cursor"].as_str().unwrap()));
    assert_eq!(rest.expect(200).text("/data/0/month"), "2026-08");
    for (query, field) in [("month=2026-1", "/month"), ("direction=up", "/direction"), ("party_form=x", "/party_form")]
    {
        assert_eq!(seller.get(&format!("/retail-records?{query}")).expect(422).wrong_fields(), [field]);
    }
}

fn stranger_finds_nothing(world: &World) {
    let (seller, stranger) = (world.supplier(), world.buyer());
    let id = post(&seller, &[]).expect(201).id();
    let path = format!("/retail-records/{id}");
    stranger.get(&path).expect(404);
    stranger.post(&format!("{path}/correct"), &market::retail()).expect(404);
    stranger.act(&format!("{path}/withdraw")).expect(404);
    assert_eq!(post(&stranger, &[("supersedes", json!(id))]).expect(422).wrong_fields(), ["/supersedes"]);
    assert_eq!(stranger.get("/retail-records").expect(200).json()["data"], json!([]));
    world.anonymous().get(&path).expect(401);
    let browser = world.browser(&stranger.email);
    for page in [path.clone(), format!("{path}/correct"), format!("{path}/withdraw")] {
        browser.page(&page).expect(404);
    }
    assert_eq!(seller.get(&path).expect(200).text("/state"), "recorded");
}

fn pages_record_correct_and_withdraw(world: &World) {
    let seller = world.supplier();
    world.identify(&[seller.company]);
    let browser = world.browser(&seller.email);
    assert!(browser.page("/partnerships").expect(200).body.contains("href=\"/retail-records\""));
    let typed = [
        ("direction", "export"),
        ("party_form", "b2c"),
        ("goods_route", "post"),
        ("reporter_country", "CN"),
        ("consumer_country", "DE"),
        ("hs_code", "6109.10"),
        ("description", "T-shirts <3"),
        ("quantity.value", "40"),
        ("quantity.unit", "C62"),
        ("net_kg", "8"),
        ("value.amount", "480"),
        ("value.currency", "EUR"),
        ("parcels", "25"),
        ("regime.system", "cn_supervision"),
        ("regime.code", ""),
    ];
    let refused = browser.submit("/retail-records/new", "/retail-records/new", &typed).expect(422);
    assert!(refused.body.contains("date or period is needed") && refused.body.contains("T-shirts &#60;3"));
    let typed: Vec<_> = typed.into_iter().chain([("period", "2026-10")]).collect();
    let made = browser.submit("/retail-records/new", "/retail-records/new", &typed).expect(303);
    let path = made.header("location").unwrap().to_owned();
    let page = browser.page(&path).expect(200).body;
    assert!(page.contains("no rate of its time") && page.contains("self-declared"), "{page}");
    assert!(browser.page("/retail-records?month=2026-10").expect(200).body.contains(&path));
    let form = browser.page(&format!("{path}/correct")).expect(200).body;
    assert!(form.contains("value=\"480\"") && form.contains("value=\"2026-10\""), "{form}");
    let correct = format!("{path}/correct");
    let newer = browser.submit(&correct, &correct, &typed).expect(303).header("location").unwrap().to_owned();
    assert!(browser.page(&path).expect(200).body.contains(&newer), "the old one leads to the new one");
    browser.page(&format!("{path}/withdraw")).expect(409);
    let withdraw = format!("{newer}/withdraw");
    browser.submit(&withdraw, &withdraw, &[]).expect(303);
    assert!(browser.page(&newer).expect(200).body.contains("withdrawn"));
}
