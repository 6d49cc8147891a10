//! A flood of uploads: the queue that reads pictures is short, refuses at once what it cannot take, and keeps nobody else waiting.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use diesel::prelude::*;
use tradepost::store::schema::blobs;

use super::site::Site;
use crate::images::{blank, send};
use crate::support::{Answer, Client, Database, Kind, Setup, World, amount, market, run, wait_for};

both!(full_queue_refuses_uploads_and_stores_nothing, upload_whose_client_has_gone_is_not_read,);

/// Uploads that arrive together; at night as many as one address may have connections.
fn uploads_at_once() -> usize {
    amount("TRADEPOST_TEST_UPLOADS", 24)
}
const LISTINGS: usize = 4;
/// A plain page comes within so long, in the program that tests run, on a machine that also reads pictures.
const PAGE: Duration = Duration::from_secs(5);
/// What an operator gives a node, and what reading pictures may take beside it, in MiB.
const MOST_MIB: u64 = 256 + 256;

/// A platform whose queues have one thread and a line of two; half of the three places is for one company.
struct Narrow(World);

impl Setup for Narrow {
    fn on(database: Database) -> Self {
        Self(World::with(database, |config| {
            config.limits.upload_threads = 1;
            config.limits.upload_queue = 2;
        }))
    }
}

/// The database has no part in this.
#[test]
fn flood_of_pictures_keeps_no_page_waiting() {
    run(Kind::Sqlite, flood_with_pictures);
}

/// 50 million pixels in 146 kB.
fn flood_with_pictures(site: &Site) {
    let mut node = site.node("flooded", &["serve"]);
    node = node.with("LIMITS__UPLOAD_THREADS", "1").with("LIMITS__UPLOAD_QUEUE", "2");
    node.start();
    let seller = node.client(&site.supplier);
    let all = uploads_at_once();
    let listings: Vec<String> =
        (0..LISTINGS).map(|number| seller.publish_listing(&market::listing(&format!("V-{number}")))).collect();
    let (picture, sent) = (blank(7_070, 7_070), AtomicUsize::new(0));
    let (answers, pages) = std::thread::scope(|scope| {
        let upload = |number: usize| {
            let (client, picture, listing) = (seller.another(), picture.clone(), &listings[number % LISTINGS]);
            let sent = &sent;
            scope.spawn(move || {
                let answer = send(&client, listing, picture);
                sent.fetch_add(1, Ordering::SeqCst);
                answer
            })
        };
        let uploads: Vec<_> = (0..all).map(upload).collect();
        let nobody = Client::new(&node.base(), None);
        let mut pages = 0;
        while sent.load(Ordering::SeqCst) < all {
            for path in ["/", "/search?q=valve", &format!("/listings/{}", listings[0])] {
                let begun = Instant::now();
                nobody.page(path).expect(200);
                assert!(begun.elapsed() < PAGE, "{path} took {:?}", begun.elapsed());
                pages += 1;
            }
        }
        (uploads.into_iter().map(|upload| upload.join().unwrap()).collect::<Vec<Answer>>(), pages)
    });
    let stored = answers.iter().filter(|answer| answer.status == 201).count();
    for refused in answers.iter().filter(|answer| answer.status != 201) {
        assert_refused(refused);
    }
    eprintln!("{stored} of {all} stored, {pages} pages, {:?}", node.usage());
    assert!(stored > 0 && stored < all, "{stored} of {all} were stored");
    let shown: Vec<String> = listings.iter().flat_map(|listing| images_of(&seller, listing)).collect();
    assert_eq!(shown.len(), stored, "an answer and a row for each");
    for url in shown {
        seller.page(&url).expect(200);
        seller.page(&format!("{url}/small")).expect(200);
    }
    let uses: Vec<i64> =
        site.app.db.read(|conn| Ok(blobs::table.select(blobs::uses).order(blobs::uses).load(conn)?)).unwrap();
    assert_eq!(uses, [stored as i64, stored as i64], "both sizes, shared by all, and nothing else");
    assert!(node.usage().mib < MOST_MIB, "the node took {:?}", node.usage());
    assert!(!node.log().contains("panicked"), "{}", node.log());
}

