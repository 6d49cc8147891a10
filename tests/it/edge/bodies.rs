//! Bodies, addresses and queries that are far too much: refused before they cost anything.

use std::time::{Duration, Instant};

use serde_json::json;

use super::headers::assert_guarded;
use crate::access::{documented, pages};
use crate::support::{Answer, Client, Kind, Wire, World, answers, run};

/// What a refusal may take on a busy machine.
const QUICK: Duration = Duration::from_secs(5);

/// What is too much, how it is sent, and what may be answered.
pub type Case<'c> = (&'static str, Box<dyn Fn() -> Answer + 'c>, &'static [u16]);

/// Everything that is too much, sent by the client to the server at `base`.
pub fn too_much<'c>(base: &'c str, client: &'c Client) -> Vec<Case<'c>> {
    let json = move |body: Vec<u8>| post(client, "application/json", body);
    let deep = [vec![b'['; 100_000], vec![b']'; 100_000]].concat();
    let nested = format!("{}1{}", "{\"a\":".repeat(100_000), "}".repeat(100_000)).into_bytes();
    vec![
        ("50 MB", Box::new(move || json(vec![b' '; 50 << 20])), &[413]),
        ("50 MB in chunks", Box::new(move || in_chunks(base, 50 << 20)), &[413]),
        ("a deep list", Box::new(move || json(deep.clone())), &[400]),
        ("deep members", Box::new(move || json(nested.clone())), &[400]),
        (
            "a long number",
            Box::new(move || json([b"{\"year\":".to_vec(), vec![b'9'; 1_000_000]].concat())),
            &[400, 422],
        ),
        ("gzip", Box::new(|| encoded(client, "gzip")), &[415]),
        ("br", Box::new(|| encoded(client, "br")), &[415]),
        ("several codings", Box::new(|| encoded(client, "identity, gzip")), &[415]),
        ("a form of 1 000 000 fields", Box::new(|| form(base, "a&".repeat(1_000_000))), &[413]),
        ("a form of 3 MB", Box::new(|| form(base, "a".repeat(3 << 20))), &[413]),
        ("100 000 parameters", Box::new(|| get(base, "/api/v1/search/listings?", "a&", 100_000)), &[400, 414, 431]),
        ("30 000 parameters", Box::new(|| get(base, "/api/v1/search/listings?", "a&", 30_000)), &[414]),
        ("7 000 parameters of a page", Box::new(|| get(base, "/search?", "q=valve&", 7_000)), &[414]),
        ("a long path", Box::new(|| get(base, "/listings/", "a", 60_000)), &[414]),
    ]
}

/// The database has no part in these.
#[test]
fn oversized_body_is_refused_before_it_is_read() {
    run(Kind::Sqlite, |world: &World| {
        let party = world.buyer();
        for (case, ask, wanted) in too_much(&world.base, &party) {
            let begun = Instant::now();
            let answer = ask();
            assert!(wanted.contains(&answer.status), "{case}: {} {}", answer.status, answer.body);
            assert!(begun.elapsed() < QUICK, "{case} took {:?}", begun.elapsed());
            assert_guarded(case, &answer);
        }
        party.get("/me").expect(200);
    });
}

fn post(client: &Client, kind: &str, body: Vec<u8>) -> Answer {
    client.call("POST", "/rfqs").header("Content-Type", kind).bytes(body).send()
}

fn encoded(client: &Client, coding: &str) -> Answer {
    // The first bytes of a gzip stream that would unfold to gigabytes.
    let bomb = [&[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 3][..], &[0; 1_000]].concat();
    let call = client.call("POST", "/rfqs").header("Content-Type", "application/json");
    call.header("Content-Encoding", coding).bytes(bomb).send()
}

fn form(base: &str, body: String) -> Answer {
    let nobody = Client::new(base, None);
    let call = nobody.browser("POST", "/sign-in").header("Origin", base);
    call.header("Content-Type", "application/x-www-form-urlencoded").bytes(body.into_bytes()).send()
}

fn in_chunks(base: &str, size: usize) -> Answer {
    let mut wire = Wire::to(base);
    wire.send(
        "POST /api/v1/customs/check HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n",
    );
    let chunk = [b"10000\r\n".to_vec(), vec![b' '; 1 << 16], b"\r\n".to_vec()].concat();
    for _ in 0..size >> 16 {
        if !wire.send(&chunk) {
            break;
        }
    }
    wire.answer().expect("an answer to a body that is too long")
}

