//! How much a company may keep: one that fills everything it can reach is told so at once, and costs nobody else anything.

use chrono::Duration;
use diesel::prelude::*;
use serde_json::{Value, json};
use tradepost::store::schema::{blobs, listings, rfqs};
use tradepost::workers::sweep;

use crate::accounts::sign_up;
use crate::support::{Answer, Client, Database, Setup, World, market};
use crate::{documents, images};

both!(
    listings_of_a_company_are_bounded_by_hand_in_batches_and_in_imports,
    rfqs_of_a_company_are_bounded_in_all,
    documents_of_a_company_are_bounded_in_number,
    conversations_that_a_company_begins_are_bounded_in_all,
    pictures_of_an_unconfirmed_company_are_few_and_small,
    what_an_account_made_that_nobody_confirmed_goes_with_it,
    empty_limits_are_none,
);

/// Limits that a test reaches.
struct Narrow(World);

impl Setup for Narrow {
    fn on(database: Database) -> Self {
        Self(World::with(database, |config| {
            config.limits.enabled = true;
            config.limits.sign_in_minute = 0;
            config.limits.listings_per_company = 5;
            config.limits.rfqs_per_company = 3;
            config.limits.documents_per_company = 2;
            config.limits.threads_per_company = 2;
            config.limits.unconfirmed_image_bytes = 2_000;
        }))
    }
}

/// The refusal names the cap.
#[track_caller]
fn assert_full(answer: &Answer, says: &str) {
    assert_eq!((answer.status, answer.problem().as_str()), (409, "conflict"), "{}", answer.body);
    assert!(answer.text("/detail").contains(says), "{}", answer.body);
}

fn listings_of_a_company_are_bounded_by_hand_in_batches_and_in_imports(Narrow(world): &Narrow) {
    let (supplier, other) = (world.supplier(), world.party("Another Supplier", "TR"));
    let full = "at most 5 listings";
    let batch = |skus: [&str; 3]| {
        let body = json!({"listings": skus.map(market::listing)});
        supplier.post("/listings/batch", &body).expect(200).json()
    };
    let outcomes = |answer: &Value| -> Vec<String> {
        answer["data"].as_array().unwrap().iter().map(|one| one["outcome"].as_str().unwrap().to_owned()).collect()
    };
    let first = supplier.post("/listings", &market::listing("A")).expect(201).id();
    assert_eq!(outcomes(&batch(["B", "C", "D"])), ["new", "new", "new"]);
    // One that is there already takes no place.
    let mixed = batch(["A", "E", "F"]);
    assert_eq!(outcomes(&mixed), ["same", "new", "refused"], "{mixed}");
    assert!(mixed["data"][2].to_string().contains(full), "{mixed}");
    assert_full(&supplier.post("/listings", &market::listing("F")), full);
    assert_full(&supplier.put("/listings/by-sku/F", &market::listing("F")), full);
    supplier.put("/listings/by-sku/E", &market::listing("E")).expect(200);
    let file = b"sku,name\nA,Valve A\nG,Valve G\n".to_vec();
    let sent = supplier.call("POST", "/imports?format=csv").header("Content-Type", "application/octet-stream");
    let import = sent.bytes(file).send().expect(202).id();
    world.drain();
    let import = supplier.get(&format!("/imports/{import}")).expect(200).json();
    assert_eq!((&import["counts"]["new"], &import["counts"]["refused"]), (&json!(0), &json!(1)), "{import}");
    assert!(import["refused_rows"].to_string().contains(full), "{import}");
    let page = world.browser(&supplier.email).submit(
        "/desk/selling/listings/new",
        "/desk/selling/listings/new",
        &[("sku", "F"), ("name", "Valve F")],
    );
    assert!(page.status == 422 && page.body.contains(full), "{}", page.body);
    // A removed one keeps its row; its SKU comes back.
    supplier.delete(&format!("/listings/{first}")).expect(204);
    assert_full(&supplier.post("/listings", &market::listing("F")), full);
    supplier.post("/listings", &market::listing("A")).expect(201);
    other.post("/listings", &market::listing("A")).expect(201);
    world.drain();
}

fn rfqs_of_a_company_are_bounded_in_all(Narrow(world): &Narrow) {
    let (buyer, other) = (world.buyer(), world.party("Another Buyer", "FR"));
    let write = |number: usize| buyer.post("/rfqs", &market::rfq(&format!("Valves {number}")));
    for number in 0..3 {
        let id = write(number).expect(201).id();
        buyer.act(&format!("/rfqs/{id}/publish")).expect(200);
    }
    assert_full(&write(3), "at most 3 RFQs");
    let new = "/desk/buying/rfqs/new";
    let page = world.browser(&buyer.email).submit(new, new, &[("title", "Valves of brass")]);
    assert!(page.status == 422 && page.body.contains("at most 3 RFQs"), "{}", page.body);
    other.post("/rfqs", &market::rfq("Valves")).expect(201);
    world.drain();
}

