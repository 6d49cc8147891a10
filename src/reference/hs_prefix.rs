//! HS codes and beginnings of them as people type them: `7304.41`, `7304 41 00`, `HS 7304`, `ch. 73`, `7304.xx`.
//!
//! What is typed into a search is not checked like a field of a form ([`HsCode`](super::codes::HsCode)): it is taken for a code only where
//! nothing else can be meant, or where it stands alone: `2000` within other words is a number, alone it may be heading 20.00.

use super::hs;

/// Words that say that a code follows; folded. `cn` is left out: it is China more often than the Combined Nomenclature.
const MARKERS: &[&str] = &[
    "hs",
    "hsn",
    "hts",
    "htsus",
    "ncm",
    "taric",
    "chapter",
    "chap",
    "ch",
    "heading",
    "subheading",
    "tariff",
    "hs编码",
    "编码",
    "海关编码",
    "税号",
];
/// Words that may stand between a marker and its code.
const FILLERS: &[&str] = &["code", "codes", "no", "nr", "number"];
/// Most digits of a code: ten national ones in the United States, China and the European Union.
const MOST_DIGITS: usize = 10;

/// How the digits of a code without a marker are grouped in tariffs: 7304, 730441, 7304.41, 7304.41.00, 7304 41 00 10 (European Union),
/// 7304.41.0005 (United States), 7304.41-000 (Japan), 7304.4110 (Switzerland), 7304 4100 00 (United Kingdom), 730441.00.
const GROUPS: &[&[usize]] = &[
    &[4, 1],
    &[4, 2],
    &[4, 2, 2],
    &[4, 2, 3],
    &[4, 2, 4],
    &[4, 2, 2, 2],
    &[4, 4],
    &[4, 4, 2],
    &[6, 2],
    &[6, 2, 2],
    &[6, 4],
    &[8, 2],
    &[2, 2],
    &[2, 2, 2],
];
/// Those of them that are taken for a code with spaces or hyphens between: two groups of four are two numbers as well.
const SPACED_GROUPS: &[&[usize]] = &[&[4, 2], &[4, 2, 2], &[4, 2, 4], &[4, 2, 2, 2], &[4, 4, 2], &[6, 2], &[6, 2, 2]];

/// What was read from the beginning of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Typed {
    /// The digits, 2 to 10 of them.
    pub digits: String,
    /// Where it ends in the text, in bytes.
    pub end: usize,
    /// It has the form of a code, and a chapter that exists.
    is_code: bool,
    /// A marker or dots in the right places say that it is one; bare digits may be any number.
    is_sure: bool,
}

/// Reads a text that is a code and nothing else, wherever a code is asked for: any 2 to 10 digits.
pub fn whole(text: &str) -> Option<String> {
    let text = bare(text);
    typed(text).filter(|typed| typed.end == text.len()).map(|typed| typed.digits)
}

/// Reads a text that may be anything, where it is a code and nothing else.
pub fn alone(text: &str) -> Option<Typed> {
    let text = bare(text);
    typed(text).filter(|typed| typed.is_code && typed.end == text.len())
}

/// Reads the code at the beginning of a text that goes on behind it; only where that is beyond doubt.
pub fn at_start(text: &str) -> Option<Typed> {
    typed(text).filter(|typed| typed.is_code && typed.is_sure)
}

/// Without the quotes and brackets around it and the dots and commas behind.
fn bare(text: &str) -> &str {
    let is_around =
        |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '“' | '”' | '„' | '(' | ')' | '[' | ']' | '#');
    text.trim_matches(is_around).trim_end_matches(['.', ',', ';', ':', '…']).trim_end_matches(is_around)
}

fn typed(text: &str) -> Option<Typed> {
    let marker = Marker::of(text);
    let start = marker.as_ref().map_or(0, |marker| marker.end);
    let mut read = Digits { digits: String::new(), groups: Vec::new(), separators: Vec::new(), end: start };
    read.groups_of(text);
    if !(2..=MOST_DIGITS).contains(&read.digits.len()) || !ends(&text[read.end..]) {
        return None;
    }
    let (is_code, is_sure) = match &marker {
        // `HS-20` within other words is a model more often than a chapter.
        Some(marker) => (marker.fits(&read.digits), marker.fits(&read.digits) && !marker.is_glued),
        None => {
            let is_code = read.is_grouped() && hs::chapter(&read.digits).is_some();
            (is_code, is_code && read.is_dotted())
        }
    };
    Some(Typed { is_code, is_sure, digits: read.digits, end: read.end })
}

