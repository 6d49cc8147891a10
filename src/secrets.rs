//! Secrets: one key from which all others are derived, random tokens, hashes, signatures, sealed texts.
//!
//! The key comes from the configuration or, in development, from the file `secret_key` in the data folder (mode 0600). Each use
//! has a derived key of its own, so a signature made for a cursor is never valid as an unsubscribe token. The previous key is
//! still accepted after a change. What the database must hold and must not show is sealed (XChaCha20-Poly1305).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use hmac::{Hmac, KeyInit, Mac};
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::error::{Problem, Result};
use crate::hex;

/// The length of the random number that every sealed text begins with.
// XChaCha20 because of this length: random nonces of 24 bytes never meet, those of 12 might after some billions.
const NONCE_BYTES: usize = 24;

/// What a derived key is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Cursors of lists.
    Cursor,
    /// One-click unsubscribe addresses.
    Unsubscribe,
    /// Tokens of the forms of people who are not signed in.
    Form,
    /// The secret links of e-mails that wait to be sent.
    Email,
    /// What strangers typed who wait for an answer by e-mail.
    Asked,
    /// The keys of authenticators.
    SecondFactor,
    /// The proof that the password was right, while the code is waited for.
    PendingSecondFactor,
    /// Devices and networks that somebody signed in from.
    Device,
    /// The secrets of webhook endpoints.
    Webhook,
    /// The heads of ledgers, which anybody can verify.
    LedgerHead,
    /// The addresses that e-mails of conversations are answered to.
    Reply,
}

impl Purpose {
    fn label(self) -> &'static [u8] {
        match self {
            // The labels are part of every derived key: another one would make worthless what was signed and sealed before.
            Self::Cursor => b"tradepost cursor v1",
            Self::Unsubscribe => b"tradepost unsubscribe v1",
            Self::Form => b"tradepost form v1",
            Self::Email => b"tradepost letter v1",
            Self::Asked => b"tradepost asked v1",
            Self::SecondFactor => b"tradepost second factor v1",
            Self::PendingSecondFactor => b"tradepost second step v1",
            Self::Device => b"tradepost device v1",
            Self::Webhook => b"tradepost webhook v1",
            Self::LedgerHead => b"tradepost ledger head v1",
            Self::Reply => b"tradepost reply v1",
        }
    }
}

/// Which of the two keys a sealed text was sealed with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sealed {
    /// The current one.
    Current,
    /// The previous one: it has to be sealed anew before that key can go.
    Previous,
}

/// The platform's secret key and the one before it.
#[derive(Clone)]
pub struct Secrets {
    current: Vec<u8>,
    previous: Option<Vec<u8>>,
}

impl Secrets {
    /// The least length of the key in characters.
    pub const LEAST_LEN: usize = 32;

    /// From the configured texts; an empty previous key is none.
    pub fn new(current: &str, previous: &str) -> Result<Self> {
        if current.len() < Self::LEAST_LEN {
            return Err(Problem::internal("secrets.key must have at least 32 characters"));
        }
        let previous = (!previous.is_empty()).then(|| previous.as_bytes().to_vec());
        Ok(Self { current: current.as_bytes().to_vec(), previous })
    }

    /// The text with its signature: `payload.signature`, both in URL-safe base 64.
    pub fn sign(&self, purpose: Purpose, payload: &[u8]) -> String {
        let signature = mac(&self.current, purpose, payload);
        format!("{}.{}", URL_SAFE_NO_PAD.encode(payload), URL_SAFE_NO_PAD.encode(signature))
    }

    /// A text that only this platform can make of the payload.
    pub fn tag(&self, purpose: Purpose, payload: &str) -> String {
        URL_SAFE_NO_PAD.encode(mac(&self.current, purpose, payload.as_bytes()))
    }

    /// Whether the text was made of the payload by [`Secrets::tag`], with the current or the previous key.
    pub fn is_tag(&self, purpose: Purpose, payload: &str, tag: &str) -> bool {
        let made_with = |key: &Vec<u8>| equal(&URL_SAFE_NO_PAD.encode(mac(key, purpose, payload.as_bytes())), tag);
        made_with(&self.current) || self.previous.as_ref().is_some_and(made_with)
    }

    /// The same in twenty hexadecimal digits, for places that are short and know no capital letters.
    // 80 bits: nobody tries so many online, and what it opens is one conversation to a known person's address.
    pub fn short_tag(&self, purpose: Purpose, payload: &str) -> String {
        short(&mac(&self.current, purpose, payload.as_bytes()))
    }

