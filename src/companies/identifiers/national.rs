//! Check characters of national numbers, each by its own rule, so that a wrong number can be told the right character. Where a rule is not here,
//! [`super::vat`] asks a crate.
//!
//! | number | rule | source, read 2026-11 |
//! |---|---|---|
//! | BE VAT | 10 digits from 0 or 1; 97 less the first eight by 97 | FPS Finance; numbers with 1 are issued since 2023 |
//! | CY VAT | 8 digits and a letter, table of odd places, sum by 26 | VIES algorithms of the Commission |
//! | EU VAT | non-Union one-stop shop: number of a member state, 6 digits; no published check digit | Commission, OSS guide |
//! | FI VAT | 8 digits, weights 7 9 10 5 8 4 2, by 11; a remainder of 1 is not issued | Finnish Tax Administration |
//! | FR VAT | key of digits: (12 + 3 SIREN) by 97; key with letters: SIREN by 11; SIREN by Luhn | DGFiP |
//! | IE VAT | 7 digits, letter by 23, perhaps a second letter A to W that counts nine times | Revenue |
//! | NL VAT | 9 digits by 11 or, for sole traders since 2020, the whole by 97 | Belastingdienst |
//! | PL VAT | 10 digits, weights 6 5 7 2 3 4 5 6 7, by 11; a remainder of 10 is not issued | Ministry of Finance |
//! | IN GSTIN | state, PAN, registration, Z, character by 36 | GST Network; state 38 is Ladakh, 97 other territory |
//! | BR CNPJ | letters count as their ASCII code less 48, twice by 11 | Receita Federal, alphanumeric from 2026 |
//! | JP corporate | 12 digits by 9; the qualified-invoice number is the same after a T | National Tax Agency |

use crate::reference::check_digits::{mod97, weighted_sum};
use crate::reference::plain::{has_shape, is_digits};

/// What a check came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Check {
    /// It holds.
    Holds,
    /// The form holds, and there is no check character that could.
    FormOnly,
    /// The check character should be this.
    Expected(String),
    /// The form holds, and no check character could make it a number: the register leaves it out.
    NotIssued,
    /// It does not have the form.
    Form,
}

/// The rule of a VAT number without its prefix; `None` where it is not here.
pub(super) fn vat(prefix: &str, rest: &str) -> Option<Check> {
    Some(match prefix {
        "BE" => belgium(rest),
        "BR" => cnpj(rest),
        "CY" => cyprus(rest),
        "EL" | "GR" => return None,
        "EU" => one_stop_shop(rest),
        "FI" => finland(rest),
        "FR" => france(rest),
        "IE" => ireland(rest),
        "NL" => netherlands(rest),
        "PL" => poland(rest),
        _ => return None,
    })
}

fn compare(found: &str, expected: &str) -> Check {
    if found == expected { Check::Holds } else { Check::Expected(expected.to_owned()) }
}

fn number(digits: &str) -> u64 {
    digits.bytes().fold(0, |number, byte| number * 10 + u64::from(byte.saturating_sub(b'0')))
}

fn belgium(rest: &str) -> Check {
    // Numbers of nine digits are those of before 2005, which got a leading 0.
    let whole = if has_shape(rest, "999999999") { format!("0{rest}") } else { rest.to_owned() };
    if !has_shape(&whole, "9999999999") || !whole.starts_with(['0', '1']) {
        return Check::Form;
    }
    compare(&whole[8..], &format!("{:02}", 97 - number(&whole[..8]) % 97))
}

const CYPRUS_ODD: [u32; 10] = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21];

fn cyprus(rest: &str) -> Check {
    if !has_shape(rest, "99999999A") || rest.starts_with("12") || !rest.starts_with(['0', '1', '3', '4', '5', '6', '9'])
    {
        return Check::Form;
    }
    let value = |(place, byte): (usize, u8)| match place % 2 {
        0 => CYPRUS_ODD.get(usize::from(byte - b'0')).copied().unwrap_or(0),
        _ => u32::from(byte - b'0'),
    };
    let sum: u32 = rest.bytes().take(8).enumerate().map(value).sum();
    compare(&rest[8..], &letter(sum % 26).to_string())
}

fn letter(place: u32) -> char {
    char::from_digit(place + 10, 36).unwrap_or('A').to_ascii_uppercase()
}

/// ISO 3166 numbers of the member states.
const STATES: [&str; 27] = [
    "040", "056", "100", "191", "196", "203", "208", "233", "246", "250", "276", "300", "348", "372", "380", "428",
    "440", "442", "470", "528", "616", "620", "642", "703", "705", "724", "752",
];

fn one_stop_shop(rest: &str) -> Check {
    let is_form = has_shape(rest, "999999999") && STATES.contains(&&rest[..3]);
    if is_form { Check::FormOnly } else { Check::Form }
}

fn finland(rest: &str) -> Check {
    if !has_shape(rest, "99999999") {
        return Check::Form;
    }
    by_eleven(rest, &[7, 9, 10, 5, 8, 4, 2], |sum| (11 - sum % 11) % 11)
}

fn poland(rest: &str) -> Check {
    if !has_shape(rest, "9999999999") {
        return Check::Form;
    }
    by_eleven(rest, &[6, 5, 7, 2, 3, 4, 5, 6, 7], |sum| sum % 11)
}

