//! Many retail records at once: a batch of the API, and a CSV file on the site.

use serde_json::{Value, json};

use super::with;
use crate::support::{World, market};

both!(
    batch_stores_what_is_good_and_says_what_is_not,
    same_batch_again_changes_nothing,
    batch_of_the_wrong_size_is_refused,
    file_of_many_rows_is_read_on_the_site,
    file_of_many_rows_is_read_by_the_api,
);

fn outcomes(answer: &Value) -> Vec<&str> {
    answer["data"].as_array().unwrap().iter().map(|row| row["outcome"].as_str().unwrap()).collect()
}

fn batch_stores_what_is_good_and_says_what_is_not(world: &World) {
    let seller = world.supplier();
    let rows = json!({"records": [
        with(&[("reference", json!("A"))]),
        with(&[("reference", json!("B")), ("parcels", json!(0)), ("period", json!("2026-13"))]),
        with(&[("reference", json!("C")), ("consumer", json!("DE"))]),
        with(&[("reference", json!("D")), ("party_form", json!("c2c"))]),
        with(&[("reference", json!("A")), ("parcels", json!(7))]),
        "no record",
        market::retail(),
    ]});
    let answer = seller.post("/retail-records/batch", &rows).expect(200).json();
    let new = ["new", "refused", "refused", "refused", "refused", "refused", "new"];
    assert_eq!(outcomes(&answer), new, "{answer}");
    let errors = |row: usize| -> Vec<&str> {
        let errors = answer["data"][row]["errors"].as_array().unwrap();
        errors.iter().map(|error| error["pointer"].as_str().unwrap()).collect()
    };
    assert_eq!(errors(1), ["/parcels", "/period"]);
    assert_eq!((errors(2), errors(3), errors(4)), (vec!["/consumer"], vec!["/party_form"], vec![""]));
    assert_eq!((&answer["data"][4]["reference"], &answer["data"][4]["id"]), (&json!("A"), &json!(null)));
    assert_eq!(seller.get("/retail-records").expect(200).json()["data"].as_array().unwrap().len(), 2);
}

fn same_batch_again_changes_nothing(world: &World) {
    let seller = world.supplier();
    let rows = |parcels: u32| json!({"records": [with(&[("reference", json!("A"))]), with(&[("reference", json!("B")), ("parcels", json!(parcels))])]});
    let first = seller.post("/retail-records/batch", &rows(3)).expect(200).json();
    let again = seller.post("/retail-records/batch", &rows(3)).expect(200).json();
    assert_eq!((outcomes(&first), outcomes(&again)), (vec!["new", "new"], vec!["same", "same"]));
    assert_eq!(first["data"][0]["id"], again["data"][0]["id"]);
    let other = seller.post("/retail-records/batch", &rows(4)).expect(200).json();
    assert_eq!(outcomes(&other), ["same", "refused"]);
    let correction = json!({"records": [
        with(&[("reference", json!("B")), ("parcels", json!(4)), ("supersedes", first["data"][1]["id"].clone())])
    ]});
    assert_eq!(outcomes(&seller.post("/retail-records/batch", &correction).expect(200).json()), ["new"]);
}

fn batch_of_the_wrong_size_is_refused(world: &World) {
    let seller = world.supplier();
    for count in [0, 101] {
        let rows = json!({"records": vec![market::retail(); count]});
        assert_eq!(seller.post("/retail-records/batch", &rows).expect(422).wrong_fields(), ["/records"]);
    }
    assert_eq!(
        outcomes(
            &seller.post("/retail-records/batch", &json!({"records": vec![market::retail(); 100]})).expect(200).json()
        )
        .len(),
        100
    );
}

fn file_of_many_rows_is_read_on_the_site(world: &World) {
    let seller = world.supplier();
    let browser = world.browser(&seller.email);
    let send = |file: &str| {
        let files: [(&str, &str, &[u8]); 1] = [("file", "october.csv", file.as_bytes())];
        browser.submit_files("/retail-records/upload", "/retail-records/upload", &[], &files)
    };
    let header = "reference,direction,party_form,period,reporter_country,consumer_country,goods_route,hs_code,quantity.value,quantity.unit,net_kg,value.amount,value.currency,parcels";
    let row = |reference: &str, parcels: &str| {
        format!("{reference},export,b2c,2026-10,CN,DE,post,610910,40,C62,8,480,USD,{parcels}")
    };
    let file = [header.to_owned(), row("A", "25"), row("B", "0"), row("C", "")].join("\n");
    let answer = send(&file).expect(200).body;
    assert!(answer.contains("2 recorded, 0 already there, 1 refused."), "{answer}");
    assert!(answer.contains("parcels: must be greater than 0"), "{answer}");
    assert!(send(&file).expect(200).body.contains("0 recorded, 2 already there, 1 refused."));
    assert!(send("reference,colour\nA,red\n").expect(422).body.contains("has the column colour"));
    browser.submit_files("/retail-records/upload", "/retail-records/upload", &[], &[]).expect(422);
    assert_eq!(seller.get("/retail-records").expect(200).json()["data"].as_array().unwrap().len(), 2);
}

fn file_of_many_rows_is_read_by_the_api(world: &World) {
    let seller = world.supplier();
    let send = |file: &str| {
        let call = seller.call("POST", "/retail-records/csv").header("Content-Type", "text/csv");
        call.bytes(file.as_bytes().to_vec()).send()
    };
    let file = "reference;direction;party_form;date;reporter_country;consumer_country;goods_route;hs_code;quantity.value;quantity.unit;net_kg;value.amount;value.currency;regime.system;regime.code\n\
        A;export;b2c;2026-10-05;CN;DE;express;610910;1;C62;0.2;12.50;EUR;cn_supervision;9610\n\
        B;export;b2c;;CN;DE;express;610910;1;C62;0.2;12.50;EUR;cn_supervision;9610\n";
    let answer = send(file).expect(200).json();
    assert_eq!(outcomes(&answer), ["new", "refused"], "{answer}");
    assert_eq!(answer["data"][1]["errors"][0]["pointer"], "/date");
    let record =
        seller.get(&format!("/retail-records/{}", answer["data"][0]["id"].as_str().unwrap())).expect(200).json();
    assert_eq!((&record["month"], &record["parcels"]), (&json!("2026-10"), &json!(1)));
    assert_eq!(record["regime"], json!({"system": "cn_supervision", "code": "9610"}));
    assert_eq!(outcomes(&send(file).expect(200).json()), ["same", "refused"]);
    for wrong in ["reference,colour\nA,red\n", "reference,direction,reference\nA,export,B\n"] {
        assert_eq!(send(wrong).expect(422).wrong_fields(), ["/file"], "{wrong}");
    }
    // A row of another length holds no other one back, and is named by its line.
    let uneven = file.replace("B;export", "\n\nD;export;b2c\nB;export");
    let answer = send(&uneven).expect(200).json();
    assert_eq!(outcomes(&answer), ["same", "refused", "refused"], "{answer}");
    assert_eq!((&answer["data"][0]["line"], &answer["data"][1]["line"]), (&json!(2), &json!(5)));
}
