//! Documents of trade records: the ledger, the evidence grade, disputes, corrections, and a moderator's review.

use serde_json::{Value, json};

use crate::documents::{pdf, send};
use crate::support::{Party, World, market};

both!(
    document_raises_the_grade_of_what_both_confirmed,
    only_the_two_sides_read_the_documents,
    document_that_cannot_be_attached_is_refused,
    dispute_and_correction_keep_the_documents,
    moderator_reviews_the_documents,
    documents_are_attached_by_a_form,
);

/// A partnership with one declared shipment: the supplier, the buyer, the record's path.
fn trade(world: &World) -> (Party, Party, String) {
    let (supplier, buyer) = (world.supplier(), world.buyer());
    let proposal = json!({"supplier": supplier.company, "buyer": buyer.company});
    let partnership = supplier.post("/partnerships", &proposal).expect(201).id();
    buyer.act(&format!("/partnerships/{partnership}/confirm")).expect(200);
    let record = supplier.post(&format!("/partnerships/{partnership}/records"), &market::record()).expect(201).id();
    (supplier, buyer, format!("/records/{record}"))
}

fn attach(party: &Party, record: &str, words: &str, kind: &str) -> String {
    let document = send(party, &format!("{words}.pdf"), pdf(words)).expect(201).id();
    let body = json!({"document": document, "kind": kind});
    party.post(&format!("{record}/documents"), &body).expect(201).id()
}

fn record(party: &Party, path: &str) -> Value {
    party.get(path).expect(200).json()
}

fn ledger(party: &Party, path: &str) -> Value {
    let partnership = record(party, path)["partnership"].as_str().unwrap().to_owned();
    party.get(&format!("/partnerships/{partnership}/ledger")).expect(200).json()
}

fn document_raises_the_grade_of_what_both_confirmed(world: &World) {
    let (supplier, buyer, path) = trade(world);
    attach(&supplier, &path, "invoice", "invoice");
    assert_eq!(record(&buyer, &path)["grade"], "self_declared", "declared by one side, with its own document");
    let confirmed = buyer.act(&format!("{path}/confirm")).expect(200).json();
    assert_eq!(confirmed["grade"], "document_attached");
    attach(&buyer, &path, "packing list", "packing_list");
    let seen = record(&supplier, &path);
    assert_eq!(seen["grade"], "document_attached");
    assert_eq!(seen["documents"][1]["kind"], "packing_list");
    assert_eq!(seen["documents"][1]["attached_by"], json!(buyer.company));
    let book = ledger(&supplier, &path);
    let entries = book["data"].as_array().unwrap();
    let attached: Vec<&Value> = entries.iter().filter(|entry| entry["kind"] == "document_attached").collect();
    assert_eq!(attached[0]["body"]["sha256"], json!(tradepost::secrets::sha256_hex(&pdf("invoice"))));
    assert_eq!(attached[1]["by"], json!(buyer.company));
    assert_eq!((&book["broken_at"], &book["verified_to"]), (&json!(null), &json!(entries.len())));
    world.drain();
    let told = |party: &Party| {
        let emails = world.mails_to(&party.email);
        emails.iter().filter(|email| format!("{email:?}").contains("attached a document")).count()
    };
    assert_eq!((told(&buyer), told(&supplier)), (1, 1), "each side hears of the other's document");
    // Confirmed without a document first: the grade rises when one comes.
    let (supplier, buyer, path) = {
        let partnership = record(&buyer, &path)["partnership"].as_str().unwrap().to_owned();
        let again = supplier.post(&format!("/partnerships/{partnership}/records"), &market::record()).expect(201).id();
        (supplier, buyer, format!("/records/{again}"))
    };
    let version = buyer.act(&format!("{path}/confirm")).expect(200);
    assert_eq!(version.text("/grade"), "counterparty_confirmed");
    attach(&supplier, &path, "second invoice", "invoice");
    let risen = record(&buyer, &path);
    assert_eq!(risen["grade"], "document_attached");
    assert_ne!(risen["version"], version.json()["version"], "what was seen before is another version");
    let page = world.browser(&buyer.email).page(&path).expect(200);
    assert!(
        page.body.contains("document attached")
            && page.body.contains(&tradepost::secrets::sha256_hex(&pdf("second invoice")))
    );
}

