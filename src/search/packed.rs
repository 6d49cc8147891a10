//! What an index keeps beside its words, packed document by document: an answer unpacks its twenty hits and nothing else.
//!
//! A hit is a JSON object of half a kilobyte, most of it names of members that all hits have: it is packed against a pattern that holds
//! them. The text that highlights are cut from stands behind it and is read only for those.

use std::cell::RefCell;

use zstd::bulk::{Compressor, Decompressor};

use super::SearchError;

/// What hits have in common, those of listings last, as they are most. Part of the form of an index: another pattern is another
/// [`super::schema::VERSION`].
const PATTERN: &str = concat!(
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
/// How hard Zstandard tries: further levels win little on texts this short, and cost a load much.
const LEVEL: i32 = 1;

/// One that packs and one that unpacks, of a thread; both know the pattern.
struct Packer {
    compressor: Compressor<'static>,
    decompressor: Decompressor<'static>,
}

impl Packer {
    fn new() -> std::io::Result<Self> {
        let mut compressor = Compressor::with_dictionary(LEVEL, PATTERN.as_bytes())?;
        // The lengths stand behind the frames, and nobody else reads these.
        compressor.include_contentsize(false)?;
        compressor.include_magicbytes(false)?;
        let mut decompressor = Decompressor::with_dictionary(PATTERN.as_bytes())?;
        decompressor.include_magicbytes(false)?;
        Ok(Self { compressor, decompressor })
    }
}

thread_local! {
    static PACKER: RefCell<Option<Packer>> = const { RefCell::new(None) };
}

fn with_packer<T>(work: impl FnOnce(&mut Packer) -> std::io::Result<T>) -> Result<T, SearchError> {
    let done = PACKER.with_borrow_mut(|known| match known {
        Some(packer) => work(packer),
        None => work(known.insert(Packer::new()?)),
    });
    Ok(done?)
}

/// How long each text is, unpacked and packed: what stands behind the packed ones, so that they are found from the end of what
/// is stored with a document, whatever stands before them.
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

/// Packs a hit of less than 16 MiB and a text of less than 64 KiB.
pub(super) fn pack(hit: &str, body: &str) -> Result<Vec<u8>, SearchError> {
    let (mut packed, packed_body) = with_packer(|packer| {
        Ok((packer.compressor.compress(hit.as_bytes())?, packer.compressor.compress(body.as_bytes())?))
    })?;
    if hit.len().max(packed.len()) >= 1 << 24 || body.len().max(packed_body.len()) >= 1 << 16 {
        return Err(SearchError::Index("a document is too large".to_owned()));
    }
    let lengths = Lengths { hit: (hit.len(), packed.len()), body: (body.len(), packed_body.len()) };
    packed.reserve_exact(packed_body.len() + TAIL);
    packed.extend(packed_body);
    lengths.write(&mut packed);
    Ok(packed)
}

/// The text that ends where so many bytes are left behind it.
fn unpack(before: &[u8], behind: usize, (length, packed): (usize, usize)) -> Result<String, SearchError> {
    let end = before.len().checked_sub(behind).ok_or_else(unreadable)?;
    let frame = end.checked_sub(packed).and_then(|begin| before.get(begin..end)).ok_or_else(unreadable)?;
    let text = with_packer(|packer| packer.decompressor.decompress(frame, length))?;
    if text.len() == length { String::from_utf8(text).map_err(|_| unreadable()) } else { Err(unreadable()) }
}

/// The hit that was packed into what is stored.
pub(super) fn hit(stored: &[u8]) -> Result<String, SearchError> {
    let (lengths, before) = Lengths::read(stored).ok_or_else(unreadable)?;
    unpack(before, lengths.body.1, lengths.hit)
}

/// The text that was packed behind the hit.
pub(super) fn body(stored: &[u8]) -> Result<String, SearchError> {
    let (lengths, before) = Lengths::read(stored).ok_or_else(unreadable)?;
    unpack(before, 0, lengths.body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_packed_comes_back() {
        for text in ["", "Ventil", "阀门 DN50", &"long ".repeat(10_000), PATTERN] {
            let packed = pack(text, "a body").unwrap();
            assert_eq!((hit(&packed).unwrap().as_str(), body(&packed).unwrap().as_str()), (text, "a body"));
            let packed = pack("{}", text).unwrap();
            assert_eq!((hit(&packed).unwrap().as_str(), body(&packed).unwrap().as_str()), ("{}", text));
        }
        let like = r#"{"brand":null,"category":"Valves","certifications":[],"company":{"country":"IT","form":"manufacturer"}}"#;
        assert!(pack(like, "").unwrap().len() < like.len());
        assert!(pack("{}", &"x".repeat(1 << 16)).is_err());
    }

    #[test]
    fn what_stands_before_does_not_matter() {
        let stored = [&b"any head"[..], &pack("the hit", "the body").unwrap()].concat();
        assert_eq!((hit(&stored).unwrap().as_str(), body(&stored).unwrap().as_str()), ("the hit", "the body"));
    }

    #[test]
    fn damage_is_an_error() {
        let packed = pack(&"hit ".repeat(9), &"body ".repeat(9)).unwrap();
        for cut in [1, TAIL / 2, TAIL, packed.len() / 2] {
            assert!(body(&packed[..packed.len() - cut]).is_err() && hit(&packed[..packed.len() - cut]).is_err());
        }
        for packed in [&b"no frame at all"[..], b"", &[0xff; TAIL], &[0xff; 2 * TAIL]] {
            assert!(hit(packed).is_err() && body(packed).is_err());
        }
    }
}
