//! `tradepost serve`, `worker`, `reindex`: the processes that stay, and the lock that keeps a second server off a data folder.

use std::fs::File;
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::ServerHandle;
use fs4::FileExt;

use super::options::Global;
use super::print::{print_line, print_status};
use super::progress::{Progress, while_working};
use crate::accounts::jobs::EMAIL_JOBS;
use crate::app::{App, IndexPlace};
use crate::clock::Clock;
use crate::config::Config;
use crate::error::{Problem, Result};
use crate::indexing::{Indexer, ReindexRequest, count_documents};
use crate::outbox::Notify;
use crate::reference::glossary;
use crate::store::migrate;
use crate::web::{metrics, server};
use crate::workers::{WorkerRole, Workers};

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
    let mut config = global.load("data")?;
    let _lock = FolderLock::take(&config.data)?;
    // Before anything is opened: a port that is taken is the commonest mistake, and it is said at once. Until the site runs, callers wait
    // in the backlog.
    let listener = bind_site(&mut config)?;
    let app = Arc::new(App::migrate_and_build(config, Clock::System, IndexPlace::DataFolder)?);
    let role = if no_workers { WorkerRole::IndexOnly } else { WorkerRole::All };
    serve_app(&app, listener, role, |address, _| print_line(&format!("Tradepost listens on http://{address}")))
}

/// Binds the address of the site, before the application is built: without a `public_url` its links name what was bound.
pub fn bind_site(config: &mut Config) -> Result<TcpListener> {
    let (listener, address) = bind(&config.server.listen)?;
    config.listen_on(address);
    Ok(listener)
}

/// Serves on the listener until the process gets a signal to stop; then open requests finish first, and the workers after them.
pub fn serve_app(
    app: &Arc<App>,
    listener: TcpListener,
    role: WorkerRole,
    ready: impl FnOnce(SocketAddr, ServerHandle),
) -> Result<()> {
    let address = listener.local_addr().map_err(Problem::internal)?;
    let metrics = metrics_listener(app)?;
    let workers = Workers::new(Arc::clone(app));
    workers.start(role)?;
    // Read before anybody asks: the first search or look-up in a language would wait for it.
    std::thread::spawn(glossary::warm);
    let outcome = actix_web::rt::System::new().block_on(async {
        if let Some(listener) = metrics {
            actix_web::rt::spawn(metrics::start(Arc::clone(app), listener, EMAIL_JOBS)?);
        }
        let server = server::start(Arc::clone(app), listener, app.config.server.threads)?;
        stop_on_signal(server.handle(), Arc::clone(&app.notify))?;
        ready(address, server.handle());
        server.await.map_err(|error| Problem::internal(error).during("server"))
    });
    workers.stop();
    outcome
}

fn bind(listen: &str) -> Result<(TcpListener, SocketAddr)> {
    let fault = |error: std::io::Error| Problem::conflict(format!("{listen}: {error}"));
    let listener = TcpListener::bind(listen).map_err(fault)?;
    let address = listener.local_addr().map_err(fault)?;
    Ok((listener, address))
}

fn metrics_listener(app: &App) -> Result<Option<TcpListener>> {
    match app.config.server.metrics_listen.as_str() {
        "" => Ok(None),
        listen => bind(listen).map(|(listener, address)| {
            print_status(&format!("/metrics is on http://{address}"));
            Some(listener)
        }),
    }
}

/// At the signal no new connection is taken, requests under way end, and the workers take no new job.
fn stop_on_signal(server: ServerHandle, notify: Arc<Notify>) -> Result<()> {
    let mut signals = signals()?;
    std::thread::spawn(move || {
        signals.forever().next();
        log::info!("stopping after a signal");
        notify.stop();
        // The command is sent at the call; the future only waits for its end.
        drop(server.stop(true));
    });
    Ok(())
}

fn signals() -> Result<signal_hook::iterator::Signals> {
    use signal_hook::consts::{SIGINT, SIGTERM};
    let made = signal_hook::iterator::Signals::new([SIGINT, SIGTERM]);
    made.map_err(|error| Problem::internal(error).during("signals"))
}

pub(super) fn worker(global: &Global) -> Result<()> {
    let config = global.load("data")?;
    // A worker has indexes of its own, so it has a folder of its own too.
    let _lock = FolderLock::take(&config.data)?;
    let app = Arc::new(App::migrate_and_build(config, Clock::System, IndexPlace::DataFolder)?);
    let mut signals = signals()?;
    let metrics = metrics_listener(&app)?;
    let workers = Workers::new(Arc::clone(&app));
    // Matching searches, so a worker keeps an index of its own.
    workers.start(WorkerRole::All)?;
    if let Some(listener) = metrics {
        let app = Arc::clone(&app);
        std::thread::spawn(move || {
            let served = actix_web::rt::System::new()
                .block_on(async { metrics::start(app, listener, EMAIL_JOBS)?.await.map_err(Problem::internal) });
            if let Err(problem) = served {
                log::error!("/metrics ended: {problem}");
            }
        });
    }
    print_status("the worker runs");
    signals.forever().next();
    workers.stop();
    Ok(())
}

pub(super) fn reindex(global: &Global) -> Result<()> {
    let config = global.load("data")?;
    migrate::status(&config.engine()?)?.ensure_known()?;
    match FolderLock::try_take(&config.data)? {
        Some(_lock) => rebuild_here(config),
        None => ask_the_server(config),
    }
}

fn rebuild_here(config: Config) -> Result<()> {
    let app = App::migrate_and_build(config, Clock::System, IndexPlace::DataFolder)?;
    let mut indexer = Indexer::open_for_bulk(&app)?;
    let progress = Progress::items(count_documents(&app)?, "documents");
    let count = indexer.rebuild_with_progress(&app, |more| progress.advance(more))?;
    progress.finish();
    indexer.catch_up(&app)?;
    print_line(&format!("{count} documents indexed"));
    Ok(())
}

/// The process that serves the folder rebuilds its indexes beside those that serve, and answers when it has replaced them.
fn ask_the_server(config: Config) -> Result<()> {
    let request = ReindexRequest::of(&config.data);
    request.make()?;
    print_status("the server rebuilds its indexes and serves meanwhile");
    match while_working("the server", || await_answer(&request, &config.data))? {
        Awaited::Answer(answer) => match answer.strip_prefix("failed: ") {
            Some(reason) => Err(Problem::conflict(format!("The server could not rebuild: {reason}"))),
            None => {
                print_line(&answer);
                Ok(())
            }
        },
        // The server ended before it answered; we have its lock now, and what it was asked for is done here.
        Awaited::End(_lock) => {
            print_status("the server has ended; the indexes are rebuilt here");
            request.cancel()?;
            rebuild_here(config)
        }
    }
}

/// What comes of asking the server.
enum Awaited {
    /// It answered.
    Answer(String),
    /// It ended without an answer; nobody else serves the folder meanwhile.
    End(FolderLock),
}

fn await_answer(request: &ReindexRequest, data: &Path) -> Result<Awaited> {
    loop {
        // Two processes have no condition to wait on together; a rebuild takes seconds.
        std::thread::sleep(Duration::from_millis(100));
        if let Some(answer) = request.take_answer()? {
            return Ok(Awaited::Answer(answer));
        }
        if let Some(lock) = FolderLock::try_take(data)? {
            return Ok(Awaited::End(lock));
        }
    }
}
