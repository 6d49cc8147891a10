//! Time-based one-time codes (RFC 6238: SHA-1, six digits, 30 seconds, as every authenticator program takes them) and recovery codes.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use qrcode::QrCode;
use qrcode::render::svg;
use totp_rs::{Builder, Totp};

use crate::clock::Time;
use crate::error::{Problem, Result};

/// The length of a key in bytes: that of the hash (RFC 4226, section 4).
// 160 bits, the length that RFC 4226 recommends.
pub(super) const KEY_BYTES: usize = 20;

/// How many recovery codes a person gets.
pub(super) const RECOVERY_CODES: usize = 10;

/// The alphabet of recovery codes: 32 signs that are not taken for one another.
// Without `i`, `l`, `o` and `0`, which are mistaken on paper for `1` and for each other.
const ALPHABET: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz123456789";

fn totp(key: &[u8], account: &str) -> Result<Totp> {
    let builder = Builder::new().with_secret(key.to_vec()).with_account_name(account).with_issuer(Some("Tradepost"));
    builder.build().map_err(|error| Problem::internal(error).during("one-time codes"))
}

/// The time step of the code, if it is right now or one step before or after: clocks differ.
pub(super) fn step_of(key: &[u8], code: &str, now: Time) -> Result<Option<i64>> {
    let seconds = u64::try_from(now.timestamp()).unwrap_or_default();
    let step = totp(key, "account")?.check(code, seconds);
    Ok(step.and_then(|step| i64::try_from(step).ok()))
}

/// What an authenticator program needs to know, in the three ways that it takes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enrolment {
    /// The key to type, in base 32.
    pub key: String,
    /// The `otpauth://` address.
    pub uri: String,
    /// A `data:` address of the same as a QR code.
    pub picture: String,
}

impl Enrolment {
    /// The key in groups of four, which are easier to type and fit on a phone.
    pub fn key_groups(&self) -> Vec<String> {
        let signs: Vec<char> = self.key.chars().collect();
        signs.chunks(4).map(String::from_iter).collect()
    }
}

/// How the key gets into the program of the person with that address.
pub(super) fn enrolment(key: &[u8], account: &str) -> Result<Enrolment> {
    let fault = |error: &dyn std::fmt::Display| Problem::internal(format!("enrolment: {error}"));
    let totp = totp(key, account)?;
    let uri = totp.to_url().map_err(|error| fault(&error))?;
    // Drawn here and not by a service on the web, which would learn the key.
    let code = QrCode::new(&uri).map_err(|error| fault(&error))?;
    let picture = code.render::<svg::Color>().min_dimensions(220, 220).build();
    let picture = format!("data:image/svg+xml;base64,{}", STANDARD.encode(picture));
    Ok(Enrolment { key: totp.secret().to_base32(), uri, picture })
}

/// The recovery code of these random bytes: five bits of each (80 in all), as four groups of four.
pub(super) fn recovery_code(random: [u8; 16]) -> String {
    let signs: Vec<char> = random.iter().map(|byte| char::from(ALPHABET[usize::from(byte % 32)])).collect();
    signs.chunks(4).map(String::from_iter).collect::<Vec<_>>().join("-")
}

/// The code as it is stored, however it was typed.
pub(super) fn plain_recovery_code(typed: &str) -> String {
    typed.to_lowercase().chars().filter(char::is_ascii_alphanumeric).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6238, appendix B, the first six-digit codes of its SHA-1 column.
    #[test]
    fn codes_are_those_of_the_standard() {
        let key = b"12345678901234567890";
        for (seconds, code) in
            [(59, "287082"), (1_111_111_109, "081804"), (1_234_567_890, "005924"), (2_000_000_000, "279037")]
        {
            let now = Time::from_timestamp(seconds, 0).unwrap();
            assert_eq!(step_of(key, code, now).unwrap(), Some(seconds / 30), "{code}");
            let later = Time::from_timestamp(seconds + 90, 0).unwrap();
            assert_eq!(step_of(key, code, later).unwrap(), None, "{code} is too old");
        }
        assert_eq!(step_of(key, "28708", Time::from_timestamp(59, 0).unwrap()).unwrap(), None);
    }

    #[test]
    fn recovery_codes_are_long_and_forgiving() {
        let code = recovery_code(std::array::from_fn(|at| at as u8 * 17));
        assert_eq!(code.len(), 19, "{code}");
        assert_ne!(code, recovery_code([7; 16]));
        assert_eq!(plain_recovery_code(&format!(" {} ", code.to_uppercase())), code.replace('-', ""));
    }

    #[test]
    fn enrolment_has_everything_that_an_app_needs() {
        let shown = enrolment(b"12345678901234567890", "anna@example.com").unwrap();
        assert_eq!(shown.key, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        assert_eq!((shown.key_groups().len(), shown.key_groups().concat()), (8, shown.key.clone()));
        assert!(
            shown.uri.starts_with("otpauth://totp/Tradepost:anna") && shown.uri.contains("issuer=Tradepost"),
            "{}",
            shown.uri
        );
        assert!(shown.picture.starts_with("data:image/svg+xml;base64,"));
    }
}
