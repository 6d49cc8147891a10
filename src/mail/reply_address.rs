//! The address that an e-mail of a conversation is answered to: it names the conversation and the person, and only this platform can make it.
//!
//! `reply+thr_0cnb….usr_0cna….3f2a…@example.com`: small letters, digits and points, for mail servers pass on nothing else as it is, and at most
//! 64 characters before the `@` (RFC 5321, 4.5.3.1.1).

use crate::config::Inbound;
use crate::ids::{ThreadId, UserId};
use crate::secrets::{Purpose, Secrets};

/// The address for a person's replies in a thread; none where replies are not taken in.
pub fn reply_address(inbound: &Inbound, secrets: &Secrets, thread: ThreadId, person: UserId) -> Option<String> {
    let (local, domain) = inbound.parts()?;
    let payload = payload(thread, person);
    let tag = secrets.short_tag(Purpose::Reply, &payload);
    Some(format!("{local}+{payload}.{tag}@{domain}"))
}

/// The thread and the person of an address that this platform made.
pub fn read_reply_address(inbound: &Inbound, secrets: &Secrets, address: &str) -> Option<(ThreadId, UserId)> {
    let (local, domain) = inbound.parts()?;
    let address = address.trim().to_ascii_lowercase();
    let (named, at) = address.rsplit_once('@')?;
    let signed = named.strip_prefix(&local.to_ascii_lowercase())?.strip_prefix('+')?;
    let (payload, tag) = signed.rsplit_once('.')?;
    if at != domain.to_ascii_lowercase() || !secrets.is_short_tag(Purpose::Reply, payload, tag) {
        return None;
    }
    let (thread, person) = payload.split_once('.')?;
    Some((thread.parse().ok()?, person.parse().ok()?))
}

fn payload(thread: ThreadId, person: UserId) -> String {
    format!("{thread}.{person}")
}

/// The thread that an event of an e-mail is of: `thread thr_…`, or that and the message.
pub fn thread_of(event: &str) -> Option<ThreadId> {
    event.strip_prefix("thread ")?.split(' ').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_address_of_our_own_is_read_back() {
        let secrets = Secrets::new(&"a".repeat(32), "").unwrap();
        let inbound = Inbound { address: "reply@Mail.example".to_owned(), ..Inbound::default() };
        let (thread, person) = (ThreadId(7_001_234_567_890), UserId(7_009_876_543_210));
        let address = reply_address(&inbound, &secrets, thread, person).unwrap();
        assert!(address.split('@').next().unwrap().len() <= 64, "{address}");
        let read = |address: &str| read_reply_address(&inbound, &secrets, address);
        for good in [address.clone(), address.to_uppercase(), format!(" {address} ")] {
            assert_eq!(read(&good), Some((thread, person)), "{good}");
        }
        let other = reply_address(&inbound, &secrets, ThreadId(thread.0 + 1), person).unwrap();
        let tag = |address: &str| address.split('@').next().unwrap().rsplit('.').next().unwrap().to_owned();
        for bad in [
            address.replace(&tag(&address), &tag(&other)),
            address.replace("@Mail.example", "@mail.example.org"),
            address.replacen("reply+", "reply", 1),
            "reply@mail.example".to_owned(),
            String::new(),
        ] {
            assert_eq!(read(&bad), None, "{bad}");
        }
        let rotated = Secrets::new(&"b".repeat(32), &"a".repeat(32)).unwrap();
        assert!(read_reply_address(&inbound, &rotated, &address).is_some(), "the previous key still counts");
        assert_eq!(reply_address(&Inbound::default(), &secrets, thread, person), None);
    }

    #[test]
    fn an_event_names_its_thread() {
        let id = ThreadId(7_001_234_567_890);
        assert_eq!(thread_of(&format!("thread {id}")), Some(id));
        assert_eq!(thread_of(&format!("thread {id} msg_0000000000001")), Some(id));
        assert_eq!(thread_of("rfq_published rfq_1"), None);
    }
}
