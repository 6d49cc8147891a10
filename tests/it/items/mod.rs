//! RFQs for several items: written, quoted, compared, awarded and matched item by item; and copies of RFQs.

mod awards;
mod copies;
mod matching;
mod pages;

use serde_json::{Value, json};
use tradepost::cli::load::{Load, load_file};

use crate::support::{Client, Party, World, market};

both!(
    items_are_numbered_and_come_back,
    rfq_without_items_reads_as_it_always_did,
    wrong_items_are_named_at_once,
    publishing_names_what_each_item_lacks,
    published_items_are_added_to_and_never_taken_away,
    completeness_is_said_for_each_item,
    quote_prices_all_or_some_of_the_items,
    quote_that_prices_other_things_is_refused_at_its_field,
    versions_keep_their_items,
    notifications_list_the_items,
    comparison_is_by_item_and_by_basket,
    archive_of_everything_holds_the_items,
    file_of_the_operator_brings_items,
);

/// The numbers and titles of the items of an answer.
fn items(rfq: &Value) -> Vec<(u64, String)> {
    let item = |item: &Value| (item["item"].as_u64().unwrap(), item["title"].as_str().unwrap().to_owned());
    rfq["items"].as_array().unwrap().iter().map(item).collect()
}

fn of_quote(client: &Client, quote: &str) -> Value {
    client.get(&format!("/quotes/{quote}")).expect(200).json()
}

fn items_are_numbered_and_come_back(world: &World) {
    let buyer = world.buyer();
    let mut sent = market::rfq_of_items("Fittings by the container");
    sent["items"][2]["item"] = json!(1);
    let made = buyer.post("/rfqs", &sent).expect(201);
    let names = [(2, "Brass pipe elbow DN20"), (3, "Ceramic wash basin 60 cm"), (1, "Copper pipe 22 mm")];
    let names = names.map(|(number, title)| (number, title.to_owned()));
    assert_eq!(items(&made.json()), names);
    assert_eq!(made.json()["suggested_hs"], json!([]));
    let path = format!("/rfqs/{}", made.id());
    let now = buyer.get(&path).expect(200).json();
    assert_eq!(items(&now), names);
    assert_eq!(now["items"][0]["target_price"], json!({"amount": "1.200000", "currency": "USD"}));
    assert_eq!(now["items"][2]["specification"], Value::Null);
    // Sent back as it was answered it changes nothing, and a list without numbers has those of its order.
    assert_eq!(items(&buyer.patch(&path, &now).expect(200).json()), names);
    let changed = buyer.patch(&path, &json!({"items": [{"title": "Tee"}, {"title": "Cross"}]})).expect(200);
    assert_eq!(items(&changed.json()), [(1, "Tee".to_owned()), (2, "Cross".to_owned())]);
    assert_eq!(buyer.patch(&path, &json!({"items": null})).expect(200).json()["items"], json!([]));
}

fn rfq_without_items_reads_as_it_always_did(world: &World) {
    let (buyer, supplier) = (world.buyer(), world.supplier());
    let rfq = buyer.publish_rfq(&market::rfq("Brass ball valves"));
    assert_eq!(buyer.get(&format!("/rfqs/{rfq}")).expect(200).json()["items"], json!([]));
    let quote = supplier.submit_quote(&rfq, &market::quote("3.2"));
    let read = of_quote(&supplier, &quote);
    assert_eq!(read["unit_price"], json!({"amount": "3.200000", "currency": "USD"}));
    assert_eq!((&read["items"], &read["awarded_items"]), (&json!([]), &json!([])));
    let compared = buyer.get(&format!("/rfqs/{rfq}/comparison")).expect(200).json();
    assert_eq!(compared["wanted"], json!({"value": "5000", "unit": "C62"}));
    assert_eq!(compared["quotes"].as_array().unwrap().len(), 1);
    assert_eq!((&compared["items"], &compared["baskets"]), (&json!([]), &json!([])));
    let complete = buyer.get(&format!("/rfqs/{rfq}/completeness")).expect(200).json();
    assert_eq!(complete["items"], json!([]));
    assert!(complete["missing"].as_array().unwrap().iter().all(|missing| missing["items"] == json!([])));
    world.drain();
}

