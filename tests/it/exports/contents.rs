//! What stands in an archive: all that the API shows, in its shapes, and nothing of anybody else.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use tradepost::exports::ExportKind;
use tradepost::secrets::sha256_hex;

use super::{Unpacked, export};
use crate::access::{Actors, MARKERS, Thing};
use crate::images::{picture, send as send_image};
use crate::support::{Client, World, market};

both!(
    every_kind_of_thing_is_in_it_as_the_api_shows_it,
    manifest_counts_and_hashes_what_is_there,
    files_are_there_under_the_names_that_lines_give,
    the_catalogue_changes_nothing_when_it_comes_back,
    nothing_of_another_company_and_no_secret_is_in_it,
    long_lists_are_read_to_their_end,
);

/// All items of a list of the API.
fn listed(client: &Client, path: &str) -> Vec<Value> {
    let (mut all, mut cursor) = (Vec::new(), None::<String>);
    loop {
        let sign = if path.contains('?') { '&' } else { '?' };
        let further = cursor.as_deref().map_or(String::new(), |cursor| format!("&cursor={cursor}"));
        let page = client.get(&format!("{path}{sign}limit=100{further}")).expect(200).json();
        all.extend(page["data"].as_array().unwrap().iter().cloned());
        match page["next_cursor"].as_str() {
            Some(next) => cursor = Some(next.to_owned()),
            None => return all,
        }
    }
}

fn whole(client: &Client, path: &str) -> Vec<Value> {
    client.get(path).expect(200).json()["data"].as_array().unwrap().clone()
}

fn ids(items: &[Value]) -> BTreeSet<String> {
    items.iter().map(|item| item["id"].as_str().unwrap_or_else(|| panic!("no id in {item}")).to_owned()).collect()
}

fn every_kind_of_thing_is_in_it_as_the_api_shows_it(world: &World) {
    let actors = Actors::enter(world);
    let own = &actors.own;
    let company = own.company;
    // Before it is made: that it is ready is a notification, too.
    let lists: Vec<(&str, Vec<Value>)> = vec![
        ("rfqs", listed(own, "/rfqs")),
        ("matches", listed(own, "/matches")),
        ("rfq_invitations", listed(own, "/rfq-invitations")),
        ("retail_records", listed(own, "/retail-records")),
        ("partnerships", listed(own, "/partnerships")),
        ("saved_searches", listed(own, "/saved-searches")),
        ("notifications", listed(own, "/notifications")),
        ("contact_reveals", listed(own, "/contact-reveals")),
        ("reports", listed(own, "/reports")),
        ("imports", listed(own, "/imports")),
        ("blocked_companies", listed(own, "/blocked-companies")),
        ("members", whole(own, &format!("/companies/{company}/members"))),
        ("invitations", whole(own, &format!("/companies/{company}/invitations"))),
        ("contacts", whole(own, &format!("/companies/{company}/contacts"))),
        ("identifiers", whole(own, &format!("/companies/{company}/identifiers"))),
        ("certifications", whole(own, &format!("/companies/{company}/certifications"))),
        ("webhook_endpoints", whole(own, "/webhook-endpoints")),
        ("records", listed(own, &format!("/partnerships/{}/records", actors.own_id(Thing::Partnership)))),
        ("messages", listed(own, &format!("/threads/{}/messages", actors.own_id(Thing::Thread)))),
        ("questions", listed(own, &format!("/rfqs/{}/questions", actors.own_id(Thing::OpenRfq)))),
    ];
    let (_, archive) = export(world, own);
    for (kind, items) in &lists {
        assert_eq!(&archive.lines(kind), items, "{kind}");
    }
    for kind in [
        "rfqs",
        "partnerships",
        "records",
        "retail_records",
        "invited_suppliers",
        "messages",
        "contacts",
        "reports",
        "imports",
        "saved_searches",
    ] {
        assert!(!archive.lines(kind).is_empty(), "{kind} is empty, and the comparison says nothing");
    }
    assert_eq!(archive.lines("company"), [own.get(&format!("/companies/{company}")).expect(200).json()]);
    // What a person and a program see with small differences: who has read it, and when a key was used.
    for (kind, path) in [("threads", "/threads"), ("api_keys", "/api-keys"), ("quotes_given", "/quotes")] {
        let of_api = if kind == "api_keys" { whole(own, path) } else { listed(own, path) };
        assert_eq!(ids(&archive.lines(kind)), ids(&of_api), "{kind}");
    }
    let rfq = actors.own_id(Thing::OpenRfq);
    assert_eq!(ids(&archive.lines("quotes_received")), ids(&listed(own, &format!("/rfqs/{rfq}/quotes"))));
    assert_eq!(ids(&archive.lines("matched_suppliers")), ids(&listed(own, &format!("/rfqs/{rfq}/matches"))));
    let invited = listed(own, &format!("/rfqs/{rfq}/invitations"));
    assert_eq!(archive.lines("invited_suppliers").len(), invited.len());
    assert!(archive.lines("matched_suppliers").iter().all(|line| line["rfq"] == rfq.as_str()));
    let given = own.get(&format!("/quotes/{}", actors.own_id(Thing::QuoteGiven))).expect(200).json();
    assert_eq!(archive.lines("quotes_given"), [given], "with all of its versions");
    let ledger = own.get(&format!("/partnerships/{}/ledger", actors.own_id(Thing::Partnership))).expect(200).json();
    assert_eq!(archive.lines("ledgers"), [ledger]);
    let request = &archive.lines("verification_requests")[0];
    assert_eq!(request["id"], actors.own_id(Thing::Request).as_str());
    let wants = json!({"matches": true, "messages": true, "alerts": true});
    assert_eq!(archive.lines("notification_preferences"), [wants]);
    let documents = archive.lines("documents").into_iter().map(|mut line| {
        line.as_object_mut().unwrap().remove("file");
        line
    });
    assert_eq!(documents.collect::<Vec<_>>(), listed(own, "/documents"));
}

