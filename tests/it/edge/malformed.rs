//! Heads and bodies that break the rules of HTTP: refused or read one way only, never answered by a fault, and never such that
//! the next request on the connection is another one than its sender sent.

use crate::support::{Answer, Kind, Wire, World, amount, answers, run};

/// How many heads are damaged by chance; the nightly run sets the variable to 10 000.
fn rounds() -> u32 {
    amount("TRADEPOST_TEST_HEADS", 500)
}

/// The request that must not be made of the body of another.
const SMUGGLED: &str = "GET /livez HTTP/1.1\r\nHost: a\r\nX-Request-Id: smuggled\r\n\r\n";
/// The honest request after it.
const NEXT: &str = "GET /livez HTTP/1.1\r\nHost: a\r\nX-Request-Id: next\r\n\r\n";

const HEAD: &str = "POST /api/v1/customs/check HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n";

/// Heads whose body has two lengths or none: the smuggled request follows as if it were the body.
const AMBIGUOUS: &[&str] = &[
    "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n",
    "Content-Length: 0\r\nContent-Length: 61\r\n\r\n",
    "Content-Length: 0, 61\r\n\r\n",
    "Content-Length: +2\r\n\r\n{}",
    "Content-Length: -2\r\n\r\n{}",
    "Content-Length: 0x2\r\n\r\n{}",
    "Content-Length: 2 2\r\n\r\n{}",
    "Content-Length: \r\n\r\n{}",
    "Content-Length: 99999999999999999999999\r\n\r\n{}",
    "Content-Length : 2\r\n\r\n{}",
    "Content-Length\t: 2\r\n\r\n{}",
    " Content-Length: 2\r\n\r\n{}",
    "X: a\r\n Content-Length: 2\r\n\r\n{}",
    "X: a\r\n\tb\r\nContent-Length: 2\r\n\r\n{}",
    "Content-Length: 2\rX: a\r\n\r\n{}",
    "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
    "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
    "Transfer-Encoding: identity, chunked\r\n\r\n0\r\n\r\n",
    "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n",
    "Transfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n",
    "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
    "Transfer-Encoding: chunked\r\n\r\n0x0\r\n\r\n",
    "Transfer-Encoding: chunked\r\n\r\n-1\r\n\r\n",
    "Transfer-Encoding: chunked\r\n\r\n2\n{}\r\n0\r\n\r\n",
    "Transfer-Encoding: chunked\r\n\r\n2\r\n{}X\r\n0\r\n\r\n",
    "Transfer-Encoding: chunked\r\n\r\nffffffffffffffff1\r\n{}\r\n0\r\n\r\n",
    "Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n",
    "Transfer-Encoding: chunked\r\n\r\n2;\na=b\r\n{}\r\n0\r\n\r\n",
    "X\0: a\r\nContent-Length: 2\r\n\r\n{}",
    "X: a\0b\r\nContent-Length: 2\r\n\r\n{}",
    "X: a\nContent-Length: 2\r\n\r\n{}",
    "Content-Length: 2\n\r\n{}",
    "Content-Length: 2\r\n\n{}",
    ": a\r\nContent-Length: 2\r\n\r\n{}",
    "no colon\r\nContent-Length: 2\r\n\r\n{}",
];

/// First lines that are none, or name what is not spoken here.
const FIRST_LINES: &[&str] = &[
    "GET\r\n\r\n",
    "GET /\r\n\r\n",
    "GET / HTTP/9.9\r\n\r\n",
    "GET / HTTP/2.0\r\n\r\n",
    "GET / HTTP/1.1 \r\n\r\n",
    "GET  / HTTP/1.1\r\n\r\n",
    "G\0T / HTTP/1.1\r\n\r\n",
    "GET /\x01 HTTP/1.1\r\n\r\n",
    "GET /a b HTTP/1.1\r\n\r\n",
    "GET http:// HTTP/1.1\r\n\r\n",
    "GET //// HTTP/1.1\r\nHost: a\r\n\r\n",
    "GET * HTTP/1.1\r\nHost: a\r\n\r\n",
    "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n",
    "CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n",
    "TRACE / HTTP/1.1\r\nHost: a\r\n\r\n",
    "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "GET http://other.example/livez HTTP/1.1\r\nHost: a\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: a\r\nExpect: the unexpected\r\n\r\n",
    "GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n",
    "GET /search?q=%ff%fe HTTP/1.1\r\nHost: a\r\n\r\n",
    "GET /search?%=%&&&=== HTTP/1.1\r\nHost: a\r\n\r\n",
    "\x16\x03\x01\x02\0\x01\0\x01\u{fc}\x03\x03",
    "\r\n\r\n\r\nGET /livez HTTP/1.1\r\nHost: a\r\n\r\n",
];

/// All answers to the bytes; a refusal has the form of all refusals, even where no request was made out. (One that is put right
/// behind another answer stays bare.)
fn send(base: &str, bytes: impl AsRef<[u8]>) -> Vec<Answer> {
    let mut wire = Wire::to(base);
    wire.send(bytes);
    wire.end();
    let got = answers(&wire.rest());
    if let Some(refusal) = got.first().filter(|answer| answer.status >= 400) {
        assert!(refusal.header("x-request-id").is_some() && refusal.header("x-frame-options").is_some(), "{refusal:?}");
        assert!(!refusal.body.is_empty(), "{refusal:?}");
        if refusal.header("content-type") == Some("application/problem+json") {
            refusal.problem();
        }
    }
    got
}

fn is_to(answer: &Answer, id: &str) -> bool {
    answer.header("x-request-id") == Some(id)
}

