//! The server is asked to stop while it is busy: whoever was let in is served, and it ends in time.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use ureq::Agent;

use super::node::{Place, Process, RaisedAtTheEnd, publish, total};
use crate::support::{Client, market, wait_for};

both!(stopping_server_finishes_open_requests, stopping_worker_releases_its_job);

/// How long a stop may take.
const MOST: Duration = Duration::from_secs(35);

fn tell_to_stop(process: &Process) {
    let sent = Command::new("kill").args(["-TERM", &process.0.id().to_string()]).status().unwrap();
    assert!(sent.success());
}

/// Waits for the process's end; how long it took, and that it ended well.
#[track_caller]
fn ended_well(process: &mut Process) -> Duration {
    let begun = Instant::now();
    wait_for("the process to end", || process.0.try_wait().unwrap().is_some());
    let status = process.0.wait().unwrap();
    assert!(status.success(), "{status}");
    begun.elapsed()
}

/// A request: when it began, and the status of its answer, none where there was no whole answer.
type Noted = (Instant, Option<u16>);

fn stopping_server_finishes_open_requests(place: &Place) {
    let key = place.register();
    let mut server = place.serve(&[]);
    let client = Client::new(&place.base(), Some(key.clone()));
    publish(&client, "S-0");
    let (noted, ended) = (Mutex::new(Vec::<Noted>::new()), AtomicBool::new(false));
    let (told, took) = std::thread::scope(|scope| {
        let _end = RaisedAtTheEnd(&ended);
        for caller in 0..6 {
            let (key, noted, ended) = (&key, &noted, &ended);
            scope.spawn(move || {
                for number in (0..).take_while(|_| !ended.load(Ordering::SeqCst)) {
                    let begun = Instant::now();
                    let status = ask(place, key, caller, number);
                    noted.lock().unwrap().push((begun, status));
                    if status.is_none() {
                        return;
                    }
                }
            });
        }
        wait_for("the load to be on", || noted.lock().unwrap().len() > 100);
        let mut slow = begin_to_send(place, &key);
        let told = Instant::now();
        tell_to_stop(&server);
        wait_for("the door to be shut", || TcpStream::connect(("127.0.0.1", place.port)).is_err());
        assert!(server.0.try_wait().unwrap().is_none(), "it does not wait for whom it let in");
        assert_eq!(finish_sending(&mut slow), "HTTP/1.1 201 Created", "who was let in before is served");
        let took = ended_well(&mut server);
        (told, took)
    });
    let noted = noted.into_inner().unwrap();
    // Who came in the last moment may have found the door shut.
    let let_in: Vec<&Noted> = noted.iter().filter(|(begun, _)| *begun + Duration::from_millis(200) < told).collect();
    let failed = let_in.iter().filter(|(_, status)| !status.is_some_and(|status| status < 400)).count();
    assert_eq!(failed, 0, "of {} requests that began before the signal", let_in.len());
    assert!(noted.iter().all(|(_, status)| status.is_none_or(|status| status < 400)), "an answer was an error");
    assert!(took < MOST, "it took {took:?}");
    // What was acknowledged is there, and nothing hinders the next start.
    let _server = place.serve(&[]);
    let written = noted.iter().filter(|(_, status)| *status == Some(201)).count();
    assert!(written > 0, "nobody wrote");
}

const SLOW_BODY: &str = "{\"sku\":\"slow\",\"name\":\"Sent in two halves\"}";

/// A request whose body comes in two halves: this is the first one.
fn begin_to_send(place: &Place, key: &str) -> TcpStream {
    let mut stream = TcpStream::connect(("127.0.0.1", place.port)).unwrap();
    let length = SLOW_BODY.len();
    let head = format!(
        "POST /api/v1/listings HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {key}\r\n\
         Content-Type: application/json\r\nContent-Length: {length}\r\nExpect: 100-continue\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).unwrap();
    // The server says that it has begun with the request: it is let in.
    let mut word = [0; b"HTTP/1.1 100 Continue\r\n\r\n".len()];
    stream.read_exact(&mut word).unwrap();
    assert_eq!(&word, b"HTTP/1.1 100 Continue\r\n\r\n");
    stream.write_all(&SLOW_BODY.as_bytes()[..10]).unwrap();
    stream
}

/// The second half; the first line of the answer.
fn finish_sending(stream: &mut TcpStream) -> String {
    stream.write_all(&SLOW_BODY.as_bytes()[10..]).unwrap();
    let mut line = String::new();
    BufReader::new(stream).read_line(&mut line).unwrap();
    line.trim_end().to_owned()
}

/// Every third request writes; each has a connection of its own, as behind a proxy that keeps none.
fn ask(place: &Place, key: &str, caller: usize, number: usize) -> Option<u16> {
    let config = Agent::config_builder().http_status_as_error(false).timeout_global(Some(Duration::from_secs(60)));
    let agent = config.build().new_agent();
    let base = place.base();
    let mut answer = if number.is_multiple_of(3) {
        let body = market::listing(&format!("S-{caller}-{number}"));
        let request = agent.post(format!("{base}/api/v1/listings")).header("authorization", format!("Bearer {key}"));
        request.header("connection", "close").send_json(&body)
    } else {
        agent.get(format!("{base}/api/v1/search/listings?q=valve")).header("connection", "close").call()
    }
    .ok()?;
    // An answer counts when it is whole.
    answer.body_mut().read_to_string().ok()?;
    Some(answer.status().as_u16())
}

/// A mail server that takes the connection and says nothing holds an e-mail up: the worker leaves it to the next one.
fn stopping_worker_releases_its_job(place: &Place) {
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = silent.local_addr().unwrap().port().to_string();
    let key = place.register();
    let settings = [
        ("TRADEPOST__MAIL__TRANSPORT", "smtp"),
        ("TRADEPOST__MAIL__SMTP__HOST", "127.0.0.1"),
        ("TRADEPOST__MAIL__SMTP__PORT", port.as_str()),
        ("TRADEPOST__MAIL__SMTP__TLS", "none"),
        ("TRADEPOST__WORKERS__LEASE_S", "3600"),
    ];
    place.run(&["admin", "create", "anna@forge.example", "--company", "Forge of Trials"]);
    let mut server = place.serve(&settings);
    let client = Client::new(&place.base(), Some(key));
    publish(&client, "M-1");
    wait_for("the listing to be found", || total(&client, "/search/listings") == 1);
    place.ask_for_valves();
    silent.set_nonblocking(true).unwrap();
    let mut held = None;
    wait_for("the e-mail to be on its way", || {
        held = silent.accept().ok();
        held.is_some()
    });
    let begun = Instant::now();
    tell_to_stop(&server);
    ended_well(&mut server);
    assert!(begun.elapsed() < Duration::from_secs(15), "the silent mail server held the stop up");
    let said = place.run(&["jobs", "list"]);
    assert!(said.contains("1 open, the oldest due since"), "the e-mail waits for the next worker: {said}");
}