fn manifest_counts_and_hashes_what_is_there(world: &World) {
    let actors = Actors::enter(world);
    let (over, archive) = export(world, &actors.own);
    let manifest = archive.manifest();
    assert_eq!((&manifest["format"], &manifest["version"]), (&json!("tradepost-export"), &json!(1)));
    assert_eq!((&manifest["export"], &manifest["company"]), (&over["id"], &json!(actors.own.company)));
    let kinds = manifest["kinds"].as_array().unwrap();
    let named: Vec<&str> = kinds.iter().map(|kind| kind["kind"].as_str().unwrap()).collect();
    assert_eq!(named, ExportKind::TEXTS);
    let read_me = archive.text("README.txt");
    for kind in kinds {
        let (name, file) = (kind["kind"].as_str().unwrap(), kind["file"].as_str().unwrap());
        let content = archive.text(file);
        assert_eq!(kind["count"], archive.lines(name).len(), "{name}");
        assert_eq!(over["counts"][name], kind["count"], "{name}");
        assert_eq!((&kind["bytes"], &kind["sha256"]), (&json!(content.len()), &json!(sha256_hex(content.as_bytes()))));
        assert!(read_me.contains(&format!("{file}: {}", kind["about"].as_str().unwrap())), "{read_me}");
    }
    let mut all: BTreeSet<&str> = kinds.iter().map(|kind| kind["file"].as_str().unwrap()).collect();
    for file in manifest["files"].as_array().unwrap() {
        let name = file["file"].as_str().unwrap();
        let content = &archive.0[name];
        assert_eq!((&file["bytes"], &file["sha256"]), (&json!(content.len()), &json!(sha256_hex(content))), "{name}");
        all.insert(name);
    }
    all.extend(["manifest.json", "README.txt"]);
    assert_eq!(archive.0.keys().map(String::as_str).collect::<BTreeSet<_>>(), all, "nothing stands in it unnamed");
}

/// The bytes that a line names.
fn file_of<'a>(archive: &'a Unpacked, line: &Value) -> &'a [u8] {
    let name = line["file"].as_str().unwrap_or_else(|| panic!("no file in {line}"));
    let content = archive.0.get(name).unwrap_or_else(|| panic!("no {name}"));
    assert_eq!(line["sha256"], sha256_hex(content), "{name}");
    content
}

fn files_are_there_under_the_names_that_lines_give(world: &World) {
    let actors = Actors::enter(world);
    let (_, archive) = export(world, &actors.own);
    for line in archive.lines("documents") {
        let content = actors.own.get(&format!("/documents/{}/content", line["id"].as_str().unwrap())).expect(200);
        assert_eq!(file_of(&archive, &line), content.bytes);
    }
    let images = archive.lines("images");
    assert_eq!(images.len(), 2);
    for line in images {
        let shown = actors.own.get(&format!("/listings/{}/images", line["listing"].as_str().unwrap())).expect(200);
        assert_eq!((&line["id"], &line["url"]), (&shown.json()["data"][0]["id"], &shown.json()["data"][0]["url"]));
        assert!(file_of(&archive, &line).starts_with(b"\xff\xd8\xff"), "a JPEG");
    }
    // The partner's invoice hangs on a record of both; its offer is sealed, and its other documents are its own affair.
    let received = archive.lines("received_documents");
    assert_eq!(received.len(), 1, "{received:?}");
    let invoice = String::from_utf8_lossy(file_of(&archive, &received[0])).into_owned();
    assert!(invoice.contains("Quixotic invoice 70428"), "{invoice}");
    let (_, of_partner) = export(world, &actors.partner);
    let own: Vec<Value> = of_partner.lines("documents");
    assert!(own.iter().any(|line| line["name"] == "Quixotic offer 70427.pdf"), "whoever sent it has it");
    let (asked, others) = (of_partner.lines("questions_asked"), archive.lines("questions_asked"));
    assert_eq!((asked.len(), others.len()), (1, 0));
    assert_eq!((&asked[0]["own"], &asked[0]["rfq"]), (&json!(true), &json!(actors.own_id(Thing::OpenRfq))));
}