fn wrong_items_are_named_at_once(world: &World) {
    let buyer = world.buyer();
    let wrong = json!({"items": [
        {"item": 0, "title": "Tee"},
        {"item": 5, "title": "Tee, write to buyer@example.com"},
        {"item": 5, "title": "Tee", "quantity": {"value": "0", "unit": "C62"}}
    ]});
    let refused = buyer.post("/rfqs", &wrong).expect(422);
    assert_eq!(refused.problem(), "invalid");
    let mut fields = refused.wrong_fields();
    fields.sort();
    assert_eq!(fields, ["/items/0/item", "/items/1/title", "/items/2/item", "/items/2/quantity/value"]);
    let unknown = buyer.post("/rfqs", &json!({"items": [{"name": "Tee"}]})).expect(422);
    assert_eq!(unknown.wrong_fields(), ["/items/0/name"]);
    let many = vec![json!({"title": "Tee"}); 51];
    assert_eq!(buyer.post("/rfqs", &json!({"items": many})).expect(422).wrong_fields(), ["/items"]);
    assert_eq!(items(&buyer.post("/rfqs", &json!({"items": many[..50]})).expect(201).json()).len(), 50);
}

fn publishing_names_what_each_item_lacks(world: &World) {
    let buyer = world.buyer();
    let mut sent = market::rfq_of_items("Fittings");
    sent["items"][1]["quantity"] = Value::Null;
    sent["items"][2]["title"] = json!("");
    let rfq = buyer.post("/rfqs", &sent).expect(201).id();
    let refused = buyer.act(&format!("/rfqs/{rfq}/publish")).expect(422);
    assert_eq!(refused.wrong_fields(), ["/items/1/quantity", "/items/2/title"]);
    let path = format!("/rfqs/{rfq}");
    buyer.patch(&path, &json!({"items": market::rfq_of_items("")["items"]})).expect(200);
    // The quantity of the whole is not needed.
    assert_eq!(buyer.act(&format!("{path}/publish")).expect(200).text("/state"), "open");
    world.drain();
}

fn published_items_are_added_to_and_never_taken_away(world: &World) {
    let buyer = world.buyer();
    let rfq = buyer.publish_rfq(&market::rfq_of_items("Fittings that change"));
    let path = format!("/rfqs/{rfq}");
    let mut all = buyer.get(&path).expect(200).json()["items"].as_array().unwrap().clone();
    let first = all.remove(0);
    let refused = buyer.patch(&path, &json!({"items": all})).expect(422);
    assert_eq!(refused.wrong_fields(), ["/items"]);
    assert!(refused.body.contains("published items 1"), "{}", refused.body);
    assert_eq!(buyer.patch(&path, &json!({"items": []})).expect(422).wrong_fields(), ["/items"]);
    let mut more = vec![json!({"title": "Brass cap", "quantity": {"value": "10", "unit": "C62"}}), first];
    more.extend(all);
    let mut mixed = more.clone();
    mixed[0]["target_price"] = json!({"amount": "1", "currency": "EUR"});
    let refused = buyer.patch(&path, &json!({"items": mixed})).expect(422);
    assert!(refused.wrong_fields().iter().all(|field| field.ends_with("/target_price/currency")), "{}", refused.body);
    let mut nameless = more.clone();
    nameless[0]["quantity"] = Value::Null;
    let refused = buyer.patch(&path, &json!({"items": nameless})).expect(422);
    assert_eq!(refused.wrong_fields(), ["/items/0/quantity"], "the place is that in what was sent");
    let changed = buyer.patch(&path, &json!({"items": more})).expect(200).json();
    assert_eq!(items(&changed)[0], (4, "Brass cap".to_owned()), "the order is the buyer's");
    // An RFQ for one kind of goods stays one.
    let simple = buyer.publish_rfq(&market::rfq("Brass ball valves"));
    let tee = json!({"title": "Tee", "quantity": {"value": "10", "unit": "C62"}});
    let refused = buyer.patch(&format!("/rfqs/{simple}"), &json!({"items": [tee]})).expect(422);
    assert_eq!(refused.wrong_fields(), ["/items"]);
    world.drain();
}

