//! Addresses that users type.

use std::net::IpAddr;

use url::{Host, Url};

use super::addresses::is_public;

/// The longest address, in bytes.
const MOST_BYTES: usize = 2_048;

/// An address that may be called, once its name was looked up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    url: Url,
}

/// Why an address is refused without looking its name up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UrlFault {
    /// It is no absolute URL with a host.
    Form,
    /// It is not https.
    Scheme,
    /// It has a user name or a password in it, or a fragment.
    Parts,
    /// It is longer than 2 048 bytes.
    Length,
    /// Its host is an address that is not public.
    NotPublic,
}

impl Target {
    /// The address as it is called.
    pub fn as_str(&self) -> &str {
        self.url.as_str()
    }

    /// Host and port: what is called at once no more than a few times.
    pub fn authority(&self) -> String {
        format!("{}:{}", self.url.host_str().unwrap_or_default(), self.url.port_or_known_default().unwrap_or(443))
    }
}

pub(super) fn read(text: &str, allows_private: bool) -> Result<Target, UrlFault> {
    if text.len() > MOST_BYTES {
        return Err(UrlFault::Length);
    }
    // The parser of browsers: it turns all the other ways to write an IPv4 address (2130706433, 0x7f.1, 0177.0.0.1) into the one.
    let url = Url::parse(text).map_err(|_| UrlFault::Form)?;
    match url.scheme() {
        "https" => {}
        "http" if allows_private => {}
        _ => return Err(UrlFault::Scheme),
    }
    if !url.username().is_empty() || url.password().is_some() || url.fragment().is_some() {
        return Err(UrlFault::Parts);
    }
    let literal = match url.host() {
        None => return Err(UrlFault::Form),
        Some(Host::Domain(_)) => None,
        Some(Host::Ipv4(address)) => Some(IpAddr::V4(address)),
        Some(Host::Ipv6(address)) => Some(IpAddr::V6(address)),
    };
    if !allows_private && literal.is_some_and(|address| !is_public(address)) {
        return Err(UrlFault::NotPublic);
    }
    Ok(Target { url })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(text: &str) -> Option<UrlFault> {
        read(text, false).err()
    }

    #[test]
    fn every_way_to_write_a_private_address_is_refused() {
        let hosts = "127.0.0.1 127.1 2130706433 0x7f000001 0x7f.0x0.0x0.0x1 0177.0.0.1 017700000001 127.0.0.1. 0 10.0.0.1 0xa9fea9fe 2852039166 \
            169.254.169.254 192.168.1.1 172.16.0.1 100.100.100.200 [::1] [::] [::ffff:127.0.0.1] [::ffff:7f00:1] [0:0:0:0:0:ffff:a9fe:a9fe] \
            [fd00:ec2::254] [fe80::1] [64:ff9b::7f00:1] [2002:7f00:1::] １２７.０.０.１ ①②⑦.0.0.1 %31%32%37.0.0.1";
        for host in hosts.split_whitespace() {
            for port in ["", ":8443"] {
                assert_eq!(fault(&format!("https://{host}{port}/hook")), Some(UrlFault::NotPublic), "{host}{port}");
            }
        }
        assert_eq!(fault("https://8.8.8.8/hook"), None);
        assert_eq!(fault("https://[2606:4700::1111]/hook"), None);
    }

    #[test]
    fn only_https_without_a_user_is_taken() {
        assert_eq!(fault("https://erp.example/hook?token=1"), None);
        assert_eq!(fault("http://erp.example/hook"), Some(UrlFault::Scheme));
        for text in ["ftp://erp.example", "file:///etc/passwd", "gopher://erp.example", "data:text/plain,x"] {
            assert_eq!(fault(text), Some(UrlFault::Scheme), "{text}");
        }
        for text in ["", "erp.example/hook", "/hook", "https://", "https://erp.example:99999/"] {
            assert_eq!(fault(text), Some(UrlFault::Form), "{text}");
        }
        for text in ["https://user@erp.example/", "https://a:b@erp.example/", "https://erp.example/#x"] {
            assert_eq!(fault(text), Some(UrlFault::Parts), "{text}");
        }
        assert_eq!(fault(&format!("https://erp.example/{}", "x".repeat(2_048))), Some(UrlFault::Length));
        // What would be another host for another parser is what this one reads, and this one is what is called.
        assert_eq!(fault("https://erp.example\\@127.0.0.1/"), None);
        assert_eq!(read("https://erp.example\\@127.0.0.1/", false).unwrap().authority(), "erp.example:443");
        assert_eq!(read("https://ERP.example./a b", false).unwrap().as_str(), "https://erp.example./a%20b");
    }

    #[test]
    fn development_may_call_itself() {
        assert_eq!(read("http://127.0.0.1:9000/hook", true).unwrap().authority(), "127.0.0.1:9000");
        assert_eq!(read("http://127.0.0.1:9000/hook", false), Err(UrlFault::Scheme));
    }
}
