//! The supervisor of a process's indexes: follows the change log, and replaces indexes that are damaged or unwanted while they serve.

use std::thread::{Scope, ScopedJoinHandle};
use std::time::{Duration, Instant};

use super::{Indexer, ReindexRequest, Target};
use crate::app::App;
use crate::error::{Problem, Result};
use crate::search::Search;

/// Troubles in a row after which the files themselves are taken for damaged.
// One failure may be a full disk that passes; three in a row are the files.
const MOST_TROUBLES: u32 = 3;
/// How long a rebuild that failed is not tried again.
// A rebuild that fails would fail again at once, and takes the disk's and the processor's time from who is served.
const REST: Duration = Duration::from_secs(60);

/// A second set of indexes, filled and closed.
struct Filled {
    search: Search,
    documents: usize,
}

struct Supervisor<'s> {
    app: &'s App,
    /// None while the writers could not be taken again after the indexes were replaced.
    indexer: Option<Indexer>,
    troubles: u32,
    request: ReindexRequest,
    rebuild: Option<ScopedJoinHandle<'s, Result<Filled>>>,
    rest_until: Option<Instant>,
    next_check: Option<Instant>,
}

/// Keeps the indexes equal to the database until the process stops. Changes are gathered for a moment before each
/// commit.
pub fn supervise(app: &App, indexer: Indexer) {
    std::thread::scope(|scope| {
        let mut supervisor = Supervisor {
            app,
            indexer: Some(indexer),
            troubles: 0,
            request: ReindexRequest::of(&app.config.data),
            rebuild: None,
            rest_until: None,
            next_check: next_check(app),
        };
        while !app.notify.is_stopped() {
            supervisor.replace_when_filled();
            supervisor.rebuild_when_needed(scope);
            supervisor.follow();
        }
    });
}

fn next_check(app: &App) -> Option<Instant> {
    let hours = app.config.search.check_every_h;
    (hours > 0).then(|| Instant::now() + Duration::from_secs(hours * 3_600))
}

/// Waits, whatever is committed meanwhile: every commit wakes it, and what failed just now fails again.
fn rest(app: &App, time: Duration) {
    let until = Instant::now() + time;
    while !app.notify.is_stopped() && Instant::now() < until {
        std::thread::sleep(Duration::from_millis(20));
    }
}

impl<'s> Supervisor<'s> {
    /// Applies what is new, then waits for more.
    fn follow(&mut self) {
        let app = self.app;
        let gather = Duration::from_millis(app.config.search.commit_every_ms);
        let poll = Duration::from_millis(app.config.workers.poll_ms);
        let seen = app.notify.count();
        match self.catch_up() {
            // Writers that come in one stream are waited for once, not one by one.
            Ok(applied) if applied > 0 => std::thread::sleep(gather),
            Ok(_) => app.notify.wait(seen, poll),
            Err(problem) => {
                log::error!("the index cannot follow the database: {problem}");
                rest(app, poll.max(Duration::from_secs(1)));
            }
        }
    }

    fn catch_up(&mut self) -> Result<usize> {
        let indexer = match &mut self.indexer {
            Some(indexer) => indexer,
            none => none.insert(Indexer::open(self.app)?),
        };
        let outcome = indexer.catch_up(self.app);
        if outcome.is_ok() {
            self.troubles = 0;
        } else if indexer.broken {
            self.troubles += 1;
        }
        outcome
    }

    fn rebuild_when_needed(&mut self, scope: &'s Scope<'s, '_>) {
        let rests = self.rest_until.is_some_and(|until| Instant::now() < until);
        if self.rebuild.is_some() || rests {
            return;
        }
        let Some(reason) = self.reason() else { return };
        log::info!("{reason}: the indexes are filled anew beside those that serve");
        let app = self.app;
        self.rebuild = Some(scope.spawn(move || fill_shadow(app)));
    }

    fn reason(&mut self) -> Option<String> {
        if self.request.is_wanted() {
            return Some("a rebuild is asked for".to_owned());
        }
        if self.troubles >= MOST_TROUBLES {
            return Some("the indexes cannot be written".to_owned());
        }
        if self.next_check.is_some_and(|at| at <= Instant::now()) {
            self.next_check = next_check(self.app);
            let damage = self.app.search.damage();
            return (!damage.is_empty()).then(|| damage.join("; "));
        }
        None
    }

    fn replace_when_filled(&mut self) {
        if !self.rebuild.as_ref().is_some_and(ScopedJoinHandle::is_finished) {
            return;
        }
        let Some(rebuild) = self.rebuild.take() else { return };
        let filled = rebuild.join().unwrap_or_else(|_| Err(Problem::internal("filling the indexes panicked")));
        match filled.and_then(|filled| self.replace(filled)) {
            Ok(documents) => {
                (self.troubles, self.rest_until) = (0, None);
                log::info!("the indexes were replaced; {documents} documents");
                self.request.answer(&format!("{documents} documents indexed"));
            }
            Err(problem) => {
                self.rest_until = Some(Instant::now() + REST);
                log::error!("the indexes could not be replaced: {problem}");
                self.request.answer(&format!("failed: {problem}"));
            }
        }
    }

    /// Puts the filled set in the place of the one that serves. What changed since it was filled is applied before, so that nobody
    /// sees the indexes go back in time.
    fn replace(&mut self, filled: Filled) -> Result<usize> {
        let Filled { search, documents } = filled;
        let mut last = Indexer::on(self.app, search.clone(), Target::Shadow, false)?;
        last.catch_up(self.app)?;
        last.close()?;
        // Its writers hold the folder that is about to be replaced.
        self.indexer = None;
        self.app.search.promote(search)?;
        let indexer = Indexer::open(self.app)?;
        self.indexer = Some(indexer);
        Ok(documents)
    }
}

fn fill_shadow(app: &App) -> Result<Filled> {
    let search = app.search.shadow()?;
    let mut indexer = Indexer::on(app, search.clone(), Target::Shadow, true)?;
    let documents = indexer.rebuild(app)?;
    indexer.catch_up(app)?;
    indexer.close()?;
    Ok(Filled { search, documents })
}
