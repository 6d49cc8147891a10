//! Texts that people write: cleaning them, finding contact details in them, taking them apart into words, and collecting what is wrong
//! with an input.
//!
//! Public texts (profiles, listings, RFQs) carry no e-mail addresses, telephone numbers and names in messengers, because what is
//! public is harvested; [`find_contact`] says whether a text does. [`Checker`] walks over an input, cleans its texts in place and
//! collects one [`FieldError`] for each field that is wrong, so that the caller hears of all of them at once.

pub mod area;
mod contact;
mod encoded_words;
pub mod html;
mod masking;
mod simplified;
mod stems;
mod stopwords;
mod tokens;

use std::borrow::Cow;
use std::ops::RangeInclusive;

use unicode_normalization::UnicodeNormalization;
use validator::ValidateEmail;

pub use contact::{ContactKind, find_contact, has_link};
pub use masking::{MaskedText, mask_contact};
pub use stems::{LANGUAGES, StemmerLanguage, Stems, language, language_code, stem};
pub use stopwords::{language_of, stopwords};
pub use tokens::{Run, fold, is_ideographic, runs};

use crate::error::{FieldCode, FieldError, Problem};
use crate::locale::{Language, Message, text};

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

/// The beginning of a text, on one line: so many characters at most, and a sign that there is more.
pub fn beginning(text: &str, most: usize) -> String {
    let mut characters = text.chars().map(|c| if c.is_whitespace() { ' ' } else { c });
    let start: String = characters.by_ref().take(most).collect();
    if characters.next().is_some() { format!("{}…", start.trim_end()) } else { start }
}

/// The text trimmed and in Unicode NFC. Control characters of ASCII are refused, but for line breaks and tabs; those of
/// Latin-1 (0x80 to 0x9f), which are what a wrong character set leaves of dashes and quotes, become spaces.
///
/// # Errors
/// [`ControlCharacter`] when the text holds one.
pub fn clean(text: &str, lines: Lines) -> Result<String, ControlCharacter> {
    let unified = if text.contains('\r') { text.replace("\r\n", "\n").into() } else { Cow::Borrowed(text) };
    // What is ASCII is in NFC.
    if unified.is_ascii() { without_controls(unified.chars(), lines) } else { without_controls(unified.nfc(), lines) }
}

fn without_controls(chars: impl Iterator<Item = char>, lines: Lines) -> Result<String, ControlCharacter> {
    let mut cleaned = String::with_capacity(chars.size_hint().0);
    for c in chars {
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
            self.fail(
                pointer,
                FieldCode::Range,
                Message::new("errors-items")
                    .with("max", max.to_string())
                    .with("items", items.to_string())
                    .text(Language::English),
            );
        }
    }

    /// An absolute `http` or `https` address of at most 2 000 characters, without a user name in it.
    pub fn url(&mut self, pointer: &str, url: &str) {
        if url.chars().count() > 2_000 {
            self.fail(pointer, FieldCode::Range, text(Language::English, "errors-web-address-long"));
        } else if !is_web_address(url) {
            self.fail(pointer, FieldCode::Format, text(Language::English, "errors-web-address"));
        }
    }

    /// An e-mail address.
    pub fn email(&mut self, pointer: &str, address: &str) {
        let is_one = address.is_ascii() && address.validate_email();
        self.ensure(is_one, pointer, FieldCode::Format, text(Language::English, "errors-e-mail"));
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
            return self.fail(pointer, FieldCode::Format, text(Language::English, "errors-control"));
        };
        let characters = text.chars().count();
        if characters < *length.start() {
            match characters {
                0 => self.required(pointer, false),
                _ => self.fail(
                    pointer,
                    FieldCode::Range,
                    Message::new("errors-at-least").with("least", length.start().to_string()).text(Language::English),
                ),
            }
        } else if characters > *length.end() {
            let message = Message::new("errors-at-most")
                .with("most", length.end().to_string())
                .with("characters", characters.to_string())
                .text(Language::English);
            self.fail(pointer, FieldCode::Range, message);
        }
        field.put(text);
    }

    fn refuse_contact(&mut self, pointer: &str, field: &impl TextField) {
        let what = match field.text().and_then(find_contact) {
            Some(ContactKind::Email) => text(Language::English, "errors-contact-e-mail"),
            Some(ContactKind::Phone) => text(Language::English, "errors-contact-phone"),
            Some(ContactKind::Messenger) => text(Language::English, "errors-contact-messenger"),
            None => return,
        };
        let message = Message::new("errors-contact").with("what", what).text(Language::English);
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
