//! The network address of a client: the peer of the connection, or the one that trusted proxies say it is.
//!
//! Only a proxy named in `[server].trusted_proxies` is believed. Each proxy appends the address that called it to
//! `X-Forwarded-For`, so the header is read from its right end: what a client writes into it stands further left than the first
//! address that no trusted proxy vouches for, and is never reached.

use std::net::{IpAddr, Ipv6Addr};

use ipnet::IpNet;
use serde::{Deserialize, Deserializer, de};

/// Where a request comes from. IPv4 written as IPv6 (`::ffff:192.0.2.1`) is IPv4.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ClientAddress(IpAddr);

impl ClientAddress {
    /// The address as the connection says it.
    pub fn new(address: IpAddr) -> Self {
        Self(address.to_canonical())
    }

    /// The address itself, for logs and records.
    pub fn ip(self) -> IpAddr {
        self.0
    }

    /// What limits count: an IPv4 address, or the /64 of an IPv6 address, which one customer has to itself (RFC 6177).
    pub fn network(self) -> IpAddr {
        match self.0 {
            IpAddr::V4(_) => self.0,
            IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << 64))),
        }
    }
}

/// The proxies that are believed, as networks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrustedProxies(Vec<IpNet>);

impl TrustedProxies {
    /// The networks of a list like `10.0.0.0/8, 2001:db8::7`; names the first entry that is none.
    pub fn parse<'t>(entries: impl IntoIterator<Item = &'t str>) -> Result<Self, String> {
        let entries = entries.into_iter().map(str::trim).filter(|entry| !entry.is_empty());
        entries.map(parse_network).collect::<Result<_, _>>().map(Self)
    }

    /// Whether the address is one of them.
    pub fn trusts(&self, address: ClientAddress) -> bool {
        self.0.iter().any(|network| network.contains(&address.0))
    }

    /// The client behind `peer`, given the values of `X-Forwarded-For` in the order in which they were sent.
    pub fn client_of<'h>(&self, peer: IpAddr, forwarded: impl DoubleEndedIterator<Item = &'h str>) -> ClientAddress {
        let mut client = ClientAddress::new(peer);
        for hop in forwarded.rev().flat_map(|value| value.rsplit(',')) {
            if !self.trusts(client) {
                break;
            }
            // A proxy that says "unknown" leaves us with the last address that somebody vouched for.
            let Some(named) = parse_hop(hop.trim()) else { break };
            client = named;
        }
        client
    }
}

fn parse_network(entry: &str) -> Result<IpNet, String> {
    let network = entry.parse().or_else(|_| entry.parse::<IpAddr>().map(IpNet::from));
    network.map_err(|_| format!("{entry:?} is no address and no network like 10.0.0.0/8"))
}

/// `192.0.2.1`, `192.0.2.1:4711`, `2001:db8::1`, `[2001:db8::1]`, `[2001:db8::1]:4711`.
fn parse_hop(hop: &str) -> Option<ClientAddress> {
    let bare = || hop.strip_prefix('[')?.strip_suffix(']')?.parse().ok().map(IpAddr::V6);
    let with_port = || hop.parse::<std::net::SocketAddr>().ok().map(|socket| socket.ip());
    hop.parse().ok().or_else(bare).or_else(with_port).map(ClientAddress::new)
}

/// A list, or one text with commas as an environment variable holds it.
#[derive(Deserialize)]
#[serde(untagged)]
enum Entries {
    List(Vec<String>),
    Text(String),
}

impl<'de> Deserialize<'de> for TrustedProxies {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let parsed = match Entries::deserialize(deserializer)? {
            Entries::List(entries) => Self::parse(entries.iter().map(String::as_str)),
            Entries::Text(text) => Self::parse(text.split(',')),
        };
        parsed.map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(trusted: &str, peer: &str, forwarded: &[&str]) -> String {
        let trusted = TrustedProxies::parse(trusted.split(',')).unwrap();
        trusted.client_of(peer.parse().unwrap(), forwarded.iter().copied()).ip().to_string()
    }

