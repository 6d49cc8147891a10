//! How slow the other side may be: a body that arrives and an answer that is taken must move on.

use std::time::Duration;

use actix_web::rt::time::{Instant, timeout};
use futures_util::{Stream, StreamExt};

/// A transfer must have moved `rate` bytes for each second past the first `grace`; a rate of 0 is no limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Throughput {
    /// How long it may stand still at the beginning.
    pub grace: Duration,
    /// Bytes a second.
    pub rate: u64,
}

impl Throughput {
    /// The throughput of a configuration.
    pub fn new(grace_ms: u64, rate: u64) -> Self {
        Self { grace: Duration::from_millis(grace_ms), rate }
    }

    /// After how long a transfer that has moved `bytes` is too slow; `None` where it never is.
    pub fn allows(self, bytes: u64) -> Option<Duration> {
        let millis = bytes.saturating_mul(1_000).checked_div(self.rate)?;
        Some(self.grace.saturating_add(Duration::from_millis(millis)))
    }
}

/// A transfer that is under way and must be done in time.
#[derive(Clone, Copy, Debug)]
pub struct Transfer {
    begun: Instant,
    /// How long it may take in all; zero is no limit.
    whole: Duration,
    throughput: Throughput,
    /// What has come so far, in bytes.
    received: u64,
}

/// A transfer came too slowly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooSlow;

impl Transfer {
    /// A transfer that begins now.
    pub fn begin(whole: Duration, throughput: Throughput) -> Self {
        Self { begun: Instant::now(), whole, throughput, received: 0 }
    }

    /// Counts what has come.
    pub fn add(&mut self, bytes: usize) {
        self.received += bytes as u64;
    }

    /// What has come so far, in bytes.
    pub fn received(&self) -> u64 {
        self.received
    }

    /// The next piece of the stream, `None` at its end; the framework itself would wait for a stalled body for ever.
    pub async fn next<T>(&self, stream: &mut (impl Stream<Item = T> + Unpin)) -> Result<Option<T>, TooSlow> {
        match self.allowed().and_then(|after| self.begun.checked_add(after)) {
            Some(deadline) => {
                let left = deadline.saturating_duration_since(Instant::now());
                timeout(left, stream.next()).await.map_err(|_| TooSlow)
            }
            None => Ok(stream.next().await),
        }
    }

    /// How long after its beginning more must have come than has.
    fn allowed(&self) -> Option<Duration> {
        let whole = Some(self.whole).filter(|whole| !whole.is_zero());
        [whole, self.throughput.allows(self.received)].into_iter().flatten().min()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_buys_time() {
        let throughput = Throughput { grace: Duration::from_secs(10), rate: 1_000 };
        assert_eq!(throughput.allows(0), Some(Duration::from_secs(10)));
        assert_eq!(throughput.allows(500), Some(Duration::from_millis(10_500)));
        assert_eq!(throughput.allows(5_000), Some(Duration::from_secs(15)));
        assert_eq!(throughput.allows(u64::MAX), Some(throughput.grace + Duration::from_millis(u64::MAX / 1_000)));
        assert_eq!(Throughput { rate: 0, ..throughput }.allows(5_000), None);
    }

    #[test]
    fn a_transfer_is_bounded_by_its_rate_and_as_a_whole() {
        let allowed = |received, rate, whole_s| {
            let throughput = Throughput { grace: Duration::from_secs(30), rate };
            Transfer { received, ..Transfer::begin(Duration::from_secs(whole_s), throughput) }.allowed()
        };
        let seconds = |seconds| Some(Duration::from_secs(seconds));
        assert_eq!(allowed(0, 1_000, 900), seconds(30));
        assert_eq!(allowed(60_000, 1_000, 900), seconds(90));
        assert_eq!(allowed(10 << 20, 1_000, 900), seconds(900));
        assert_eq!(allowed(u64::MAX, 1_000, 900), seconds(900));
        assert_eq!(allowed(0, 0, 900), seconds(900), "without a rate there is only the limit of the whole");
        assert_eq!(allowed(0, 0, 0), None);
    }
}
