//! How numbers are written.

/// A number's whole part in groups of three with narrow no-break spaces from five digits on: `12 500.25`, but `4500`.
pub fn grouped(number: &str) -> String {
    let (whole, fraction) = number.split_once('.').map_or((number, ""), |(whole, _)| (whole, &number[whole.len()..]));
    let (sign, digits) = whole.strip_prefix('-').map_or(("", whole), |digits| ("-", digits));
    if digits.len() < 5 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return number.to_owned();
    }
    let mut text = String::from(sign);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            // U+202F, so that no number is broken at the end of a line.
            text.push('\u{202f}');
        }
        text.push(digit);
    }
    text + fraction
}
