//! Many connections that send requests to one server without a pause, and what that costs it.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::server::Server;

/// What was measured of a server.
#[derive(Default)]
pub struct Measurement {
    latencies_us: Vec<u32>,
    seconds: f64,
    cpu_seconds: f64,
}

impl Measurement {
    pub fn add(&mut self, other: Self) {
        self.latencies_us.extend(other.latencies_us);
        self.seconds += other.seconds;
        self.cpu_seconds += other.cpu_seconds;
    }

    pub fn per_second(&self) -> f64 {
        self.latencies_us.len() as f64 / self.seconds
    }

    /// Processor time of the server for a request, in microseconds.
    pub fn cpu_us(&self) -> f64 {
        self.cpu_seconds * 1e6 / self.latencies_us.len() as f64
    }

    /// The latency at the quantile, 0 to 1, in milliseconds.
    pub fn quantile_ms(&self, quantile: f64) -> f64 {
        let mut sorted = self.latencies_us.clone();
        sorted.sort_unstable();
        f64::from(sorted[((sorted.len() - 1) as f64 * quantile) as usize]) / 1e3
    }
}

/// Sends the queries in turn on so many connections for the time `span`; `path` is what goes before the query.
pub fn run(server: &Server, path: &str, queries: &[String], connections: usize, span: Duration) -> Measurement {
    let requests: Vec<Vec<u8>> = queries
        .iter()
        .map(|query| {
            let query = serde_urlencoded::to_string([("q", query)]).unwrap();
            format!("GET {path}{query} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n").into_bytes()
        })
        .collect();
    let (stop, turn) = (AtomicBool::new(false), AtomicUsize::new(0));
    let before = server.cpu_seconds();
    let begun = Instant::now();
    let latencies_us = thread::scope(|scope| {
        let threads: Vec<_> = (0..connections)
            .map(|_| {
                scope.spawn(|| {
                    let mut stream = TcpStream::connect(server.address).unwrap();
                    stream.set_nodelay(true).unwrap();
                    let (mut latencies, mut buffer) = (Vec::new(), vec![0; 256 << 10]);
                    while !stop.load(Ordering::Relaxed) {
                        let request = &requests[turn.fetch_add(1, Ordering::Relaxed) % requests.len()];
                        let sent = Instant::now();
                        stream.write_all(request).unwrap();
                        take_answer(&mut stream, &mut buffer);
                        latencies.push(u32::try_from(sent.elapsed().as_micros()).unwrap());
                    }
                    latencies
                })
            })
            .collect();
        thread::sleep(span);
        stop.store(true, Ordering::Relaxed);
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    Measurement { latencies_us, seconds: begun.elapsed().as_secs_f64(), cpu_seconds: server.cpu_seconds() - before }
}

/// Reads one answer to its end; one that is no 200 ends the bench.
fn take_answer(stream: &mut TcpStream, buffer: &mut [u8]) {
    let mut filled = 0;
    loop {
        let read = stream.read(&mut buffer[filled..]).unwrap();
        assert!(read > 0, "the server closed the connection");
        filled += read;
        let Some(head) = buffer[..filled].windows(4).position(|four| four == b"\r\n\r\n") else { continue };
        let text = std::str::from_utf8(&buffer[..head]).unwrap();
        assert!(text.starts_with("HTTP/1.1 200"), "{text}");
        let length = text
            .lines()
            .find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse::<usize>().ok());
        if filled >= head + 4 + length.expect("an answer without a length") {
            return;
        }
    }
}
