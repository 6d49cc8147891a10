//! Texts that people write: cleaning them, finding contact details in them, and collecting what is wrong with an input.
//!
//! Public texts (profiles, listings, RFQs) carry no e-mail addresses and no telephone numbers in international form, because what is
//! public is harvested; [`find_contact`] says whether a text does. [`Checker`] walks over an input, cleans its texts in place and
//! collects one [`FieldError`] for each field that is wrong, so that the caller hears of all of them at once.

use std::ops::RangeInclusive;

use unicode_normalization::UnicodeNormalization;

use crate::error::{FieldCode, FieldError, Problem};

/// The contact details that public texts refuse.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ContactKind {
    /// `name@example.com` and its usual disguises.
    Email,
    /// `+` and eight or more digits.
    Phone,
}

/// Why a text cannot be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ControlCharacter;

/// Whether a text is one line or may have several.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lines {
    /// Line breaks and tabs become spaces.
    One,
    /// Line breaks (as `\n`) and tabs are kept.
    Many,
}

/// The text trimmed and in Unicode NFC. Control characters of ASCII are refused, but for line breaks and tabs; those of
/// Latin-1 (0x80 to 0x9f), which are what a wrong character set leaves of dashes and quotes, become spaces.
///
/// # Errors
/// [`ControlCharacter`] when the text holds one.
pub fn clean(text: &str, lines: Lines) -> Result<String, ControlCharacter> {
    let unified = text.replace("\r\n", "\n");
    let mut cleaned = String::with_capacity(unified.len());
    for c in unified.nfc() {
        match c {
            '\n' | '\t' if lines == Lines::Many => cleaned.push(c),
            '\n' | '\t' | '\r' => cleaned.push(if lines == Lines::Many { '\n' } else { ' ' }),
            '\u{80}'..='\u{9f}' => cleaned.push(' '),
            _ if c.is_control() => return Err(ControlCharacter),
            _ => cleaned.push(c),
        }
    }
    Ok(cleaned.trim().to_owned())
}

/// The first kind of contact details that the text holds, full-width and lightly disguised forms included; product codes,
/// dimensions, tolerances and "5 pcs @ 3.50" are none.
pub fn find_contact(text: &str) -> Option<ContactKind> {
    if text.is_ascii() && !text.contains(['@', '+']) && !text.to_ascii_lowercase().contains("at") {
        return None;
    }
    let folded = fold(text);
    let chars: Vec<char> = folded.chars().collect();
    if has_email(&chars) || has_spoken_email(&folded) {
        return Some(ContactKind::Email);
    }
    has_phone(&chars).then_some(ContactKind::Phone)
}

/// Compatibility forms made plain, small letters, ASCII digits, no invisible characters, and `(at)` and `(dot)` as `@` and `.`.
fn fold(text: &str) -> String {
    let plain: String =
        text.nfkc().filter(|c| !is_invisible(*c)).map(ascii_digit).flat_map(char::to_lowercase).collect();
    if plain.contains(['(', '[', '{', '<']) { unmask(&unmask(&plain, "at", "@"), "dot", ".") } else { plain }
}

fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}' | '\u{feff}')
}

/// The ASCII digit for an Arabic-Indic, Persian or Devanagari one; any other character as it is.
fn ascii_digit(c: char) -> char {
    let value = match c {
        '\u{660}'..='\u{669}' => u32::from(c) - 0x660,
        '\u{6f0}'..='\u{6f9}' => u32::from(c) - 0x6f0,
        '\u{966}'..='\u{96f}' => u32::from(c) - 0x966,
        _ => return c,
    };
    char::from_digit(value, 10).unwrap_or(c)
}

/// Replaces `word` in brackets, with the spaces around it, by `sign`.
fn unmask(text: &str, word: &str, sign: &str) -> String {
    let mut unmasked = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(open) = rest.find(['(', '[', '{', '<']) {
        let inside = rest[open + 1..].trim_start();
        let after =
            inside.strip_prefix(word).map(str::trim_start).and_then(|tail| tail.strip_prefix([')', ']', '}', '>']));
        match after {
            Some(tail) => {
                unmasked.push_str(rest[..open].trim_end());
                unmasked.push_str(sign);
                rest = tail.trim_start();
            }
            None => {
                unmasked.push_str(&rest[..=open]);
                rest = &rest[open + 1..];
            }
        }
    }
    unmasked.push_str(rest);
    unmasked
}

fn has_email(chars: &[char]) -> bool {
    (0..chars.len()).filter(|at| chars[*at] == '@').any(|at| is_email_around(chars, at))
}

