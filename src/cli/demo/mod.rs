//! `tradepost demo`: a sample market in a fresh folder, one whole trade played through the REST API, then the site.
//!
//! The market, its past trade and the story are files of their own beside this one, written for this project. Nothing is played
//! from a script of results: every line that the demo prints is an answer of the server that it started.

mod folder;
mod market;
mod play;
mod rest;

use std::sync::Arc;

use clap::Args;

use super::serve::{FolderLock, bind_site, serve_app};
use super::{Global, say};
use crate::app::{App, IndexPlace};
use crate::clock::Clock;
use crate::config::MailTransport;
use crate::error::{Problem, Result};
use crate::workers::{Duty, Workers};

/// The password of everybody in the demo. The demo listens on this machine only.
const PASSWORD: &str = "three calm harbours";

/// How to run the demo.
#[derive(Args, Clone, Debug)]
pub struct Demo {
    /// End after the play.
    #[arg(long)]
    pub once: bool,
}

pub(super) fn carry_out(global: &Global, demo: &Demo) -> Result<()> {
    let mut config = global.load("demo-data")?;
    config.mail.transport = MailTransport::File;
    config.limits.enabled = false;
    if demo.once && global.listen.is_none() {
        // A play that ends needs no known port and disturbs no server.
        "127.0.0.1:0".clone_into(&mut config.server.listen);
    }
    let data = config.data.clone();
    folder::make_fresh(&config)?;
    let _lock = FolderLock::take(&data)?;
    let listener = bind_site(&mut config)?;
    say("Loading the sample market ...");
    let app = Arc::new(App::migrate_and_build(config, Clock::System, IndexPlace::DataFolder)?);
    let cast = market::load(&app)?;
    Workers::new(Arc::clone(&app)).drain()?;
    let once = demo.once;
    let (sender, outcome) = std::sync::mpsc::channel();
    let player = Arc::clone(&app);
    serve_app(&app, listener, Duty::All, move |address, server| {
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
    outcome.try_recv().unwrap_or_else(|_| Err(Problem::internal("the play did not end")))
}
