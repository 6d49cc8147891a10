//! Bytes in hexadecimal: hashes in addresses, ledgers and answers.

use std::fmt::Write;

/// The bytes in lower case, two digits each.
pub fn encode(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_is_two_lower_case_digits() {
        assert_eq!(encode(&[0, 10, 255]), "000aff");
    }
}
