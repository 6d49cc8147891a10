//! Identifiers: 64-bit, ordered by time, unique across nodes, made by the application.
//!
//! An id is 42 bits of milliseconds since 2020, 10 bits of node number and 11 bits of a counter, so that two nodes never
//! make the same one and rows sort by age. It is a name, never a secret. Outside the process it is written as a three- or
//! four-letter prefix and 13 characters of Crockford's base 32 (`rfq_01hz...`), so that an id in the wrong place is seen at once.

use std::fmt;
use std::str::FromStr;
use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::{Mutex, PoisonError};

use crate::clock::Time;
use crate::locale::{Language, Message};

const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
const TEXT_LEN: usize = 13;
const NODE_BITS: u32 = 10;
const COUNTER_BITS: u32 = 11;
/// 2020-01-01T00:00:00Z in milliseconds: ids start counting here.
const EPOCH_MS: i64 = 1_577_836_800_000;

/// Node numbers run from 0 to this, both included.
pub const MAX_NODE: u16 = (1 << NODE_BITS) - 1;

/// Makes ids; one per process, with the node number that the process leased.
#[derive(Debug)]
pub struct IdMaker {
    node: AtomicU16,
    last: Mutex<(i64, u32)>,
}

impl IdMaker {
    /// A maker for the node `node` (0 to [`MAX_NODE`]; higher bits are cut off).
    pub fn new(node: u16) -> Self {
        Self { node: AtomicU16::new(node & MAX_NODE), last: Mutex::new((0, 0)) }
    }

    /// Takes the node number that the process leased; before that only the lease itself is written. The next id begins a
    /// millisecond of its own, so that it is greater than every one that was made under another number.
    pub fn set_node(&self, node: u16) {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        last.1 = 1 << COUNTER_BITS;
        self.node.store(node & MAX_NODE, Ordering::SeqCst);
    }

    /// The next id; strictly greater than every earlier one of this maker, even when the clock goes back.
    pub fn next(&self, now: Time) -> i64 {
        let now_ms = (now.timestamp_millis() - EPOCH_MS).max(0);
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        *last = match *last {
            (ms, _) if now_ms > ms => (now_ms, 0),
            (ms, counter) if counter + 1 < (1 << COUNTER_BITS) => (ms, counter + 1),
            (ms, _) => (ms + 1, 0),
        };
        (last.0 << (NODE_BITS + COUNTER_BITS))
            | (i64::from(self.node.load(Ordering::SeqCst)) << COUNTER_BITS)
            | i64::from(last.1)
    }

    /// The next id as one of the typed ids below.
    pub fn make<I: From<i64>>(&self, now: Time) -> I {
        I::from(self.next(now))
    }
}

/// Why a text is not an id of the kind that was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotAnId {
    /// The prefix that was expected, without the underscore.
    pub prefix: &'static str,
}

impl fmt::Display for NotAnId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let message = Message::new("errors-id").with("prefix", self.prefix);
        f.write_str(&message.text(Language::English))
    }
}

impl std::error::Error for NotAnId {}

/// The milliseconds in an id as the time that they are.
fn time_of(id: i64) -> Time {
    Time::from_timestamp_millis((id >> (NODE_BITS + COUNTER_BITS)) + EPOCH_MS).unwrap_or_default()
}

fn write_id(f: &mut fmt::Formatter<'_>, prefix: &str, id: i64) -> fmt::Result {
    let bits = id.cast_unsigned();
    write!(f, "{prefix}_")?;
    for place in (0..TEXT_LEN).rev() {
        let digit = (bits >> (place * 5)) & 31;
        write!(f, "{}", char::from(ALPHABET[usize::try_from(digit).unwrap_or(0)]))?;
    }
    Ok(())
}

