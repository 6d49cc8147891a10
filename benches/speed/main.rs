//! How fast search is, compared in one run with the limit of the machine and with two widely used full-text searches.
//!
//! ```text
//! cargo bench --bench speed                                     43 000 listings
//! cargo bench --bench speed -- --listings 1000000 [--postgres URL]
//! ```
//!
//! The same listings are loaded into Tradepost (`tradepost load`), into the [limit program](limit), into SQLite's FTS5 and, with `--postgres`,
//! into PostgreSQL's full-text search ([`fts`]). All four answer the same queries over HTTP with twenty hits, the total and the facet of
//! countries, while 32 connections send requests without a pause; the servers take turns. Only the ratios count: processor time and requests
//! per second depend on the machine.
//!
//! The database of `--postgres` must be empty: it holds Tradepost's tables and the peer's.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    missing_docs,
    reason = "a bench ends when something is wrong"
)]

mod fts;
mod limit;
mod load_generator;
mod market;
mod peer;
mod product;
mod server;

use std::path::PathBuf;
use std::time::{Duration, Instant};

use clap::Parser;

use load_generator::Measurement;
use server::Server;

/// How often the servers take turns.
const TURNS: usize = 3;

#[derive(Parser)]
struct Options {
    /// How many listings.
    #[arg(long, default_value_t = 43_000)]
    listings: usize,
    /// How long each server is measured in a turn, in seconds.
    #[arg(long, default_value_t = 5)]
    seconds: u64,
    /// An empty PostgreSQL database; without it PostgreSQL is left out.
    #[arg(long)]
    postgres: Option<String>,
    /// Where the data goes; a folder of its own under the system's one for temporary files without it.
    #[arg(long)]
    data: Option<PathBuf>,
    /// Serve as one of the peers; the bench starts itself this way.
    #[arg(long, hide = true, num_args = 2, value_names = ["PEER", "PLACE"])]
    serve: Option<Vec<String>>,
    /// Passed by `cargo bench`.
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() {
    let options = Options::parse();
    match options.serve.as_deref() {
        Some([peer, place]) => peer::serve(peer, place),
        _ => run(&options),
    }
}

fn run(options: &Options) {
    let held = tempfile::tempdir().unwrap();
    let data = options.data.clone().unwrap_or_else(|| held.path().to_owned());
    std::fs::create_dir_all(&data).unwrap();
    let file = data.join("market.ndjson");
    let queries = market::write(&file, options.listings);
    println!("{} listings, {} queries, {} MiB", options.listings, queries.len(), file.metadata().unwrap().len() >> 20);

    let mut servers = vec![product::load("Tradepost", &file, &data.join("tradepost"), None, options.listings)];
    if let Some(url) = &options.postgres {
        product::load("Tradepost on PostgreSQL", &file, &data.join("tradepost-postgres"), Some(url), options.listings);
    }
    servers.push(build("limit", options, || limit::build(&file, &data.join("limit")), data.join("limit")));
    servers.push(build(
        "SQLite FTS5",
        options,
        || fts::build_sqlite(&file, &data.join("fts.sqlite")),
        data.join("fts.sqlite"),
    ));
    if let Some(url) = &options.postgres {
        servers.push(build("PostgreSQL FTS", options, || fts::build_postgres(&file, url), PathBuf::from(url)));
    }
    compare(&mut servers, &queries, options);
    product::watch(servers.remove(0), &queries);
}

/// Fills a peer and starts it.
fn build(name: &'static str, options: &Options, fill: impl FnOnce(), place: PathBuf) -> Server {
    let begun = Instant::now();
    fill();
    let rate = options.listings as f64 / begun.elapsed().as_secs_f64();
    println!("{name:>24}: filled at {rate:.0} listings/s");
    Server::peer(name, &place.to_string_lossy())
}

/// Measures all servers in turns and prints what each needs, and the ratios.
fn compare(servers: &mut [Server], queries: &[String], options: &Options) {
    let span = Duration::from_secs(options.seconds);
    let mut all: Vec<(&'static str, &'static str, Measurement)> = Vec::new();
    for turn in 0..=TURNS {
        for server in &mut *servers {
            for (what, path, connections) in server.workloads() {
                // The first turn only warms up.
                let span = if turn == 0 { Duration::from_secs(1) } else { span };
                let figures = load_generator::run(server, path, queries, connections, span);
                if turn > 0 {
                    match all.iter_mut().find(|(name, known, _)| *name == server.name && *known == what) {
                        Some((.., sum)) => sum.add(figures),
                        None => all.push((server.name, what, figures)),
                    }
                }
            }
        }
    }
    let limit = all.iter().find(|(name, ..)| *name == "limit").map(|(.., figures)| figures.cpu_us()).unwrap();
    let own = all[0].2.per_second();
    println!(
        "\n{:>24}  {:<12} {:>9} {:>12} {:>9} {:>9} {:>10} {:>12}",
        "", "", "req/s", "CPU us/req", "p50 ms", "p99 ms", "CPU/limit", "own req/s /"
    );
    for (name, what, figures) in &all {
        println!(
            "{name:>24}  {what:<12} {:>9.0} {:>12.0} {:>9.1} {:>9.1} {:>10.2} {:>12.1}",
            figures.per_second(),
            figures.cpu_us(),
            figures.quantile_ms(0.5),
            figures.quantile_ms(0.99),
            figures.cpu_us() / limit,
            own / figures.per_second(),
        );
    }
    println!();
    for server in servers {
        println!("{:>24}: {} MiB of memory at most", server.name, server.peak_mib());
    }
}
