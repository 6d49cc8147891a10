//! Plans of queries: no query of a page, a route of the API, a sweep or an operator's view reads a whole table.
//!
//! The statements are recorded as they are sent, with their values, while every page and route is asked for and every sweep runs; then
//! each is explained by the database that it was sent to. A table of a test is so small that PostgreSQL reads it whole by choice, so it is
//! told not to: what is read whole then has no index that could help.

mod explain;

use chrono::Duration;
use tradepost::actor::Role;
use tradepost::workers;

use crate::access::{Actors, pages, walked};
use crate::support::query_log::Recording;
use crate::support::{Client, Database, Setup, World};

both!(every_frequent_query_has_an_index);

/// Tables whose whole contents are wanted, or that hold some dozen rows whatever the platform grows to.
const SMALL: &[&str] = &["meta", "nodes", "synonyms", "exchange_rates", "hs_lines", "__diesel_schema_migrations"];

/// Statements that read a whole table on purpose: a word that is only in them, and why.
const WHOLE: &[(&str, &str)] = &[
    ("FROM \"statistics_facts\" ORDER BY", "a release is made once a month, of all that the ones before hold"),
    ("FROM \"statistics_retail_facts\" ORDER BY", "and of retail likewise"),
    ("FROM \"statistics_cells\" WHERE (\"statistics_cells\".\"hidden\" IS NULL)", "and against all that they show"),
    (
        "FROM \"statistics_cells\" WHERE (\"statistics_cells\".\"until_release\" IS NULL)",
        "and the rows of the one before",
    ),
];

struct Watched {
    recording: Recording,
    world: World,
}

impl Setup for Watched {
    fn on(database: Database) -> Self {
        let recording = Recording::of(&database);
        Self { recording, world: World::on(database) }
    }
}

fn every_frequent_query_has_an_index(watched: &Watched) {
    let world = &watched.world;
    let cast = Actors::enter(world);
    let callers =
        [world.anonymous(), cast.browser(world, Role::Owner), world.browser(&cast.foreign.email), world.moderator()];
    watched.recording.begin();
    ask_for_everything(&cast, &callers);
    world.clock.advance(Duration::days(400));
    workers::sweep(&world.app).unwrap();
    world.drain();
    let statements = watched.recording.end();
    assert!(statements.len() > 100, "only {} statements were recorded", statements.len());
    let faults = explain::whole_tables(world.database(), &statements);
    let unexplained: Vec<String> = faults.into_iter().filter(|fault| !is_meant(fault)).collect();
    assert!(unexplained.is_empty(), "{} read a whole table:\n{}", unexplained.len(), unexplained.join("\n\n"));
}

fn is_meant(fault: &str) -> bool {
    let fault = fault.replace('`', "\"").replace("COUNT(*)", "count(*)");
    WHOLE.iter().any(|(word, _)| fault.contains(word))
}

/// Every page and every route that only reads, by everybody, with the ids of what there is.
fn ask_for_everything(cast: &Actors, callers: &[Client]) {
    for (address, thing) in pages::addressed() {
        for caller in callers {
            caller.page(&pages::signed(&cast.fill(&address, &cast.own_id(thing))));
            caller.page(&pages::signed(&cast.fill(&address, &cast.public_id(thing))));
        }
    }
    for route in walked().iter().filter(|route| route.call.starts_with("GET ")) {
        let path = route.call.trim_start_matches("GET ");
        for id in [cast.own_id(route.thing), cast.public_id(route.thing)] {
            cast.own.get(&cast.fill(path, &id));
            cast.partner.get(&cast.fill(path, &id));
        }
    }
}
