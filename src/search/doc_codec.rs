//! The codec of what an index stores with each document: its hit, as JSON, and the text that highlights are cut from. Each is a Zstandard
//! frame of its own with a shared dictionary, so that an answer decodes its twenty hits and nothing else.

use std::cell::RefCell;

use serde::Deserialize;
use tantivy::DocAddress;
use tantivy::directory::OwnedBytes;
use zstd::bulk::{Compressor, Decompressor};

use super::SearchError;
use super::snapshot::Snapshot;

/// The dictionary that frames are compressed against: the members that all hits have, those of listings last, as they are most. Part of
/// the layout of an index: another dictionary is another [`super::schema::VERSION`].
const DICTIONARY: &str = concat!(
    r#"{"buyer":null,"category":null,"deadline":"2026-0","destination_country":"","destination_locode":null,"#,
    r#""destination_place":null,"frequency":"one_off","hs_code":null,"id":"rfq_0","incoterm":null,"language":"en","#,
    r#""published_at":"2026-0","quantity":{"unit":"C62","value":"1000"},"required_certifications":[],"#,
    r#""target_price":null,"title":""}{"certifications":[],"country":"DE","form":"manufacturer","id":"cmp_0","#,
    r#""languages":["en"],"markets":[],"name":"","trade_names":[],"verification":"identified","website":null}"#,
    r#"{"brand":null,"category":"","certifications":[],"company":{"country":"CN","form":"trading_company","id":"cmp_0","#,
    r#""name":"","verification":"registered"},"hs_code":"","id":"lst_0","image_url":null,"incoterms":[{"locode":null,"#,
    r#""place":"","rule":"EXW"},{"locode":null,"place":"","rule":"CIF"},{"locode":null,"place":"","rule":"FOB"}],"#,
    r#""language":"en","lead_time_days":30,"moq":{"unit":"C62","value":"1000"},"mpn":"","name":"","origin_country":"CN","#,
    r#""price":{"max":null,"min":{"amount":"1.000000","currency":"USD"},"tiers":[],"unit":"C62"},"#,
    r#""published_at":"2026-0","sku":"","small_image_url":null}"#,
);
/// Zstandard's level. Higher ones win little on texts this short, and cost a load much.
const LEVEL: i32 = 1;

/// Compressor and decompressor of a thread, both with the dictionary.
struct Codec {
    compressor: Compressor<'static>,
    decompressor: Decompressor<'static>,
}

impl Codec {
    fn new() -> std::io::Result<Self> {
        let mut compressor = Compressor::with_dictionary(LEVEL, DICTIONARY.as_bytes())?;
        // The lengths stand behind the frames, and nobody else reads these: 7 bytes of 300 less for each document.
        compressor.include_contentsize(false)?;
        compressor.include_magicbytes(false)?;
        let mut decompressor = Decompressor::with_dictionary(DICTIONARY.as_bytes())?;
        decompressor.include_magicbytes(false)?;
        Ok(Self { compressor, decompressor })
    }
}

thread_local! {
    static CODEC: RefCell<Option<Codec>> = const { RefCell::new(None) };
}

fn with_codec<T>(work: impl FnOnce(&mut Codec) -> std::io::Result<T>) -> Result<T, SearchError> {
    let done = CODEC.with_borrow_mut(|known| match known {
        Some(codec) => work(codec),
        None => work(known.insert(Codec::new()?)),
    });
    Ok(done?)
}

/// The lengths of each text, decoded and encoded. They stand last, so that the frames are found from the end of what is stored,
/// whatever stands before them.
struct Lengths {
    hit: (usize, usize),
    body: (usize, usize),
}

/// Bytes of the lengths.
const TAIL: usize = 10;

impl Lengths {
    /// The lengths, and what stands before them.
    fn read(stored: &[u8]) -> Option<(Self, &[u8])> {
        let (before, tail) = stored.split_last_chunk::<TAIL>()?;
        let number = |bytes: &[u8]| bytes.iter().rev().fold(0, |sum, byte| sum << 8 | usize::from(*byte));
        let hit = (number(&tail[..3]), number(&tail[3..6]));
        Some((Self { hit, body: (number(&tail[6..8]), number(&tail[8..])) }, before))
    }

    fn write(&self, into: &mut Vec<u8>) {
        for length in [self.hit.0, self.hit.1] {
            into.extend_from_slice(&length.to_le_bytes()[..3]);
        }
        for length in [self.body.0, self.body.1] {
            into.extend_from_slice(&length.to_le_bytes()[..2]);
        }
    }
}

