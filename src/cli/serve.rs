//! `tradepost serve`, `worker`, `reindex`: the processes that stay, and the lock that keeps a second server off a data folder.

use std::fs::File;
use std::net::TcpListener;
use std::path::Path;
use std::sync::Arc;

use actix_web::dev::ServerHandle;
use fs4::FileExt;

use super::{Global, say, tell};
use crate::app::{App, IndexPlace};
use crate::clock::Clock;
use crate::error::{Problem, Result};
use crate::indexing::Indexer;
use crate::outbox::Signal;
use crate::web::server;
use crate::workers::{Duty, Workers};

/// Held by the one process that serves a data folder; freed by the system when it ends in whatever way.
pub struct FolderLock {
    _file: File,
}

impl FolderLock {
    /// Takes the lock, or answers `None` when another process has it.
    pub fn try_take(data: &Path) -> Result<Option<Self>> {
        let fault = |error: std::io::Error| Problem::internal(format!("lock file in {}: {error}", data.display()));
        std::fs::create_dir_all(data).map_err(fault)?;
        let file =
            File::options().create(true).truncate(false).write(true).open(data.join("serve.lock")).map_err(fault)?;
        Ok(FileExt::try_lock(&file).is_ok().then_some(Self { _file: file }))
    }

    /// Takes the lock or refuses.
    pub fn take(data: &Path) -> Result<Self> {
        let held =
            || Problem::conflict(format!("Another tradepost serves the data folder {} already.", data.display()));
        Self::try_take(data)?.ok_or_else(held)
    }
}

pub(super) fn serve(global: &Global, no_workers: bool) -> Result<()> {
    let config = global.load("data")?;
    let _lock = FolderLock::take(&config.data)?;
    let app = Arc::new(App::migrate_and_build(config, Clock::System, IndexPlace::DataFolder)?);
    let duty = if no_workers { Duty::IndexOnly } else { Duty::All };
    serve_app(&app, duty, |address, _| say(&format!("Tradepost listens on http://{address}")))
}

/// Serves until the process is told to stop; then requests under way end first, and the workers after them.
pub fn serve_app(app: &Arc<App>, duty: Duty, ready: impl FnOnce(std::net::SocketAddr, ServerHandle)) -> Result<()> {
    let listen = &app.config.server.listen;
    let fault = |error: std::io::Error| Problem::internal(format!("{listen}: {error}"));
    let listener = TcpListener::bind(listen).map_err(fault)?;
    let address = listener.local_addr().map_err(fault)?;
    let workers = Workers::new(Arc::clone(app));
    workers.start(duty)?;
    let outcome = actix_web::rt::System::new().block_on(async {
        let server = server::start(Arc::clone(app), listener, app.config.server.threads)?;
        ready(address, server.handle());
        server.await.map_err(|error| Problem::internal(format!("server: {error}")))
    });
    workers.stop();
    outcome
}

pub(super) fn worker(global: &Global) -> Result<()> {
    let config = global.load("data")?;
    let app = Arc::new(App::migrate_and_build(config, Clock::System, IndexPlace::DataFolder)?);
    let workers = Workers::new(Arc::clone(&app));
    // Matching searches, so a worker keeps an index of its own.
    workers.start(Duty::All)?;
    tell("the worker runs");
    wait_for_signal(&app.bell)?;
    workers.stop();
    Ok(())
}

fn wait_for_signal(bell: &Signal) -> Result<()> {
    use signal_hook::consts::{SIGINT, SIGTERM};
    let fault = |error: std::io::Error| Problem::internal(format!("signals: {error}"));
    let mut signals = signal_hook::iterator::Signals::new([SIGINT, SIGTERM]).map_err(fault)?;
    signals.forever().next();
    bell.stop();
    Ok(())
}

pub(super) fn reindex(global: &Global) -> Result<()> {
    let config = global.load("data")?;
    let _lock = FolderLock::take(&config.data)?;
    let app = App::migrate_and_build(config, Clock::System, IndexPlace::DataFolder)?;
    let mut indexer = Indexer::open(&app)?;
    let count = indexer.rebuild(&app)?;
    indexer.catch_up(&app)?;
    say(&format!("{count} documents indexed"));
    Ok(())
}