fn is_email_around(chars: &[char], at: usize) -> bool {
    let local_before = |end: usize| {
        let start = chars[..end].iter().rposition(|c| !is_local(*c)).map_or(0, |before| before + 1);
        &chars[start..end]
    };
    let (before, after) = (local_before(at), &chars[at + 1..]);
    if !before.is_empty() && is_domain(after) {
        return true;
    }
    // "name @ domain.com": with spaces both sides must look like words, or prices ("12 @ 3.50") would be taken for addresses.
    let spaces = |part: &mut dyn Iterator<Item = &char>| part.take_while(|c| **c == ' ').count();
    let (left, right) = (spaces(&mut chars[..at].iter().rev()), spaces(&mut after.iter()));
    let spaced = &after[right..];
    left + right > 0
        && local_before(at - left).iter().any(|c| c.is_alphabetic())
        && spaced.first().is_some_and(|c| c.is_alphabetic())
        && is_domain(spaced)
}

fn is_local(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '.' | '_' | '%' | '+' | '-')
}

/// Whether the characters begin with a domain name: labels with dots between and a last one of two or more letters.
fn is_domain(chars: &[char]) -> bool {
    let end = chars.iter().position(|c| !c.is_alphanumeric() && !matches!(c, '.' | '-')).unwrap_or(chars.len());
    let name: String = chars[..end].iter().collect();
    let mut labels = name.trim_end_matches(['.', '-']).split('.');
    let top = labels.next_back().unwrap_or_default();
    let hosts: Vec<&str> = labels.collect();
    let top_ok = top.starts_with("xn--") || (top.chars().count() >= 2 && top.chars().all(char::is_alphabetic));
    top_ok && !hosts.is_empty() && hosts.iter().all(|label| !label.is_empty())
}

/// "sales at acme dot com".
fn has_spoken_email(folded: &str) -> bool {
    let words: Vec<&str> = folded.split_whitespace().collect();
    words.windows(5).any(|five| five[1] == "at" && five[3] == "dot" && five[4].chars().take(2).all(char::is_alphabetic))
}

fn has_phone(chars: &[char]) -> bool {
    (0..chars.len()).any(|at| chars[at] == '+' && may_start_phone(&chars[..at]) && is_number_after(&chars[at + 1..]))
}

/// A plus sign within a code (`RX+20031234`, `10+20`) starts no number; one after a word (`Tel+86`) does.
fn may_start_phone(before: &[char]) -> bool {
    let word: Vec<&char> = before.iter().rev().take_while(|c| c.is_ascii_alphanumeric()).collect();
    word.is_empty() || (word.len() >= 3 && word.iter().all(|c| c.is_ascii_alphabetic()))
}

/// Eight or more digits, the first not 0 as in every country code, with the usual separators between.
fn is_number_after(chars: &[char]) -> bool {
    let (mut digits, mut gap) = (0, 0);
    for c in chars {
        match c {
            '0' if digits == 0 => return false,
            '0'..='9' => (digits, gap) = (digits + 1, 0),
            ' ' | '-' | '.' | '(' | ')' | '/' | '\u{2010}'..='\u{2015}' if gap < 3 => gap += 1,
            _ => break,
        }
    }
    digits >= 8
}

/// A field that holds a text: a `String`, or an `Option<String>` that is emptied when only spaces remain.
pub trait TextField {
    /// The text, if there is any.
    fn text(&self) -> Option<&str>;
    /// Puts the cleaned text in its place.
    fn put(&mut self, text: String);
}

impl TextField for String {
    fn text(&self) -> Option<&str> {
        Some(self)
    }

    fn put(&mut self, text: String) {
        *self = text;
    }
}

impl TextField for Option<String> {
    fn text(&self) -> Option<&str> {
        self.as_deref()
    }

    fn put(&mut self, text: String) {
        *self = (!text.is_empty()).then_some(text);
    }
}

/// Collects what is wrong with an input. Lengths are counted in characters, not bytes.
#[derive(Debug, Default)]
pub struct Checker {
    errors: Vec<FieldError>,
}

impl Checker {
    /// A checker that has found nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// A private text of one line: cleaned, and its length in the range (from 1: required).
    pub fn text(&mut self, pointer: &str, field: &mut impl TextField, length: RangeInclusive<usize>) {
        self.clean_and_measure(pointer, field, length, Lines::One);
    }

    /// A private text of several lines.
    pub fn prose(&mut self, pointer: &str, field: &mut impl TextField, length: RangeInclusive<usize>) {
        self.clean_and_measure(pointer, field, length, Lines::Many);
    }

    /// A text of one line that everyone may read: contact details are refused.
    pub fn public_text(&mut self, pointer: &str, field: &mut impl TextField, length: RangeInclusive<usize>) {
        self.clean_and_measure(pointer, field, length, Lines::One);
        self.refuse_contact(pointer, field);
    }