fn documents_of_a_company_are_bounded_in_number(Narrow(world): &Narrow) {
    let (supplier, other) = (world.supplier(), world.buyer());
    let send = |client: &Client, name: &str| documents::send(client, &format!("{name}.pdf"), documents::pdf(name));
    let first = send(&supplier, "one").expect(201).id();
    send(&supplier, "two").expect(201);
    let refused = send(&supplier, "three").expect(422);
    assert_eq!(refused.wrong_fields(), ["/content"]);
    assert!(refused.body.contains("at most 2 documents"), "{}", refused.body);
    send(&other, "three").expect(201);
    supplier.delete(&format!("/documents/{first}")).expect(204);
    send(&supplier, "three").expect(201);
}

fn conversations_that_a_company_begins_are_bounded_in_all(Narrow(world): &Narrow) {
    let (supplier, buyer) = (world.supplier(), world.buyer());
    let listings: Vec<String> =
        (0..3).map(|number| supplier.publish_listing(&market::listing(&format!("V-{number}")))).collect();
    let begin = |listing: &str| {
        let about = json!({"kind": "listing", "id": listing});
        buyer.post("/threads", &json!({"subject": about, "text": "What is the MOQ?"}))
    };
    begin(&listings[0]).expect(201);
    begin(&listings[1]).expect(201);
    // Not only today.
    world.clock.advance(Duration::days(40));
    assert_full(&begin(&listings[2]), "begun 2 conversations");
    begin(&listings[0]).expect(200);
    world.drain();
}

/// A newcomer's browser, and the draft that it made.
fn newcomer(world: &World, email: &str) -> (Client, String) {
    sign_up(world, email).expect(303);
    let browser = world.browser(email);
    let form = "/desk/selling/listings/new";
    browser.submit(form, form, &[("sku", "N-1"), ("name", "Elbow of brass")]).expect(303);
    let id: i64 = world.app.db.read(|conn| Ok(listings::table.select(listings::id).first(conn)?)).unwrap();
    (browser, tradepost::ids::ListingId(id).to_string())
}

fn pictures_of_an_unconfirmed_company_are_few_and_small(Narrow(world): &Narrow) {
    let (browser, listing) = newcomer(world, "newcomer@company.example");
    let page = format!("/desk/selling/listings/{listing}/images");
    let send = |side: u32| {
        let picture = images::picture(side, side);
        browser.submit_files(&page, &page, &[], &[("content.file", "front.png", &picture)])
    };
    assert_eq!(send(10).status, 303);
    let refused = send(40).expect(422);
    assert!(refused.body.contains("until you confirm your e-mail address"), "{}", refused.body);
}

fn counted<T>(world: &World, query: impl FnOnce(&mut tradepost::store::Conn) -> QueryResult<T>) -> T {
    world.app.db.read(|conn| Ok(query(conn)?)).unwrap()
}

fn what_an_account_made_that_nobody_confirmed_goes_with_it(world: &World) {
    let (browser, listing) = newcomer(world, "ghost@company.example");
    let page = format!("/desk/selling/listings/{listing}/images");
    let picture = images::picture(10, 10);
    browser.submit_files(&page, &page, &[], &[("content.file", "front.png", &picture)]).expect(303);
    let new = "/desk/buying/rfqs/new";
    browser.submit(new, new, &[("title", "Elbows of brass")]).expect(303);
    let honest = world.supplier();
    honest.post("/listings", &market::listing("HONEST")).expect(201);
    let rows = || -> [i64; 3] {
        [
            counted(world, |conn| listings::table.count().get_result(conn)),
            counted(world, |conn| rfqs::table.count().get_result(conn)),
            counted(world, |conn| blobs::table.count().get_result(conn)),
        ]
    };
    assert_eq!(rows(), [2, 1, 2]);
    world.clock.advance(Duration::days(31));
    sweep(&world.app).unwrap();
    world.drain();
    assert_eq!(rows()[..2], [1, 0], "the drafts of others stay");
    // Files that nothing uses are swept an hour later, and their rows with them.
    world.clock.advance(Duration::days(1));
    sweep(&world.app).unwrap();
    world.clock.advance(Duration::days(1));
    sweep(&world.app).unwrap();
    assert_eq!(rows(), [1, 0, 0]);
}

fn empty_limits_are_none(world: &World) {
    let free = World::with(Database::fresh(world.kind()).unwrap(), |config| {
        config.limits.enabled = true;
        config.limits.listings_per_company = 0;
        config.limits.rfqs_per_company = 0;
        config.limits.changes_per_company_day = 0;
    });
    let party = free.supplier();
    party.post("/listings", &market::listing("A")).expect(201);
    party.post("/rfqs", &market::rfq("Valves")).expect(201);
}
