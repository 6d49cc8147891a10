//! Five hundred strangers who hold connections open in every way there is, while somebody works.

use std::net::Ipv4Addr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::operation::node::Place;
use crate::support::{
    Client, Database, Kind, Setup, Times, UsageMeter, Wire, World, answers, figures_hold, run, wait_for,
};

/// How many strangers of each kind, and of those whose answers lie in our memory; five hundred in all.
const EACH: usize = 96;
const TAKERS: usize = 20;
/// So many answers at once are more than the system takes from the server without anybody reading.
const ANSWERS: usize = 16;
/// When all of them have to be gone.
const GONE: Duration = Duration::from_secs(35);
/// A stranger moves this often, if at all.
const DRIP: Duration = Duration::from_secs(3);
/// The healthy client looks at things for so long before it asks for more.
const PACE: Duration = Duration::from_millis(50);
/// An answer that nobody takes has been given up by then.
const GIVEN_UP: Duration = Duration::from_secs(15);
/// What the healthy client is never kept waiting for.
const QUICK: Duration = Duration::from_secs(5);
/// What it is not kept waiting for more than once in a hundred times, where the machine is the server's own.
const QUICK_AS_A_RULE: Duration = Duration::from_millis(200);
/// What all of them together may take of the server's memory.
const MOST_MIB: u64 = 100;

/// The database has no part in this.
#[test]
fn slow_clients_are_disconnected_and_affect_nobody() {
    run(Kind::Sqlite, |place: &Place| {
        let server = place.serve(&[]);
        let base = place.base();
        let healthy = Healthy::at(&base);
        // Whatever the first requests take is not the strangers' doing.
        healthy.work_once();
        let meter = UsageMeter::of(server.0.id());
        let works = AtomicBool::new(true);
        std::thread::scope(|scope| {
            let work = scope.spawn(|| healthy.work_while(&works));
            let left = besiege(&base);
            works.store(false, Ordering::SeqCst);
            let took = Times::new(work.join().unwrap());
            assert!(left.is_empty(), "still there: {left:?}");
            assert!(took.count() >= 20, "the healthy client was answered only {} times", took.count());
            eprintln!("the healthy client waited {:?}, p99 {:?}, of {}", took.at(50), took.at(99), took.count());
            assert!(!figures_hold() || took.at(99) < QUICK_AS_A_RULE, "the healthy client waits {:?}", took.at(99));
        });
        let taken = meter.usage();
        eprintln!("{taken:?} for the strangers and the healthy client");
        assert!(taken.mib < MOST_MIB, "the strangers took {} MiB", taken.mib);
    });
}

/// A client that uses the site and the API as they are meant.
struct Healthy(Client);

impl Healthy {
    fn at(base: &str) -> Self {
        Self(Client::new(base, None))
    }

    /// How long each of its answers took.
    fn work_while(&self, works: &AtomicBool) -> Vec<Duration> {
        let mut took = Vec::new();
        while works.load(Ordering::SeqCst) {
            took.extend(self.work_once());
            // A visitor's pace, not a wait.
            std::thread::sleep(PACE);
        }
        took
    }

    fn work_once(&self) -> [Duration; 4] {
        ["/livez", "/", "/rfqs", "/api/v1/search/listings?q=valve"].map(|path| {
            let begun = Instant::now();
            self.0.page(path).expect(200);
            let took = begun.elapsed();
            assert!(took < QUICK, "{path} took {took:?}");
            took
        })
    }
}

/// What a stranger sends at first, and what again and again.
struct Stranger {
    kind: &'static str,
    first: &'static str,
    drip: Option<&'static str>,
    reads: bool,
}