    const CLIENT: &str = "203.0.113.9";
    /// What a client sends to be taken for somebody else.
    const FORGED: &[&[&str]] = &[
        &[],
        &["198.51.100.1"],
        &["127.0.0.1"],
        &["10.0.0.1"],
        &["198.51.100.1, 10.0.0.1"],
        &["198.51.100.1", "10.0.0.1, 10.0.0.2"],
        &["unknown"],
        &[""],
        &[",,,"],
        &["\"203.0.113.200\""],
        &["203.0.113.9.example.org"],
        &["::1"],
    ];

    /// The header as it arrives after each proxy has appended the address that called it.
    fn after(forged: &[&str], callers: &[&str]) -> Vec<String> {
        let mut values: Vec<String> = forged.iter().map(|value| (*value).to_owned()).collect();
        for caller in callers {
            match values.last_mut() {
                Some(last) => last.push_str(&format!(", {caller}")),
                None => values.push((*caller).to_owned()),
            }
        }
        values
    }

    #[test]
    fn no_header_makes_a_client_somebody_else() {
        for forged in FORGED {
            for (trusted, peer, callers) in [
                ("", CLIENT, &[][..]),
                ("10.0.0.0/8", CLIENT, &[]),
                ("10.0.0.0/8", "10.0.0.1", &[CLIENT]),
                ("10.0.0.1,192.0.2.0/24", "192.0.2.7", &[CLIENT, "10.0.0.1"]),
            ] {
                let values = after(forged, callers);
                let values: Vec<&str> = values.iter().map(String::as_str).collect();
                assert_eq!(client(trusted, peer, &values), CLIENT, "{forged:?} through {callers:?}");
            }
        }
    }

    #[test]
    fn an_untrusted_proxy_is_the_client() {
        assert_eq!(client("10.0.0.1", "10.0.0.2", &[CLIENT]), "10.0.0.2");
        assert_eq!(client("10.0.0.1", "10.0.0.1", &["198.51.100.1, 10.0.0.2"]), "10.0.0.2", "only the second is known");
    }

    #[test]
    fn what_is_no_address_ends_the_walk() {
        assert_eq!(client("10.0.0.0/8", "10.0.0.1", &["203.0.113.9, unknown"]), "10.0.0.1");
        assert_eq!(client("10.0.0.0/8", "10.0.0.1", &["203.0.113.9, _hidden, 10.0.0.3"]), "10.0.0.3");
        assert_eq!(client("10.0.0.0/8", "10.0.0.1", &["10.0.0.9"]), "10.0.0.9", "a client within the trusted network");
    }

    #[test]
    fn addresses_are_read_in_every_usual_form() {
        for (hop, read) in [
            ("203.0.113.9:4711", "203.0.113.9"),
            ("2001:db8::9", "2001:db8::9"),
            ("[2001:db8::9]", "2001:db8::9"),
            ("[2001:db8::9]:4711", "2001:db8::9"),
            ("::ffff:203.0.113.9", "203.0.113.9"),
        ] {
            assert_eq!(client("::1", "::1", &[hop]), read, "{hop}");
        }
        assert_eq!(client("10.0.0.0/8", "::ffff:10.1.2.3", &[CLIENT]), CLIENT, "a proxy on a socket of both families");
    }

    #[test]
    fn an_ipv6_customer_is_one_network() {
        let network = |text: &str| ClientAddress::new(text.parse().unwrap()).network().to_string();
        assert_eq!(network("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::");
        assert_eq!(network("2001:db8:1:2::1"), network("2001:db8:1:2:ffff:ffff:ffff:ffff"));
        assert_ne!(network("2001:db8:1:2::1"), network("2001:db8:1:3::1"));
        assert_eq!(network("192.0.2.77"), "192.0.2.77");
        assert_eq!(network("::ffff:192.0.2.77"), "192.0.2.77");
    }

    #[test]
    fn a_wrong_network_is_named() {
        assert!(TrustedProxies::parse(["10.0.0.0/8", " ", "::1"]).is_ok());
        for wrong in ["10.0.0.0/33", "proxy.example", "10.0.0"] {
            assert!(TrustedProxies::parse([wrong]).unwrap_err().contains(wrong));
        }
    }
}