    /// Whether the text was made of the payload by [`Secrets::short_tag`], with the current or the previous key.
    pub fn is_short_tag(&self, purpose: Purpose, payload: &str, tag: &str) -> bool {
        let made_with = |key: &Vec<u8>| equal(&short(&mac(key, purpose, payload.as_bytes())), tag);
        made_with(&self.current) || self.previous.as_ref().is_some_and(made_with)
    }

    /// The text, readable only by [`Secrets::open`] for the same purpose and context. The context says whose it is, so that a
    /// sealed text that was copied to another row does not open there.
    pub fn seal(&self, purpose: Purpose, context: &str, plain: &[u8]) -> Result<String> {
        let nonce = rand::random::<[u8; NONCE_BYTES]>();
        let payload = Payload { msg: plain, aad: context.as_bytes() };
        let sealed =
            cipher(&self.current, purpose).and_then(|cipher| cipher.encrypt(&XNonce::from(nonce), payload).ok());
        let sealed = sealed.ok_or_else(|| Problem::internal("a text cannot be sealed"))?;
        Ok(URL_SAFE_NO_PAD.encode([&nonce, sealed.as_slice()].concat()))
    }

    /// The text that was sealed with the current or the previous key.
    pub fn open(&self, purpose: Purpose, context: &str, sealed: &str) -> Option<Vec<u8>> {
        self.open_with_key_age(purpose, context, sealed).map(|(plain, _)| plain)
    }

    /// The same for texts that are kept for long, with the key that opened it.
    pub fn open_with_key_age(&self, purpose: Purpose, context: &str, sealed: &str) -> Option<(Vec<u8>, Sealed)> {
        let bytes = URL_SAFE_NO_PAD.decode(sealed).ok()?;
        let (nonce, sealed) = bytes.split_first_chunk::<NONCE_BYTES>()?;
        let open = |key: &Vec<u8>| {
            let payload = Payload { msg: sealed, aad: context.as_bytes() };
            cipher(key, purpose)?.decrypt(&XNonce::from(*nonce), payload).ok()
        };
        let now = open(&self.current).map(|plain| (plain, Sealed::Current));
        now.or_else(|| self.previous.as_ref().and_then(open).map(|plain| (plain, Sealed::Previous)))
    }

    /// An Ed25519 signature that anybody can verify with [`public_key`](Self::public_key), in hexadecimal. Always of the current key: whoever
    /// keeps a signature keeps the public key beside it.
    pub fn sign_publicly(&self, purpose: Purpose, payload: &[u8]) -> String {
        self.key_pair(purpose).map(|pair| hex::encode(pair.sign(payload).as_ref())).unwrap_or_default()
    }

    /// The public key of the purpose, in hexadecimal.
    pub fn public_key(&self, purpose: Purpose) -> String {
        self.key_pair(purpose).map(|pair| hex::encode(pair.public_key().as_ref())).unwrap_or_default()
    }

    fn key_pair(&self, purpose: Purpose) -> Option<Ed25519KeyPair> {
        // A derived key is 32 bytes, as long as a seed has to be.
        Ed25519KeyPair::from_seed_unchecked(&keyed(&self.current, purpose.label())).ok()
    }

    /// Whether there is a previous key, so that something may be sealed with it still.
    pub fn has_previous(&self) -> bool {
        self.previous.is_some()
    }

    /// The payload of a signed text, if it was signed with the current or the previous key for this purpose.
    pub fn verify(&self, purpose: Purpose, signed: &str) -> Option<Vec<u8>> {
        let (payload, signature) = signed.split_once('.')?;
        let payload = URL_SAFE_NO_PAD.decode(payload).ok()?;
        let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
        let keys = std::iter::once(&self.current).chain(&self.previous);
        let mut valid = false;
        // Both are always tried, so that the time does not tell which key signed.
        for key in keys {
            valid |= bool::from(mac(key, purpose, &payload).ct_eq(&signature));
        }
        valid.then_some(payload)
    }
}

/// Whether the signature, in hexadecimal, is that of the public key over the payload.
pub fn is_public_signature(public_key: &str, payload: &[u8], signature: &str) -> bool {
    let (Some(key), Some(signature)) = (hex::decode(public_key), hex::decode(signature)) else { return false };
    UnparsedPublicKey::new(&ED25519, key).verify(payload, &signature).is_ok()
}

fn mac(key: &[u8], purpose: Purpose, payload: &[u8]) -> Vec<u8> {
    // A key for each purpose: what was signed as a cursor can never be sent as a link to unsubscribe.
    let derived = keyed(key, purpose.label());
    keyed(&derived, payload)
}

fn short(mac: &[u8]) -> String {
    hex::encode(mac.get(..10).unwrap_or_default())
}

