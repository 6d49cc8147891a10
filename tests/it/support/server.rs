//! The real HTTP server in the test's own process, on a free loopback port.

use std::net::TcpListener;
use std::sync::Arc;
use std::thread::JoinHandle;

use actix_web::dev::ServerHandle;
use actix_web::middleware::from_fn;
use actix_web::web::Data;
use actix_web::{App as ActixApp, HttpServer};
use tradepost::app::App;
use tradepost::outbox::{Registry, Runner, RunnerSettings};
use tradepost::{accounts, web};
use utoipa_actix_web::AppExt;

/// A running server, stopped with this value.
pub struct Server {
    handle: ServerHandle,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    pub fn start(app: Arc<App>, listener: TcpListener) -> Self {
        let (send, receive) = std::sync::mpsc::channel();
        let thread = std::thread::spawn(move || {
            actix_web::rt::System::new().block_on(async move {
                let server = HttpServer::new(move || {
                    ActixApp::new()
                        .app_data(Data::from(Arc::clone(&app)))
                        .wrap(from_fn(web::csrf::guard))
                        .wrap(from_fn(accounts::api::identify))
                        .wrap(from_fn(web::frame::frame))
                        .into_utoipa_app()
                        .service(utoipa_actix_web::scope("/api/v1").configure(accounts::api::routes))
                        .into_app()
                        .configure(accounts::pages::routes)
                });
                let server = server.workers(1).disable_signals().listen(listener).unwrap().run();
                send.send(server.handle()).unwrap();
                server.await.unwrap();
            });
        });
        Self { handle: receive.recv().unwrap(), thread: Some(thread) }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // The command is sent at once; the future would only wait for what the thread's end tells anyway.
        drop(self.handle.stop(false));
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}

/// The workers, run by hand in the test's thread.
pub struct Workers {
    app: Arc<App>,
    runner: Runner<App>,
}

impl Workers {
    pub fn new(app: Arc<App>) -> Self {
        let settings = RunnerSettings {
            lease: chrono::Duration::seconds(60),
            per_destination: 2,
            max_attempts: 20,
            poll: std::time::Duration::from_millis(10),
        };
        let registry = Registry::default().with::<accounts::jobs::SendLetter>();
        let runner = Runner::new(app.db.clone(), registry, settings, Arc::clone(&app.bell));
        Self { app, runner }
    }

    pub fn drain(&self) {
        self.runner.drain(&self.app).unwrap();
    }
}