fn completeness_is_said_for_each_item(world: &World) {
    let buyer = world.buyer();
    let rfq = buyer.post("/rfqs", &market::rfq_of_items("Fittings")).expect(201).id();
    let complete = buyer.get(&format!("/rfqs/{rfq}/completeness")).expect(200).json();
    let of = |field: &str| {
        let missing = complete["missing"].as_array().unwrap();
        missing.iter().find(|one| one["field"] == field).map(|one| one["items"].clone())
    };
    assert_eq!((of("quantity"), of("hs_code")), (None, None));
    assert_eq!(of("specification"), Some(json!([2, 3])));
    assert_eq!(of("target_price"), Some(json!([3])));
    assert_eq!(of("payment_terms"), Some(json!([])));
    let items = complete["items"].as_array().unwrap();
    assert_eq!(items[2]["missing"], json!(["specification", "target_price", "category"]));
    assert!(items[0]["score"].as_u64() > items[2]["score"].as_u64());
    let score = complete["score"].as_u64().unwrap();
    assert_eq!(buyer.get(&format!("/rfqs/{rfq}")).expect(200).json()["completeness"].as_u64(), Some(score));
}

fn quote_prices_all_or_some_of_the_items(world: &World) {
    let (buyer, supplier) = (world.buyer(), world.supplier());
    let rfq = buyer.publish_rfq(&market::rfq_of_items("Fittings to be quoted"));
    let mut sent = market::quote_of_items(&[(1, "1.10"), (3, "8.40")]);
    sent["items"][0]["quantity"] = json!({"value": "400", "unit": "C62"});
    sent["items"][1]["lead_time_days"] = json!(10);
    sent["items"][1]["note"] = json!("In coils of 50 m");
    let quote = supplier.submit_quote(&rfq, &sent);
    let read = of_quote(&buyer, &quote);
    assert_eq!(read["unit_price"], Value::Null);
    assert_eq!(read["items"][0]["quantity"], json!({"value": "400", "unit": "C62"}));
    assert_eq!((&read["items"][1]["item"], &read["items"][1]["note"]), (&json!(3), &json!("In coils of 50 m")));
    assert_eq!(read["items"][1]["price_unit"], Value::Null);
    assert_eq!(read["awarded_items"], json!([]));
    let listed = supplier.get(&format!("/quotes?rfq={rfq}")).expect(200).json();
    assert_eq!(listed["data"][0]["items"], read["items"]);
    // It holds one seat, whatever it prices.
    assert_eq!(buyer.get(&format!("/rfqs/{rfq}")).expect(200).json()["quotes"], 1);
    supplier.post(&format!("/rfqs/{rfq}/quotes"), &market::quote_of_items(&[(2, "3.1")])).expect(409);
    world.drain();
}

fn quote_that_prices_other_things_is_refused_at_its_field(world: &World) {
    let (buyer, supplier) = (world.buyer(), world.supplier());
    let rfq = buyer.publish_rfq(&market::rfq_of_items("Fittings to be quoted wrongly"));
    let path = format!("/rfqs/{rfq}/quotes");
    let refused = |body: &Value, path: &str| {
        let mut fields = supplier.post(path, body).expect(422).wrong_fields();
        fields.sort();
        fields
    };
    let mut wrong = market::quote_of_items(&[(0, "1"), (2, "3"), (2, "3"), (9, "0")]);
    wrong["items"][1]["unit_price"]["currency"] = json!("EUR");
    assert_eq!(
        refused(&wrong, &path),
        [
            "/items/0/item",
            "/items/1/unit_price/currency",
            "/items/2/item",
            "/items/3/item",
            "/items/3/unit_price/amount"
        ]
    );
    // A price for a piece says nothing of kilograms.
    let mut uneven = market::quote_of_items(&[(1, "1"), (2, "3")]);
    uneven["items"][0]["price_unit"] = json!("C62");
    uneven["items"][0]["quantity"] = json!({"value": "1", "unit": "KGM"});
    uneven["items"][1]["moq"] = json!({"value": "1", "unit": "MTR"});
    assert_eq!(refused(&uneven, &path), ["/items/0/quantity/unit", "/items/1/moq/unit"]);
    // A price for the whole says nothing of the items, and stands beside none.
    let whole = market::quote("3.2");
    assert_eq!(refused(&whole, &path), ["/items", "/price_unit", "/quantity", "/unit_price"]);
    assert_eq!(refused(&json!({}), &path), ["/items"]);
    let mut term = market::quote_of_items(&[(1, "1.1")]);
    term["items"][0]["moq"] = json!({"value": "10", "unit": "C62"});
    term["items"][0]["quantity"] = json!({"value": "5", "unit": "C62"});
    term["items"][0]["lead_time_days"] = json!(2000);
    assert_eq!(refused(&term, &path), ["/items/0/lead_time_days", "/items/0/moq"]);
    // And the other way round.
    let simple = buyer.publish_rfq(&market::rfq("Brass ball valves"));
    let path = format!("/rfqs/{simple}/quotes");
    assert_eq!(refused(&market::quote_of_items(&[(1, "1.1")]), &path), ["/items"]);
    assert_eq!(refused(&json!({}), &path), ["/unit_price"]);
    world.drain();
}