/// Words that say that a code follows.
struct Marker {
    /// Where what follows them begins.
    end: usize,
    /// How many digits may follow: a chapter has two, a heading four.
    digits: Option<usize>,
    /// Only a hyphen stands between them and the digits, or nothing.
    is_glued: bool,
}

impl Marker {
    fn of(text: &str) -> Option<Self> {
        let mut found: Option<Self> = None;
        loop {
            let rest = &text[found.as_ref().map_or(0, |marker| marker.end)..];
            let word = rest.find(|c: char| !c.is_alphabetic()).map_or(rest, |end| &rest[..end]);
            let small = word.to_lowercase();
            let is_filler = found.is_some() && FILLERS.contains(&small.as_str());
            if word.is_empty() || !(is_filler || MARKERS.contains(&small.as_str())) {
                return found;
            }
            let digits = match small.as_str() {
                "ch" | "chap" | "chapter" => Some(2),
                "heading" => Some(4),
                _ => found.and_then(|marker| marker.digits),
            };
            let is_between = |c: char| c.is_whitespace() || matches!(c, '.' | ':' | '#' | '-' | '–' | '№');
            let next = rest[word.len()..].trim_start_matches(is_between);
            let between = &rest[word.len()..rest.len() - next.len()];
            found = Some(Self { end: text.len() - next.len(), digits, is_glued: between.is_empty() || between == "-" });
        }
    }

    /// Chapters 98 and 99 are national; behind a marker they are meant.
    fn fits(&self, digits: &str) -> bool {
        let is_chapter = hs::chapter(digits).is_some() || digits.starts_with("98") || digits.starts_with("99");
        is_chapter && digits.len() != 3 && self.digits.is_none_or(|count| count == digits.len())
    }
}

/// The digits of a code as they are read.
struct Digits {
    digits: String,
    groups: Vec<usize>,
    separators: Vec<char>,
    end: usize,
}

impl Digits {
    /// Whether tariffs group digits so.
    fn is_grouped(&self) -> bool {
        match self.groups[..] {
            [one] => one >= 4,
            _ if self.separators.iter().all(|c| is_dot(*c)) => GROUPS.contains(&&self.groups[..]),
            _ => SPACED_GROUPS.contains(&&self.groups[..]) || self.groups == [4, 2, 3],
        }
    }

    /// Whether dots stand where no number has them: `1200.5` and `73.04` are decimals as well.
    fn is_dotted(&self) -> bool {
        let is_decimal = self.groups.first().is_none_or(|first| *first < 4) || self.groups == [4, 1];
        self.groups.len() > 1 && !is_decimal && self.separators.iter().all(|c| is_dot(*c))
    }

    fn groups_of(&mut self, text: &str) {
        loop {
            let before = self.digits.len();
            for c in text[self.end..].chars() {
                let Some(digit) = digit(c) else { break };
                self.digits.push(digit);
                self.end += c.len_utf8();
            }
            if self.digits.len() == before {
                return;
            }
            self.groups.push(self.digits.len() - before);
            let rest = &text[self.end..];
            self.end += wildcard(rest);
            let Some(separator) = rest.chars().next().filter(|c| is_dot(*c) || is_space(*c)) else { return };
            let next = rest[separator.len_utf8()..].chars().next().and_then(digit);
            if next.is_none() || wildcard(rest) > 0 {
                return;
            }
            self.separators.push(separator);
            self.end += separator.len_utf8();
        }
    }
}

/// How long the placeholders for digits are that the text begins with: `.xx`, `**`, `XXXX.XX`.
fn wildcard(text: &str) -> usize {
    let end = text.find(|c: char| !(is_dot(c) || is_space(c) || matches!(c, 'x' | 'X' | '*'))).unwrap_or(text.len());
    let own = text[..end].trim_end_matches(|c: char| is_dot(c) || is_space(c));
    let has_placeholder = own.contains(['x', 'X', '*']);
    if has_placeholder && ends(&text[own.len()..]) { own.len() } else { 0 }
}