fn unreadable() -> SearchError {
    SearchError::Index("what is stored with a document cannot be read".to_owned())
}

/// Encodes a hit of less than 16 MiB and a text of less than 64 KiB.
pub(super) fn encode(hit: &str, body: &str) -> Result<Vec<u8>, SearchError> {
    let (mut packed, encoded_body) = with_codec(|codec| {
        Ok((codec.compressor.compress(hit.as_bytes())?, codec.compressor.compress(body.as_bytes())?))
    })?;
    if hit.len().max(packed.len()) >= 1 << 24 || body.len().max(encoded_body.len()) >= 1 << 16 {
        return Err(SearchError::Index("a document is too large".to_owned()));
    }
    let lengths = Lengths { hit: (hit.len(), packed.len()), body: (body.len(), encoded_body.len()) };
    packed.reserve_exact(encoded_body.len() + TAIL);
    packed.extend(encoded_body);
    lengths.write(&mut packed);
    Ok(packed)
}

/// The text that ends where so many bytes are left behind it.
fn decode(before: &[u8], behind: usize, (length, packed): (usize, usize)) -> Result<String, SearchError> {
    let end = before.len().checked_sub(behind).ok_or_else(unreadable)?;
    let frame = end.checked_sub(packed).and_then(|begin| before.get(begin..end)).ok_or_else(unreadable)?;
    let text = with_codec(|codec| codec.decompressor.decompress(frame, length))?;
    if text.len() == length { String::from_utf8(text).map_err(|_| unreadable()) } else { Err(unreadable()) }
}

/// The hit that was packed into what is stored.
pub(super) fn hit(stored: &[u8]) -> Result<String, SearchError> {
    let (lengths, before) = Lengths::read(stored).ok_or_else(unreadable)?;
    decode(before, lengths.body.1, lengths.hit)
}

/// The text that was packed behind the hit.
pub(super) fn body(stored: &[u8]) -> Result<String, SearchError> {
    let (lengths, before) = Lengths::read(stored).ok_or_else(unreadable)?;
    decode(before, 0, lengths.body)
}

/// What was stored with a document, encoded.
pub(super) struct Stored(OwnedBytes);

impl Stored {
    pub fn read(snapshot: &Snapshot, address: DocAddress) -> Result<Self, SearchError> {
        Ok(Self(snapshot.columns[address.segment_ord as usize].stored.get_document_bytes(address.doc_id)?))
    }

    /// The answer's element.
    pub fn hit(&self) -> Result<String, SearchError> {
        hit(&self.0)
    }

    /// The text behind the name.
    pub fn body(&self) -> Result<String, SearchError> {
        body(&self.0)
    }
}

/// What the thing is called whose hit this is.
pub(super) fn name_of(hit: &str) -> String {
    #[derive(Deserialize)]
    struct Named {
        #[serde(alias = "title")]
        name: String,
    }
    serde_json::from_str::<Named>(hit).map(|named| named.name).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_encoded_comes_back() {
        for text in ["", "Ventil", "阀门 DN50", &"long ".repeat(10_000), DICTIONARY] {
            let packed = encode(text, "a body").unwrap();
            assert_eq!((hit(&packed).unwrap().as_str(), body(&packed).unwrap().as_str()), (text, "a body"));
            let packed = encode("{}", text).unwrap();
            assert_eq!((hit(&packed).unwrap().as_str(), body(&packed).unwrap().as_str()), ("{}", text));
        }
        let like = r#"{"brand":null,"category":"Valves","certifications":[],"company":{"country":"IT","form":"manufacturer"}}"#;
        assert!(encode(like, "").unwrap().len() < like.len());
        assert!(encode("{}", &"x".repeat(1 << 16)).is_err());
    }

    #[test]
    fn what_stands_before_does_not_matter() {
        let stored = [&b"any head"[..], &encode("the hit", "the body").unwrap()].concat();
        assert_eq!((hit(&stored).unwrap().as_str(), body(&stored).unwrap().as_str()), ("the hit", "the body"));
    }

    #[test]
    fn damage_is_an_error() {
        let packed = encode(&"hit ".repeat(9), &"body ".repeat(9)).unwrap();
        for cut in [1, TAIL / 2, TAIL, packed.len() / 2] {
            assert!(body(&packed[..packed.len() - cut]).is_err() && hit(&packed[..packed.len() - cut]).is_err());
        }
        for packed in [&b"no frame at all"[..], b"", &[0xff; TAIL], &[0xff; 2 * TAIL]] {
            assert!(hit(packed).is_err() && body(packed).is_err());
        }
    }
}
