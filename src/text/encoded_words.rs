//! Encoded words (RFC 2047): `=?utf-8?b?...?=`, which mail programs show decoded in a subject, whoever typed them.

use std::borrow::Cow;

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

/// As mail programs read it: with padding or without.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// The text as a mail program would show it: encoded words decoded, and the spaces between two of them left out.
pub(super) fn decode_encoded_words(text: &str) -> Cow<'_, str> {
    if !text.contains("=?") {
        return Cow::Borrowed(text);
    }
    let mut decoded = String::with_capacity(text.len());
    let mut rest = text;
    let mut is_after_word = false;
    while let Some(at) = rest.find("=?") {
        let between = &rest[..at];
        match word_at(&rest[at..]) {
            Some((word, length)) => {
                if !(is_after_word && between.trim().is_empty()) {
                    decoded.push_str(between);
                }
                decoded.push_str(&word);
                is_after_word = true;
                rest = &rest[at + length..];
            }
            None => {
                decoded.push_str(&rest[..at + 2]);
                is_after_word = false;
                rest = &rest[at + 2..];
            }
        }
    }
    decoded.push_str(rest);
    Cow::Owned(decoded)
}

/// The encoded word that the text begins with, decoded, and its length in bytes.
fn word_at(text: &str) -> Option<(String, usize)> {
    let inner = text.strip_prefix("=?")?;
    let (charset, inner) = inner.split_once('?')?;
    let (encoding, inner) = inner.split_once('?')?;
    let (data, rest) = inner.split_once("?=")?;
    let is_word = |part: &str| !part.is_empty() && !part.contains(char::is_whitespace);
    if !is_word(charset) || data.contains(char::is_whitespace) {
        return None;
    }
    let bytes = match encoding {
        "b" | "B" => LENIENT.decode(data).ok()?,
        "q" | "Q" => quoted(data),
        _ => return None,
    };
    // Other character sets agree with Latin-1 in what addresses and digits are made of.
    let is_unicode = charset.to_ascii_lowercase().starts_with("utf-8");
    let word = match String::from_utf8(bytes) {
        Ok(word) => word,
        Err(error) if is_unicode => String::from_utf8_lossy(error.as_bytes()).into_owned(),
        Err(error) => error.as_bytes().iter().map(|byte| char::from(*byte)).collect(),
    };
    Some((word, text.len() - rest.len()))
}

/// The Q encoding: `_` is a space, `=40` the byte of that number.
fn quoted(data: &str) -> Vec<u8> {
    let (bytes, mut decoded, mut at) = (data.as_bytes(), Vec::with_capacity(data.len()), 0);
    while at < bytes.len() {
        let code = data.get(at + 1..at + 3).and_then(|code| u8::from_str_radix(code, 16).ok());
        match (bytes[at], code) {
            (b'=', Some(byte)) => {
                decoded.push(byte);
                at += 2;
            }
            (b'_', _) => decoded.push(b' '),
            (byte, _) => decoded.push(byte),
        }
        at += 1;
    }
    decoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encoded_words_read_as_mail_programs_show_them() {
        for (text, wanted) in [
            ("plain", "plain"),
            ("a =?utf-8?b?YmM=?= d", "a bc d"),
            ("=?UTF-8?B?YmM?=", "bc"),
            ("=?utf-8?q?b_=63?=", "b c"),
            ("=?iso-8859-1?Q?=E4b?=", "äb"),
            ("=?utf-8?b?YQ==?= =?utf-8?b?Yg==?=", "ab"),
            ("1 =? 2 ?= 3", "1 =? 2 ?= 3"),
            ("=?x?y?z?=", "=?x?y?z?="),
            ("=?utf-8?q?=4?=", "=4"),
        ] {
            assert_eq!(decode_encoded_words(text), wanted, "{text}");
        }
    }
}
