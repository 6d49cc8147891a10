//! What RFQs, quotes and others have attached: who may read it, and how it is attached on the site.

use serde_json::json;

use crate::documents::{pdf, send};
use crate::support::{Answer, Client, PageForm, Party, World, market};

both!(
    rfq_attachments_are_as_public_as_the_rfq,
    only_own_documents_can_be_attached,
    names_of_public_attachments_refuse_contact_details,
    attachments_of_a_sealed_quote_are_hidden,
    earlier_quote_version_keeps_its_attachments,
    forms_accept_attachments,
);

fn content(client: &Client, document: &str) -> u16 {
    let whole = client.get(&format!("/documents/{document}/content")).status;
    assert_eq!(client.get(&format!("/documents/{document}")).status, whole);
    whole
}

fn upload(party: &Party, words: &str) -> String {
    send(party, &format!("{words}.pdf"), pdf(words)).expect(201).id()
}

fn rfq_attachments_are_as_public_as_the_rfq(world: &World) {
    let (buyer, supplier, nobody) = (world.buyer(), world.supplier(), world.anonymous());
    let (kept, dropped) = (upload(&buyer, "drawing"), upload(&buyer, "old drawing"));
    let mut rfq = market::rfq("Brass ball valves");
    rfq["attachments"] = json!([kept, dropped, kept]);
    let made = buyer.post("/rfqs", &rfq).expect(201);
    assert_eq!(made.json()["attachments"], json!([kept, dropped]), "each once, in their order");
    let id = made.id();
    assert_eq!((content(&nobody, &kept), content(&supplier, &kept), content(&buyer, &kept)), (404, 404, 200));
    buyer.act(&format!("/rfqs/{id}/publish")).expect(200);
    assert_eq!((content(&nobody, &kept), content(&supplier, &kept)), (200, 200));
    assert!(nobody.page(&format!("/rfqs/{id}")).expect(200).links_to(&format!("/documents/{kept}")));
    assert_eq!(buyer.delete(&format!("/documents/{kept}")).expect(409).problem(), "conflict");
    buyer.patch(&format!("/rfqs/{id}"), &json!({"attachments": [kept]})).expect(200);
    assert_eq!((content(&nobody, &dropped), content(&supplier, &dropped), content(&buyer, &dropped)), (404, 404, 200));
    buyer.delete(&format!("/documents/{dropped}")).expect(204);
    buyer.act(&format!("/rfqs/{id}/withdraw")).expect(200);
    assert_eq!((content(&nobody, &kept), content(&buyer, &kept)), (404, 200));
}

fn only_own_documents_can_be_attached(world: &World) {
    let (buyer, supplier) = (world.buyer(), world.supplier());
    let theirs = upload(&supplier, "theirs");
    let ours = upload(&buyer, "ours");
    let refused = |document: &str| {
        let mut rfq = market::rfq("Brass ball valves");
        rfq["attachments"] = json!([ours, document]);
        let answer = buyer.post("/rfqs", &rfq).expect(422);
        assert_eq!(answer.wrong_fields(), ["/attachments/1"]);
        answer.json()["errors"].to_string()
    };
    assert_eq!(refused(&theirs), refused("doc_0000000000001"), "one of others is refused like one that is not there");
    assert_eq!(buyer.get("/rfqs").json()["data"], json!([]));
    let eleven: Vec<String> = (0..11).map(|n| upload(&buyer, &format!("sheet {n}"))).collect();
    let mut rfq = market::rfq("Brass ball valves");
    rfq["attachments"] = json!(eleven);
    assert_eq!(buyer.post("/rfqs", &rfq).expect(422).wrong_fields(), ["/attachments"]);
    let open = buyer.publish_rfq(&market::rfq("Brass ball valves"));
    let mut quote = market::quote("3.30");
    quote["attachments"] = json!([ours]);
    let answer = supplier.post(&format!("/rfqs/{open}/quotes"), &quote).expect(422);
    assert_eq!(answer.wrong_fields(), ["/attachments/0"]);
    quote["attachments"] = json!([theirs, theirs]);
    let answer = supplier.post(&format!("/rfqs/{open}/quotes"), &quote).expect(422);
    assert_eq!(answer.wrong_fields(), ["/attachments/1"]);
}