fn get(base: &str, path: &str, part: &str, times: usize) -> Answer {
    let mut wire = Wire::to(base);
    wire.send(format!("GET {path}{} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", part.repeat(times)));
    answers(&wire.rest()).into_iter().next().expect("an answer to an address that is too long")
}

const TRAVERSALS: &[&str] = &[
    "..%2f..%2f..%2fetc%2fpasswd",
    "..%5c..%5cetc%5cpasswd",
    "../../../etc/passwd",
    "..;/..;/etc/passwd",
    "%2e%2e%2f%2e%2e%2fetc%2fpasswd",
    "%252e%252e%252fetc%252fpasswd",
    "..%c0%af..%c0%afetc%c0%afpasswd",
    "....//....//etc/passwd",
    "%2fetc%2fpasswd",
    "//etc/passwd",
    "site.css%00.png",
    "%00",
    "C:%5cWindows%5cwin.ini",
    "file:%2f%2f%2fetc%2fpasswd",
    "secret_key",
    "..%2f..%2fdata%2fsecret_key",
];

#[test]
fn path_cannot_leave_the_site() {
    run(Kind::Sqlite, |world: &World| {
        let with_parameter = |call: &String| call.contains('{');
        let api = documented().into_iter().map(|call| call.replacen(' ', " /api/v1", 1));
        let pages = pages::addresses().into_iter().map(|path| format!("GET {path}"));
        let assets = ["GET /assets/{name}", "GET /api/docs/{file}"].map(str::to_owned);
        let mut asked = 0;
        for call in api.chain(pages).chain(assets).filter(with_parameter) {
            let (method, path) = call.split_once(' ').unwrap();
            for traversal in TRAVERSALS {
                let path = filled(path, traversal);
                let mut wire = Wire::to(&world.base);
                wire.send(format!(
                    "{method} {path} HTTP/1.1\r\nHost: a\r\nOrigin: http://a\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
                ));
                let answer = answers(&wire.rest()).into_iter().next().unwrap();
                let refused = (400..500).contains(&answer.status);
                assert!(refused, "{method} {path}: {}", answer.status);
                assert!(!answer.body.contains("root:") && !answer.body.contains("[fonts]"), "{method} {path}");
                asked += 1;
            }
        }
        assert!(asked > 1_000, "only {asked} paths were tried");
    });
}

/// The path with this in place of each parameter.
fn filled(path: &str, with: &str) -> String {
    let mut filled = String::new();
    for (n, part) in path.split(['{', '}']).enumerate() {
        filled.push_str(if n % 2 == 0 { part } else { with });
    }
    filled
}

#[test]
fn errors_reveal_no_internals() {
    run(Kind::Sqlite, |world: &World| {
        let party = world.buyer();
        let wrong = [
            json!([]),
            json!("text"),
            json!(1),
            json!(null),
            json!({"title": 1, "quantity": "many", "closing": [], "sealed": "yes"}),
            json!({"title": {"a": 1}, "hs_code": 7, "payment_terms": "TT", "deadline": {}}),
            json!({"sku": [], "price": {"min": 3}, "attributes": [], "lead_time_days": "soon", "incoterms": {}}),
            json!({"lead_time_days": -1, "moq": {"value": "1e400"}, "year": 99_999_999_999_u64}),
            json!({"scopes": "all", "expires_at": "tomorrow", "name": null}),
        ];
        for call in documented() {
            let (method, path) = call.split_once(' ').unwrap();
            let path = filled(path, "lst_0000000000001");
            for body in &wrong {
                let call = party.call(method, &path).header("If-Match", "\"v1\"");
                let answer = if method == "GET" { call.send() } else { call.json(body).send() };
                if answer.status >= 400 {
                    answer.problem();
                }
            }
            for query in
                ["limit=x", "limit=-1", "limit=99999999999", "cursor=%ff", "price_min=x", "nobody=1", "state=x"]
            {
                let answer = party.call(method, &format!("{path}?{query}")).header("If-Match", "\"v1\"").send();
                if answer.status >= 400 {
                    answer.problem();
                }
            }
        }
    });
}
