//! Contact details in texts: finding e-mail addresses and telephone numbers, without taking the codes of trade for them.

use unicode_normalization::UnicodeNormalization;

use super::tokens::is_invisible;

/// The contact details that public texts refuse.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ContactKind {
    /// `name@example.com` and its usual disguises.
    Email,
    /// `+` and eight or more digits.
    Phone,
}

/// The first kind of contact details that the text holds, full-width and lightly disguised forms included; product codes,
/// dimensions, tolerances and "5 pcs @ 3.50" are none.
pub fn find_contact(text: &str) -> Option<ContactKind> {
    let says_at = || text.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| word.eq_ignore_ascii_case("at"));
    if text.is_ascii() && !text.contains(['@', '+']) && !says_at() {
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

/// Eight or more digits, the first not 0 as in every country code, with the usual separators between; only spaces and an opening
/// bracket may stand before the first (`DX-500/+/8000/8500` is a list of models).
fn is_number_after(chars: &[char]) -> bool {
    let (mut digits, mut gap) = (0, 0);
    for c in chars {
        match c {
            '0' | '-' | '.' | ')' | '/' if digits == 0 => return false,
            '0'..='9' => (digits, gap) = (digits + 1, 0),
            ' ' | '-' | '.' | '(' | ')' | '/' | '\u{2010}'..='\u{2015}' if gap < 3 => gap += 1,
            _ => break,
        }
    }
    digits >= 8
}