fn the_catalogue_changes_nothing_when_it_comes_back(world: &World) {
    let supplier = world.supplier();
    let shown = supplier.publish_listing(&market::listing("OUT-1"));
    send_image(&supplier, &shown, picture(40, 30)).expect(201);
    supplier.post("/listings", &market::listing("OUT-2")).expect(201);
    let removed = supplier.post("/listings", &market::listing("OUT-3")).expect(201).id();
    supplier.delete(&format!("/listings/{removed}")).expect(204);
    let (_, archive) = export(world, &supplier);
    let lines = archive.text("listings.ndjson");
    assert_eq!(lines, supplier.get("/exports/catalog?format=ndjson").expect(200).body);
    assert_eq!(lines.lines().count(), 2);
    assert_eq!(archive.lines("removed_listings"), listed(&supplier, "/listings?state=removed"));
    let before = supplier.get("/listings").expect(200).body;
    let sent = supplier.call("POST", "/imports?format=ndjson&mode=replace");
    let sent = sent.header("Content-Type", "application/octet-stream").bytes(lines.as_bytes().to_vec()).send();
    let id = sent.expect(202).id();
    world.drain();
    let counts = supplier.get(&format!("/imports/{id}")).expect(200).json()["counts"].clone();
    for (name, count) in [("rows", 2), ("same", 2), ("new", 0), ("changed", 0), ("refused", 0), ("paused", 0)] {
        assert_eq!(counts[name], count, "{name}");
    }
    assert_eq!(supplier.get("/listings").expect(200).body, before);
}

fn nothing_of_another_company_and_no_secret_is_in_it(world: &World) {
    let actors = Actors::enter(world);
    let (_, of_stranger) = export(world, &actors.foreign);
    let text = of_stranger.whole();
    for marker in MARKERS {
        assert!(!text.contains(marker), "a stranger reads {marker:?}");
    }
    // What both sides have is in both archives, and what is one side's alone in its own.
    let (_, of_own) = export(world, &actors.own);
    let (_, of_partner) = export(world, &actors.partner);
    let (own, partner) = (of_own.whole(), of_partner.whole());
    let shared = ["Quixotic note 70420", "Quixotic shipment 70422", "704230001", "Quixotic invoice 70428"];
    for words in shared.into_iter().chain(["Quixotic invoice 70429.pdf", "Quixotic enquiry 70450"]) {
        assert!(own.contains(words) && partner.contains(words), "{words}");
    }
    for words in ["7.313137", "Quixotic message 70421", "Quixotic offer 70426", "Quixotic offer 70427.pdf"] {
        assert!(partner.contains(words) && !own.contains(words), "a sealed quote: {words}");
    }
    let private = [
        "Quixotic draft listing 70417",
        "Quixotic draft request 70418",
        "Quixotic key 70419",
        "Quixotic webhook 70450",
        "Quixotic saved search 70450",
        "Quixotic import 70460",
        "Quixotic report 70440",
        "Quixotic remark 70441",
        "Quixotic document 70424",
        "Quixotic name 70425.pdf",
        "Quixotic Person 70430",
        "quixotic.70431@contact.example",
        "+49 40 7043200",
    ];
    for words in private {
        assert!(own.contains(words), "{words} is missing");
        assert!(!partner.contains(words), "the partner reads {words:?}");
    }
    for (address, archive) in [("owner1@company.example", &partner), ("owner2@company.example", &own)] {
        assert!(!archive.contains(address), "{address}");
    }
    for (party, archive) in [(&actors.own, &own), (&actors.partner, &partner)] {
        assert!(!archive.contains(party.bearer()) && !archive.contains("whsec_"), "a secret");
    }
    let keys = of_own.lines("api_keys");
    assert!(!keys.is_empty() && keys.iter().all(|key| key["key"].is_null()), "{keys:?}");
    assert!(of_own.lines("webhook_endpoints").iter().all(|endpoint| endpoint["secret"].is_null()));
}

fn long_lists_are_read_to_their_end(world: &World) {
    let supplier = world.supplier();
    let listings: Vec<Value> = (0..100).map(|at| market::listing(&format!("MANY-{at}"))).collect();
    for _ in 0..3 {
        let renamed: Vec<Value> = listings
            .iter()
            .map(|listing| {
                let mut other = listing.clone();
                other["sku"] =
                    json!(format!("{}-{}", listing["sku"].as_str().unwrap(), world.app.clock.now().timestamp()));
                other
            })
            .collect();
        supplier.post("/listings/batch", &json!({"listings": renamed})).expect(200);
        world.clock.advance(chrono::Duration::seconds(1));
    }
    for at in 0..120 {
        supplier.post("/rfqs", &market::rfq(&format!("Valves {at}"))).expect(201);
    }
    let (over, archive) = export(world, &supplier);
    assert_eq!((&over["counts"]["listings"], &over["counts"]["rfqs"]), (&json!(300), &json!(120)));
    assert_eq!(ids(&archive.lines("rfqs")), ids(&listed(&supplier, "/rfqs")));
    assert_eq!(ids(&archive.lines("listings")), ids(&listed(&supplier, "/listings")));
}
