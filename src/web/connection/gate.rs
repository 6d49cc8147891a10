//! How many connections one address may have open at once.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use crate::address::{ClientAddress, TrustedProxies};

/// Counts the open connections of each client network. Connections of trusted proxies are not counted: they carry many clients.
pub struct Gate {
    /// 0 is no cap.
    most: u32,
    trusted: TrustedProxies,
    open: Mutex<HashMap<IpAddr, u32>>,
}

/// The right to one connection, given back at its end.
pub struct Pass {
    gate: Arc<Gate>,
    counted: Option<IpAddr>,
}

impl Gate {
    /// A gate that lets `most` connections in from one network.
    pub fn new(most: u32, trusted: TrustedProxies) -> Arc<Self> {
        Arc::new(Self { most, trusted, open: Mutex::default() })
    }

    /// A pass for a connection from the peer; `None` when its network has too many.
    pub fn enter(self: &Arc<Self>, peer: IpAddr) -> Option<Pass> {
        let client = ClientAddress::new(peer);
        if self.most == 0 || self.trusted.trusts(client) {
            return Some(Pass { gate: Arc::clone(self), counted: None });
        }
        let network = client.network();
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let count = open.entry(network).or_default();
        if *count >= self.most {
            return None;
        }
        *count += 1;
        Some(Pass { gate: Arc::clone(self), counted: Some(network) })
    }
}

impl Drop for Pass {
    fn drop(&mut self) {
        let Some(network) = self.counted else { return };
        let mut open = self.gate.open.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(count) = open.get_mut(&network) else { return };
        *count -= 1;
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
    fn a_network_gets_so_many_and_again_when_one_ends() {
        let gate = Gate::new(2, TrustedProxies::default());
        let first = gate.enter(peer("2001:db8::1"));
        let second = gate.enter(peer("2001:db8::2"));
        assert!(first.is_some() && second.is_some());
        assert!(gate.enter(peer("2001:db8::3")).is_none());
        assert!(gate.enter(peer("2001:db8:0:1::3")).is_some());
        drop(first);
        assert!(gate.enter(peer("2001:db8::3")).is_some());
        drop(second);
        assert!(gate.open.lock().unwrap().is_empty(), "what nobody has open is not remembered");
    }

    #[test]
    fn proxies_and_a_gate_without_a_cap_are_not_counted() {
        let gate = Gate::new(1, TrustedProxies::parse(["10.0.0.0/8"]).unwrap());
        let held: Vec<_> = (0..9).map(|_| gate.enter(peer("10.1.2.3"))).collect();
        assert!(held.iter().all(Option::is_some));
        let open = Gate::new(0, TrustedProxies::default());
        let held: Vec<_> = (0..9).map(|_| open.enter(peer("203.0.113.9"))).collect();
        assert!(held.iter().all(Option::is_some));
    }
}