fn versions_keep_their_items(world: &World) {
    let (buyer, supplier) = (world.buyer(), world.supplier());
    let rfq = buyer.publish_rfq(&market::rfq_of_items("Fittings in versions"));
    let quote = supplier.submit_quote(&rfq, &market::quote_of_items(&[(1, "1.10")]));
    let better = market::quote_of_items(&[(1, "1.05"), (2, "3.30")]);
    supplier.post(&format!("/quotes/{quote}/revise"), &better).expect(200);
    let read = of_quote(&buyer, &quote);
    let numbers = |of: &Value| -> Vec<u64> {
        of["items"].as_array().unwrap().iter().map(|item| item["item"].as_u64().unwrap()).collect()
    };
    assert_eq!((read["revision"].as_u64(), numbers(&read)), (Some(2), vec![1, 2]));
    assert_eq!(numbers(&read["versions"][0]), [1, 2]);
    assert_eq!(numbers(&read["versions"][1]), [1]);
    assert_eq!(read["versions"][1]["items"][0]["unit_price"]["amount"], "1.100000");
    let wrong = market::quote_of_items(&[(7, "1")]);
    let refused = supplier.post(&format!("/quotes/{quote}/revise"), &wrong).expect(422);
    assert_eq!(refused.wrong_fields(), ["/items/0/item"]);
    world.drain();
}

/// The facts of the last e-mail to the party.
fn facts(world: &World, party: &Party) -> Vec<(String, String)> {
    world.drain();
    world.mails_to(&party.email).last().expect("an e-mail").email.content.facts.clone()
}

fn notifications_list_the_items(world: &World) {
    let (buyer, supplier) = (world.buyer(), world.supplier());
    let rfq = buyer.publish_rfq(&market::rfq_of_items("Fittings by e-mail"));
    buyer.post(&format!("/rfqs/{rfq}/invitations"), &json!({"companies": [supplier.company]})).expect(200);
    let asked = facts(world, &supplier);
    let elbow = "Brass pipe elbow DN20, 500\u{a0}pcs, HS\u{a0}7412.20, target USD 1.20 / pcs";
    assert!(asked.contains(&("Item 1".to_owned(), elbow.to_owned())), "{asked:?}");
    supplier.submit_quote(&rfq, &market::quote_of_items(&[(1, "1.10"), (3, "8.40")]));
    let quoted = facts(world, &buyer);
    let fact = |label: &str| quoted.iter().find(|(known, _)| known == label).map(|(_, value)| value.as_str());
    assert_eq!(
        fact("Item 1: Brass pipe elbow DN20"),
        Some("USD 1.10 / pcs for 500\u{a0}pcs = USD 550.00"),
        "{quoted:?}"
    );
    assert_eq!(fact("Total"), Some("USD 17\u{202f}350.00 for 2 of 3 items"), "{quoted:?}");
    assert_eq!(fact("Terms"), Some("DAP Hamburg"));
    assert!(fact("Price").is_none());
}

