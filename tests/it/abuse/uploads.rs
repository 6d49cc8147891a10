//! Pictures that cost much for what they weigh, and uploads that never end: a company's share is counted, and others have theirs.

use std::time::Duration;

use tradepost::actor::Permission;

use crate::images::{blank, send};
use crate::support::{Answer, Database, Kind, Party, Setup, Wire, World, amount, market, run, wait_for};

both!(pixels_of_a_company_are_counted_before_they_are_decoded);

/// Limits that a test reaches: a megapixel a minute, two slow uploads, of which one is slow soon.
struct Narrow(World);

impl Setup for Narrow {
    fn on(database: Database) -> Self {
        Self(World::with(database, |config| {
            config.limits.enabled = true;
            config.limits.megapixels_per_minute = 1;
            config.limits.slow_uploads_per_company = 2;
            config.limits.grace_ms = 300;
        }))
    }
}

fn pixels_of_a_company_are_counted_before_they_are_decoded(Narrow(world): &Narrow) {
    let (flooder, other) = (world.supplier(), world.party("Another Supplier", "TR"));
    let draft = |party: &Party| party.post("/listings", &market::listing("V-1")).expect(201).id();
    let (listing, others) = (draft(&flooder), draft(&other));
    // Half a megapixel each, in a few hundred bytes; the third is one too many.
    let statuses: Vec<u16> = (0..4).map(|_| send(&flooder, &listing, blank(700, 700)).status).collect();
    assert_eq!(statuses, [201, 201, 429, 429]);
    let refused = send(&flooder, &listing, blank(700, 700)).expect(429);
    assert!(refused.problem() == "too_many_requests" && refused.header("retry-after").is_some(), "{}", refused.body);
    let whole = send(&flooder, &listing, blank(2_000, 2_000)).expect(429);
    assert_eq!(whole.header("retry-after"), Some("60"), "more than a minute holds");
    // What is none is refused as ever, and costs no pixels.
    send(&flooder, &listing, b"no picture".to_vec()).expect(422);
    send(&other, &others, blank(700, 700)).expect(201);
    flooder.get("/listings").expect(200);
}

/// Begins an upload and sends a byte of it.
fn begin(world: &World, key: &str) -> Wire {
    let mut wire = Wire::to(&world.base);
    wire.send(format!(
        "POST /api/v1/documents?name=a.pdf HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {key}\r\n\
        Content-Length: 9000000\r\n\r\n%"
    ));
    wire
}

/// The database has no part in this.
#[test]
fn slow_uploads_of_a_company_are_few() {
    run(Kind::Sqlite, |Narrow(world): &Narrow| {
        let key = |party: &Party| world.key(party.company, &[Permission::DocumentsWrite]);
        let (crawler, other) = (world.supplier(), world.buyer());
        let (slow, others) = (key(&crawler), key(&other));
        let many = amount("TRADEPOST_TEST_SLOW_UPLOADS", 8);
        let mut held: Vec<Wire> = (0..many).map(|_| begin(world, &slow)).collect();
        let mut honest = begin(world, &others);
        // All but two are refused once they are slow, which is soon: long before the server would give one up.
        let mut refused: Vec<Answer> = Vec::new();
        wait_for("the uploads that are too many to be refused", || {
            for mut wire in std::mem::take(&mut held) {
                if wire.is_closed() { refused.extend(wire.answer()) } else { held.push(wire) }
            }
            held.len() == 2
        });
        assert_eq!(refused.len(), many - 2, "each is told why");
        assert!(refused.iter().all(|answer| answer.status == 429), "{refused:?}");
        assert!(refused.iter().all(|answer| answer.header("retry-after") == Some("30")));
        assert!(!honest.is_closed(), "another company has uploads of its own");
        // Quick ones are not counted.
        crate::documents::send(&crawler, "invoice.pdf", crate::documents::pdf("invoice")).expect(201);
        // Where one ends there is room for the next.
        held.pop();
        let mut next = begin(world, &slow);
        // What would be refused is refused when its rate has been looked at, which takes less than this.
        std::thread::sleep(Duration::from_millis(900));
        assert!(!next.is_closed());
    });
}
