//! The HTTP server: the routes with everything that is around them.

use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::Server;
use actix_web::middleware::{Compress, from_fn};
use actix_web::web::{self, Data};
use actix_web::{App as ActixApp, HttpServer};

use super::docs::{self, Published};
use super::limits::{Limits, limit};
use super::{csrf, frame, observe, routes};
use crate::accounts;
use crate::app::App;
use crate::error::{Problem, Result};
use crate::statistics::actions::Latest;

/// How long requests that are under way may take to end when the server stops, in seconds.
const SHUTDOWN_S: u64 = 30;

/// A server on the listener; it runs when it is awaited, until its handle stops it. `threads` 0 takes the number of cores.
pub fn start(app: Arc<App>, listener: TcpListener, threads: usize) -> Result<Server> {
    let published = Data::new(Published::new(&routes::openapi())?);
    let statistics = Data::new(Latest::default());
    let audiences = Data::new(routes::audiences());
    let limits = Data::new(Limits::new(&app.config.limits));
    let app = Data::from(app);
    let threads = if threads == 0 { std::thread::available_parallelism().map_or(2, usize::from) } else { threads };
    let server = HttpServer::new(move || {
        // The outermost comes last: the frame sees every answer, the guards see who is asking.
        ActixApp::new()
            .app_data(Data::clone(&app))
            .app_data(Data::clone(&audiences))
            .app_data(Data::clone(&limits))
            .app_data(Data::clone(&statistics))
            .app_data(Data::clone(&published))
            .configure(routes::all)
            .default_service(web::to(docs::unknown))
            .wrap(from_fn(csrf::guard))
            .wrap(from_fn(limit))
            .wrap(from_fn(accounts::api::identify))
            .wrap(Compress::default())
            .wrap(from_fn(frame::frame))
            .wrap(from_fn(observe::observe))
    });
    let server = server
        .workers(threads)
        .client_request_timeout(Duration::from_secs(5))
        .shutdown_timeout(SHUTDOWN_S)
        .disable_signals()
        .listen(listener)
        .map_err(|error| Problem::internal(format!("cannot listen: {error}")))?;
    Ok(server.run())
}
