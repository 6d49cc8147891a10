//! Bulk work beside somebody who writes one thing: it lets go of the writer often enough that nobody waits for its end.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::support::{Times, World, amount, figures_hold, market};

both!(import_lets_others_write);

/// What a write takes beside an import, but for one in a hundred, by the released program.
const QUICK: Duration = Duration::from_millis(150);
/// What it takes at most, in the program that tests run.
const MOST: Duration = Duration::from_secs(5);

fn import_lets_others_write(world: &World) {
    let (supplier, buyer) = (world.supplier(), world.buyer());
    let rows = amount("TRADEPOST_TEST_IMPORT_ROWS", 1_000);
    let lines: Vec<String> = (0..rows).map(|at| format!("N-{at},Ball valve {at}")).collect();
    let file = format!("sku,name\n{}\n", lines.join("\n")).into_bytes();
    let sent = supplier.call("POST", "/imports?format=csv&publish=true");
    let import = sent.header("Content-Type", "application/octet-stream").bytes(file).send().expect(202).id();
    let over = AtomicBool::new(false);
    let took = std::thread::scope(|scope| {
        let writer = scope.spawn(|| {
            let mut took = Vec::new();
            while !over.load(Ordering::SeqCst) || took.is_empty() {
                let begun = Instant::now();
                buyer.post("/rfqs", &market::rfq(&format!("Valves {}", took.len()))).expect(201);
                took.push(begun.elapsed());
            }
            took
        });
        world.drain();
        over.store(true, Ordering::SeqCst);
        writer.join().unwrap()
    });
    let import = supplier.get(&format!("/imports/{import}")).expect(200).json();
    assert_eq!(import["counts"]["new"], rows, "{import}");
    let took = Times::new(took);
    eprintln!("{} writes beside {rows} rows: {:?}, p99 {:?}", took.count(), took.at(50), took.at(99));
    assert!(took.at(99) < MOST, "{:?}", took.at(99));
    assert!(!figures_hold() || took.at(99) < QUICK, "{:?}", took.at(99));
}
