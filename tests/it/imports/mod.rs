//! Imports: a catalogue file becomes listings, comes back where it is wrong, and changes nothing a second time.

mod kinds;
mod running;

use serde_json::{Value, json};

use crate::support::{Answer, Client, World};

both!(
    a_table_becomes_listings_and_the_same_file_again_changes_nothing,
    bad_rows_hold_no_good_row_back_and_come_back_to_be_mended,
    a_sku_twice_is_an_error_of_the_second_row,
    replace_pauses_what_the_file_does_not_name,
    replace_pauses_nothing_when_a_row_names_no_sku,
    a_dry_run_says_the_same_and_stores_nothing,
    what_columns_hold_is_said_once_and_remembered,
    wrong_parameters_are_named,
    another_company_sees_nothing_of_it,
    what_others_hear_of_it_is_what_they_hear_of_each_listing,
);

/// Sends a file.
fn send(client: &Client, query: &str, file: &[u8]) -> Answer {
    client
        .call("POST", &format!("/imports?{query}"))
        .header("Content-Type", "application/octet-stream")
        .bytes(file.to_vec())
        .send()
}

/// Sends a file, has it read, and answers how it went.
#[track_caller]
fn import(world: &World, client: &Client, query: &str, file: &str) -> Value {
    import_bytes(world, client, query, file.as_bytes())
}

#[track_caller]
fn import_bytes(world: &World, client: &Client, query: &str, file: &[u8]) -> Value {
    let sent = send(client, query, file).expect(202);
    let place = sent.header("location").unwrap().strip_prefix("/api/v1").unwrap().to_owned();
    assert_eq!(place, format!("/imports/{}", sent.id()));
    assert_eq!(sent.json()["state"], "queued");
    world.drain();
    client.get(&place).expect(200).json()
}

/// New, changed, same, refused, noted and paused.
fn counts(import: &Value) -> [i64; 6] {
    ["new", "changed", "same", "refused", "noted", "paused"].map(|name| import["counts"][name].as_i64().unwrap())
}

fn listings(client: &Client, state: &str) -> Vec<Value> {
    client.get(&format!("/listings?limit=100&state={state}")).expect(200).json()["data"].as_array().unwrap().clone()
}

fn skus(client: &Client, state: &str) -> Vec<String> {
    let mut skus: Vec<String> =
        listings(client, state).iter().map(|listing| listing["sku"].as_str().unwrap().to_owned()).collect();
    skus.sort();
    skus
}

const TABLE: &str = "Item No.;Product name;Description;Unit price;Currency;Unit;MOQ;Country of origin;attribute:Grade\r\n\
    V-1;Ball valve DN50;<p>Full bore</p><ul><li>316L</li></ul>;12,50;EUR;pcs;100;CN;316L\r\n\
    V-2;Ball valve DN80;\"Two\nlines\";19.90;EUR;pcs;50;China;316L\r\n\
    V-3;Gate valve;;;;;;;\r\n";

fn a_table_becomes_listings_and_the_same_file_again_changes_nothing(world: &World) {
    let supplier = world.supplier();
    let first = import(world, &supplier, "format=csv&name=valves.csv", TABLE);
    assert_eq!(
        (first["state"].as_str(), first["name"].as_str(), counts(&first)),
        (Some("finished"), Some("valves.csv"), [3, 0, 0, 0, 1, 0])
    );
    assert_eq!(
        (first["reading"]["encoding"].as_str(), first["reading"]["delimiter"].as_str()),
        (Some("UTF-8"), Some(";"))
    );
    assert_eq!(first["reading"]["columns"][0], json!({"header": "Item No.", "field": "sku"}));
    let note = &first["noted_rows"][0];
    assert_eq!(
        (&note["row"], &note["faults"][0]["column"], &note["faults"][0]["code"]),
        (&json!(2), &json!("Description"), &json!("html"))
    );
    assert_eq!(skus(&supplier, "draft"), ["V-1", "V-2", "V-3"]);
    let valve = listings(&supplier, "draft").into_iter().find(|listing| listing["sku"] == "V-1").unwrap();
    assert_eq!(valve["description"], "Full bore\n- 316L");
    assert_eq!(valve["price"]["min"], json!({"amount": "12.500000", "currency": "EUR"}));
    assert_eq!(
        (&valve["moq"], &valve["origin_country"], &valve["attributes"]),
        (&json!({"value": "100", "unit": "C62"}), &json!("CN"), &json!({"Grade": "316L"}))
    );
    let again = import(world, &supplier, "format=csv", TABLE);
    assert_eq!(counts(&again), [0, 0, 3, 0, 1, 0]);
    let published = import(world, &supplier, "format=csv&publish=true", TABLE);
    assert_eq!((counts(&published), skus(&supplier, "published").len()), ([0, 3, 0, 0, 1, 0], 3));
    assert_eq!(counts(&import(world, &supplier, "format=csv&publish=true", TABLE)), [0, 0, 3, 0, 1, 0]);
    let changed = import(world, &supplier, "format=csv", &TABLE.replace("Gate valve", "Globe valve"));
    assert_eq!((counts(&changed), skus(&supplier, "published").len()), ([0, 1, 2, 0, 1, 0], 3));
    let list = supplier.get("/imports").expect(200).json();
    assert_eq!((list["data"].as_array().unwrap().len(), &list["data"][0]["id"]), (5, &changed["id"]));
}