fn only_the_two_sides_read_the_documents(world: &World) {
    let (supplier, buyer, path) = trade(world);
    let document = attach(&supplier, &path, "invoice", "invoice");
    let third = world.party("Anatolia Valves", "TR");
    let address = format!("/documents/{document}/content");
    assert_eq!([&supplier, &buyer, &third].map(|party| party.get(&address).status), [200, 200, 404]);
    world.anonymous().get(&address).expect(404);
    third.get(&format!("{path}/documents")).expect(404);
    assert_eq!(buyer.get(&format!("{path}/documents")).expect(200).text("/data/0/id"), document);
    assert_eq!(supplier.delete(&format!("/documents/{document}")).expect(409).problem(), "conflict");
}

fn document_that_cannot_be_attached_is_refused(world: &World) {
    let (supplier, buyer, path) = trade(world);
    let theirs = send(&buyer, "theirs.pdf", pdf("theirs")).expect(201).id();
    let documents = format!("{path}/documents");
    let refused = |document: &str| {
        let answer = supplier.post(&documents, &json!({"document": document, "kind": "invoice"})).expect(422);
        assert_eq!(answer.wrong_fields(), ["/document"]);
        answer.json()["errors"].to_string()
    };
    assert_eq!(refused(&theirs), refused("doc_0000000000001"));
    let body = json!({"document": theirs, "kind": "love_letter"});
    assert_eq!(supplier.post(&documents, &body).expect(422).wrong_fields(), ["/kind"]);
    attach(&supplier, &path, "invoice", "invoice");
    let same = send(&buyer, "same.pdf", pdf("invoice")).expect(201).id();
    let again = buyer.post(&documents, &json!({"document": same, "kind": "other"})).expect(409);
    assert_eq!(again.problem(), "duplicate");
}

fn dispute_and_correction_keep_the_documents(world: &World) {
    let (supplier, buyer, path) = trade(world);
    let invoice = attach(&supplier, &path, "invoice", "invoice");
    buyer.post(&format!("{path}/dispute"), &json!({"reason": "4 800 came"})).expect(200);
    let disputed = record(&supplier, &path);
    assert_eq!((&disputed["grade"], disputed["documents"].as_array().unwrap().len()), (&json!("self_declared"), 1));
    attach(&buyer, &path, "weighing note", "other");
    let corrected = supplier.post(&format!("{path}/correct"), &market::record()).expect(201);
    let correction = format!("/records/{}", corrected.id());
    let carried = record(&buyer, &correction);
    assert_eq!(carried["documents"].as_array().unwrap().len(), 2, "it is the same shipment");
    assert_eq!(carried["grade"], "self_declared");
    let document = send(&supplier, "late.pdf", pdf("late")).expect(201).id();
    let late = supplier.post(&format!("{path}/documents"), &json!({"document": document, "kind": "other"}));
    assert_eq!(late.expect(409).problem(), "conflict", "a correction has taken the record's place");
    let confirmed = buyer.act(&format!("{correction}/confirm")).expect(200).json();
    assert_eq!(confirmed["grade"], "document_attached");
    buyer.get(&format!("/documents/{invoice}/content")).expect(200);
}

