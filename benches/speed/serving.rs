//! The servers that are compared: processes of their own on a port of their own.

use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use actix_web::web::{self, Query};
use actix_web::{App, HttpResponse, HttpServer, rt};
use serde::Deserialize;

use crate::{CONNECTIONS, fts, limit};

/// A server that runs.
pub struct Server {
    pub name: &'static str,
    pub address: SocketAddr,
    pub data: PathBuf,
    child: Child,
}

/// A port that is free.
pub fn free_port() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

impl Server {
    /// Starts a process and waits until the path answers.
    pub fn start(name: &'static str, address: SocketAddr, data: PathBuf, command: &mut Command, path: &str) -> Self {
        let child = command.stdout(Stdio::null()).spawn().unwrap();
        let begun = Instant::now();
        while ureq::get(format!("http://{address}{path}")).call().is_err() {
            assert!(begun.elapsed() < Duration::from_secs(120), "{name} does not start");
            std::thread::sleep(Duration::from_millis(50));
        }
        Self { name, address, data, child }
    }

    /// Starts this program as a peer.
    pub fn peer(name: &'static str, place: &str) -> Self {
        let address = free_port();
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["--serve", name, place]).env("ADDRESS", address.to_string());
        Self::start(name, address, PathBuf::from(place), &mut command, "/search?q=valve")
    }

    /// What is asked of it: a name for the question, the path before the query, and the connections that ask at once.
    pub fn asks(&self) -> Vec<(&'static str, &'static str, usize)> {
        if self.name.starts_with("Tradepost") {
            vec![
                ("one facet", "/api/v1/search/listings?limit=20&facets=country&", CONNECTIONS),
                ("all facets", "/api/v1/search/listings?limit=20&facets=all&", CONNECTIONS),
                // Asked while people type, not without a pause.
                ("suggest", "/api/v1/search/suggest?", 2),
            ]
        } else {
            vec![("one facet", "/search?", CONNECTIONS)]
        }
    }

    /// Processor time that it has used so far.
    pub fn cpu_seconds(&self) -> f64 {
        let mut ticks = ticks_of(self.child.id());
        if self.name.starts_with("PostgreSQL") {
            ticks += processes("postgres").into_iter().map(ticks_of).sum::<u64>();
        }
        ticks as f64 / 100.0
    }

    /// The most memory that it has had, in MiB.
    pub fn peak_mib(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find(|line| line.starts_with("VmHWM")).unwrap();
        line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() >> 10
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// User and system time of a process, in hundredths of a second.
fn ticks_of(process: u32) -> u64 {
    let Ok(stat) = std::fs::read_to_string(format!("/proc/{process}/stat")) else { return 0 };
    let after_name = stat.rsplit(')').next().unwrap();
    after_name.split_whitespace().skip(11).take(2).map(|ticks| ticks.parse::<u64>().unwrap()).sum()
}

fn processes(name: &str) -> Vec<u32> {
    let entries = std::fs::read_dir("/proc").unwrap().flatten();
    let ids = entries.filter_map(|entry| entry.file_name().to_string_lossy().parse::<u32>().ok());
    let is_named = |id: &u32| std::fs::read_to_string(format!("/proc/{id}/comm")).is_ok_and(|comm| comm.trim() == name);
    ids.filter(is_named).collect()
}

/// What a peer is asked.
#[derive(Deserialize)]
pub struct Asked {
    pub q: String,
}

/// What a peer answers: JSON with hits, total and the facet of countries.
pub type Answering = Box<dyn Fn(&str) -> String>;

/// Serves as a peer until it is killed.
pub fn serve(peer: &str, place: &str) {
    let address: SocketAddr = std::env::var("ADDRESS").unwrap().parse().unwrap();
    let (peer, place) = (peer.to_owned(), place.to_owned());
    let server = HttpServer::new(move || {
        let answering: Answering = match peer.as_str() {
            "limit" => limit::open(place.as_ref()),
            "SQLite FTS5" => fts::open_sqlite(&place),
            _ => fts::open_postgres(&place),
        };
        let answering = std::rc::Rc::new(answering);
        App::new().app_data(answering).route("/search", web::get().to(answer))
    });
    rt::System::new().block_on(server.workers(2).bind(address).unwrap().run()).unwrap();
}

async fn answer(request: actix_web::HttpRequest, Query(asked): Query<Asked>) -> HttpResponse {
    let answering = request.app_data::<std::rc::Rc<Answering>>().unwrap();
    HttpResponse::Ok().content_type("application/json").body(answering(&asked.q))
}
