//! How a job is to be run: for which destination, how urgently, and not before when.

use crate::clock::Time;

/// How a job is to be run.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Where it goes (a mail host); each has its own cap, so a dead one delays no other. Empty for local work. What follows a space is a lane:
    /// `mail 1` and `mail 2` share the cap of `mail` and are served in turn.
    pub destination: String,
    /// A second job with the same key is not stored.
    pub dedupe_key: Option<String>,
    /// Higher runs first; of equal ones, who has been due for longer.
    pub priority: i32,
    /// Not before this time.
    pub not_before: Option<Time>,
}

impl Options {
    /// Local work that is stored once for the key.
    pub fn once(key: impl Into<String>) -> Self {
        Self { dedupe_key: Some(key.into()), ..Self::default() }
    }

    /// The same, for a destination.
    #[must_use]
    pub fn on_queue(mut self, destination: impl Into<String>) -> Self {
        self.destination = destination.into();
        self
    }

    /// The same, ahead of other work: somebody waits for it, and there is never much of it.
    #[must_use]
    pub fn high_priority(mut self) -> Self {
        self.priority = 1;
        self
    }

    /// The same, ahead of everything: somebody cannot go on without it.
    #[must_use]
    pub fn urgent(mut self) -> Self {
        self.priority = 2;
        self
    }

    /// The same, when there is nothing else to do: there may be thousands of it, and nobody waits for the last one.
    #[must_use]
    pub fn low_priority(mut self) -> Self {
        self.priority = -1;
        self
    }
}