/// The last digit by the sum of those before it; 10 is no digit, so such a number is not issued.
fn by_eleven(digits: &str, weights: &[u32], check: fn(u32) -> u32) -> Check {
    match check(weighted_sum(digits, weights).unwrap_or(0)) {
        10 => Check::NotIssued,
        digit => compare(&digits[digits.len() - 1..], &digit.to_string()),
    }
}

const FRENCH_KEYS: &str = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ";

fn france(rest: &str) -> Check {
    if !has_shape(rest, "NN999999999") || rest[..2].contains(['I', 'O']) {
        return Check::Form;
    }
    let (key, siren) = rest.split_at(2);
    // Monaco's numbers begin with 000 and are no SIREN.
    if !siren.starts_with("000") && luhn(&siren[..8]) != siren[8..].parse().ok() {
        return Check::NotIssued;
    }
    if is_digits(key) {
        return compare(key, &format!("{:02}", (12 + 3 * (number(siren) % 97)) % 97));
    }
    let index = |place: usize| key.chars().nth(place).and_then(|c| FRENCH_KEYS.find(c)).unwrap_or(0) as u64;
    let value = if key.as_bytes()[0].is_ascii_digit() {
        (index(0) * 24 + index(1)).saturating_sub(10)
    } else {
        (index(0) * 34 + index(1)).saturating_sub(100)
    };
    if (number(siren) + 1 + value / 11) % 11 == value % 11 { Check::Holds } else { Check::NotIssued }
}

/// The Luhn check digit over the digits before it.
fn luhn(body: &str) -> Option<u32> {
    let sum: u32 = body
        .bytes()
        .rev()
        .enumerate()
        .map(|(place, byte)| {
            let digit = u32::from(byte - b'0') * if place % 2 == 0 { 2 } else { 1 };
            digit / 10 + digit % 10
        })
        .sum();
    Some((10 - sum % 10) % 10)
}

/// The letters by their value: W is nought.
const IRISH: &[u8; 23] = b"WABCDEFGHIJKLMNOPQRSTUV";

fn ireland(rest: &str) -> Check {
    let (digits, check, second) = if has_shape(rest, "9999999A") {
        (rest[..7].to_owned(), &rest[7..], b'W')
    } else if has_shape(rest, "9999999AA") {
        (rest[..7].to_owned(), &rest[7..8], rest.as_bytes()[8])
    } else if has_shape(rest, "9A99999A") {
        // The form of before 1991: the first digit stands last.
        (format!("0{}{}", &rest[2..7], &rest[..1]), &rest[7..], b'W')
    } else {
        return Check::Form;
    };
    let Some(extra) = IRISH.iter().position(|letter| *letter == second) else { return Check::Form };
    let sum = weighted_sum(&digits, &[8, 7, 6, 5, 4, 3, 2]).unwrap_or(0) as usize + 9 * extra;
    compare(check, &char::from(IRISH[sum % 23]).to_string())
}

fn netherlands(rest: &str) -> Check {
    if !has_shape(rest, "999999999B99") || rest.ends_with("B00") {
        return Check::Form;
    }
    if mod97(&format!("NL{rest}")) == Some(1) {
        return Check::Holds;
    }
    by_eleven(&rest[..9], &[9, 8, 7, 6, 5, 4, 3, 2], |sum| sum % 11)
}

/// A Brazilian company number: 12 letters or digits and 2 check digits.
pub(super) fn cnpj(text: &str) -> Check {
    let is_filler = text.bytes().all(|byte| Some(byte) == text.bytes().next());
    if !has_shape(text, "NNNNNNNNNNNN99") || is_filler {
        return Check::Form;
    }
    let first = cnpj_digit(&text[..12]);
    let second = cnpj_digit(&format!("{}{first}", &text[..12]));
    compare(&text[12..], &format!("{first}{second}"))
}

fn cnpj_digit(body: &str) -> u32 {
    let weights = (2..=9).cycle();
    let sum: u32 = body.bytes().rev().zip(weights).map(|(byte, weight)| u32::from(byte - b'0') * weight).sum();
    match sum % 11 {
        0 | 1 => 0,
        rest => 11 - rest,
    }
}

/// An Indian tax number of 15 characters.
pub(super) fn gstin(text: &str) -> Check {
    let state: u64 = if has_shape(text, "99AAAAA9999ANZN") { number(&text[..2]) } else { return Check::Form };
    let is_state = (1..=38).contains(&state) || [97, 99].contains(&state);
    if !is_state || &text[12..13] == "0" {
        return Check::Form;
    }
    let value = |(place, c): (usize, char)| {
        let product = c.to_digit(36).unwrap_or(0) * if place % 2 == 0 { 1 } else { 2 };
        product / 36 + product % 36
    };
    let sum: u32 = text.chars().take(14).enumerate().map(value).sum();
    let expected = char::from_digit((36 - sum % 36) % 36, 36).unwrap_or('0').to_ascii_uppercase();
    compare(&text[14..], &expected.to_string())
}

/// A Japanese corporate number of 13 digits, the check digit first.
pub(super) fn jp_corporate(text: &str) -> Check {
    if !has_shape(text, "9999999999999") {
        return Check::Form;
    }
    let sum: u32 = text[1..]
        .bytes()
        .rev()
        .enumerate()
        .map(|(place, byte)| u32::from(byte - b'0') * if place % 2 == 0 { 1 } else { 2 })
        .sum();
    compare(&text[..1], &(9 - sum % 9).to_string())
}
