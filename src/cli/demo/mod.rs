//! `tradepost demo`: loads a sample market into a new folder, runs one complete trade through the REST API, then serves the site.
//!
//! The market, its past trade and the story are files beside this one, written for this project. Every line that the demo prints is an
//! answer of the server that it started; no result is scripted.

mod folder;
mod market;
mod play;
mod rest;

use std::sync::Arc;

use clap::Args;

use super::options::Global;
use super::print::print_line;
use super::serve::{FolderLock, bind_site, serve_app};
use crate::app::{App, IndexPlace};
use crate::clock::Clock;
use crate::config::MailTransport;
use crate::error::{Problem, Result};
use crate::workers::{WorkerRole, Workers};

/// Arguments of `demo`.
#[derive(Args, Clone, Debug)]
pub struct Demo {
    /// Exit after the trade.
    #[arg(long)]
    pub once: bool,
}

pub(super) fn run(global: &Global, demo: &Demo) -> Result<()> {
    let mut config = global.load("demo-data")?;
    config.mail.transport = MailTransport::File;
    config.limits.enabled = false;
    if demo.once && global.listen.is_none() {
        // Without the site nobody needs a known port, and 8080 may be in use.
        "127.0.0.1:0".clone_into(&mut config.server.listen);
    }
    let data = config.data.clone();
    folder::make_fresh(&config)?;
    let _lock = FolderLock::take(&data)?;
    let listener = bind_site(&mut config)?;
    print_line("Loading the sample market ...");
    let app = Arc::new(App::migrate_and_build(config, Clock::System, IndexPlace::DataFolder)?);
    let cast = market::load(&app)?;
    Workers::new(Arc::clone(&app)).drain()?;
    let once = demo.once;
    let (sender, outcome) = std::sync::mpsc::channel();
    let player = Arc::clone(&app);
    serve_app(&app, listener, WorkerRole::All, move |address, server| {
        std::thread::spawn(move || {
            let played = play::play(&player, &format!("http://{address}"), &cast);
            let failed = played.is_err();
            if played.is_ok() && !once {
                cast.show_sign_ins(&format!("http://{address}"));
            }
            let _ = sender.send(played);
            if once || failed {
                // The command is sent at the call; the future only waits for its end, which `serve_app` does.
                drop(server.stop(true));
            }
        });
    })?;
    outcome.try_recv().unwrap_or_else(|_| Err(Problem::internal("the demo did not finish")))
}
