//! A log of the queries of this process: kept per thread, and with their values for databases that a test watches. A query with a marker
//! panics, for tests that need a panic within a use case.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
use std::sync::{Mutex, Once, PoisonError};

use diesel::connection::{Instrumentation, InstrumentationEvent, set_default_instrumentation};

use super::Database;

/// A query with this text panics, on connections opened after [`listen`].
pub const PANIC: &str = "text that makes a panic";

thread_local! { static QUERIES: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) } }

/// The queries of the watched databases, by address; none while nobody records them.
static WATCHED: Mutex<Option<HashMap<String, Option<BTreeSet<String>>>>> = Mutex::new(None);

/// Logs the queries of connections that are opened from now on.
pub fn listen() {
    static INSTALLED: Once = Once::new();
    // One for all tests: there is one default in a process, and a second would end the first one's log.
    INSTALLED.call_once(|| set_default_instrumentation(|| Some(Box::new(Log { address: None }))).unwrap());
}

/// Takes the queries of this thread since the last call, without their values.
pub fn take() -> Vec<String> {
    QUERIES.take()
}

/// Everything that is sent to one database, by whichever thread.
pub struct Recording {
    address: String,
}

impl Recording {
    /// Prepares for the database, before anybody connects to it.
    pub fn of(database: &Database) -> Self {
        listen();
        let address = database.url.trim_start_matches("sqlite://").to_owned();
        watched(|all| drop(all.insert(address.clone(), None)));
        Self { address }
    }

    /// Begins to record.
    pub fn begin(&self) {
        watched(|all| drop(all.insert(self.address.clone(), Some(BTreeSet::new()))));
    }

    /// Ends it; answers every query once, with its values.
    pub fn end(&self) -> BTreeSet<String> {
        watched(|all| all.insert(self.address.clone(), None)).flatten().unwrap_or_default()
    }
}

fn watched<T>(work: impl FnOnce(&mut HashMap<String, Option<BTreeSet<String>>>) -> T) -> T {
    work(WATCHED.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert_default())
}

/// The log of one connection.
struct Log {
    /// Of its database, if that is watched.
    address: Option<String>,
}

impl Instrumentation for Log {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        match event {
            InstrumentationEvent::StartEstablishConnection { url, .. } => {
                self.address = watched(|all| all.contains_key(url)).then(|| url.to_owned());
            }
            InstrumentationEvent::StartQuery { query, .. } => {
                let whole = query.to_string();
                assert!(!whole.contains(PANIC), "a query with the marker");
                let text = whole.split(" -- binds").next().unwrap_or_default().to_owned();
                QUERIES.with_borrow_mut(|all| all.push(text));
                let Some(address) = &self.address else { return };
                watched(|all| {
                    if let Some(Some(queries)) = all.get_mut(address) {
                        queries.insert(whole);
                    }
                });
            }
            _ => {}
        }
    }
}
