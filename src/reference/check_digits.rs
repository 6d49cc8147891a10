//! The check-digit arithmetic that several kinds of number share. All of it works on ASCII capitals and digits and answers `None` for other text.

/// The check digit of ISO 6346 (container numbers) and of the European MRN over all characters before it: letters count up from 10 leaving out
/// the multiples of 11, the weights are powers of two, the remainder is taken by 11 and 10 becomes 0. At most 30 characters.
pub fn iso6346(body: &str) -> Option<u8> {
    if body.len() > 30 {
        return None;
    }
    let sum =
        body.bytes().enumerate().try_fold(0_u64, |sum, (place, byte)| Some(sum + (letter_value(byte)? << place)))?;
    u8::try_from(sum % 11 % 10).ok()
}

fn letter_value(byte: u8) -> Option<u64> {
    match byte {
        b'0'..=b'9' => Some(u64::from(byte - b'0')),
        b'A'..=b'Z' => {
            let value = u64::from(byte - b'A') + 10;
            // 11, 22 and 33 are left out: A is 10, B 12, L 23, V 34.
            Some(value + u64::from(byte >= b'B') + u64::from(byte >= b'L') + u64::from(byte >= b'V'))
        }
        _ => None,
    }
}

/// Whether a container number (four letters, six digits, check digit) carries its ISO 6346 check digit.
pub fn is_container_number(text: &str) -> bool {
    super::plain::has_shape(text, "AAAA9999999") && iso6346(&text[..10]) == last_digit(text)
}

/// The GS1 check digit over the digits before it: weights 3, 1, 3 ... from the right.
pub fn gs1(body: &str) -> Option<u8> {
    let sum = body.bytes().rev().enumerate().try_fold(0_u32, |sum, (place, byte)| {
        let weight = if place % 2 == 0 { 3 } else { 1 };
        Some(sum + weight * digit(byte)?)
    })?;
    u8::try_from((10 - sum % 10) % 10).ok()
}

/// The remainder by 97 of the number that the text becomes when letters are written as 10 to 35 (ISO 7064 MOD 97-10).
pub fn mod97(text: &str) -> Option<u32> {
    text.bytes().try_fold(0_u32, |rest, byte| match byte {
        b'0'..=b'9' => Some((rest * 10 + u32::from(byte - b'0')) % 97),
        b'A'..=b'Z' => Some((rest * 100 + u32::from(byte - b'A') + 10) % 97),
        _ => None,
    })
}

/// The sum of the digits, each times the weight at its place; places beyond the weights do not count.
pub fn weighted_sum(digits: &str, weights: &[u32]) -> Option<u32> {
    digits.bytes().zip(weights).try_fold(0, |sum, (byte, weight)| Some(sum + digit(byte)? * weight))
}

/// The last character as a digit.
pub fn last_digit(text: &str) -> Option<u8> {
    text.bytes().last().and_then(digit).and_then(|value| u8::try_from(value).ok())
}

fn digit(byte: u8) -> Option<u32> {
    char::from(byte).to_digit(10)
}
