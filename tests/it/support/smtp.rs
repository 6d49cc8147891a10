//! A mail server on the loopback interface that speaks real SMTP and answers as a test tells it to.

use std::collections::{HashMap, VecDeque};
use std::io::{BufRead, BufReader, Write};
use std::net::{IpAddr, Ipv4Addr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use mailin::{Handler, Response, Session, SessionBuilder, response};

/// What the server says to the next e-mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reply {
    /// It takes the e-mail.
    Take,
    /// It refuses the recipient with the code.
    RefuseRecipient(u16),
    /// It refuses the recipient with the code, and says that it is the sender's policy that it does not like.
    RefuseByPolicy(u16),
    /// It reads the whole e-mail and answers with the code.
    RefuseLetter(u16),
    /// It reads the whole e-mail and hangs up without a word.
    HangUp,
    /// It reads a part of the e-mail and hangs up.
    HangUpEarly,
    /// It reads the whole e-mail, keeps it, and hangs up before it says so.
    TakeAndHangUp,
    /// It reads the whole e-mail and then says nothing for so long.
    Silence(Duration),
}

/// An e-mail as it came over the wire.
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
    emails: Mutex<Vec<Received>>,
    script: Mutex<VecDeque<Reply>>,
    refused: Mutex<HashMap<String, u16>>,
    slowest_ms: AtomicU64,
    is_closed: AtomicBool,
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
                if of_threads.is_closed.load(Ordering::SeqCst) {
                    continue;
                }
                let shared = Arc::clone(&of_threads);
                std::thread::spawn(move || converse(stream, shared));
            }
        });
        Self { port, shared }
    }

    /// What it says to the next e-mails, in order; after that it takes every e-mail.
    pub fn answer(&self, replies: &[Reply]) {
        self.shared.script.lock().unwrap().extend(replies);
    }

    /// From now on the address is refused with the code, whatever else it says.
    pub fn refuse(&self, address: &str, code: u16) {
        self.shared.refused.lock().unwrap().insert(address.to_owned(), code);
    }

    /// From now on it takes up to so long, by chance, to take an e-mail.
    pub fn take_slowly(&self, most: Duration) {
        self.shared.slowest_ms.store(u64::try_from(most.as_millis()).unwrap(), Ordering::SeqCst);
    }

    /// From now on it hangs up on everybody who calls and in every conversation that goes on.
    pub fn close(&self) {
        self.shared.is_closed.store(true, Ordering::SeqCst);
    }

    /// Takes calls again after [`SmtpPeer::close`].
    pub fn reopen(&self) {
        self.shared.is_closed.store(false, Ordering::SeqCst);
    }

    /// Every e-mail that was offered in full, taken or not.
    pub fn emails(&self) -> Vec<Received> {
        self.shared.emails.lock().unwrap().clone()
    }
}

fn converse(stream: TcpStream, shared: Arc<Shared>) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let hung_up = Arc::new(Mutex::new(false));
    let of_handler = Arc::clone(&shared);
    let handler =
        Conversation { shared: of_handler, hung_up: Arc::clone(&hung_up), reply: Reply::Take, email: empty() };
    let mut session: Session<Conversation> = SessionBuilder::new("mx.test").build(Ipv4Addr::LOCALHOST.into(), handler);
    if say(&stream, &session.greeting()).is_err() {
        return;
    }
    let mut line = Vec::new();
    while reader.read_until(b'\n', &mut line).is_ok_and(|read| read > 0) {
        let answer = session.process(&line);
        line.clear();
        let is_over = *hung_up.lock().unwrap() || shared.is_closed.load(Ordering::SeqCst);
        if is_over || say(&stream, &answer).is_err() || answer.action == response::Action::Close {
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
    email: Received,
}

impl Handler for Conversation {
    fn mail(&mut self, _: IpAddr, _: &str, from: &str) -> Response {
        self.email = Received { from: from.to_owned(), ..empty() };
        self.reply = self.shared.script.lock().unwrap().pop_front().unwrap_or(Reply::Take);
        response::OK
    }

    fn rcpt(&mut self, to: &str) -> Response {
        let known = self.shared.refused.lock().unwrap().get(to).copied();
        let refusal = match (known, self.reply) {
            (Some(code), _) | (None, Reply::RefuseRecipient(code)) => Some((code, format!("{to} is not here"))),
            (None, Reply::RefuseByPolicy(code)) => Some((code, "5.7.1 not from you".to_owned())),
            _ => None,
        };
        if let Some((code, words)) = refusal {
            return Response::custom(code, words);
        }
        self.email.to.push(to.to_owned());
        response::OK
    }

    fn data(&mut self, line: &[u8]) -> std::io::Result<()> {
        if self.reply == Reply::HangUpEarly {
            *self.hung_up.lock().unwrap() = true;
        }
        self.email.raw.extend_from_slice(line);
        Ok(())
    }

    fn data_end(&mut self) -> Response {
        let mut email = std::mem::replace(&mut self.email, empty());
        email.taken = matches!(self.reply, Reply::Take | Reply::TakeAndHangUp);
        let slowest = self.shared.slowest_ms.load(Ordering::SeqCst);
        if slowest > 0 {
            std::thread::sleep(Duration::from_millis(rand::random_range(0..=slowest)));
        }
        self.shared.emails.lock().unwrap().push(email);
        if let Reply::Silence(time) = self.reply {
            std::thread::sleep(time);
        }
        match self.reply {
            Reply::RefuseLetter(code) => Response::custom(code, "not now".to_owned()),
            Reply::HangUp | Reply::HangUpEarly | Reply::TakeAndHangUp | Reply::Silence(_) => {
                *self.hung_up.lock().unwrap() = true;
                response::OK
            }
            Reply::Take | Reply::RefuseRecipient(_) | Reply::RefuseByPolicy(_) => response::OK,
        }
    }
}