fn cipher(key: &[u8], purpose: Purpose) -> Option<XChaCha20Poly1305> {
    XChaCha20Poly1305::new_from_slice(&keyed(key, purpose.label())).ok()
}

fn keyed(key: &[u8], text: &[u8]) -> Vec<u8> {
    // An HMAC takes a key of any length, so there is no error to meet.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { return Vec::new() };
    mac.update(text);
    mac.finalize().into_bytes().to_vec()
}

/// 32 random bytes as 43 URL-safe characters.
pub fn random_token() -> String {
    URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>())
}

/// SHA-256 as 64 hexadecimal digits.
pub fn sha256_hex(bytes: &[u8]) -> String {
    hex::encode(&Sha256::digest(bytes))
}

/// The length and the SHA-256 of all that the reader gives.
pub fn sha256_of(mut reader: impl std::io::Read) -> std::io::Result<(u64, String)> {
    let mut digest = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    let mut bytes = 0;
    loop {
        let read = reader.read(&mut buffer)?;
        if read == 0 {
            return Ok((bytes, hex::encode(&digest.finalize())));
        }
        digest.update(&buffer[..read]);
        bytes += read as u64;
    }
}

/// Whether two secrets are equal, in a time that does not tell where they differ.
pub fn equal(a: &str, b: &str) -> bool {
    a.as_bytes().ct_eq(b.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_holds_for_its_purpose_and_both_keys() {
        let old = Secrets::new(&"a".repeat(32), "").unwrap();
        let new = Secrets::new(&"b".repeat(32), &"a".repeat(32)).unwrap();
        let signed = old.sign(Purpose::Cursor, b"page 2");
        assert_eq!(new.verify(Purpose::Cursor, &signed).as_deref(), Some(b"page 2".as_slice()));
        assert_eq!(new.verify(Purpose::Unsubscribe, &signed), None);
        assert_eq!(old.verify(Purpose::Cursor, &new.sign(Purpose::Cursor, b"x")), None);
        assert_eq!(new.verify(Purpose::Cursor, "nonsense"), None);
        let tag = old.tag(Purpose::Form, "cookie");
        assert!(new.is_tag(Purpose::Form, "cookie", &tag) && new.tag(Purpose::Form, "cookie") != tag);
        assert!(!new.is_tag(Purpose::Form, "another", &tag) && !old.is_tag(Purpose::Form, "cookie", ""));
    }

    #[test]
    fn public_signature_holds_for_its_key_and_payload() {
        let secrets = Secrets::new(&"a".repeat(32), "").unwrap();
        let (key, signature) =
            (secrets.public_key(Purpose::LedgerHead), secrets.sign_publicly(Purpose::LedgerHead, b"head"));
        assert_eq!((key.len(), signature.len()), (64, 128));
        assert!(is_public_signature(&key, b"head", &signature));
        assert!(!is_public_signature(&key, b"heap", &signature) && !is_public_signature("zz", b"head", &signature));
        let other = Secrets::new(&"b".repeat(32), "").unwrap();
        assert!(!is_public_signature(&other.public_key(Purpose::LedgerHead), b"head", &signature));
        assert_ne!(secrets.public_key(Purpose::Cursor), key);
    }

    #[test]
    fn a_sealed_text_opens_for_its_purpose_its_owner_and_both_keys() {
        let old = Secrets::new(&"a".repeat(32), "").unwrap();
        let new = Secrets::new(&"b".repeat(32), &"a".repeat(32)).unwrap();
        let sealed = old.seal(Purpose::Email, "tok 1", b"the link").unwrap();
        assert_ne!(sealed, old.seal(Purpose::Email, "tok 1", b"the link").unwrap());
        assert_eq!(new.open(Purpose::Email, "tok 1", &sealed).as_deref(), Some(b"the link".as_slice()));
        assert_eq!(
            new.open_with_key_age(Purpose::Email, "tok 1", &sealed).map(|(_, with)| with),
            Some(Sealed::Previous)
        );
        assert_eq!(
            old.open_with_key_age(Purpose::Email, "tok 1", &sealed).map(|(_, with)| with),
            Some(Sealed::Current)
        );
        assert_eq!(new.open(Purpose::Email, "tok 2", &sealed), None);
        assert_eq!(new.open(Purpose::Form, "tok 1", &sealed), None);
        assert_eq!(old.open(Purpose::Email, "tok 1", &new.seal(Purpose::Email, "tok 1", b"x").unwrap()), None);
        for broken in ["", "AAAA", &sealed[1..]] {
            assert_eq!(new.open(Purpose::Email, "tok 1", broken), None);
        }
    }
}