/// The file of errors as rows of cells.
fn errors_of(client: &Client, import: &Value) -> (String, Vec<Vec<String>>) {
    let file = client.get(&format!("/imports/{}/errors.csv", import["id"].as_str().unwrap())).expect(200);
    assert_eq!(file.header("content-type"), Some("text/csv; charset=utf-8"));
    let text = file.body.clone();
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let rows = reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect();
    (text, rows)
}

fn bad_rows_hold_no_good_row_back_and_come_back_to_be_mended(world: &World) {
    let supplier = world.supplier();
    let file = "SKU,Name,Price,Currency,HS code,Unit\n\
        P-1,Pipe,10,USD,7306.40,m\n\
        P-2,,10,USD,77,m\n\
        ,Tube,10,USD,,m\n\
        P-4,Elbow,1.250,USD,,m\n\
        P-5,Call +49 30 1234567,10,USD,,m\n\
        P-6,Flange,10,USD,7307,m\n";
    let first = import(world, &supplier, "format=csv", file);
    assert_eq!((first["state"].as_str(), counts(&first)), (Some("finished"), [2, 0, 0, 4, 0, 0]));
    assert_eq!(skus(&supplier, "draft"), ["P-1", "P-6"]);
    let (text, rows) = errors_of(&supplier, &first);
    assert_eq!(rows[0][6..], ["error_column", "error_code", "error_value", "error_message"]);
    let said: Vec<(&str, &str, &str, &str)> =
        rows[1..].iter().map(|row| (row[0].as_str(), row[6].as_str(), row[7].as_str(), row[8].as_str())).collect();
    assert_eq!(
        said,
        [
            ("P-2", "HS code | Name", "format | required", "77 | "),
            ("", "SKU", "required", ""),
            ("P-4", "Price", "format", "1.250"),
            ("P-5", "Name", "contact_details", "Call +49 30 1234567"),
        ]
    );
    assert_eq!(
        first["refused_rows"][1],
        json!({"row": 4, "faults": [{"column": "SKU", "code": "required", "value": "", "message": first["refused_rows"][1]["faults"][0]["message"]}]})
    );
    let mended = text
        .replace("P-2,,10,USD,77", "P-2,Pipe,10,USD,7306")
        .replace(",Tube", "P-3,Tube")
        .replace("1.250,USD", "1.2500,USD")
        .replace("Call +49 30 1234567,", "Sleeve,");
    let second = import(world, &supplier, "format=csv", &mended);
    assert_eq!((counts(&second), &second["refused_rows"]), ([4, 0, 0, 0, 0, 0], &json!([])));
    assert_eq!(skus(&supplier, "draft").len(), 6);
    // A file of errors of a file of errors has the columns once.
    let third = import(world, &supplier, "format=csv", &text);
    assert_eq!((counts(&third)[3], errors_of(&supplier, &third).1), (4, rows));
}