fn moderator_reviews_the_documents(world: &World) {
    let (supplier, buyer, path) = trade(world);
    let document = attach(&supplier, &path, "invoice", "invoice");
    let moderator = world.moderator();
    let review = format!("{path}/review");
    assert!(moderator.page(&review).expect(200).body.contains("Nothing to review yet"));
    let early = moderator.submit("/", &review, &[("note", "The invoice agrees.")]);
    assert_eq!(early.status, 422, "what one side declared is not graded: {}", early.body);
    buyer.act(&format!("{path}/confirm")).expect(200);
    let queue = moderator.page("/moderation/records").expect(200);
    assert!(queue.links_to(&review), "{}", queue.body);
    assert_eq!(moderator.page(&format!("/documents/{document}")).expect(200).body.as_bytes(), pdf("invoice"));
    // Neither side, nor anybody else, knows of such a page.
    for browser in [world.browser(&supplier.email), world.browser(&buyer.email), world.anonymous()] {
        assert_eq!(browser.page(&review).status, 404);
        assert_eq!(browser.submit("/", &review, &[("note", "All fine.")]).status, 404);
        assert_eq!(browser.page("/moderation/records").status, 404);
    }
    let partial = world.moderator_of(buyer.company);
    assert_eq!(partial.submit("/", &review, &[("note", "All fine.")]).status, 422, "nobody grades their own trade");
    assert_eq!(moderator.fill_in(&review, &review, &[]).status, 422, "a review needs its note");
    moderator.fill_in(&review, &review, &[("note", "The invoice agrees.")]).expect(303);
    let seen = record(&buyer, &path);
    assert_eq!((&seen["grade"], &seen["review"]["note"]), (&json!("operator_reviewed"), &json!("The invoice agrees.")));
    let book = ledger(&buyer, &path);
    let last = book["data"].as_array().unwrap().last().unwrap().clone();
    assert_eq!((&last["kind"], &last["by"]), (&json!("record_reviewed"), &json!(null)));
    assert_eq!(last["body"]["documents"], json!([tradepost::secrets::sha256_hex(&pdf("invoice"))]));
    assert_eq!(book["broken_at"], json!(null));
    let again = moderator.submit("/", &review, &[("note", "Once more.")]);
    assert!(again.status == 422 && again.body.contains("nothing was attached since"), "{}", again.body);
    assert!(!moderator.page("/moderation/records").expect(200).links_to(&review));
    world.drain();
    for party in [&supplier, &buyer] {
        let emails = world.mails_to(&party.email);
        assert!(emails.iter().any(|email| format!("{email:?}").contains("A moderator reviewed")), "{}", party.name);
    }
    // A correction is another set of figures: its documents stay, the review does not.
    let corrected = supplier.post(&format!("{path}/correct"), &market::record()).expect(201).id();
    let confirmed = buyer.act(&format!("/records/{corrected}/confirm")).expect(200).json();
    assert_eq!((&confirmed["grade"], &confirmed["review"]), (&json!("document_attached"), &json!(null)));
}

fn documents_are_attached_by_a_form(world: &World) {
    let (supplier, buyer, path) = trade(world);
    let browser = world.browser(&supplier.email);
    let page = format!("{path}/documents/new");
    let invoice = pdf("invoice");
    let refused = browser.submit_files(&page, &page, &[("kind", "")], &[("document.file", "invoice.pdf", &invoice)]);
    assert!(refused.status == 422 && refused.body.contains("invoice.pdf"), "{}", refused.body);
    let sent = browser.fill_in_again(&refused, &page, &page, &[("kind", "invoice")]);
    assert_eq!(sent.sent_to(), path);
    let files: [(&str, &str, &[u8]); 2] =
        [("document.file", "one.csv", b"carton;kg\n1;12\n"), ("document.file", "two.txt", b"two")];
    browser.submit_files(&page, &page, &[("kind", "packing_list")], &files).expect(303);
    let kinds: Vec<Value> = record(&buyer, &path)["documents"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| json!([one["kind"], one["media_type"]]))
        .collect();
    assert_eq!(
        json!(kinds),
        json!([["invoice", "application/pdf"], ["packing_list", "text/csv"], ["packing_list", "text/plain"]])
    );
    let nothing = browser.submit_files(&page, &page, &[("kind", "other")], &[]).expect(422);
    assert!(nothing.body.contains("choose one first"), "{}", nothing.body);
}