    /// A text of several lines that everyone may read: contact details are refused.
    pub fn public_prose(&mut self, pointer: &str, field: &mut impl TextField, length: RangeInclusive<usize>) {
        self.clean_and_measure(pointer, field, length, Lines::Many);
        self.refuse_contact(pointer, field);
    }

    /// A list of public one-line texts: at most `max_items`, each of 1 to `max_length` characters; repetitions are dropped.
    pub fn public_texts(&mut self, pointer: &str, list: &mut Vec<String>, max_items: usize, max_length: usize) {
        for (index, text) in list.iter_mut().enumerate().take(max_items) {
            self.public_text(&format!("{pointer}/{index}"), text, 1..=max_length);
        }
        self.distinct(pointer, list, max_items);
    }

    /// A list of at most `max` values, each of them once: repetitions are dropped.
    pub fn distinct<T: PartialEq + Clone>(&mut self, pointer: &str, list: &mut Vec<T>, max: usize) {
        let mut once: Vec<T> = Vec::new();
        self.max_items(pointer, list.len(), max);
        for value in list.iter().take(max) {
            if !once.contains(value) {
                once.push(value.clone());
            }
        }
        *list = once;
    }

    /// A list has at most `max` items.
    pub fn max_items(&mut self, pointer: &str, items: usize, max: usize) {
        if items > max {
            self.fail(pointer, FieldCode::Range, format!("must have at most {max} items, not {items}"));
        }
    }

    /// An absolute `http` or `https` address of at most 2 000 characters, without a user name in it.
    pub fn url(&mut self, pointer: &str, url: &str) {
        if url.chars().count() > 2_000 {
            self.fail(pointer, FieldCode::Range, "must have at most 2000 characters");
        } else if !is_web_address(url) {
            self.fail(pointer, FieldCode::Format, "must be a web address that begins with https:// or http://");
        }
    }

    /// A value that has to be there.
    pub fn required(&mut self, pointer: &str, is_there: bool) {
        if !is_there {
            self.errors.push(FieldError::required(pointer));
        }
    }

    /// A rule that has to hold; the message says what would be right, without the field's name.
    pub fn ensure(&mut self, holds: bool, pointer: &str, code: FieldCode, message: &str) {
        if !holds {
            self.fail(pointer, code, message);
        }
    }

    /// Notes an error.
    pub fn fail(&mut self, pointer: &str, code: FieldCode, message: impl Into<String>) {
        self.errors.push(FieldError::new(pointer, code, message));
    }

    /// What was found.
    ///
    /// # Errors
    /// `invalid` with all field errors, if there are any.
    pub fn finish(self) -> Result<(), Problem> {
        if self.errors.is_empty() { Ok(()) } else { Err(Problem::invalid(self.errors)) }
    }

    fn clean_and_measure(
        &mut self,
        pointer: &str,
        field: &mut impl TextField,
        length: RangeInclusive<usize>,
        lines: Lines,
    ) {
        let Ok(text) = clean(field.text().unwrap_or_default(), lines) else {
            return self.fail(pointer, FieldCode::Format, "must not contain control characters");
        };
        let characters = text.chars().count();
        if characters < *length.start() {
            match characters {
                0 => self.required(pointer, false),
                _ => self.fail(pointer, FieldCode::Range, format!("must have at least {} characters", length.start())),
            }
        } else if characters > *length.end() {
            let message = format!("must have at most {} characters, not {characters}", length.end());
            self.fail(pointer, FieldCode::Range, message);
        }
        field.put(text);
    }

    fn refuse_contact(&mut self, pointer: &str, field: &impl TextField) {
        let what = match field.text().and_then(find_contact) {
            Some(ContactKind::Email) => "an e-mail address",
            Some(ContactKind::Phone) => "a telephone number",
            None => return,
        };
        let message = format!("must not contain {what}: this text is public; contacts are exchanged after a quote");
        self.fail(pointer, FieldCode::ContactDetails, message);
    }
}

fn is_web_address(url: &str) -> bool {
    let lower = url.to_ascii_lowercase();
    let Some(rest) = lower.strip_prefix("https://").or_else(|| lower.strip_prefix("http://")) else { return false };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host_ok = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']');
    !host.is_empty()
        && host.starts_with(|c: char| c.is_alphanumeric() || c == '[')
        && host.chars().all(host_ok)
        && !url.chars().any(|c| c.is_whitespace() || c.is_control() || matches!(c, '"' | '<' | '>' | '\\'))
}

#[cfg(test)]
mod tests;
