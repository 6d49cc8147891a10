//! A connection as the server guards it: strangers can hold one open only as long as they move.
//!
//! The framework times the first head of a connection and the pause between requests, and nothing else. What it leaves open is
//! closed here, below HTTP: a further head that arrives byte by byte, a body that nobody reads any more, an answer that is not
//! taken. The body of a request that is being answered is not timed here but where it is read ([`super::body`]), so that its
//! sender learns why.

mod connection_limit;
mod line_ends;
mod plain_errors;

use std::cell::Cell;
use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll, Waker, ready};
use std::time::Duration;

use actix_web::rt::net::TcpStream;
use actix_web::rt::time::{Instant, Sleep, sleep_until};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::throughput::Throughput;
use line_ends::LineEnds;

pub use connection_limit::{ConnectionLimit, Permit};

/// Who is to move next on a connection, and whether the client is still there; shared by the connection and the requests that it carries.
#[derive(Clone)]
pub struct RequestTracker(Rc<State>);

struct State {
    turn: Cell<Turn>,
    /// Whether the client has closed its side.
    is_closed: Cell<bool>,
    /// The request that waits for that.
    waiter: Cell<Option<Waker>>,
}

#[derive(Clone, Copy)]
enum Turn {
    /// The client's, since then.
    Client(Instant),
    /// The server's: a request is being answered.
    Server,
}

/// A request that is being answered; the turn is the client's again when it ends in whatever way.
pub struct RequestInFlight(RequestTracker);

impl RequestTracker {
    fn new() -> Self {
        let turn = Cell::new(Turn::Client(Instant::now()));
        Self(Rc::new(State { turn, is_closed: Cell::new(false), waiter: Cell::new(None) }))
    }

    /// A request has arrived.
    pub fn begin(&self) -> RequestInFlight {
        self.0.turn.set(Turn::Server);
        RequestInFlight(self.clone())
    }

    /// Ends when the client closes its side of the connection. A client that does so and still waits for an answer cannot be told from one
    /// that has gone, so this is for work that is not worth doing for nobody.
    pub fn closed(&self) -> impl Future<Output = ()> + use<> {
        let state = Rc::clone(&self.0);
        poll_fn(move |cx| {
            if state.is_closed.get() {
                return Poll::Ready(());
            }
            state.waiter.set(Some(cx.waker().clone()));
            Poll::Pending
        })
    }

    fn close(&self) {
        self.0.is_closed.set(true);
        if let Some(waiter) = self.0.waiter.take() {
            waiter.wake();
        }
    }

    /// The client has as long again: it took something of an answer.
    fn renew(&self) {
        if let Turn::Client(_) = self.0.turn.get() {
            self.0.turn.set(Turn::Client(Instant::now()));
        }
    }
}

impl Drop for RequestInFlight {
    fn drop(&mut self) {
        self.0.0.turn.set(Turn::Client(Instant::now()));
    }
}

/// How long a client may take.
#[derive(Clone, Copy, Debug)]
pub struct ClientTimeouts {
    /// For a request, from the end of the answer before it; zero is for ever.
    pub request: Duration,
    /// For taking an answer.
    pub answer: Throughput,
}

/// A TCP connection with a client, guarded.
pub struct Connection {
    stream: TcpStream,
    timeouts: ClientTimeouts,
    tracker: RequestTracker,
    /// Since when an answer waits to be taken, and how much of it was taken since.
    waiting: Option<(Instant, u64)>,
    alarm: Option<Pin<Box<Sleep>>>,
    line_ends: LineEnds,
    site: Arc<str>,
    _permit: Permit,
}

impl Connection {
    /// Guards the stream; `site` is the address of the platform.
    pub fn new(stream: TcpStream, timeouts: ClientTimeouts, permit: Permit, site: Arc<str>) -> Self {
        let (tracker, line_ends) = (RequestTracker::new(), LineEnds::default());
        Self { stream, timeouts, tracker, waiting: None, alarm: None, line_ends, site, _permit: permit }
    }

    /// Tracks the requests of this connection.
    pub fn tracker(&self) -> RequestTracker {
        self.tracker.clone()
    }

    /// Until when the client has to move, if it is its turn.
    fn deadline(&self) -> Option<Instant> {
        if let Some((since, taken)) = self.waiting {
            return since.checked_add(self.timeouts.answer.allows(taken)?);
        }
        match self.tracker.0.turn.get() {
            Turn::Client(since) if !self.timeouts.request.is_zero() => since.checked_add(self.timeouts.request),
            _ => None,
        }
    }

    /// An error once the client is too late; otherwise wakes the task when it will be.
    fn poll_late(&mut self, cx: &mut Context<'_>) -> Poll<io::Error> {
        let Some(deadline) = self.deadline() else { return Poll::Pending };
        let alarm = self.alarm.get_or_insert_with(|| Box::pin(sleep_until(deadline)));
        if alarm.deadline() != deadline {
            alarm.as_mut().reset(deadline);
        }
        ready!(alarm.as_mut().poll(cx));
        Poll::Ready(io::Error::new(io::ErrorKind::TimedOut, "the client was too slow"))
    }

    fn record_taken(&mut self, taken: usize, offered: usize) {
        self.tracker.renew();
        // What the system takes at once is on its way; only a part that it leaves waits for the client.
        self.waiting = match self.waiting {
            Some((since, before)) if taken < offered => Some((since, before + taken as u64)),
            _ => None,
        };
    }
}

impl AsyncRead for Connection {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        if let Poll::Ready(late) = self.poll_late(cx) {
            return Poll::Ready(Err(late));
        }
        let (before, room) = (buf.filled().len(), buf.remaining());
        let read = ready!(Pin::new(&mut self.stream).poll_read(cx, buf));
        // A read of nothing into a buffer with room is the end that the client sent.
        if read.is_err() || (room > 0 && buf.filled().len() == before) {
            self.tracker.close();
        }
        self.line_ends.check(&mut buf.filled_mut()[before..]);
        Poll::Ready(read)
    }
}

impl Connection {
    fn poll_send(&mut self, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        match Pin::new(&mut self.stream).poll_write(cx, buf) {
            Poll::Ready(Ok(taken)) => {
                self.record_taken(taken, buf.len());
                Poll::Ready(Ok(taken))
            }
            Poll::Pending => {
                self.waiting.get_or_insert_with(|| (Instant::now(), 0));
                self.poll_late(cx).map(Err)
            }
            failed @ Poll::Ready(Err(_)) => failed,
        }
    }
}

impl AsyncWrite for Connection {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let Some(problem) = plain_errors::problem_in_place_of(buf, &self.site) else {
            return self.poll_send(cx, buf);
        };
        // It is about 1 KiB and the last that is written: what does not fit into the socket's buffer now would be for a client that
        // has not read the answers before it either, so it is not kept.
        ready!(self.poll_send(cx, &problem))?;
        Poll::Ready(Ok(buf.len()))
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