/// A digit in its usual or its wide form (`７`).
fn digit(c: char) -> Option<char> {
    let wide = u32::from(c).checked_sub(u32::from('０')).filter(|value| *value < 10);
    match wide {
        Some(value) => char::from_digit(value, 10),
        None => Some(c).filter(char::is_ascii_digit),
    }
}

fn is_dot(c: char) -> bool {
    matches!(c, '.' | '·' | '．')
}

fn is_space(c: char) -> bool {
    matches!(c, ' ' | '-' | '–' | '\u{a0}' | '\u{202f}' | '\u{2009}' | '\u{3000}')
}

/// Whether what was read may end before this text: no letter, digit or decimal part goes on.
fn ends(text: &str) -> bool {
    let mut rest = text.chars();
    match rest.next() {
        None => true,
        Some(c) if is_dot(c) || c == ',' => rest.next().is_none_or(|c| !c.is_alphanumeric()),
        Some(c) => c.is_whitespace() || matches!(c, ';' | ':' | ')' | ']' | '"' | '”' | '/' | '…'),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_is_read_however_it_is_typed() {
        for (text, digits) in [
            ("7304", "7304"),
            ("7304.41", "730441"),
            ("7304 41", "730441"),
            ("7304-41", "730441"),
            ("7304·41", "730441"),
            ("７３０４．４１", "730441"),
            ("7304\u{a0}41\u{a0}00", "73044100"),
            ("7304.4", "73044"),
            ("73.04", "7304"),
            ("73.04.41", "730441"),
            ("730441", "730441"),
            ("730441.00", "73044100"),
            ("7304.41.00", "73044100"),
            ("7304 41 00 10", "7304410010"),
            ("7304.41.0005", "7304410005"),
            ("7304.41-000", "730441000"),
            ("7304.4110", "73044110"),
            ("7304 4100 00", "7304410000"),
            ("HS 7304", "7304"),
            ("hs7304", "7304"),
            ("HS-Code: 7304.41", "730441"),
            ("HS code 7304 41", "730441"),
            ("HSN No. 7304", "7304"),
            ("hts 7304.41.0005", "7304410005"),
            ("NCM 7304.41.10", "73044110"),
            ("heading 73.04", "7304"),
            ("ch. 73", "73"),
            ("Chapter 73", "73"),
            ("HS 98", "98"),
            ("海关编码 7304", "7304"),
            ("7304.xx", "7304"),
            ("7304*", "7304"),
            ("7304.XX.XX", "7304"),
            ("\"7304.41\"", "730441"),
            ("(7304.41).", "730441"),
            (" 7304. ", "7304"),
        ] {
            assert_eq!(alone(text).map(|typed| typed.digits).as_deref(), Some(digits), "{text}");
            assert_eq!(whole(text).as_deref(), Some(digits), "{text}");
        }
    }

    #[test]
    fn number_is_no_code() {
        for text in [
            "",
            "73",
            "730",
            "7704.10",
            "9900",
            "0012",
            "73041910001",
            "1200 800",
            "7304x41",
            "7304a",
            "a7304",
            "7304.5 kg",
            "3,5",
            "HS",
            "chair 9401",
            "4006381333931",
            "7304 4",
            "12:30",
        ] {
            assert_eq!(alone(text), None, "{text}");
        }
    }

    #[test]
    fn code_within_words_is_read_where_it_is_beyond_doubt() {
        for (text, digits, end) in [
            ("7304.41 seamless pipe", "730441", 7),
            ("HS 7304 pipe", "7304", 7),
            ("hs code: 7304, pipe", "7304", 13),
            ("ch. 73 pipe", "73", 6),
        ] {
            let read = at_start(text).map(|typed| (typed.digits, typed.end));
            assert_eq!(read, Some((digits.to_owned(), end)), "{text}");
        }
        for text in ["7304 seamless pipe", "7304 41 pipe", "1200.5 mm", "ch-200 pump", "hs-20 pump", "hs20 pump"] {
            assert_eq!(at_start(text), None, "{text}");
        }
    }
}
