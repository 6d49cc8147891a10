//! Looking names up: every address is checked, and those that were checked are those that are connected to.

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;
use ureq::{Error, Timeout};

use super::addresses::is_public;
use super::target::Target;

/// So many addresses of a name are looked at; a connection is tried to each.
const MOST_ADDRESSES: usize = 16;
/// How long looking a name up by itself may take.
const PATIENCE: Duration = Duration::from_secs(5);

type Table = Box<dyn Fn(&str) -> Vec<IpAddr> + Send + Sync>;

/// The machine's resolver, or the table of a test.
#[derive(Default)]
pub(super) struct Lookup {
    machine: DefaultResolver,
    table: RwLock<Option<Table>>,
}

impl fmt::Debug for Lookup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Lookup")
    }
}

/// A name has an address that is not public.
#[derive(Debug)]
pub(super) struct NotPublic;

impl fmt::Display for NotPublic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name has an address that is not public")
    }
}

impl std::error::Error for NotPublic {}

impl Lookup {
    pub(super) fn replace(&self, table: Table) {
        *self.table.write().unwrap_or_else(PoisonError::into_inner) = Some(table);
    }

    /// The addresses of a target, all of them checked.
    pub(super) fn addresses(
        &self,
        target: &Target,
        config: &Config,
        allows_private: bool,
    ) -> Result<ResolvedSocketAddrs, Error> {
        let uri: Uri = target.as_str().parse().map_err(|_| Error::HostNotFound)?;
        let timeout = NextTimeout { after: PATIENCE.into(), reason: Timeout::Resolve, per_read: None, per_write: None };
        self.checked(&uri, config, timeout, allows_private)
    }

    fn checked(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
        allows_private: bool,
    ) -> Result<ResolvedSocketAddrs, Error> {
        let found = match self.answer_of_table(uri) {
            Some(found) => found,
            None => self.machine.resolve(uri, config, timeout).map_err(|error| match error {
                // The machine's words for a name that does not exist.
                Error::Io(_) => Error::HostNotFound,
                other => other,
            })?,
        };
        // All of them and not only the first: who answers with a public and a private one hopes that the second is tried.
        if !allows_private && found.iter().any(|address| !is_public(address.ip())) {
            return Err(Error::Other(Box::new(NotPublic)));
        }
        if found.is_empty() { Err(Error::HostNotFound) } else { Ok(found) }
    }

    /// Literal addresses are what they are; the table knows names.
    fn answer_of_table(&self, uri: &Uri) -> Option<ResolvedSocketAddrs> {
        let table = self.table.read().unwrap_or_else(PoisonError::into_inner);
        let (table, host) = (table.as_ref()?, uri.host()?);
        if host.trim_matches(['[', ']']).parse::<IpAddr>().is_ok() {
            return None;
        }
        let port = uri.port_u16().unwrap_or(if uri.scheme_str() == Some("http") { 80 } else { 443 });
        let mut found = self.machine.empty();
        table(host).into_iter().take(MOST_ADDRESSES).for_each(|ip| found.push(SocketAddr::new(ip, port)));
        Some(found)
    }
}

/// The resolver of the client: it answers only with addresses that may be connected to.
#[derive(Debug)]
pub(super) struct CheckedResolver {
    lookup: Arc<Lookup>,
    allows_private: bool,
}

impl CheckedResolver {
    pub(super) fn new(lookup: Arc<Lookup>, allows_private: bool) -> Self {
        Self { lookup, allows_private }
    }
}

impl Resolver for CheckedResolver {
    fn resolve(&self, uri: &Uri, config: &Config, timeout: NextTimeout) -> Result<ResolvedSocketAddrs, Error> {
        self.lookup.checked(uri, config, timeout, self.allows_private)
    }
}
