//! HTTP calls to addresses that users name: to public addresses only, over https, without following redirects, and bounded in time and size.
//!
//! A name is looked up at every call, all its addresses are checked, and the connection is made to one of those that were checked: what the
//! name says a moment later changes nothing. Nothing of the machine's environment (a proxy) comes between.

mod addresses;
mod resolver;
mod target;

pub use addresses::is_public;
pub use target::{Target, UrlFault};

use std::io::Read;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use ureq::Agent;
use ureq::unversioned::transport::DefaultConnector;

use self::resolver::{CheckedResolver, Lookup, NotPublic};

/// How long one call takes at most, and how long of it the connection.
const TOTAL: Duration = Duration::from_secs(15);
const CONNECT: Duration = Duration::from_secs(5);
/// So many bytes of an answer are read.
const READ_BYTES: u64 = 64 << 10;

/// Makes the calls; shared by all threads.
pub struct Outbound {
    agent: Agent,
    lookup: Arc<Lookup>,
    allows_private: bool,
}

/// What a server answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// The status.
    pub status: u16,
    /// The header `Retry-After` as it was sent.
    pub retry_after: Option<String>,
    /// The beginning of the body, as text.
    pub body: String,
}

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallFault {
    /// The name has an address that is not public.
    NotPublic,
    /// The name has no address.
    NoAddress,
    /// Nobody takes the connection, or it broke.
    Connection,
    /// No TLS that can be trusted.
    Tls,
    /// Not done in time.
    Timeout,
}

impl Outbound {
    /// A client; `allows_private` lets it go to private addresses and over plain http, for development.
    pub fn new(allows_private: bool) -> Self {
        let lookup = Arc::new(Lookup::default());
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .https_only(!allows_private)
            // A proxy of the environment would look names up by itself.
            .proxy(None)
            // An idle connection would spare the next call its check.
            .max_idle_connections(0)
            .timeout_global(Some(TOTAL))
            .timeout_resolve(Some(CONNECT))
            .timeout_connect(Some(CONNECT))
            .user_agent("Tradepost")
            .build();
        let resolver = CheckedResolver::new(Arc::clone(&lookup), allows_private);
        Self { agent: Agent::with_parts(config, DefaultConnector::default(), resolver), lookup, allows_private }
    }

    /// Answers names from a table in place of the machine's resolver, for tests.
    pub fn resolve_with(&self, table: impl Fn(&str) -> Vec<IpAddr> + Send + Sync + 'static) {
        self.lookup.replace(Box::new(table));
    }

    /// Reads an address that a user typed.
    ///
    /// # Errors
    /// What is wrong with it, without looking its name up.
    pub fn target(&self, text: &str) -> Result<Target, UrlFault> {
        target::read(text, self.allows_private)
    }

    /// Looks the name of a target up, as a call would.
    ///
    /// # Errors
    /// `NotPublic` and `NoAddress`.
    pub fn check(&self, target: &Target) -> Result<(), CallFault> {
        self.lookup.addresses(target, self.agent.config(), self.allows_private).map(drop).map_err(|error| fault(&error))
    }

    /// Posts a JSON body with further headers.
    ///
    /// # Errors
    /// Why there is no answer; any status is an answer.
    pub fn post_json(&self, target: &Target, headers: &[(&str, &str)], body: &str) -> Result<Reply, CallFault> {
        let mut request = self.agent.post(target.as_str()).header("content-type", "application/json");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut response = request.send(body).map_err(|error| fault(&error))?;
        let header = response.headers().get("retry-after").and_then(|value| value.to_str().ok());
        let (status, retry_after) = (response.status().as_u16(), header.map(str::to_owned));
        let mut read = Vec::new();
        // What arrived before a fault is all that anybody looks at.
        let _ = response.body_mut().as_reader().take(READ_BYTES).read_to_end(&mut read);
        Ok(Reply { status, retry_after, body: String::from_utf8_lossy(&read).into_owned() })
    }
}

fn fault(error: &ureq::Error) -> CallFault {
    match error {
        ureq::Error::Other(other) if other.is::<NotPublic>() => CallFault::NotPublic,
        ureq::Error::HostNotFound => CallFault::NoAddress,
        ureq::Error::Timeout(_) => CallFault::Timeout,
        ureq::Error::Tls(_) | ureq::Error::Rustls(_) | ureq::Error::TlsRequired => CallFault::Tls,
        // rustls reports a certificate that it does not trust through the stream.
        ureq::Error::Io(error) if error.kind() == std::io::ErrorKind::InvalidData => CallFault::Tls,
        _ => CallFault::Connection,
    }
}
