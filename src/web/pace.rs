//! How slow the other side may be: a body that arrives and an answer that is taken must move on.

use std::time::Duration;

/// A transfer must have moved `rate` bytes for each second past the first `grace`; a rate of 0 is no limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// How long it may stand still at the beginning.
    pub grace: Duration,
    /// Bytes a second.
    pub rate: u64,
}

impl Pace {
    /// The pace of a configuration.
    pub fn new(grace_ms: u64, rate: u64) -> Self {
        Self { grace: Duration::from_millis(grace_ms), rate }
    }

    /// After how long a transfer that has moved `bytes` is too slow; `None` where it never is.
    pub fn allows(self, bytes: u64) -> Option<Duration> {
        let millis = bytes.saturating_mul(1_000).checked_div(self.rate)?;
        Some(self.grace + Duration::from_millis(millis))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_buys_time() {
        let pace = Pace { grace: Duration::from_secs(10), rate: 1_000 };
        assert_eq!(pace.allows(0), Some(Duration::from_secs(10)));
        assert_eq!(pace.allows(500), Some(Duration::from_millis(10_500)));
        assert_eq!(pace.allows(5_000), Some(Duration::from_secs(15)));
        assert_eq!(pace.allows(u64::MAX), Some(pace.grace + Duration::from_millis(u64::MAX / 1_000)));
        assert_eq!(Pace { rate: 0, ..pace }.allows(5_000), None);
    }
}