fn read_id(text: &str, prefix: &'static str) -> Result<i64, NotAnId> {
    let refused = NotAnId { prefix };
    let digits = text.strip_prefix(prefix).and_then(|rest| rest.strip_prefix('_')).ok_or(refused.clone())?;
    if digits.len() != TEXT_LEN {
        return Err(refused);
    }
    let mut bits: u128 = 0;
    for byte in digits.bytes() {
        let digit = ALPHABET.iter().position(|known| *known == byte).ok_or(refused.clone())?;
        bits = (bits << 5) | digit as u128;
    }
    i64::try_from(bits).map_err(|_| refused)
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub i64);

        impl $name {
            /// The prefix of the text form, without the underscore.
            pub const PREFIX: &'static str = $prefix;

            /// When it was made, to the millisecond.
            pub fn made_at(self) -> Time {
                time_of(self.0)
            }
        }

        impl From<i64> for $name {
            fn from(id: i64) -> Self {
                Self(id)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write_id(f, $prefix, self.0)
            }
        }

        impl FromStr for $name {
            type Err = NotAnId;
            fn from_str(text: &str) -> Result<Self, NotAnId> {
                read_id(text, $prefix).map(Self)
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }

        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
                utoipa::openapi::ObjectBuilder::new()
                    .schema_type(utoipa::openapi::schema::Type::String)
                    .pattern(Some(concat!("^", $prefix, "_[0-9a-hjkmnp-tv-z]{13}$")))
                    .into()
            }
        }

        impl utoipa::ToSchema for $name {}
    )*};
}

ids! {
    /// A company.
    CompanyId = "cmp";
    /// A listing of a supplier's catalogue.
    ListingId = "lst";
    /// A request for quotation.
    RfqId = "rfq";
    /// A question put under an RFQ.
    QuestionId = "qst";
    /// An invitation to quote.
    RfqInvitationId = "ivq";
    /// A match of an RFQ and a supplier.
    MatchId = "mat";
    /// A quote, with all its versions.
    QuoteId = "quo";
    /// A trade partnership.
    PartnershipId = "prt";
    /// A trade record: one shipment or one declaration item.
    RecordId = "trd";
    /// A retail record: what a company sold to consumers across a border.
    RetailRecordId = "rtl";
    /// A customs reference of a trade record.
    CustomsReferenceId = "cus";
    /// A conversation of two companies.
    ThreadId = "thr";
    /// A message of a conversation.
    MessageId = "msg";
    /// A report of something to the moderators.
    ReportId = "rep";
    /// A look at a company's contacts.
    RevealId = "rev";
    /// A piece of evidence of a company.
    EvidenceId = "evd";
    /// A request to be verified.
    RequestId = "ver";
    /// A line of the moderators' history.
    EntryId = "mod";
    /// A person.
    UserId = "usr";
    /// An API key.
    ApiKeyId = "key";
    /// A session of the site.
    SessionId = "ses";
    /// A contact person of a company.
    ContactId = "ctc";
    /// An event in a company's feed.
    EventId = "evt";
    /// An export of all that a company has.
    ExportId = "exp";
    /// A catalogue file that a company brings in.
    ImportId = "imp";
    /// A webhook endpoint.
    WebhookId = "hook";
    /// An event that was sent to an endpoint.
    DeliveryId = "dlv";
    /// A search that a person keeps.
    SavedSearchId = "sav";
    /// What a saved search has found.
    AlertId = "alt";
    /// Something that a person is shown on the site.
    NotificationId = "ntf";
    /// A document that a company uploaded.
    DocumentId = "doc";
    /// An image of a listing.
    ImageId = "img";
    /// Stored bytes; seen by nobody outside.
    BlobId = "blb";
    /// A secret link that was sent by mail.
    TokenId = "tok";
    /// An invitation into a company.
    InvitationId = "inv";
    /// A job of the outbox.
    JobId = "job";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_form_round_trips_and_keeps_order() {
        let maker = IdMaker::new(7);
        let now = crate::clock::Clock::System.now();
        let ids: Vec<RfqId> = (0..5_000).map(|_| maker.make(now)).collect();
        assert!(ids.windows(2).all(|pair| pair[0] < pair[1] && pair[0].to_string() < pair[1].to_string()));
        assert!(ids.iter().all(|id| id.to_string().parse() == Ok(*id)));
    }

    #[test]
    fn a_foreign_prefix_is_refused_by_name() {
        let id = CompanyId(42).to_string();
        assert_eq!(id.parse::<RfqId>(), Err(NotAnId { prefix: "rfq" }));
        assert!("rfq_zzzzzzzzzzzzz".parse::<RfqId>().is_err());
        assert!("rfq_".parse::<RfqId>().is_err());
    }

    #[test]
    fn two_nodes_never_make_the_same_id() {
        let now = crate::clock::Clock::System.now();
        assert_ne!(IdMaker::new(1).next(now), IdMaker::new(2).next(now));
    }

    #[test]
    fn another_number_makes_no_smaller_id() {
        let now = crate::clock::Clock::System.now();
        let maker = IdMaker::new(9);
        let before = maker.next(now);
        maker.set_node(3);
        assert!(before < maker.next(now));
    }
}