/// The database has no part in this.
#[test]
fn ambiguous_body_length_closes_the_connection() {
    run(Kind::Sqlite, |world: &World| {
        let mut complaints = Vec::new();
        for case in AMBIGUOUS {
            let got = send(&world.base, format!("{HEAD}{case}{SMUGGLED}{NEXT}"));
            let statuses: Vec<u16> = got.iter().map(|answer| answer.status).collect();
            let honest = got.len() <= 1 && statuses.iter().all(|status| (400..500).contains(status));
            if !honest || got.iter().any(|answer| is_to(answer, "smuggled")) {
                complaints.push(format!("{case:?}: {statuses:?}"));
            }
        }
        assert!(complaints.is_empty(), "{complaints:#?}");
    });
}

#[test]
fn body_is_never_read_as_a_request() {
    run(Kind::Sqlite, |world: &World| {
        let length = SMUGGLED.len();
        for body in [
            format!("Content-Length: {length}\r\n\r\n{SMUGGLED}"),
            format!("Content-Length: {length}\r\nContent-Length: {length}\r\n\r\n{SMUGGLED}"),
            format!("Transfer-Encoding: chunked\r\n\r\n{length:x}\r\n{SMUGGLED}\r\n0\r\n\r\n"),
            format!("Transfer-Encoding: chunked\r\n\r\n{length:X};a=b\r\n{SMUGGLED}\r\n0\r\n\r\n"),
            format!("Transfer-Encoding: Chunked\r\n\r\n{length:x}\r\n{SMUGGLED}\r\n0\r\nX-Trailer: a\r\n\r\n"),
        ] {
            for path in ["/api/v1/customs/check", "/no/such/page", "/api/v1/rfqs"] {
                let head = HEAD.replace("/api/v1/customs/check", path);
                let got = send(&world.base, format!("{head}{body}{NEXT}"));
                assert!(!got.is_empty() && (400..500).contains(&got[0].status), "{body:?}: {got:?}");
                assert!(!got.iter().any(|answer| is_to(answer, "smuggled")), "{path} {body:?}");
                // After an answer that came before the body, the connection may end; what it carries on is the honest request.
                assert!(got.len() == 1 || got.len() == 2 && is_to(&got[1], "next"), "{path} {body:?}: {got:?}");
            }
        }
    });
}

#[test]
fn malformed_request_line_is_a_client_error() {
    run(Kind::Sqlite, |world: &World| {
        for line in FIRST_LINES {
            let got = send(&world.base, line);
            assert!(got.iter().all(|answer| answer.status < 500), "{line:?}: {got:?}");
        }
        let long = format!("GET / HTTP/1.1\r\nHost: a\r\nX-Long: {}\r\n\r\n", "a".repeat(200_000));
        let many = format!("GET / HTTP/1.1\r\nHost: a\r\n{}\r\n", "X: a\r\n".repeat(2_000));
        for head in [long, many] {
            let got = send(&world.base, head);
            assert!(got.iter().all(|answer| (400..500).contains(&answer.status)), "{got:?}");
        }
    });
}

/// A generator whose sequence is the same in every run.
struct Chance(u64);

impl Chance {
    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % most as u64).unwrap()
    }
}

const PARTS: &[&[u8]] = &[
    b"\r\n",
    b"\n",
    b"\r",
    b" ",
    b"\t",
    b"\0",
    b":",
    b"%",
    b"%00",
    b"/",
    b"..",
    b"?",
    b"#",
    b"\xff",
    b"0",
    b"Transfer-Encoding: chunked\r\n",
    b"Content-Length: 7\r\n",
    b"Expect: 100-continue\r\n",
    b"Connection: close\r\n",
    b"Cookie: sid=a;;;=\r\n",
    b"HTTP/1.1",
];

/// A valid request in which something was cut, doubled, changed or put in.
fn damaged(chance: &mut Chance) -> Vec<u8> {
    let sane = [
        format!("{HEAD}Content-Length: 2\r\n\r\n{{}}"),
        format!("{HEAD}Transfer-Encoding: chunked\r\n\r\n2\r\n{{}}\r\n0\r\n\r\n"),
        "GET /search?q=valve&country=CN HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip\r\n\r\n".to_owned(),
        "POST /sign-in HTTP/1.1\r\nHost: a\r\nOrigin: http://a\r\nContent-Length: 7\r\n\r\nemail=a".to_owned(),
    ];
    let mut bytes = sane[chance.below(sane.len())].clone().into_bytes();
    for _ in 0..=chance.below(4) {
        let at = chance.below(bytes.len());
        match chance.below(4) {
            0 => bytes.truncate(at + 1),
            1 => bytes[at] = u8::try_from(chance.below(256)).unwrap(),
            2 => {
                let part = PARTS[chance.below(PARTS.len())];
                bytes.splice(at..at, part.iter().copied());
            }
            _ => {
                let again = bytes[at..bytes.len().min(at + 12)].to_vec();
                bytes.splice(at..at, again);
            }
        }
    }
    bytes
}

/// Sends so many damaged heads; none of them is a fault.
pub fn send_damaged(base: &str, heads: u32) {
    let mut chance = Chance(0x9e37_79b9_7f4a_7c15);
    for round in 0..heads {
        let bytes = damaged(&mut chance);
        let got = send(base, &bytes);
        let faults = got.iter().any(|answer| answer.status >= 500);
        assert!(!faults, "round {round}: {:?}: {got:?}", String::from_utf8_lossy(&bytes));
    }
}

#[test]
fn damaged_request_head_is_never_a_server_error() {
    run(Kind::Sqlite, |world: &World| {
        send_damaged(&world.base, rounds());
        world.anonymous().page("/livez").expect(200);
    });
}
