//! What attacks cost: a real server, whose memory is looked at after each of them.

use std::io::Cursor;
use std::net::Ipv4Addr;
use std::time::Duration;

use image::{ColorType, DynamicImage, ImageFormat};
use rustix::process::{Resource, getrlimit};

use super::{bodies, malformed};
use crate::accounts::throttle::{Guesser, network};
use crate::images;
use crate::operation::node::Place;
use crate::support::{Client, Kind, UsageMeter, Wire, amount, figures_hold, market, run};

/// How much memory one thing that is too much may take, or a thousand damaged heads, in MiB.
const SMALL: u64 = 20;
/// Connections that say nothing, all together.
const CROWD: u64 = 100;
/// All that sign in at once: a password is hashed with 19 MiB, on as many threads as there are processors.
const SIGN_INS: u64 = 150;
/// Pictures of the most pixels: they are read one after the other, each with all that reading may take.
const PICTURES: u64 = 512;
/// How long one thing that is too much may keep a processor busy, as released.
const BUSY: Duration = Duration::from_millis(50);

/// The database has no part in this.
#[test]
fn attacks_use_bounded_memory() {
    run(Kind::Sqlite, |place: &Place| {
        let client = Client::new(&place.base(), Some(place.register()));
        let server = place.serve(&[("TRADEPOST__SERVER__TRUSTED_PROXIES", "127.0.0.1")]);
        let attacked = Attacked { base: place.base(), process: server.0.id() };
        attacked.warm_up(&client);
        for (case, ask, wanted) in bodies::too_much(&attacked.base, &client) {
            let worked = attacked.by(case, SMALL, || assert!(wanted.contains(&ask().status)));
            assert!(!figures_hold() || worked <= BUSY, "{case} kept a processor busy for {worked:?}");
        }
        attacked.by("a thousand damaged heads", SMALL, || malformed::send_damaged(&attacked.base, 1_000));
        attacked.by("a crowd that says nothing", CROWD, || attacked.crowd());
        // Each costs a processor a tenth of a second; more than there are processors are enough to see that they wait.
        let sign_ins = amount("TRADEPOST_TEST_SIGN_INS", 50);
        attacked.by("many sign-ins at once", SIGN_INS, || attacked.guess(sign_ins));
        let listing = client.publish_listing(&market::listing("V-1"));
        attacked.by("two pictures of the most pixels at once", PICTURES, || send_pictures(&client, &listing));
        client.get("/me").expect(200);
    });
}

/// A server under attack.
struct Attacked {
    base: String,
    process: u32,
}

impl Attacked {
    /// What the first request of each kind takes for good is not the attack's doing.
    fn warm_up(&self, client: &Client) {
        for path in ["/", "/search?q=valve", "/rfqs", "/no/such/page"] {
            client.page(path);
        }
        client.get("/search/listings?q=valve").expect(200);
        client.post("/rfqs", &market::rfq("Valves")).expect(201);
        self.guess(8);
    }

    /// How long it kept processors busy.
    fn by(&self, attack: &str, most_mib: u64, under_way: impl FnOnce()) -> Duration {
        let meter = UsageMeter::of(self.process);
        under_way();
        let taken = meter.usage();
        eprintln!("{attack}: {} MiB, {} ms of a processor", taken.mib, taken.worked.as_millis());
        assert!(taken.mib < most_mib, "{attack} took {} MiB", taken.mib);
        taken.worked
    }

    /// More connections than the server serves at once, as far as this process may open them.
    fn crowd(&self) {
        let open = getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX).min(20_000);
        let each = u32::try_from(open / 20).unwrap();
        let addresses = (8..13).map(|last| Ipv4Addr::new(127, 0, 0, last));
        let mut all: Vec<Wire> = Vec::new();
        for own in addresses {
            all.extend((0..each).map(|_| Wire::from(own, &self.base)));
        }
        for wire in &mut all {
            wire.send("GET / HTTP/1.1\r\nX-Long: ");
        }
        // Nobody is left when this one has had its turn.
        Client::new(&self.base, None).page("/livez").expect(200);
    }

    /// So many sign-ins at once, each from a network of its own.
    fn guess(&self, people: u32) {
        let guesser = Guesser::at(&self.base);
        std::thread::scope(|scope| {
            for person in 0..people {
                let guesser = &guesser;
                scope.spawn(move || {
                    let email = format!("person{person}@company.example");
                    let status = guesser.guess(&network(person), &email, "not the password").status;
                    assert!([422, 503].contains(&status), "{status}");
                });
            }
        });
    }
}

fn send_pictures(client: &Client, listing: &str) {
    let mut wide = Cursor::new(Vec::new());
    DynamicImage::new(8_000, 6_250, ColorType::Rgba8).write_to(&mut wide, ImageFormat::Png).unwrap();
    let wide = wide.into_inner();
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                // A busy machine may take longer over it than anybody waits.
                let status = images::send(&client.another(), listing, wide.clone()).status;
                assert!([201, 503].contains(&status), "{status}");
            });
        }
    });
}
