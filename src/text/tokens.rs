//! Taking a text apart: runs of letters and digits, folded. Everything that compares texts by words begins here, the search index and the
//! matching without an index alike, so that a word that one of them finds is one for the other.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::simplified::simplified;

/// Folds a text: NFKC, lower case, Latin letters without accents, Chinese in its simplified form, nothing that is not seen.
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let mut out = String::with_capacity(text.len());
    for c in text.nfkc().flat_map(char::to_lowercase) {
        match c {
            // A dot above is what lower case leaves of the Turkish capital: `İ` is an i as `ı` is one.
            '\u{307}' => {}
            _ if is_invisible(c) => {}
            '\u{2044}' => out.push('/'),
            'ß' => out.push_str("ss"),
            'æ' => out.push_str("ae"),
            'œ' => out.push_str("oe"),
            'ø' => out.push('o'),
            'đ' | 'ð' => out.push('d'),
            'ł' => out.push('l'),
            'ı' => out.push('i'),
            'þ' => out.push_str("th"),
            'ё' => out.push('е'),
            '×' => out.push('x'),
            '\u{3400}'..='\u{9fff}' | '\u{20000}'..='\u{2fa1f}' => out.push(simplified(c)),
            '\u{c0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}' => out.extend(c.nfd().filter(|c| !is_combining_mark(*c))),
            _ => out.push(c),
        }
    }
    out
}

/// Whether the character takes no room and says nothing: soft hyphens, joiners, marks of direction, variation selectors.
pub(super) fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}')
}

/// Whether the character belongs to a script that is written without spaces: Han and kana, the narrow forms too.
pub fn is_ideographic(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{ff66}'..='\u{ff9f}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3134f}')
}

/// A run of letters and digits, all ideographic or none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run<'t> {
    /// As it stands in the text.
    pub text: &'t str,
    /// Where it begins in the text, in bytes.
    pub start: usize,
    /// It holds several words with no space between them.
    pub is_ideographic: bool,
}

impl Run<'_> {
    /// Where it ends in the text, in bytes.
    pub fn end(&self) -> usize {
        self.start + self.text.len()
    }
}

/// The runs of a text in order.
pub fn runs(text: &str) -> impl Iterator<Item = Run<'_>> {
    let mut from = 0;
    std::iter::from_fn(move || {
        let run = next_run(text, from)?;
        from = run.end();
        Some(run)
    })
}

fn next_run(text: &str, from: usize) -> Option<Run<'_>> {
    let rest = text.get(from..)?;
    // Behind ideographs the sign of a measure or an accent begins a run too: what indexes hold was cut so.
    let begins = |c: char| is_combining_mark(c) || (c == '×' && rest[c.len_utf8()..].starts_with(is_digit));
    let is_begun = from > 0 && rest.chars().next().is_some_and(begins);
    let start = from + if is_begun { 0 } else { rest.find(char::is_alphanumeric)? };
    let is_cjk = text[start..].chars().next().is_some_and(is_ideographic);
    let is_inside = |(at, c): &(usize, char)| {
        // The sign of `50×30` belongs to the measure: both numbers are one word.
        let is_times = *c == '×' && text[start + at + c.len_utf8()..].starts_with(is_digit);
        let is_part = c.is_alphanumeric() || is_times || is_combining_mark(*c);
        // A soft hyphen says where a word may be broken, not that it ends.
        is_invisible(*c) || (is_part && is_ideographic(*c) == is_cjk)
    };
    let length = text[start..].char_indices().find(|next| !is_inside(next)).map_or(text.len() - start, |(at, _)| at);
    Some(Run { text: &text[start..start + length], start, is_ideographic: is_cjk })
}

fn is_digit(c: char) -> bool {
    c.is_ascii_digit()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_come_apart_into_runs() {
        let of = |text| runs(text).map(|run| (run.text, run.is_ideographic)).collect::<Vec<_>>();
        assert_eq!(
            of("M8 不锈钢螺丝 screws, 50×30"),
            [("M8", false), ("不锈钢螺丝", true), ("screws", false), ("50×30", false)]
        );
        assert_eq!(of("304不锈钢管"), [("304", false), ("不锈钢管", true)]);
        assert_eq!(of(" - × "), []);
        for text in ["Größe 5 mm", "e\u{301}te\u{301}", "x\u{0}y"] {
            assert!(runs(text).all(|run| text[run.start..run.end()] == *run.text), "{text}");
        }
    }
}