/// What is attached to an RFQ is public with it; the same file may go with a quote, which is between two.
fn names_of_public_attachments_refuse_contact_details(world: &World) {
    let (buyer, supplier) = (world.buyer(), world.supplier());
    let fine = upload(&buyer, "drawing 138-0013-8000 rev 2");
    let draft = buyer.post("/rfqs", &market::rfq("Brass ball valves")).expect(201).id();
    for name in ["call +86 138 0013 8000", "anna@nordwind.example", "write to anna＠nordwind.example"] {
        let telling = upload(&buyer, name);
        let mut rfq = market::rfq("Brass ball valves");
        rfq["attachments"] = json!([fine, telling]);
        let refused = buyer.post("/rfqs", &rfq).expect(422);
        assert_eq!(refused.wrong_fields(), ["/attachments/1"], "{name}");
        assert_eq!(refused.json()["errors"][0]["code"], "contact_details", "{name}");
        let refused = buyer.patch(&format!("/rfqs/{draft}"), &json!({"attachments": [telling]})).expect(422);
        assert_eq!(refused.wrong_fields(), ["/attachments/0"], "{name}");
    }
    buyer.patch(&format!("/rfqs/{draft}"), &json!({"attachments": [fine]})).expect(200);
    let open = buyer.publish_rfq(&market::rfq("Brass ball valves"));
    let mut quote = market::quote("3.30");
    quote["attachments"] = json!([upload(&supplier, "call +86 138 0013 8000")]);
    supplier.post(&format!("/rfqs/{open}/quotes"), &quote).expect(201);
}

fn attachments_of_a_sealed_quote_are_hidden(world: &World) {
    let (buyer, supplier) = (world.buyer(), world.supplier());
    let third = world.party("Anatolia Valves", "TR");
    let mut rfq = market::rfq("Brass ball valves");
    rfq["sealed"] = json!(true);
    let rfq = buyer.publish_rfq(&rfq);
    let offer = upload(&supplier, "sealed offer");
    let mut quote = market::quote("3.30");
    quote["attachments"] = json!([offer]);
    let quote = supplier.submit_quote(&rfq, &quote);
    third.submit_quote(&rfq, &market::quote("3.10"));
    let nobody = world.anonymous();
    let seen = || [&*buyer, &*third, &nobody, &*supplier].map(|client: &Client| content(client, &offer));
    assert_eq!(seen(), [404, 404, 404, 200]);
    buyer.act(&format!("/rfqs/{rfq}/close")).expect(200);
    assert_eq!(seen(), [200, 404, 404, 200]);
    assert_eq!(buyer.get(&format!("/quotes/{quote}")).expect(200).json()["attachments"], json!([offer]));
    let comparison = buyer.get(&format!("/rfqs/{rfq}/comparison")).expect(200).json();
    let counts: Vec<_> = comparison["quotes"].as_array().unwrap().iter().map(|quote| &quote["attachments"]).collect();
    assert_eq!(counts, [&json!(1), &json!(0)]);
    let page = world.browser(&buyer.email).page(&format!("/desk/buying/rfqs/{rfq}/compare")).expect(200);
    assert!(page.body.contains("1 document"), "{}", page.body);
}

fn earlier_quote_version_keeps_its_attachments(world: &World) {
    let (buyer, supplier) = (world.buyer(), world.supplier());
    let rfq = buyer.publish_rfq(&market::rfq("Brass ball valves"));
    let (first, second) = (upload(&supplier, "first sheet"), upload(&supplier, "second sheet"));
    let mut quote = market::quote("3.30");
    quote["attachments"] = json!([first]);
    let id = supplier.submit_quote(&rfq, &quote);
    quote["attachments"] = json!([second]);
    supplier.post(&format!("/quotes/{id}/revise"), &quote).expect(200);
    assert_eq!((content(&buyer, &first), content(&buyer, &second)), (200, 200));
    let versions = buyer.get(&format!("/quotes/{id}")).expect(200).json()["versions"].clone();
    assert_eq!((&versions[0]["attachments"], &versions[1]["attachments"]), (&json!([second]), &json!([first])));
    let page = world.browser(&buyer.email).page(&format!("/quotes/{id}")).expect(200);
    for document in [&first, &second] {
        assert!(page.links_to(&format!("/documents/{document}")), "{}", page.body);
        assert_eq!(supplier.delete(&format!("/documents/{document}")).status, 409);
    }
}

