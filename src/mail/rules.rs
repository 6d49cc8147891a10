//! What a mail server's answer means, and when an address is suppressed.

use chrono::Duration;

use super::fault::SendFault;
use crate::clock::Time;
use crate::wire_enum;

wire_enum! {
    /// How an e-mail came back.
    pub enum BounceKind {
        /// There is no such address.
        Hard = "hard",
        /// The mailbox could not take it then.
        Soft = "soft",
    }
}

/// After a hard bounce an address is suppressed for so many days; then one e-mail finds out whether it is there again.
pub const HARD_DAYS: i64 = 90;
/// Soft bounces count for so many days.
const SOFT_DAYS: i64 = 7;
/// Soft bounces of so many e-mails suppress an address.
// Three e-mails and not three answers: one e-mail is tried up to twenty times, and a full mailbox answers each.
const MOST_SOFT: usize = 3;

/// An e-mail that came back, and when it did last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounce {
    /// How.
    pub kind: BounceKind,
    /// When.
    pub at: Time,
}

/// Whether e-mails that could be refused are not sent to the address, whose bounces are one for each e-mail.
pub fn is_suppressed(bounces: &[Bounce], now: Time) -> bool {
    let within = |kind: BounceKind, days: i64| {
        bounces.iter().filter(move |bounce| bounce.kind == kind && now - bounce.at < Duration::days(days)).count()
    };
    within(BounceKind::Hard, HARD_DAYS) > 0 || within(BounceKind::Soft, SOFT_DAYS) >= MOST_SOFT
}

/// What a refusal means: its code (RFC 5321) and its words, which may begin with an enhanced code (RFC 3463).
pub fn fault_of(code: u16, words: String) -> SendFault {
    let says = |enhanced: &str| words.split_whitespace().any(|word| word.starts_with(enhanced));
    let is_policy = says("5.7.");
    match code {
        450 | 452 | 552 => SendFault::Mailbox(words),
        // It is we who are not let in. No reader's address may suffer for a password of ours that has expired.
        530..=538 => SendFault::Temporary(words),
        // Our own address is not believed: that says nothing of the reader's.
        500..=599 if says("5.1.7") || says("5.1.8") => SendFault::Temporary(words),
        550 | 551 | 553 | 556 if !is_policy => SendFault::NoSuchAddress(words),
        500..=599 => SendFault::Permanent(words),
        // 4xx, and what no server should say at all: trying again harms nobody.
        _ => SendFault::Temporary(words),
    }
}
