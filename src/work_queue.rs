//! Bounded queues for heavy work: each has threads of its own and a short line before them, and refuses at once when both are full.
//!
//! Use cases share one pool of threads ([`crate::web::run`]). Work that keeps a core busy for a second (reading a picture) would fill that
//! pool under a flood, and every plain page would wait behind it. So it goes through a [`WorkQueue`]:
//!
//! 1. [`WorkQueue::ensure_free`] before the request's body is read, so that a full queue costs its callers nothing;
//! 2. [`WorkQueue::reserve`] when the work is at hand: a [`Slot`], or a refusal that says when to come back;
//! 3. [`Slot::run`] answers a [`Ticket`]: awaited in a handler, or waited for in a use case. A ticket that is dropped takes its work out of
//!    the line, so nothing is done for a client that has gone.
//!
//! The slot is held until whatever follows the work (storing its result) is over: so the queue also bounds how much of the shared pool the
//! same flood can take.

use std::collections::{HashMap, VecDeque};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use tokio::sync::oneshot;

use crate::error::{Code, Problem, Result};
use crate::locale::{Language, text};

/// When a refused caller may come back, in seconds: by then a full queue of the largest pictures has moved on.
const RETRY_S: u64 = 5;
/// The stack of a thread of ours, in bytes: half of what the system gives. No work of theirs goes deep, and the stacks of twenty threads are
/// a sixth of what a small node may take.
pub const STACK_BYTES: usize = 1 << 20;

type Job = Box<dyn FnOnce() + Send>;

/// A queue with its threads; they end when it is dropped, and what waits then is never run.
pub struct WorkQueue(Arc<Shared>);

struct Shared {
    /// Slots in all: one for each thread, and the line.
    slots: usize,
    /// Slots of one owner.
    most_of_one: usize,
    busy: &'static str,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    /// Slots in use, by owner.
    held: HashMap<i64, usize>,
    waiting: VecDeque<(u64, Job)>,
    /// The number of the next work; numbers tell the line which entry a dropped ticket was for.
    next: u64,
    is_closed: bool,
}

/// A reserved place in a queue; free again when it and the work that it ran are gone.
pub struct Slot(Arc<Permit>);

struct Permit {
    queue: Arc<Shared>,
    owner: i64,
}

/// The outcome of a piece of work that waits or runs.
pub struct Ticket<T> {
    outcome: oneshot::Receiver<Result<T>>,
    _entry: Entry,
}

/// A work's entry in the line, taken out of it when this is dropped.
struct Entry {
    queue: Arc<Shared>,
    number: u64,
}

impl WorkQueue {
    /// A queue of `threads` threads (0: as many as there are cores) named after it, before which `line` pieces of work may wait. Who finds it full
    /// reads the text of the key `busy`.
    ///
    /// # Errors
    /// `internal` when the system gives no thread.
    pub fn new(name: &str, threads: usize, line: usize, busy: &'static str) -> Result<Self> {
        let threads = if threads == 0 { std::thread::available_parallelism().map_or(2, usize::from) } else { threads };
        let slots = threads + line;
        // One company that floods the queue leaves half of it to all others.
        let most_of_one = slots.div_ceil(2);
        let shared = Arc::new(Shared { slots, most_of_one, busy, state: Mutex::default(), changed: Condvar::new() });
        // Made first, so that threads which started end again when one does not.
        let queue = Self(shared);
        for number in 0..threads {
            let shared = Arc::clone(&queue.0);
            let thread = std::thread::Builder::new().name(format!("{name}-{number}")).stack_size(STACK_BYTES);
            thread.spawn(move || shared.work()).map_err(Problem::internal)?;
        }
        Ok(queue)
    }

    /// Whether a slot would be given to the owner (a company's id) now.
    ///
    /// # Errors
    /// `unavailable` with the time after which to come back.
    pub fn ensure_free(&self, owner: i64) -> Result<()> {
        if self.0.has_room(&self.0.lock(), owner) { Ok(()) } else { Err(full(self.0.busy)) }
    }

    /// A slot for the owner, a company's id or whatever else stands for who asks. Never waits.
    ///
    /// # Errors
    /// As [`Self::ensure_free`].
    pub fn reserve(&self, owner: i64) -> Result<Slot> {
        let mut state = self.0.lock();
        if !self.0.has_room(&state, owner) {
            return Err(full(self.0.busy));
        }
        *state.held.entry(owner).or_default() += 1;
        Ok(Slot(Arc::new(Permit { queue: Arc::clone(&self.0), owner })))
    }
}

fn full(busy: &'static str) -> Problem {
    let mut problem = Problem::new(Code::Unavailable, text(Language::English, busy));
    problem.retry_after_s = Some(RETRY_S);
    problem
}

