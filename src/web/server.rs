//! The HTTP server: the routes with everything that is around them, on guarded connections.

use std::net::TcpListener;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use actix_http::{Extensions, HttpService, KeepAlive, Protocol, error::DispatchError};
use actix_server::{GracefulShutdownSignal, Server};
use actix_service::{IntoServiceFactory, ServiceFactory, ServiceFactoryExt, fn_service, map_config};
use actix_web::App as ActixApp;
use actix_web::dev::AppConfig;
use actix_web::middleware::{Compress, from_fn};
use actix_web::rt::net::TcpStream;
use actix_web::web::{self, Data};

use super::connection::{ClientTimeouts, Connection, ConnectionLimit};
use super::docs::{self, Published};
use super::limits::{Limits, limit};
use super::slow_uploads::SlowUploads;
use super::throughput::Throughput;
use super::{authentication, cors, csrf, envelope, observe, routes};
use crate::app::App;
use crate::config;
use crate::documents::AccessPolicies;
use crate::error::{Problem, Result};
use crate::store::event_loop;

/// How long requests that are under way may take to end when the server stops, in seconds.
// Requests end within seconds; an upload that takes longer is cut off, and its sender sends it again.
const SHUTDOWN_S: u64 = 30;
/// How long a client that was refused before it had sent its whole body may go on sending, so that it can read why.
// A refusal is read although its sender still writes: closed at once, it would be lost to a reset.
const LINGER: Duration = Duration::from_secs(3);

/// A server on the listener; it runs when it is awaited, until its handle stops it. `threads` 0 takes the number of cores.
pub fn start(app: Arc<App>, listener: TcpListener, threads: usize) -> Result<Server> {
    let shared = Shared {
        published: published()?,
        policies: Data::new(routes::access_policies()),
        limits: Data::new(Limits::new(&app.config.limits)),
        slow_uploads: Data::new(SlowUploads::default()),
        app: Data::from(app),
    };
    let threads = if threads == 0 { std::thread::available_parallelism().map_or(2, usize::from) } else { threads };
    let limits = &shared.app.config.limits;
    let mut builder = Server::build().workers(threads).shutdown_timeout(SHUTDOWN_S).disable_signals();
    if limits.connections > 0 {
        builder = builder.max_concurrent_connections(limits.connections.div_ceil(threads));
    }
    let proxies = shared.app.config.server.trusted_proxies.clone();
    let connections = ConnectionLimit::new(limits.connections_per_address, limits.connections, proxies);
    let stopping = builder.graceful_shutdown_signal();
    let server = builder
        .listen("tradepost", listener, move || http(&shared, &connections, &stopping))
        .map_err(|error| Problem::internal(error).during("cannot listen"))?;
    Ok(server.run())
}

/// The document of the API. It is the same for every server of a process and takes a while to collect.
fn published() -> Result<Data<Published>> {
    static PUBLISHED: OnceLock<Data<Published>> = OnceLock::new();
    if let Some(published) = PUBLISHED.get() {
        return Ok(Data::clone(published));
    }
    let published = Data::new(Published::new(&routes::openapi()?)?);
    Ok(Data::clone(PUBLISHED.get_or_init(|| published)))
}

/// What the threads of one server have in common.
#[derive(Clone)]
struct Shared {
    app: Data<App>,
    policies: Data<AccessPolicies>,
    limits: Data<Limits>,
    slow_uploads: Data<SlowUploads>,
    published: Data<Published>,
}

/// HTTP/1.1 over guarded connections. (The framework's own `HttpServer` takes plain sockets only.)
fn http(
    shared: &Shared,
    connections: &Arc<ConnectionLimit>,
    stopping: &GracefulShutdownSignal,
) -> impl ServiceFactory<TcpStream, Config = (), Response = (), Error = DispatchError, InitError = ()> + use<> {
    event_loop::begin();
    // The outermost comes last: the envelope sees every answer, the guards see who is asking.
    let site = ActixApp::new()
        .app_data(Data::clone(&shared.app))
        .app_data(Data::clone(&shared.policies))
        .app_data(Data::clone(&shared.limits))
        .app_data(Data::clone(&shared.slow_uploads))
        .app_data(Data::clone(&shared.published))
        .configure(routes::all)
        .default_service(web::to(docs::unknown))
        .wrap(from_fn(csrf::guard))
        .wrap(from_fn(limit))
        .wrap(from_fn(cors::answer))
        .wrap(from_fn(authentication::authenticate))
        .wrap(Compress::default())
        .wrap(from_fn(envelope::envelope))
        .wrap(from_fn(observe::observe))
        .into_factory()
        .map_err(|error: actix_web::Error| error.error_response());
    let limits = &shared.app.config.limits;
    let timeouts = client_timeouts(limits);
    let stopping = stopping.clone();
    let http = HttpService::build()
        .keep_alive(keep_alive(limits))
        .client_request_timeout(Duration::from_millis(limits.head_ms))
        .client_disconnect_timeout(LINGER)
        .graceful_shutdown_signal(move || {
            let signal = stopping.clone();
            async move { signal.notified().await }
        })
        .on_connect_ext(|connection: &Connection, data: &mut Extensions| {
            data.insert(connection.tracker());
        })
        .finish(map_config(site, |()| AppConfig::default()));
    let connections = Arc::clone(connections);
    let address: Arc<str> = shared.app.config.server.public_url.as_str().into();
    fn_service(move |stream: TcpStream| {
        let (connections, address) = (Arc::clone(&connections), Arc::clone(&address));
        async move {
            let peer = stream.peer_addr()?;
            // A compressed answer goes out in several small writes; the second waits for the client's delayed ACK of the first
            // (40 ms on Linux) unless Nagle's algorithm is off.
            stream.set_nodelay(true)?;
            let refused = || std::io::Error::other("too many connections from one address");
            let permit = connections.acquire(peer.ip()).ok_or_else(refused)?;
            Ok::<_, DispatchError>((Connection::new(stream, timeouts, permit, address), Protocol::Http1, Some(peer)))
        }
    })
    .and_then(http)
}

fn keep_alive(limits: &config::Limits) -> KeepAlive {
    match limits.keep_alive_ms {
        0 => KeepAlive::Os,
        millis => KeepAlive::Timeout(Duration::from_millis(millis)),
    }
}

fn client_timeouts(limits: &config::Limits) -> ClientTimeouts {
    // The pause between requests is the framework's to end; a head that has begun must be there within its own time.
    let is_limited = limits.head_ms > 0 && limits.keep_alive_ms > 0;
    let request = if is_limited { limits.keep_alive_ms + limits.head_ms } else { 0 };
    ClientTimeouts {
        request: Duration::from_millis(request),
        answer: Throughput::new(limits.grace_ms, limits.answer_rate),
    }
}
