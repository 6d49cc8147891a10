//! Numbers as words: `2.5`, `2,50` and `2.5` in `2.5kg` are one word each, written alike however they were typed.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;

use crate::text::Run;

/// Whether it is a number as [`decimal`] writes it.
pub(super) fn is_number(word: &str) -> bool {
    let (whole, part) = word.split_once('.').unwrap_or((word, "0"));
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    is_digits(whole) && is_digits(part)
}

/// The number that the first of the runs begin: `2.5` of `2,50`, `1000` of `1,000`, `0.5` of `.5`, with what is glued to it (`2.5kg`); and
/// how many runs it takes. None where a run is a number, or a word, of its own. As [`super::units`] reads them, one group of three behind
/// a comma is thousands, behind a dot a decimal part.
pub(super) fn decimal(text: &str, runs: &[Run<'_>]) -> Option<(String, usize)> {
    let first = runs.first()?;
    let before = text[..first.start].chars().next_back();
    if before == Some('.') && digits_of(first.text) > 0 && is_free(&text[..first.start - 1]) {
        return Some((written("0", first.text), 1));
    }
    let is_tail = matches!(before, Some('.' | ',')) && !is_free(&text[..first.start - 1]);
    if is_tail || first.is_ideographic || first.text.is_empty() || digits_of(first.text) < first.text.len() {
        return None;
    }
    let (signs, parts) = chain(text, runs);
    let (last, middle) = parts.split_last()?;
    let is_group = |part: &&str| digits_of(part) == 3 && part.len() == 3;
    let leads = first.text.len() <= 3 && !first.text.starts_with('0');
    let are_alike = signs.iter().all(|sign| sign == &signs[0]);
    let are_thousands = leads && middle.iter().all(is_group) && digits_of(last) == 3;
    let whole: String = std::iter::once(first.text).chain(middle.iter().copied()).collect();
    let number = match parts.len() {
        1 if signs[0] == '.' || !are_thousands => written(first.text, last),
        _ if are_thousands && are_alike => whole + last,
        // `1,234.5`: thousands, and then a decimal part behind the other sign.
        2.. if leads
            && middle.iter().all(is_group)
            && signs[1..signs.len() - 1].iter().all(|s| s == &signs[0])
            && signs.last() != signs.first() =>
        {
            written(&whole, last)
        }
        _ => return None,
    };
    Some((number, parts.len() + 1))
}

/// The signs between numbers that follow each other with nothing else between, and the parts behind them. The last may have letters.
fn chain<'t>(text: &str, runs: &[Run<'t>]) -> (Vec<char>, Vec<&'t str>) {
    let (mut signs, mut parts) = (Vec::new(), Vec::new());
    for pair in runs.windows(2) {
        let sign = text.get(pair[0].end()..pair[1].start).and_then(|between| match between {
            "." => Some('.'),
            "," => Some(','),
            _ => None,
        });
        let Some(sign) = sign.filter(|_| digits_of(pair[0].text) == pair[0].text.len() && digits_of(pair[1].text) > 0)
        else {
            break;
        };
        signs.push(sign);
        parts.push(pair[1].text);
    }
    (signs, parts)
}

/// Whether no letter, digit or sign of a number stands right before.
fn is_free(before: &str) -> bool {
    before.chars().next_back().is_none_or(|c| !c.is_alphanumeric() && !matches!(c, '.' | ','))
}

fn digits_of(text: &str) -> usize {
    text.bytes().take_while(u8::is_ascii_digit).count()
}

/// A whole number with a decimal part that may have letters behind it, without needless zeros.
fn written(whole: &str, part: &str) -> String {
    let (digits, letters) = part.split_at(digits_of(part));
    let digits = digits.trim_end_matches('0');
    let dot = if digits.is_empty() { "" } else { "." };
    format!("{whole}{dot}{digits}{}", crate::text::fold(letters))
}

/// A run with `1/2` for `½`, apart from the digits before it.
pub(super) fn spelt_out(run: &str) -> Cow<'_, str> {
    let is_fraction =
        |c: char| !c.is_alphabetic() && !c.is_ascii() && c.is_numeric() && c.nfkc().any(|c| c == '\u{2044}');
    if run.is_ascii() || !run.contains(is_fraction) {
        return run.into();
    }
    let mut out = String::new();
    for c in run.chars() {
        if is_fraction(c) && out.ends_with(|c: char| c.is_ascii_digit()) {
            out.push(' ');
        }
        if is_fraction(c) { out.extend(c.nfkc()) } else { out.push(c) }
    }
    out.into()
}