fn comparison_is_by_item_and_by_basket(world: &World) {
    let buyer = world.buyer();
    let suppliers = ["Whole Foundry", "Part Foundry", "Dear Foundry"].map(|name| world.party(name, "CN"));
    let rfq = buyer.publish_rfq(&market::rfq_of_items("Fittings side by side"));
    let whole = suppliers[0].submit_quote(&rfq, &market::quote_of_items(&[(1, "1.20"), (2, "3.50"), (3, "8.50")]));
    let part = suppliers[1].submit_quote(&rfq, &market::quote_of_items(&[(1, "1.00"), (2, "3.60")]));
    let mut dear = market::quote_of_items(&[(1, "1.30"), (2, "3.40"), (3, "9.00")]);
    dear["incoterm"] = json!("FOB");
    dear["incoterm_place"] = json!("Ningbo");
    dear["freight"] = json!({"amount": "1000", "currency": "USD"});
    let dear = suppliers[2].submit_quote(&rfq, &dear);
    let compared = buyer.get(&format!("/rfqs/{rfq}/comparison")).expect(200).json();
    assert_eq!((&compared["currency"], &compared["quotes"]), (&json!("USD"), &json!([])));
    let first = &compared["items"][0];
    assert_eq!((&first["item"], &first["title"]), (&json!(1), &json!("Brass pipe elbow DN20")));
    assert_eq!((&first["wanted"]["value"], &first["awarded_to"]), (&json!("500"), &Value::Null));
    let lowest = |place: usize| -> Vec<&Value> {
        let columns = compared["items"][place]["quotes"].as_array().unwrap().iter();
        columns.filter(|column| column["converted"]["is_lowest"] == true).map(|column| &column["quote"]).collect()
    };
    assert_eq!((lowest(0), lowest(1)), (vec![&json!(part)], vec![&json!(dear)]));
    assert_eq!(compared["items"][2]["quotes"].as_array().unwrap().len(), 2);
    let shared = &compared["items"][0]["quotes"][2]["landed"]["not_comparable"];
    assert_eq!(shared, "not comparable: freight is stated for all items together");
    let basket = |id: &str| {
        let baskets = compared["baskets"].as_array().unwrap();
        baskets.iter().find(|basket| basket["quote"] == id).unwrap().clone()
    };
    let (whole, part, dear) = (basket(&whole), basket(&part), basket(&dear));
    // 500 x 1.20 + 5000 x 3.50 + 2000 x 8.50.
    assert_eq!(whole["goods"]["amount"]["amount"], "35100.000000");
    assert_eq!((&whole["missing"], &whole["landed"]["is_lowest"]), (&json!([]), &json!(true)));
    assert_eq!((&part["items"], &part["missing"]), (&json!([1, 2]), &json!([3])));
    assert_eq!(part["landed"]["is_lowest"], false, "cheaper, and only a part");
    assert_eq!(part["landed"]["not_comparable"], "not comparable: 2 of the 3 items");
    // 500 x 1.30 + 5000 x 3.40 + 2000 x 9.00, and the carriage.
    assert_eq!(dear["goods"]["amount"]["amount"], "35650.000000");
    assert_eq!(dear["landed"]["amount"]["amount"], "36650.000000");
    assert!(dear["landed"]["percent_above_lowest"].as_f64().unwrap() > 4.0);
    world.drain();
}

fn archive_of_everything_holds_the_items(world: &World) {
    let (buyer, supplier) = (world.buyer(), world.supplier());
    let rfq = buyer.publish_rfq(&market::rfq_of_items("Fittings in the archive"));
    let quote = supplier.submit_quote(&rfq, &market::quote_of_items(&[(1, "1.10"), (2, "3.30")]));
    buyer.post(&format!("/quotes/{quote}/accept"), &json!({"items": [2]})).expect(200);
    let archive = crate::exports::export(world, &buyer).1;
    assert_eq!(items(&archive.lines("rfqs")[0]).len(), 3);
    let received = &archive.lines("quotes_received")[0];
    assert_eq!((&received["awarded_items"], &received["items"][1]["item"]), (&json!([2]), &json!(2)));
}

fn file_of_the_operator_brings_items(world: &World) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("moved.ndjson");
    let mut rfq = market::rfq_of_items("Fittings from another platform");
    rfq["type"] = json!("rfq");
    rfq["company"] = json!("mover");
    rfq["ref"] = json!("M-1");
    rfq["items"][1]["quantity"] = Value::Null;
    let company = json!({"type": "company", "ref": "mover", "name": "Mover Trading", "country": "NL"});
    std::fs::write(&file, format!("{company}\n{rfq}\n")).unwrap();
    let load = || {
        let args = Load { file: file.clone(), publish: true, ..Load::default() };
        load_file(&world.app, &args, |line, problem| panic!("line {line}: {problem}")).unwrap()
    };
    assert_eq!(load().made, 2);
    world.drain();
    let found = world.anonymous().get("/search/rfqs?q=copper+pipe").expect(200);
    assert_eq!(found.json()["data"][0]["items"], 3);
    let id = found.text("/data/0/id");
    let read = world.anonymous().get(&format!("/rfqs/{id}")).expect(200).json();
    assert_eq!((read["items"].as_array().unwrap().len(), &read["items"][1]["quantity"]), (3, &Value::Null));
    assert_eq!(load().made, 0, "the same file again changes nothing");
}
