//! A connection to the server without an HTTP client: what a stranger may send who keeps to no rule.

use std::io::{ErrorKind, Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpStream};
use std::time::Duration;

use socket2::{Domain, Socket, Type};

use super::client::Answer;

/// How long an answer is waited for.
const PATIENCE: Duration = Duration::from_secs(40);

/// One connection, and what came back on it and was not looked at yet.
pub struct Wire {
    stream: TcpStream,
    read: Vec<u8>,
}

impl Wire {
    /// Connects to the server at `base` (`http://127.0.0.1:PORT`).
    pub fn to(base: &str) -> Self {
        let address = base.strip_prefix("http://").unwrap();
        Self::over(TcpStream::connect(address).unwrap())
    }

    /// Connects from an address of the loopback network, with so small a buffer that nothing is taken that is not read.
    pub fn from(own: Ipv4Addr, base: &str) -> Self {
        let server: SocketAddr = base.strip_prefix("http://").unwrap().parse().unwrap();
        let socket = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
        socket.bind(&SocketAddr::from((own, 0)).into()).unwrap();
        socket.set_recv_buffer_size(4_096).unwrap();
        socket.connect(&server.into()).unwrap();
        Self::over(socket.into())
    }

    fn over(stream: TcpStream) -> Self {
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.set_write_timeout(Some(PATIENCE)).unwrap();
        stream.set_nodelay(true).unwrap();
        Self { stream, read: Vec::new() }
    }

    /// Sends the bytes; whether the server took them.
    pub fn send(&mut self, bytes: impl AsRef<[u8]>) -> bool {
        self.stream.write_all(bytes.as_ref()).is_ok()
    }

    /// Says that nothing more will come.
    pub fn end(&self) {
        drop(self.stream.shutdown(Shutdown::Write));
    }

    /// Whether the server has closed the connection; never waits. What it sent before is kept.
    pub fn is_closed(&mut self) -> bool {
        self.stream.set_nonblocking(true).unwrap();
        let closed = loop {
            match self.take() {
                Ok(0) => break true,
                Ok(_) => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => break false,
                Err(_) => break true,
            }
        };
        self.stream.set_nonblocking(false).unwrap();
        closed
    }

    /// All that comes until the server closes the connection; panics when it does not.
    pub fn rest(mut self) -> Vec<u8> {
        loop {
            match self.take() {
                Ok(0) => return self.read,
                Ok(_) => {}
                Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
                    panic!("the server keeps the connection open: {}", String::from_utf8_lossy(&self.read))
                }
                Err(_) => return self.read,
            }
        }
    }

    /// The next answer; `None` when the connection was closed before one was whole.
    pub fn answer(&mut self) -> Option<Answer> {
        loop {
            if let Some((answer, length)) = parse(&self.read) {
                self.read.drain(..length);
                return Some(answer);
            }
            match self.take() {
                Ok(0) | Err(_) => return None,
                Ok(_) => {}
            }
        }
    }

    fn take(&mut self) -> std::io::Result<usize> {
        let mut part = [0; 8_192];
        let taken = self.stream.read(&mut part)?;
        self.read.extend_from_slice(&part[..taken]);
        Ok(taken)
    }
}

/// All answers in the bytes, whole ones only.
pub fn answers(mut bytes: &[u8]) -> Vec<Answer> {
    let mut all = Vec::new();
    while let Some((answer, length)) = parse(bytes) {
        all.push(answer);
        bytes = &bytes[length..];
    }
    all
}

/// The answer that the bytes begin with, and how many of them it is.
fn parse(bytes: &[u8]) -> Option<(Answer, usize)> {
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n")? + 4;
    let head = String::from_utf8_lossy(&bytes[..end]);
    let mut lines = head.lines();
    let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
    let headers = lines.filter_map(|line| line.split_once(": "));
    let headers: Vec<_> = headers.map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned())).collect();
    let mut answer = Answer { status, headers, body: String::new(), bytes: Vec::new() };
    let rest = &bytes[end..];
    let (body, length) = if answer.header("transfer-encoding") == Some("chunked") {
        dechunked(rest)?
    } else {
        let length = answer.header("content-length").map_or(0, |length| length.parse().unwrap());
        (rest.get(..length)?.to_vec(), length)
    };
    answer.body = String::from_utf8_lossy(&body).into_owned();
    Some((answer, end + length))
}

fn dechunked(bytes: &[u8]) -> Option<(Vec<u8>, usize)> {
    let (mut body, mut at) = (Vec::new(), 0);
    loop {
        let line = bytes[at..].windows(2).position(|two| two == b"\r\n")?;
        let size = usize::from_str_radix(std::str::from_utf8(&bytes[at..at + line]).ok()?, 16).ok()?;
        at += line + 2;
        body.extend_from_slice(bytes.get(at..at + size)?);
        at += size + 2;
        if size == 0 {
            return (at <= bytes.len()).then_some((body, at));
        }
    }
}