fn a_sku_twice_is_an_error_of_the_second_row(world: &World) {
    let supplier = world.supplier();
    let file = "sku,name\nA,First\nB,\nA,Second\nB,Good\nA,Third\n";
    let first = import(world, &supplier, "format=csv", file);
    assert_eq!(counts(&first), [2, 0, 0, 3, 0, 0]);
    let names: Vec<String> =
        listings(&supplier, "draft").iter().map(|one| one["name"].as_str().unwrap().to_owned()).collect();
    assert_eq!(names, ["Good", "First"]);
    let twice = &first["refused_rows"][1];
    assert_eq!(
        (&twice["row"], &twice["faults"][0]["code"], &twice["faults"][0]["value"]),
        (&json!(4), &json!("contradiction"), &json!("A"))
    );
    assert!(twice["faults"][0]["message"].as_str().unwrap().contains("row 2"), "{twice}");
    assert_eq!(counts(&import(world, &supplier, "format=csv", file)), [0, 0, 2, 3, 0, 0]);
}

fn replace_pauses_what_the_file_does_not_name(world: &World) {
    let supplier = world.supplier();
    let other = world.party("Another Supplier", "TR");
    for client in [&supplier, &other] {
        import(world, client, "format=csv&publish=true", "sku,name\nA,One\nB,Two\nC,Three\n");
    }
    let replaced = import(world, &supplier, "format=csv&mode=replace&publish=true", "sku,name\nA,One\nC,\nD,Four\n");
    // The row of C is refused, but it names C.
    assert_eq!((counts(&replaced), &replaced["problem"]), ([1, 0, 1, 1, 0, 1], &Value::Null));
    assert_eq!(
        (skus(&supplier, "published"), skus(&supplier, "paused")),
        (vec!["A".to_owned(), "C".to_owned(), "D".to_owned()], vec!["B".to_owned()])
    );
    assert_eq!(skus(&other, "published").len(), 3, "nobody else's listings are touched");
    let again = import(world, &supplier, "format=csv&mode=replace", "sku,name\nA,One\nC,\nD,Four\n");
    assert_eq!(counts(&again), [0, 0, 2, 1, 0, 0]);
}

fn replace_pauses_nothing_when_a_row_names_no_sku(world: &World) {
    let supplier = world.supplier();
    import(world, &supplier, "format=csv&publish=true", "sku,name\nA,One\nB,Two\n");
    let nameless = import(world, &supplier, "format=csv&mode=replace", "sku,name\nA,One\n,Two\n");
    assert_eq!((counts(&nameless), nameless["state"].as_str()), ([0, 0, 1, 1, 0, 0], Some("finished")));
    assert!(nameless["problem"].as_str().unwrap().contains("Nothing was paused"), "{nameless}");
    // A file that breaks off was not read to its end.
    let mut broken = b"sku,name\nA,One\nC,\"Three".to_vec();
    broken.resize(2 << 20, b'x');
    let broken = import_bytes(world, &supplier, "format=csv&mode=replace", &broken);
    assert_eq!((broken["state"].as_str(), counts(&broken)), (Some("failed"), [0, 0, 1, 0, 0, 0]));
    assert!(broken["problem"].as_str().unwrap().contains("row 3"), "{broken}");
    assert_eq!(skus(&supplier, "published"), ["A", "B"]);
}

fn a_dry_run_says_the_same_and_stores_nothing(world: &World) {
    let supplier = world.supplier();
    import(world, &supplier, "format=csv&publish=true", "sku,name\nA,One\nB,Two\n");
    let before = (
        listings(&supplier, "published"),
        supplier.get("/events").expect(200).json()["data"].as_array().unwrap().len(),
    );
    let file = "sku,name\nA,Uno\nC,Three\nD,\n";
    let query = "format=csv&mode=replace&publish=true";
    let tried = import(world, &supplier, &format!("{query}&dry_run=true"), file);
    assert_eq!(
        (counts(&tried), &tried["dry_run"], tried["state"].as_str()),
        ([1, 1, 0, 1, 0, 1], &json!(true), Some("finished"))
    );
    let after = supplier.get("/events").expect(200).json()["data"].as_array().unwrap().clone();
    assert_eq!(listings(&supplier, "published"), before.0);
    assert_eq!(after.len() - before.1, 1, "only that the import is finished: {after:?}");
    assert_eq!(errors_of(&supplier, &tried).1[1][0], "D");
    assert_eq!(counts(&import(world, &supplier, query, file)), counts(&tried));
}

