//! How many connections one address may have open at once.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use crate::address::{ClientAddress, TrustedProxies};

/// Counts the open connections of each client network. Connections of trusted proxies are not counted: they carry many clients.
pub struct ConnectionLimit {
    /// 0 is no cap.
    most: u32,
    trusted: TrustedProxies,
    open: Mutex<HashMap<IpAddr, u32>>,
}

/// The right to one connection, given back at its end.
pub struct Permit {
    limit: Arc<ConnectionLimit>,
    counted: Option<IpAddr>,
}

impl ConnectionLimit {
    /// A limit of `most` connections from one network.
    pub fn new(most: u32, trusted: TrustedProxies) -> Arc<Self> {
        Arc::new(Self { most, trusted, open: Mutex::default() })
    }

    /// A permit for a connection from the peer; `None` when its network has too many.
    pub fn acquire(self: &Arc<Self>, peer: IpAddr) -> Option<Permit> {
        let client = ClientAddress::new(peer);
        if self.most == 0 || self.trusted.trusts(client) {
            return Some(Permit { limit: Arc::clone(self), counted: None });
        }
        // By network and not by address: an IPv6 subscriber has more addresses than the server has sockets.
        let network = client.network();
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let count = open.entry(network).or_default();
        if *count >= self.most {
            return None;
        }
        *count += 1;
        Some(Permit { limit: Arc::clone(self), counted: Some(network) })
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        let Some(network) = self.counted else { return };
        let mut open = self.limit.open.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(count) = open.get_mut(&network) else { return };
        *count -= 1;
        // Removed at nought: a scan from a million addresses must leave nothing behind.
        if *count == 0 {
            open.remove(&network);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn peer(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn a_permit_is_given_back_when_its_connection_ends() {
        let limit = ConnectionLimit::new(2, TrustedProxies::default());
        let first = limit.acquire(peer("2001:db8::1"));
        let second = limit.acquire(peer("2001:db8::2"));
        assert!(first.is_some() && second.is_some());
        assert!(limit.acquire(peer("2001:db8::3")).is_none());
        assert!(limit.acquire(peer("2001:db8:0:1::3")).is_some());
        drop(first);
        assert!(limit.acquire(peer("2001:db8::3")).is_some());
        drop(second);
        assert!(limit.open.lock().unwrap().is_empty(), "what nobody has open is not remembered");
    }

    #[test]
    fn trusted_proxies_are_not_counted() {
        let limit = ConnectionLimit::new(1, TrustedProxies::parse(["10.0.0.0/8"]).unwrap());
        let held: Vec<_> = (0..9).map(|_| limit.acquire(peer("10.1.2.3"))).collect();
        assert!(held.iter().all(Option::is_some));
        let open = ConnectionLimit::new(0, TrustedProxies::default());
        let held: Vec<_> = (0..9).map(|_| open.acquire(peer("203.0.113.9"))).collect();
        assert!(held.iter().all(Option::is_some));
    }
}
