//! What an answer waits for that is nobody's work.

use std::os::fd::OwnedFd;
use std::time::{Duration, Instant};

use rustix::process::{PidfdFlags, PidfdGetfdFlags, getpid, pidfd_getfd, pidfd_open};
use socket2::Socket;

use crate::support::{Kind, Wire, World, figures_hold, run};

/// How often an answer is measured.
const ROUNDS: usize = 40;
/// Without the algorithm off, the second part of an answer waits 40 ms for the client's acknowledgement of the first.
const QUICK: Duration = Duration::from_millis(20);

/// The database has no part in these.
#[test]
fn nagles_algorithm_is_off_on_every_accepted_connection() {
    run(Kind::Sqlite, |world: &World| {
        let server = world.base.strip_prefix("http://").unwrap().parse().unwrap();
        let held: Vec<Wire> = (0..3)
            .map(|_| {
                let mut wire = Wire::to(&world.base);
                wire.send("GET /livez HTTP/1.1\r\nHost: a\r\n\r\n");
                assert_eq!(wire.answer().unwrap().status, 200);
                wire
            })
            .collect();
        let accepted = accepted_by(server);
        assert!(accepted.len() >= held.len(), "{} sockets of the server were found", accepted.len());
        for socket in accepted {
            assert!(socket.tcp_nodelay().unwrap(), "a connection of the server waits for acknowledgements");
        }
    });
}

/// The sockets of this process that the server at the address has accepted.
fn accepted_by(server: std::net::SocketAddr) -> Vec<Socket> {
    let own = pidfd_open(getpid(), PidfdFlags::empty()).unwrap();
    let descriptors = std::fs::read_dir("/proc/self/fd")
        .unwrap()
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse::<i32>().ok());
    let copies = descriptors.filter_map(|fd| pidfd_getfd(&own, fd, PidfdGetfdFlags::empty()).ok());
    let sockets = copies.map(|fd: OwnedFd| Socket::from(fd)).filter(|socket| {
        let local = socket.local_addr().ok().and_then(|local| local.as_socket());
        local == Some(server) && socket.peer_addr().is_ok()
    });
    sockets.collect()
}

/// Compressed answers come in parts.
#[test]
fn a_compressed_answer_on_a_kept_connection_is_not_held_back() {
    run(Kind::Sqlite, |world: &World| {
        let mut wire = Wire::to(&world.base);
        let mut took: Vec<Duration> = (0..ROUNDS)
            .map(|_| {
                let begun = Instant::now();
                wire.send("GET /about/ranking HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip\r\n\r\n");
                let answer = wire.answer().unwrap();
                assert_eq!((answer.status, answer.header("content-encoding")), (200, Some("gzip")));
                begun.elapsed()
            })
            .collect();
        took.sort_unstable();
        eprintln!("a compressed page: median {:?}, slowest {:?}", took[ROUNDS / 2], took[ROUNDS - 1]);
        assert!(!figures_hold() || took[ROUNDS / 2] < QUICK, "half of the answers took {:?}", took[ROUNDS / 2]);
    });
}