#[track_caller]
fn assert_refused(refused: &Answer) {
    assert_eq!((refused.status, refused.problem().as_str()), (503, "unavailable"), "{}", refused.body);
    assert!(refused.header("retry-after").is_some());
}

fn images_of(client: &Client, listing: &str) -> Vec<String> {
    let images = client.get(&format!("/listings/{listing}/images")).expect(200).json()["data"].clone();
    images.as_array().unwrap().iter().map(|image| image["url"].as_str().unwrap().to_owned()).collect()
}

fn full_queue_refuses_uploads_and_stores_nothing(Narrow(world): &Narrow) {
    let supplier = world.supplier();
    let listing = supplier.publish_listing(&market::listing("V-1"));
    let pdf = crate::documents::pdf("invoice");
    let held: Vec<_> = (1..=3)
        .map(|owner| {
            (world.app.image_queue.reserve(-owner).unwrap(), world.app.document_queue.reserve(-owner).unwrap())
        })
        .collect();
    assert_refused(&send(&supplier, &listing, blank(9, 9)));
    assert_refused(&crate::documents::send(&supplier, "invoice.pdf", pdf.clone()));
    let browser = world.browser(&supplier.email);
    let page = format!("/desk/selling/listings/{listing}/images");
    let refused = browser.submit_files(&page, &page, &[], &[("content.file", "front.png", &blank(9, 9))]);
    assert_eq!((refused.status, refused.header("retry-after").is_some()), (503, true));
    let new = "/desk/buying/rfqs/new";
    let typed = [("title", "Valves of brass")];
    let again = browser.submit_files(new, new, &typed, &[("attachments.file", "drawing.pdf", &pdf)]).expect(503);
    assert!(again.body.contains("Valves of brass"), "what was typed is still there");
    assert!(again.header("retry-after").is_some());
    drop(held);
    assert!(images_of(&supplier, &listing).is_empty());
    assert_eq!(supplier.get("/documents").expect(200).json()["data"].as_array().unwrap().len(), 0);
    send(&supplier, &listing, blank(9, 9)).expect(201);
    crate::documents::send(&supplier, "invoice.pdf", pdf).expect(201);
}

fn upload_whose_client_has_gone_is_not_read(Narrow(world): &Narrow) {
    use crate::support::Wire;
    let supplier = world.supplier();
    let listing = supplier.publish_listing(&market::listing("V-1"));
    let queue = &world.app.image_queue;
    // The one thread is busy until it is told to go on, and of the two places in the line one is taken.
    let busy = queue.reserve(-1).unwrap();
    let (go_on, wait) = std::sync::mpsc::channel::<()>();
    let running = busy.run(move || {
        wait.recv().ok();
        Ok(())
    });
    let _held = queue.reserve(-2).unwrap();
    let key = world.key(supplier.company, &[tradepost::actor::Permission::CatalogWrite]);
    let picture = blank(9, 9);
    let mut wire = Wire::to(&world.base);
    wire.send(format!(
        "POST /api/v1/listings/{listing}/images HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {key}\r\n\
        Content-Length: {}\r\n\r\n",
        picture.len()
    ));
    wire.send(&picture);
    wait_for("the upload to wait in the line", || queue.ensure_free(-3).is_err());
    drop(wire);
    wait_for("the place to be free again", || queue.ensure_free(-3).is_ok());
    drop(go_on);
    running.wait().unwrap();
    assert!(images_of(&supplier, &listing).is_empty());
    send(&supplier, &listing, picture).expect(201);
    assert_eq!(images_of(&supplier, &listing).len(), 1);
}
