//! Numbers as people type and paste them, made plain before they are checked.

use unicode_normalization::UnicodeNormalization;

/// Characters of a typed number that are read; every scheme is far shorter.
pub const MOST: usize = 100;

/// The text in NFKC and capitals, without white space and invisible characters, every kind of dash as `-`, cut after [`MOST`] characters.
pub fn plain(text: &str) -> String {
    text.nfkc().flat_map(char::to_uppercase).filter(|c| !is_invisible(*c)).map(one_dash).take(MOST).collect()
}

/// [`plain`], and without the separators in `drop`.
pub fn compact(text: &str, drop: &[char]) -> String {
    plain(text).chars().filter(|c| !drop.contains(c)).collect()
}

/// Whether the text has the shape: `9` stands for a digit, `A` for a capital letter, `N` for either, all else for itself.
///
/// A text of the shape is ASCII, so it may be cut at any byte.
pub fn has_shape(text: &str, shape: &str) -> bool {
    text.len() == shape.len()
        && text.bytes().zip(shape.bytes()).all(|(byte, wanted)| match wanted {
            b'9' => byte.is_ascii_digit(),
            b'A' => byte.is_ascii_uppercase(),
            b'N' => byte.is_ascii_digit() || byte.is_ascii_uppercase(),
            other => byte == other,
        })
}

/// Whether the text is not empty and all digits.
pub fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether the text is not empty and all capital letters and digits.
pub fn is_alphanumeric(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase())
}

fn is_invisible(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}' | '\u{feff}' | '\u{ad}')
}

fn one_dash(c: char) -> char {
    if matches!(c, '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{2043}') { '-' } else { c }
}