const STRANGERS: &[Stranger] = &[
    Stranger { kind: "says nothing", first: "", drip: None, reads: true },
    Stranger { kind: "drips a head", first: "GET / HTTP/1.1\r\nHost: a\r\nX-Long: ", drip: Some("a"), reads: true },
    Stranger {
        kind: "drips a second head",
        first: "GET /livez HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\nX-Long: ",
        drip: Some("a"),
        reads: true,
    },
    Stranger {
        kind: "stalls a body",
        first: "POST /api/v1/customs/check HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 90\r\n\r\n{",
        drip: None,
        reads: true,
    },
    Stranger {
        kind: "drips a body that nobody reads",
        first: "POST /no/such/page HTTP/1.1\r\nHost: a\r\nOrigin: http://a\r\nTransfer-Encoding: chunked\r\n\r\n",
        drip: Some("1\r\na\r\n"),
        reads: true,
    },
    Stranger {
        kind: "takes no answer",
        first: "GET /api/docs/swagger-ui-bundle.js HTTP/1.1\r\nHost: a\r\n\r\n",
        drip: None,
        reads: false,
    },
];

/// Lets the strangers in and answers those who are still there at the end.
fn besiege(base: &str) -> Vec<&'static str> {
    let begun = Instant::now();
    let mut there: Vec<(&Stranger, Wire)> = Vec::new();
    for stranger in STRANGERS {
        let (strangers, times) = if stranger.reads { (EACH, 1) } else { (TAKERS, ANSWERS) };
        for _ in 0..strangers {
            let mut wire = Wire::from(Ipv4Addr::new(127, 0, 0, 2), base);
            wire.send(stranger.first.repeat(times));
            there.push((stranger, wire));
        }
    }
    assert!(there.len() >= 500);
    // Who takes nothing does not see that he is thrown out: he is looked at when all others are gone.
    while there.iter().any(|(stranger, _)| stranger.reads) && begun.elapsed() < GONE {
        // The attack is its pace.
        std::thread::sleep(DRIP);
        for (stranger, wire) in &mut there {
            if let Some(drip) = stranger.drip {
                wire.send(drip);
            }
        }
        there.retain_mut(|(stranger, wire)| !stranger.reads || !wire.is_closed());
    }
    // Nothing tells when: to look whether an answer can still be read is to take it.
    std::thread::sleep(GIVEN_UP.saturating_sub(begun.elapsed()));
    let (there, takers): (Vec<_>, Vec<_>) = there.into_iter().partition(|(stranger, _)| stranger.reads);
    let all_served = |(stranger, wire): (&Stranger, Wire)| {
        let served = answers(&wire.rest()).len() == ANSWERS;
        served.then_some(stranger.kind)
    };
    let served = takers.into_iter().filter_map(all_served);
    there.into_iter().map(|(stranger, _)| stranger.kind).chain(served).collect()
}

/// Few connections from an address, and few in all.
struct Narrow(World);

impl Setup for Narrow {
    fn on(database: Database) -> Self {
        Self(World::with(database, |config| {
            config.limits.connections_per_address = 20;
            config.limits.connections = 50;
        }))
    }
}

#[test]
fn connections_per_address_are_limited() {
    run(Kind::Sqlite, |Narrow(world): &Narrow| {
        let greedy = Ipv4Addr::new(127, 0, 0, 3);
        let mut held: Vec<Wire> = (0..20).map(|_| Wire::from(greedy, &world.base)).collect();
        let ask = |wire: &mut Wire| {
            wire.send("GET /livez HTTP/1.1\r\nHost: a\r\n\r\n");
            wire.answer().map(|answer| answer.status)
        };
        assert_eq!(ask(&mut held[0]), Some(200), "a connection within the limit");
        assert_eq!(ask(&mut Wire::from(greedy, &world.base)), None, "one too many");
        assert_eq!(ask(&mut Wire::to(&world.base)), Some(200), "somebody else");
        held.pop();
        wait_for("the end of a connection to make room", || ask(&mut Wire::from(greedy, &world.base)) == Some(200));
    });
}

#[test]
fn connections_over_the_limit_wait() {
    run(Kind::Sqlite, |Narrow(world): &Narrow| {
        // Three addresses take all; they say nothing, so they are thrown out, and then the next is served.
        let addresses = (4..7).map(|last| Ipv4Addr::new(127, 0, 0, last));
        let _held: Vec<Wire> = addresses.flat_map(|own| (0..20).map(move |_| Wire::from(own, &world.base))).collect();
        world.anonymous().page("/livez").expect(200);
    });
}
