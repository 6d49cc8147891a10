//! The clock: the only place that asks the machine what time it is.
//!
//! Every time in Tradepost is UTC and cut to microseconds, which is what both databases keep; so a time read back is equal
//! to the time written. Tests hold a [`Clock::fake`] and move it by hand.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, Duration, NaiveDate, NaiveTime, Utc};

/// A moment in UTC with at most microsecond precision.
pub type Time = DateTime<Utc>;

/// Tells the time: the machine's, or one that a test sets.
#[derive(Clone, Debug, Default)]
pub enum Clock {
    /// The machine's wall clock.
    #[default]
    System,
    /// A clock that stands still until [`Clock::advance`] moves it; the value is microseconds since 1970.
    Fake(Arc<AtomicI64>),
}

impl Clock {
    /// A clock that stands at `start`.
    pub fn fake(start: Time) -> Self {
        Self::Fake(Arc::new(AtomicI64::new(start.timestamp_micros())))
    }

    /// The time now, cut to microseconds.
    pub fn now(&self) -> Time {
        match self {
            Self::System => cut_to_micros(Utc::now()),
            Self::Fake(micros) => from_micros(micros.load(Ordering::SeqCst)),
        }
    }

    /// Today's date in UTC.
    pub fn today(&self) -> NaiveDate {
        self.now().date_naive()
    }

    /// Moves a fake clock forward (or back, with a negative duration); the machine's clock is left alone.
    pub fn advance(&self, by: Duration) {
        if let Self::Fake(micros) = self {
            micros.fetch_add(by.num_microseconds().unwrap_or(i64::MAX / 4), Ordering::SeqCst);
        }
    }
}

/// The moment at which what has this last day is over: the midnight after it, UTC.
pub fn end_of(last_day: NaiveDate) -> Time {
    last_day.succ_opt().unwrap_or(NaiveDate::MAX).and_time(NaiveTime::MIN).and_utc()
}

/// The same moment with everything below a microsecond cut off.
pub fn cut_to_micros(time: Time) -> Time {
    from_micros(time.timestamp_micros())
}

fn from_micros(micros: i64) -> Time {
    DateTime::from_timestamp_micros(micros).unwrap_or(DateTime::UNIX_EPOCH)
}
