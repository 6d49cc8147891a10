//! The servers that are compared: processes of their own on a port of their own.

use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Connections that search at once.
pub const CONNECTIONS: usize = 32;

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

    /// The requests that it is measured with: a name, the path before the query, and the number of connections at once.
    pub fn workloads(&self) -> Vec<(&'static str, &'static str, usize)> {
        if self.name.starts_with("Tradepost") {
            vec![
                ("one facet", "/api/v1/search/listings?limit=20&facets=country&", CONNECTIONS),
                ("all facets", "/api/v1/search/listings?limit=20&facets=all&", CONNECTIONS),
                // Sent while people type, so never by many at once.
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

/// How a peer answers a query: JSON with hits, total and the facet of countries.
pub type SearchFn = Box<dyn Fn(&str) -> String>;
