//! `/metrics`, on an address of its own and never on the one that the world reaches.

use std::net::TcpListener;
use std::sync::Arc;

use actix_web::dev::Server;
use actix_web::web::{self, Data};
use actix_web::{App as ActixApp, HttpResponse, HttpServer};

use super::run;
use crate::app::App;
use crate::error::{Problem, Result};
use crate::metrics::Snapshot;
use crate::outbox::{JobCount, count_by_state, queue_stats};
use crate::search::Kind;
use crate::store::change_log::last_change;

/// The kinds of the jobs that are e-mails.
#[derive(Clone, Copy)]
struct Emails(&'static [&'static str]);

/// A server that answers `/metrics` and nothing else; it runs when it is awaited. `emails` are the kinds of the jobs that are e-mails.
pub fn start(app: Arc<App>, listener: TcpListener, emails: &'static [&'static str]) -> Result<Server> {
    let (app, emails) = (Data::from(app), Data::new(Emails(emails)));
    let server = HttpServer::new(move || {
        let app = ActixApp::new().app_data(Data::clone(&app)).app_data(Data::clone(&emails));
        app.route("/metrics", web::get().to(metrics))
    });
    let server = server.workers(1).tcp_nodelay(true).disable_signals().listen(listener);
    Ok(server.map_err(|error| Problem::internal(error).during("metrics"))?.run())
}

async fn metrics(app: Data<App>, emails: Data<Emails>) -> Result<HttpResponse> {
    let text = run(&app, move |app| app.metrics.exposition(&look(app, emails.0)?)).await?;
    Ok(HttpResponse::Ok().content_type("text/plain; version=0.0.4; charset=utf-8").body(text))
}

fn look(app: &App, emails: &[&str]) -> Result<Snapshot> {
    let now = app.clock.now();
    let (newest, queue_stats, counts) =
        app.db.read(|conn| Ok((last_change(conn)?, queue_stats(conn)?, count_by_state(conn, now)?)))?;
    Ok(Snapshot {
        mails: mails_of(&counts, emails),
        jobs: counts.into_iter().map(|count| (count.kind, count.state, count.number)).collect(),
        oldest_due_job_s: queue_stats.oldest_due.map_or(0, |due| (now - due).num_seconds().max(0)),
        index_lag_s: app.index.lag_s(newest, now),
        index_lag_changes: newest - app.index.applied().unwrap_or(0),
        index_documents: Kind::ALL.iter().map(|kind| (kind.folder(), app.search.count(*kind))).collect(),
        connections: app.db.connections(),
        database_sound: app.db.is_sound(),
    })
}

/// How the e-mails among the jobs stand; a state without e-mails is there too, so that a graph of it does not end.
fn mails_of(counts: &[JobCount], emails: &[&str]) -> Vec<(&'static str, i64)> {
    let of = |state: &str| {
        let those = counts.iter().filter(|count| emails.contains(&count.kind.as_str()) && count.state == state);
        those.map(|count| count.number).sum()
    };
    JobCount::STATES.iter().map(|state| (*state, of(state))).collect()
}
