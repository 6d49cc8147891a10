//! Health: `/livez` says that the process answers, `/readyz` that it can serve: the database answers, the schema is current, the
//! index has caught up, the node number is this process's own, nothing was found damaged and the database file is where it was.

use actix_web::web::{Data, ServiceConfig};
use actix_web::{HttpResponse, get};
use serde::Serialize;

use super::run;
use crate::app::App;
use crate::error::Result;
use crate::outbox::queue_stats;
use crate::store::change_log::last_change;
use crate::store::migrate;

#[derive(Default, Serialize)]
struct Readiness {
    ready: bool,
    database: bool,
    /// False once a nightly look has found the file damaged.
    database_sound: bool,
    /// False once the database file was deleted or replaced.
    database_in_place: bool,
    /// False while another process may make ids under the same number.
    node_number_held: bool,
    migrations_current: bool,
    index_filled: bool,
    index_behind: i64,
    oldest_due_job_s: i64,
}

/// The process answers.
#[get("/livez")]
async fn livez() -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain; charset=utf-8").body("ok\n")
}

/// The process can serve.
#[get("/readyz")]
async fn readyz(app: Data<App>) -> Result<HttpResponse> {
    // A database that does not answer is what this is asked for, not an error of the question.
    let readiness = run(&app, readiness).await.unwrap_or_default();
    let mut answer = if readiness.ready { HttpResponse::Ok() } else { HttpResponse::ServiceUnavailable() };
    Ok(answer.content_type("application/json").json(readiness))
}

fn readiness(app: &App) -> Result<Readiness> {
    let (migrations_current, newest, jobs) =
        app.db.read(|conn| Ok((migrate::is_current(conn)?, last_change(conn)?, queue_stats(conn)?)))?;
    let applied = app.index.applied();
    let index_behind = newest - applied.unwrap_or(0);
    let lag_s = app.index.lag_s(newest, app.clock.now());
    let oldest_due_job_s = jobs.oldest_due.map_or(0, |due| (app.clock.now() - due).num_seconds().max(0));
    let index_filled = applied.is_some();
    let (database_sound, database_in_place) = (app.db.is_sound(), app.db.is_in_place());
    let node_number_held = app.node.holds(app.clock.now());
    let follows = index_filled && lag_s <= app.config.search.most_lag_s;
    let ready = migrations_current && database_sound && database_in_place && node_number_held && follows;
    Ok(Readiness {
        ready,
        database: true,
        database_sound,
        database_in_place,
        node_number_held,
        migrations_current,
        index_filled,
        index_behind,
        oldest_due_job_s,
    })
}

/// The routes.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(livez).service(readyz);
}
