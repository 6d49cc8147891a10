//! The signal for those who wait for a company's next event.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::Notify;

/// So many requests of one company wait at once; one more answers without waiting.
// Each holds a connection and nothing else. A company follows its feed with one or two programs.
const MOST_WAITING: usize = 20;

/// Wakes those who wait for the events of a company, when this process has committed one.
#[derive(Debug, Default)]
pub struct EventSignal {
    waiting: Mutex<HashMap<i64, Waiting>>,
}

#[derive(Debug, Default)]
struct Waiting {
    notify: Arc<Notify>,
    number: usize,
}

/// A place among those who wait for the events of a company, until it is dropped.
#[derive(Debug)]
pub struct Subscription<'s> {
    signal: &'s EventSignal,
    company: i64,
    notify: Arc<Notify>,
}

impl EventSignal {
    /// A place among those who wait for the company's events; none when too many do already.
    pub fn subscribe(&self, company: i64) -> Option<Subscription<'_>> {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let of_company = waiting.entry(company).or_default();
        if of_company.number >= MOST_WAITING {
            return None;
        }
        of_company.number += 1;
        let notify = Arc::clone(&of_company.notify);
        Some(Subscription { signal: self, company, notify })
    }

    /// How many wait for the company's events.
    pub fn waiting(&self, company: i64) -> usize {
        let waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.get(&company).map_or(0, |of_company| of_company.number)
    }

    pub(super) fn notify(&self, companies: &[i64]) {
        if companies.is_empty() {
            return;
        }
        let waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        for of_company in companies.iter().filter_map(|company| waiting.get(company)) {
            of_company.notify.notify_waiters();
        }
    }
}

impl Subscription<'_> {
    /// Is done at the next event of the company; enable it before looking, so that none is missed between looking and waiting.
    pub fn next(&self) -> tokio::sync::futures::Notified<'_> {
        self.notify.notified()
    }
}

impl Drop for Subscription<'_> {
    fn drop(&mut self) {
        let mut waiting = self.signal.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(of_company) = waiting.get_mut(&self.company) else { return };
        of_company.number -= 1;
        if of_company.number == 0 {
            waiting.remove(&self.company);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};

    use super::*;

    #[test]
    fn only_the_companys_own_events_wake_it_and_none_is_missed_after_enabling() {
        let signal = EventSignal::default();
        let subscription = signal.subscribe(7).unwrap();
        let mut next = pin!(subscription.next());
        next.as_mut().enable();
        let mut context = Context::from_waker(Waker::noop());
        signal.notify(&[8]);
        assert_eq!(next.as_mut().poll(&mut context), Poll::Pending);
        signal.notify(&[6, 7]);
        assert_eq!(next.as_mut().poll(&mut context), Poll::Ready(()));
    }

    #[test]
    fn a_company_has_so_many_places_and_gives_them_back() {
        let signal = EventSignal::default();
        let all: Vec<_> = (0..MOST_WAITING).map(|_| signal.subscribe(7).unwrap()).collect();
        assert!(signal.subscribe(7).is_none());
        assert!(signal.subscribe(8).is_some());
        drop(all);
        assert!(signal.subscribe(7).is_some());
        drop(signal.subscribe(7));
        assert!(signal.waiting.lock().unwrap().is_empty());
    }
}
