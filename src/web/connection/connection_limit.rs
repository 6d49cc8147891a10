//! How many connections one address may have open at once, and a share of all that is kept for those who have few.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use crate::address::{ClientAddress, TrustedProxies};

/// A network with as many connections gets no more of the share that is kept for new clients: a browser opens six.
const FEW: u32 = 8;

/// Counts the open connections of each client network. Connections of trusted proxies are not counted: they carry many clients.
pub struct ConnectionLimit {
    /// Of one network; 0 is no cap.
    most: u32,
    /// Of all networks together, before the rest is kept for those with few; 0 is no cap.
    shared: u32,
    trusted: TrustedProxies,
    open: Mutex<Open>,
}

#[derive(Default)]
struct Open {
    of_network: HashMap<IpAddr, u32>,
    all: u32,
}

/// The right to one connection, given back at its end.
pub struct Permit {
    limit: Arc<ConnectionLimit>,
    counted: Option<IpAddr>,
}

impl ConnectionLimit {
    /// A limit of `most` connections from one network, and of `all` that the server takes; a fifth of these is kept for networks that have few.
    pub fn new(most: u32, all: usize, trusted: TrustedProxies) -> Arc<Self> {
        let shared = u32::try_from(all - all / 5).unwrap_or(u32::MAX);
        Arc::new(Self { most, shared, trusted, open: Mutex::default() })
    }

    /// A permit for a connection from the peer; `None` when its network has too many.
    pub fn acquire(self: &Arc<Self>, peer: IpAddr) -> Option<Permit> {
        let client = ClientAddress::new(peer);
        if (self.most == 0 && self.shared == 0) || self.trusted.trusts(client) {
            return Some(Permit { limit: Arc::clone(self), counted: None });
        }
        // By network and not by address: an IPv6 subscriber has more addresses than the server has sockets.
        let network = client.network();
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let is_full = self.shared > 0 && open.all >= self.shared;
        let count = open.of_network.get(&network).copied().unwrap_or(0);
        if (self.most > 0 && count >= self.most) || (is_full && count >= FEW) {
            return None;
        }
        open.of_network.insert(network, count + 1);
        open.all += 1;
        Some(Permit { limit: Arc::clone(self), counted: Some(network) })
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        let Some(network) = self.counted else { return };
        let mut open = self.limit.open.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(count) = open.of_network.get_mut(&network) else { return };
        *count -= 1;
        // Removed at nought: a scan from a million addresses must leave nothing behind.
        if *count == 0 {
            open.of_network.remove(&network);
        }
        open.all -= 1;
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
        let limit = ConnectionLimit::new(2, 0, TrustedProxies::default());
        let first = limit.acquire(peer("2001:db8::1"));
        let second = limit.acquire(peer("2001:db8::2"));
        assert!(first.is_some() && second.is_some());
        assert!(limit.acquire(peer("2001:db8::3")).is_none());
        assert!(limit.acquire(peer("2001:db8:0:1::3")).is_some());
        drop(first);
        assert!(limit.acquire(peer("2001:db8::3")).is_some());
        drop(second);
        let open = limit.open.lock().unwrap();
        assert!(open.of_network.is_empty() && open.all == 0, "what nobody has open is not remembered");
    }

    #[test]
    fn trusted_proxies_are_not_counted() {
        let limit = ConnectionLimit::new(1, 10, TrustedProxies::parse(["10.0.0.0/8"]).unwrap());
        let held: Vec<_> = (0..9).map(|_| limit.acquire(peer("10.1.2.3"))).collect();
        assert!(held.iter().all(Option::is_some));
        let open = ConnectionLimit::new(0, 0, TrustedProxies::default());
        let held: Vec<_> = (0..9).map(|_| open.acquire(peer("203.0.113.9"))).collect();
        assert!(held.iter().all(Option::is_some));
    }

    #[test]
    fn a_fifth_is_kept_for_networks_that_have_few() {
        let limit = ConnectionLimit::new(40, 100, TrustedProxies::default());
        let mut held: Vec<_> = (0..40).map(|_| limit.acquire(peer("203.0.113.1"))).collect();
        held.extend((0..40).map(|_| limit.acquire(peer("203.0.113.2"))));
        assert!(held.iter().all(Option::is_some));
        let few: Vec<_> = (0..10).map(|_| limit.acquire(peer("203.0.113.3"))).collect();
        assert_eq!(few.iter().filter(|permit| permit.is_some()).count(), FEW as usize);
        assert!(limit.acquire(peer("203.0.113.4")).is_some(), "who is new has a place");
        held.truncate(60);
        drop(few);
        let more: Vec<_> = (0..15).map(|_| limit.acquire(peer("203.0.113.3"))).collect();
        assert!(more.iter().all(Option::is_some), "there is room for everybody again");
    }
}
