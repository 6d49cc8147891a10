//! A server that receives webhooks, on a free port of this machine.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};

use serde_json::Value;
use standardwebhooks::Webhook;
use ureq::http::{HeaderMap, HeaderName, HeaderValue};

/// A request as it arrived.
#[derive(Clone, Debug)]
pub struct Received {
    pub path: String,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Received {
    /// The header, by its name in lower case.
    pub fn header(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|(known, _)| known == name);
        found.map_or_else(|| panic!("no {name} in {:?}", self.headers), |(_, value)| value)
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    /// Whether the library of the standard signs it so, whatever the time is.
    pub fn is_signed(&self, secret: &str) -> bool {
        let Ok(timestamp) = self.header("webhook-timestamp").parse() else { return false };
        let library = Webhook::new(secret).unwrap();
        let wanted = library.sign(self.header("webhook-id"), timestamp, self.body.as_bytes()).unwrap();
        self.header("webhook-signature").split(' ').any(|sent| sent == wanted)
    }

    /// Whether it takes it now: the signature holds, and the timestamp is that of the machine.
    pub fn is_verified(&self, secret: &str) -> bool {
        let mut headers = HeaderMap::new();
        for (name, value) in &self.headers {
            headers.insert(HeaderName::try_from(name).unwrap(), HeaderValue::try_from(value).unwrap());
        }
        Webhook::new(secret).unwrap().verify(self.body.as_bytes(), &headers).is_ok()
    }

    /// Whether the few lines of Python that the reference shows take it.
    pub fn is_signed_for_python(&self, secret: &str) -> bool {
        let mut python = Command::new("python3")
            .args(["-c", &python_of_the_reference()])
            .args([
                secret,
                self.header("webhook-id"),
                self.header("webhook-timestamp"),
                self.header("webhook-signature"),
            ])
            .stdin(Stdio::piped())
            .spawn()
            .unwrap();
        python.stdin.take().unwrap().write_all(self.body.as_bytes()).unwrap();
        python.wait().unwrap().success()
    }
}

/// The function of the reference page, called with the arguments and standard input.
fn python_of_the_reference() -> String {
    let document = tradepost::web::routes::openapi().unwrap();
    let text = document["info"]["description"].as_str().unwrap().to_owned();
    let code = text.split("```python\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    let call = "import sys\nargs = sys.argv[1:]\nsys.exit(0 if verify(args[0], args[1], args[2], args[3], sys.stdin.buffer.read()) else 1)\n";
    format!("{code}\n{call}")
}

/// What it answers.
#[derive(Clone, Copy, Debug)]
pub enum Reply {
    /// The status and one header.
    Status(u16, &'static str),
    /// Nothing: the connection stays open.
    Nothing,
    /// The head and then a byte now and then.
    Drip,
}

pub struct Receiver {
    /// Its address.
    pub url: String,
    received: Arc<Mutex<Vec<Received>>>,
    replies: Arc<Mutex<VecDeque<Reply>>>,
    always: Arc<Mutex<Reply>>,
}

impl Receiver {
    pub fn start() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        let (received, replies) = (Arc::<Mutex<Vec<Received>>>::default(), Arc::<Mutex<VecDeque<Reply>>>::default());
        let always = Arc::new(Mutex::new(Reply::Status(204, "")));
        let (seen, next, otherwise) = (Arc::clone(&received), Arc::clone(&replies), Arc::clone(&always));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (seen, next, otherwise) = (Arc::clone(&seen), Arc::clone(&next), Arc::clone(&otherwise));
                std::thread::spawn(move || {
                    let Some(request) = read(&stream) else { return };
                    seen.lock().unwrap().push(request);
                    let reply = next.lock().unwrap().pop_front().unwrap_or(*otherwise.lock().unwrap());
                    answer(stream, reply);
                });
            }
        });
        Self { url, received, replies, always }
    }

    /// Answers the next requests so, and all others as before.
    pub fn then(&self, replies: &[Reply]) {
        self.replies.lock().unwrap().extend(replies);
    }

    /// Answers so from now on.
    pub fn always(&self, reply: Reply) {
        *self.always.lock().unwrap() = reply;
    }

    /// What arrived since the last time.
    pub fn take(&self) -> Vec<Received> {
        std::mem::take(&mut *self.received.lock().unwrap())
    }

    pub fn count(&self) -> usize {
        self.received.lock().unwrap().len()
    }
}

fn read(stream: &TcpStream) -> Option<Received> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let path = line.split(' ').nth(1)?.to_owned();
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(": ") else { break };
        headers.push((name.to_lowercase(), value.to_owned()));
    }
    let length = headers.iter().find(|(name, _)| name == "content-length")?.1.parse().ok()?;
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some(Received { path, headers, body: String::from_utf8(body).ok()? })
}

fn answer(mut stream: TcpStream, reply: Reply) {
    let head = |status: u16, header: &str, length: usize| {
        let header = if header.is_empty() { String::new() } else { format!("{header}\r\n") };
        format!("HTTP/1.1 {status} Said\r\n{header}content-length: {length}\r\nconnection: close\r\n\r\n")
    };
    match reply {
        Reply::Status(status @ (204 | 304), header) => drop(stream.write_all(head(status, header, 0).as_bytes())),
        Reply::Status(status, header) => {
            let body = format!("the answer {status}");
            drop(stream.write_all(format!("{}{body}", head(status, header, body.len())).as_bytes()));
        }
        // Longer than a delivery waits.
        Reply::Nothing => std::thread::sleep(std::time::Duration::from_secs(60)),
        Reply::Drip => {
            drop(stream.write_all(head(200, "", 1_000).as_bytes()));
            while stream.write_all(b".").is_ok() {
                // A byte now and then: never silent, never done.
                std::thread::sleep(std::time::Duration::from_millis(500));
            }
        }
    }
}