/// What the form holds, with what is typed, as it would be sent.
fn filled(answer: &Answer, action: &str, typed: &[(&str, &str)]) -> Vec<(String, String)> {
    let form = PageForm::of(&answer.body, action);
    assert!(answer.body.contains("enctype=\"multipart/form-data\""));
    let kept = form.pairs().into_iter().filter(|(name, _)| !typed.iter().any(|(known, _)| known == name));
    kept.chain(typed.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))).collect()
}

fn forms_accept_attachments(world: &World) {
    let (buyer, supplier) = (world.buyer(), world.supplier());
    let rfq = buyer.publish_rfq(&market::rfq("Brass ball valves"));
    let browser = world.browser(&supplier.email);
    let address = format!("/rfqs/{rfq}/quote");
    let send = |answer: &Answer, typed: &[(&str, &str)], files: &[(&str, &str, &[u8])]| {
        let fields = filled(answer, &address, typed);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        browser.submit_files(&address, &address, &fields, files)
    };
    let form = browser.page(&address).expect(200);
    let price = [("unit_price.amount", "3.30"), ("unit_price.currency", "USD"), ("incoterm_place", "Ningbo")];
    // A file of a wrong kind is named at its field, with everything typed and the right file still there.
    let offer = pdf("offer");
    let refused =
        send(&form, &price, &[("attachments.file", "offer.pdf", &offer), ("attachments.file", "run.exe", b"MZ\0")]);
    let refused = refused.expect(422);
    assert!(refused.body.contains("run.exe: must be a PDF") && refused.body.contains("offer.pdf"), "{}", refused.body);
    assert!(refused.body.contains("value=\"3.30\""));
    // No file chosen: a browser sends an empty one without a name. The box of the file sent before is still ticked.
    let review = send(&refused, &[], &[("attachments.file", "", b"")]).expect(200);
    assert!(review.body.contains("offer.pdf"), "{}", review.body);
    let sent = send(&review, &[("step", "send")], &[]);
    let quote = sent.sent_to().trim_start_matches("/quotes/").to_owned();
    let attached = supplier.get(&format!("/quotes/{quote}")).expect(200).json()["attachments"].clone();
    assert_eq!(attached.as_array().map(Vec::len), Some(1));
    assert!(
        buyer.get(&format!("/documents/{}/content", attached[0].as_str().unwrap())).expect(200).body.contains("offer")
    );
    // The buyer's RFQ, by its form.
    let desk = world.browser(&buyer.email);
    let fields =
        [("title", "Valves with a drawing"), ("quantity.value", "10"), ("quantity.unit", "C62"), ("frequency", "once")];
    let page = "/desk/buying/rfqs/new";
    let made = desk.submit_files(page, page, &fields, &[("attachments.file", "drawing.pdf", &pdf("drawing"))]);
    let desk_page = made.sent_to();
    assert!(desk.page(&desk_page).expect(200).body.contains("drawing.pdf"));
    let edit = desk.page(&format!("{desk_page}/edit")).expect(200);
    assert!(edit.body.contains("drawing.pdf") && edit.body.contains(" checked"), "{}", edit.body);
    // Without the token nothing is taken, signed in or not.
    let forged = desk.browser("POST", page).header("Content-Type", "multipart/form-data; boundary=frontier");
    let forged = forged.header("Origin", &world.base).bytes(
        b"--frontier\r\nContent-Disposition: form-data; name=\"attachments.file\"; filename=\"a.txt\"\r\n\r\nx\r\n--frontier--\r\n".to_vec(),
    );
    assert_eq!(forged.send().status, 403);
    assert_eq!(world.anonymous().submit_files("/", page, &fields, &[]).status, 401);
}
