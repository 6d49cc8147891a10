//! Every text that everyone may read refuses contact details by its pointer, and takes the codes of trade.

use serde_json::{Value, json};

use crate::support::{Answer, World, market};

both!(every_public_text_refuses_contact_details, product_codes_are_accepted_in_public_texts);

const CONTACTS: &[&str] = &["sales@acme.example", "call +86 138 0013 8000"];
const CODES: &[&str] =
    &["RX+20031234", "10+20 mm", "5 pcs @ 3.50", "ISO 9001:2015", "316L/1.4404 +0.1/-0.2", "8481.80.11"];

/// The texts of a listing that everyone reads.
const LISTING: &[&str] = &[
    "/name",
    "/description",
    "/brand",
    "/mpn",
    "/packaging",
    "/category",
    "/keywords/0",
    "/attributes/Size",
    "/incoterms/0/place",
    "/certifications/0/scheme",
    "/certifications/0/number",
    "/certifications/0/issuer",
];
const RFQ: &[&str] = &["/title", "/specification", "/category", "/destination_place", "/required_certifications/0"];
const COMPANY: &[&str] = &[
    "/name",
    "/legal_name",
    "/trade_names/0",
    "/profile",
    "/certifications/0/scheme",
    "/certifications/0/number",
    "/certifications/0/issuer",
];

/// The document with the text at the pointer, lists and objects on the way made where they are missing.
fn with(document: &Value, pointer: &str, text: &str) -> Value {
    let mut whole = document.clone();
    let mut at = &mut whole;
    let parts: Vec<&str> = pointer.trim_start_matches('/').split('/').collect();
    for (place, part) in parts.iter().enumerate() {
        let is_last = place + 1 == parts.len();
        let next_is_list = parts.get(place + 1).is_some_and(|next| next.parse::<usize>().is_ok());
        let empty = || if next_is_list { json!([{}]) } else { json!({}) };
        at = match part.parse::<usize>() {
            Ok(index) => {
                let list = at.as_array_mut().unwrap();
                if is_last && list.is_empty() {
                    list.push(json!(""));
                }
                &mut list[index]
            }
            Err(_) => at.as_object_mut().unwrap().entry(*part).or_insert_with(empty),
        };
        if !is_last && at.is_null() {
            *at = empty();
        }
    }
    *at = json!(text);
    whole
}

fn refuses(answer: &Answer, pointer: &str, text: &str) -> Option<String> {
    let errors = if answer.status == 422 { answer.json()["errors"].clone() } else { Value::Null };
    let named =
        errors.as_array().into_iter().flatten().any(|error| {
            error["pointer"].as_str() == Some(pointer) && error["code"].as_str() == Some("contact_details")
        });
    (!named).then(|| format!("{pointer} = {text:?}: {} {}", answer.status, answer.body))
}

fn every_public_text_refuses_contact_details(world: &World) {
    let (supplier, buyer) = (world.supplier(), world.buyer());
    let rfq = buyer.publish_rfq(&market::rfq("Brass valves"));
    let question =
        supplier.post(&format!("/rfqs/{rfq}/questions"), &json!({"question": "Which port?"})).expect(201).id();
    let company = format!("/companies/{}", supplier.company);
    let mut let_through = Vec::new();
    for text in CONTACTS {
        let mut check = |answer: Answer, pointer: &str| let_through.extend(refuses(&answer, pointer, text));
        for pointer in LISTING {
            let mut listing = market::listing("C-1");
            listing["keywords"] = json!(["valve"]);
            check(supplier.post("/listings", &with(&listing, pointer, text)), pointer);
        }
        for pointer in RFQ {
            let mut wanted = market::rfq("Brass valves");
            wanted["required_certifications"] = json!(["CE"]);
            check(buyer.post("/rfqs", &with(&wanted, pointer, text)), pointer);
        }
        for pointer in COMPANY {
            let mut profile = json!({"trade_names": ["Sunrise"], "certifications": [{"scheme": "ISO 9001"}]});
            if !pointer.starts_with("/certifications") {
                profile = json!({"trade_names": ["Sunrise"]});
            }
            check(supplier.patch(&company, &with(&profile, pointer, text)), pointer);
        }
        check(supplier.post(&format!("/rfqs/{rfq}/questions"), &json!({"question": text})), "/question");
        let answer = buyer.post(&format!("/rfqs/{rfq}/questions/{question}/answer"), &json!({"answer": text}));
        check(answer, "/answer");
    }
    assert!(let_through.is_empty(), "{let_through:#?}");
}

fn product_codes_are_accepted_in_public_texts(world: &World) {
    let (supplier, buyer) = (world.supplier(), world.buyer());
    let rfq = buyer.publish_rfq(&market::rfq("Brass valves"));
    for (number, code) in CODES.iter().enumerate() {
        let mut listing = market::listing(&format!("CODE-{number}"));
        for field in ["name", "description", "mpn", "packaging"] {
            listing[field] = json!(code);
        }
        supplier.post("/listings", &listing).expect(201);
        let mut wanted = market::rfq(code);
        wanted["specification"] = json!(code);
        buyer.post("/rfqs", &wanted).expect(201);
        supplier.post(&format!("/rfqs/{rfq}/questions"), &json!({"question": code})).expect(201);
        let answer = supplier.patch(&format!("/companies/{}", supplier.company), &json!({"profile": code}));
        answer.expect(200);
    }
}
