//! A mail server on the loopback interface that speaks real SMTP and answers as a test tells it to.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Write};
use std::net::{IpAddr, Ipv4Addr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use mailin::{Handler, Response, Session, SessionBuilder, response};

/// What the server says to the next letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reply {
    /// It takes the letter.
    Take,
    /// It refuses the recipient with the code.
    RefuseRecipient(u16),
    /// It reads the whole letter and answers with the code.
    RefuseLetter(u16),
    /// It reads the whole letter and hangs up without a word.
    HangUp,
}

/// A letter as it came over the wire.
#[derive(Clone, Debug)]
pub struct Received {
    /// The envelope's sender.
    pub from: String,
    /// The envelope's recipients.
    pub to: Vec<String>,
    /// The message.
    pub raw: Vec<u8>,
    /// Whether the server said that it took it.
    pub taken: bool,
}

impl Received {
    /// The message, parsed.
    pub fn parsed(&self) -> mail_parser::Message<'_> {
        mail_parser::MessageParser::new().parse(&self.raw).unwrap()
    }

    /// The value of a header as it was sent, unfolded.
    pub fn header(&self, name: &str) -> Option<String> {
        let parsed = self.parsed();
        let raw = parsed.headers_raw().find(|(known, _)| known.eq_ignore_ascii_case(name))?.1.to_owned();
        Some(raw.split_whitespace().collect::<Vec<_>>().join(" "))
    }
}

#[derive(Default)]
struct Shared {
    letters: Mutex<Vec<Received>>,
    script: Mutex<VecDeque<Reply>>,
}

/// The server; its threads end with the test process or with the client's connections.
pub struct SmtpPeer {
    /// Where it listens.
    pub port: u16,
    shared: Arc<Shared>,
}

impl SmtpPeer {
    pub fn start() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let shared = Arc::new(Shared::default());
        let of_threads = Arc::clone(&shared);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let shared = Arc::clone(&of_threads);
                std::thread::spawn(move || converse(stream, shared));
            }
        });
        Self { port, shared }
    }

    /// What it says to the next letters, in order; after that it takes every letter.
    pub fn answer(&self, replies: &[Reply]) {
        self.shared.script.lock().unwrap().extend(replies);
    }

    /// Every letter that was offered in full, taken or not.
    pub fn letters(&self) -> Vec<Received> {
        self.shared.letters.lock().unwrap().clone()
    }
}

fn converse(stream: TcpStream, shared: Arc<Shared>) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let hung_up = Arc::new(Mutex::new(false));
    let handler = Conversation { shared, hung_up: Arc::clone(&hung_up), reply: Reply::Take, letter: empty() };
    let mut session: Session<Conversation> = SessionBuilder::new("mx.test").build(Ipv4Addr::LOCALHOST.into(), handler);
    if say(&stream, &session.greeting()).is_err() {
        return;
    }
    let mut line = Vec::new();
    while reader.read_until(b'\n', &mut line).is_ok_and(|read| read > 0) {
        let answer = session.process(&line);
        line.clear();
        if *hung_up.lock().unwrap() || say(&stream, &answer).is_err() || answer.action == response::Action::Close {
            drop(stream.shutdown(std::net::Shutdown::Both));
            return;
        }
    }
}

fn say(mut stream: &TcpStream, answer: &Response) -> std::io::Result<()> {
    stream.write_all(&answer.buffer()?)
}

fn empty() -> Received {
    Received { from: String::new(), to: Vec::new(), raw: Vec::new(), taken: false }
}

struct Conversation {
    shared: Arc<Shared>,
    hung_up: Arc<Mutex<bool>>,
    reply: Reply,
    letter: Received,
}

impl Handler for Conversation {
    fn mail(&mut self, _: IpAddr, _: &str, from: &str) -> Response {
        self.letter = Received { from: from.to_owned(), ..empty() };
        self.reply = self.shared.script.lock().unwrap().pop_front().unwrap_or(Reply::Take);
        response::OK
    }

    fn rcpt(&mut self, to: &str) -> Response {
        if let Reply::RefuseRecipient(code) = self.reply {
            return Response::custom(code, "not here".to_owned());
        }
        self.letter.to.push(to.to_owned());
        response::OK
    }

    fn data(&mut self, line: &[u8]) -> std::io::Result<()> {
        self.letter.raw.extend_from_slice(line);
        Ok(())
    }

    fn data_end(&mut self) -> Response {
        let mut letter = std::mem::replace(&mut self.letter, empty());
        letter.taken = self.reply == Reply::Take;
        self.shared.letters.lock().unwrap().push(letter);
        match self.reply {
            Reply::RefuseLetter(code) => Response::custom(code, "not now".to_owned()),
            Reply::HangUp => {
                *self.hung_up.lock().unwrap() = true;
                response::OK
            }
            Reply::Take | Reply::RefuseRecipient(_) => response::OK,
        }
    }
}