impl Drop for WorkQueue {
    /// The threads are not waited for: one of them may hold the last reference to the queue itself.
    fn drop(&mut self) {
        let mut state = self.0.lock();
        state.is_closed = true;
        let left = std::mem::take(&mut state.waiting);
        drop(state);
        self.0.changed.notify_all();
        // Behind the lock, which the slots of the work take when they are given back.
        drop(left);
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn has_room(&self, state: &State, owner: i64) -> bool {
        let of_owner = state.held.get(&owner).copied().unwrap_or(0);
        !state.is_closed && of_owner < self.most_of_one && state.held.values().sum::<usize>() < self.slots
    }

    /// Runs what comes until the queue is dropped.
    fn work(&self) {
        while let Some(job) = self.next_job() {
            // Its caller learns of the panic from the ticket; the thread is needed for others.
            if catch_unwind(AssertUnwindSafe(job)).is_err() {
                log::error!("a piece of work panicked");
            }
        }
    }

    fn next_job(&self) -> Option<Job> {
        let mut state = self.lock();
        loop {
            if state.is_closed {
                return None;
            }
            // First come, first served: what keeps one owner from taking all of it is the number of its slots.
            if let Some((_, job)) = state.waiting.pop_front() {
                return Some(job);
            }
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

impl Slot {
    /// Puts work in the line.
    pub fn run<T: Send + 'static>(&self, work: impl FnOnce() -> Result<T> + Send + 'static) -> Ticket<T> {
        let (answer, outcome) = oneshot::channel();
        let permit = Arc::clone(&self.0);
        let job: Job = Box::new(move || {
            let outcome = work();
            // Given back before the caller can ask for the next one.
            drop(permit);
            // A caller who has gone needs no outcome.
            drop(answer.send(outcome));
        });
        let queue = Arc::clone(&self.0.queue);
        let mut state = queue.lock();
        let number = state.next;
        state.next += 1;
        state.waiting.push_back((number, job));
        drop(state);
        queue.changed.notify_one();
        Ticket { outcome, _entry: Entry { queue, number } }
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        let mut state = self.queue.lock();
        if let Some(held) = state.held.get_mut(&self.owner) {
            *held -= 1;
            if *held == 0 {
                state.held.remove(&self.owner);
            }
        }
    }
}

impl<T> Ticket<T> {
    /// Waits for the outcome in a thread that may block.
    ///
    /// # Errors
    /// Those of the work; `internal` when it panicked.
    pub fn wait(self) -> Result<T> {
        let Self { outcome, _entry } = self;
        outcome.blocking_recv().unwrap_or_else(|_| Err(lost()))
    }
}

impl<T> Future for Ticket<T> {
    type Output = Result<T>;
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        Pin::new(&mut self.outcome).poll(cx).map(|sent| sent.unwrap_or_else(|_| Err(lost())))
    }
}

fn lost() -> Problem {
    Problem::internal("a piece of work panicked, or the process is stopping")
}

impl Drop for Entry {
    fn drop(&mut self) {
        let mut state = self.queue.lock();
        let at = state.waiting.iter().position(|(number, _)| *number == self.number);
        let abandoned = at.and_then(|at| state.waiting.remove(at));
        drop(state);
        // Behind the lock, as above.
        drop(abandoned);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{Sender, channel};

    use super::*;

    /// Work that runs until the sender is dropped, and whether it began.
    fn blocking(slot: &Slot) -> (Ticket<()>, Sender<()>) {
        let (release, wait) = channel::<()>();
        let (began, begun) = channel();
        let ticket = slot.run(move || {
            began.send(()).ok();
            wait.recv().ok();
            Ok(())
        });
        begun.recv().unwrap();
        (ticket, release)
    }

    #[test]
    fn full_queue_refuses_at_once_and_says_when_to_come_back() {
        let queue = WorkQueue::new("test", 1, 1, "errors-files-busy").unwrap();
        let first = queue.reserve(1).unwrap();
        let second = queue.reserve(2).unwrap();
        let refused = queue.reserve(3).err().unwrap();
        assert_eq!((refused.code, refused.retry_after_s), (Code::Unavailable, Some(RETRY_S)));
        assert!(queue.ensure_free(3).is_err());
        drop(first);
        assert!(queue.ensure_free(3).is_ok());
        drop(second);
    }

    #[test]
    fn one_owner_never_takes_more_than_half() {
        let queue = WorkQueue::new("test", 1, 3, "errors-files-busy").unwrap();
        let _held = [queue.reserve(1).unwrap(), queue.reserve(1).unwrap()];
        assert!(queue.reserve(1).is_err());
        assert!(queue.reserve(2).is_ok());
    }

    #[test]
    fn dropped_ticket_takes_its_work_out_of_the_line() {
        let queue = WorkQueue::new("test", 1, 4, "errors-files-busy").unwrap();
        let slot = queue.reserve(1).unwrap();
        let (running, release) = blocking(&slot);
        let (ran, was_run) = channel();
        let other = queue.reserve(2).unwrap();
        let abandoned = other.run(move || {
            ran.send(()).ok();
            Ok(())
        });
        drop(abandoned);
        drop(release);
        running.wait().unwrap();
        // The sender went with the work, which never ran.
        assert!(was_run.recv().is_err());
    }

    #[test]
    fn slot_is_held_until_its_work_has_ended() {
        let queue = WorkQueue::new("test", 1, 1, "errors-files-busy").unwrap();
        let slot = queue.reserve(1).unwrap();
        let (running, release) = blocking(&slot);
        drop(slot);
        assert!(queue.ensure_free(1).is_err(), "one of two slots is in use");
        drop(release);
        running.wait().unwrap();
        assert!(queue.ensure_free(1).is_ok());
    }

    #[test]
    fn panic_is_told_to_the_caller_and_the_thread_goes_on() {
        let queue = WorkQueue::new("test", 1, 1, "errors-files-busy").unwrap();
        let slot = queue.reserve(1).unwrap();
        let failed: Result<()> = slot.run(|| panic!("on purpose")).wait();
        assert_eq!(failed.unwrap_err().code, Code::Internal);
        assert_eq!(slot.run(|| Ok(7)).wait(), Ok(7));
    }
}
