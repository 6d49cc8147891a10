//! What is said to the databases of this process: written down for the thread that says it, and answered by a panic where a test
//! wants one in the midst of a use case.

use std::cell::RefCell;

use diesel::connection::{InstrumentationEvent, set_default_instrumentation};

/// Who says this to a database is hit by a panic, on connections that were opened after [`listen`].
pub const PANIC: &str = "words that make a panic";

thread_local! { static SAID: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) } }

/// Hears what is said on connections that are opened from now on.
pub fn listen() {
    set_default_instrumentation(|| Some(Box::new(note))).unwrap();
}

/// What this thread said since it was last asked for, without the values.
pub fn said() -> Vec<String> {
    SAID.take()
}

fn note(event: InstrumentationEvent<'_>) {
    if let InstrumentationEvent::StartQuery { query, .. } = event {
        let whole = query.to_string();
        assert!(!whole.contains(PANIC), "as it was asked for");
        let said = whole.split(" -- binds").next().unwrap_or_default().to_owned();
        SAID.with_borrow_mut(|all| all.push(said));
    }
}