fn what_columns_hold_is_said_once_and_remembered(world: &World) {
    let supplier = world.supplier();
    let file = "Ref,Was,Farbe,Kosten\nA,Rohr,rot,3\n";
    let unknown = import(world, &supplier, "format=csv", "Was,Farbe,Kosten\nRohr,rot,3\n");
    assert_eq!((unknown["state"].as_str(), counts(&unknown)), (Some("failed"), [0; 6]));
    assert!(unknown["problem"].as_str().unwrap().contains("SKU"), "{unknown}");
    let mapping = "%7B%22Was%22%3A%22name%22%2C%22Farbe%22%3A%22attribute%3AColour%22%7D";
    let said = import(world, &supplier, &format!("format=csv&mapping={mapping}"), file);
    assert_eq!(counts(&said), [1, 0, 0, 0, 0, 0]);
    let fields: Vec<&Value> =
        said["reading"]["columns"].as_array().unwrap().iter().map(|column| &column["field"]).collect();
    assert_eq!(fields, [&json!("sku"), &json!("name"), &json!("attribute:Colour"), &Value::Null]);
    assert_eq!(counts(&import(world, &supplier, "format=csv", file)), [0, 0, 1, 0, 0, 0]);
    let other = world.party("Another Supplier", "TR");
    assert_eq!(counts(&import(world, &other, "format=csv", file)), [0, 0, 0, 1, 0, 0], "others remember nothing of it");
}

fn wrong_parameters_are_named(world: &World) {
    let supplier = world.supplier();
    for (query, field) in [
        ("mode=upsert", "/format"),
        ("format=pdf", "/format"),
        ("format=csv&mode=merge", "/mode"),
        ("format=csv&mapping=sku", "/mapping"),
        ("format=csv&mapping=%7B%22A%22%3A%22colour%22%7D", "/mapping/A"),
    ] {
        assert_eq!(send(&supplier, query, b"sku,name\n").expect(422).wrong_fields(), [field], "{query}");
    }
    assert_eq!(send(&supplier, "format=csv&colour=red", b"x").expect(400).problem(), "bad_request");
    assert_eq!(send(&supplier, "format=csv", b"").expect(422).wrong_fields(), ["/content"]);
    assert_eq!(supplier.get("/exports/catalog?format=pdf").expect(422).wrong_fields(), ["/format"]);
    let call = || {
        supplier
            .call("POST", "/imports?format=csv")
            .header("Idempotency-Key", "nightly")
            .bytes(b"sku,name\nA,One\n".to_vec())
            .send()
    };
    let (first, again) = (call().expect(202), call().expect(202));
    assert_eq!((first.id(), again.header("idempotent-replayed")), (again.id(), Some("true")));
    world.drain();
}

fn another_company_sees_nothing_of_it(world: &World) {
    let (supplier, other) = (world.supplier(), world.party("Another Supplier", "TR"));
    let import = import(world, &supplier, "format=csv", "sku,name\nA,\n");
    let id = import["id"].as_str().unwrap();
    for path in [format!("/imports/{id}"), format!("/imports/{id}/errors.csv")] {
        supplier.get(&path).expect(200);
        assert_eq!(other.get(&path).expect(404).problem(), "not_found");
    }
    assert_eq!(other.get("/imports").expect(200).json()["data"], json!([]));
    assert_eq!(other.get("/exports/catalog?format=ndjson").expect(200).body, "");
}

fn what_others_hear_of_it_is_what_they_hear_of_each_listing(world: &World) {
    let supplier = world.supplier();
    import(world, &supplier, "format=csv&publish=true", "sku,name\nA,One\nB,Two\n");
    import(world, &supplier, "format=csv&mode=replace", "sku,name\nA,Uno\n");
    let events = supplier.get("/events").expect(200).json();
    let types: Vec<&str> =
        events["data"].as_array().unwrap().iter().map(|event| event["type"].as_str().unwrap()).collect();
    let published = "listing.published";
    assert_eq!(
        types,
        [published, published, "import.finished", "listing.changed", "listing.paused", "import.finished"]
    );
    assert_eq!(events["data"][3]["data"]["changed"], json!(["name"]));
    let found = world.anonymous().get("/search/listings?q=uno").expect(200).json();
    assert_eq!(found["total"], 1);
}
