//! A log of the queries of this process, kept per thread; a query with a marker panics, for tests that need a panic within a use case.

use std::cell::RefCell;

use diesel::connection::{InstrumentationEvent, set_default_instrumentation};

/// A query with this text panics, on connections opened after [`listen`].
pub const PANIC: &str = "text that makes a panic";

thread_local! { static QUERIES: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) } }

/// Logs the queries of connections that are opened from now on.
pub fn listen() {
    set_default_instrumentation(|| Some(Box::new(log))).unwrap();
}

/// Takes the queries of this thread since the last call, without their values.
pub fn take() -> Vec<String> {
    QUERIES.take()
}

fn log(event: InstrumentationEvent<'_>) {
    if let InstrumentationEvent::StartQuery { query, .. } = event {
        let whole = query.to_string();
        assert!(!whole.contains(PANIC), "a query with the marker");
        let text = whole.split(" -- binds").next().unwrap_or_default().to_owned();
        QUERIES.with_borrow_mut(|all| all.push(text));
    }
}
