//! Reads what a person typed. Nothing is an error: what is not a quote, a leading minus, a measure or an HS code is words.

use super::request::MAX_CLAUSES;
use super::units;
use crate::reference::hs_prefix;

/// Longest query that is read, in characters; the rest is cut off.
pub const MAX_QUERY_CHARS: usize = 512;

/// A piece of the query between spaces, or between quotes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    pub text: String,
    /// It stood between quotes: its words belong together in this order.
    pub phrase: bool,
    /// A minus stood before it: what holds it is not wanted.
    pub negated: bool,
    /// It is a number with its unit: the term of the measure.
    pub measure: Option<String>,
    /// It is an HS code, or the beginning of one: its digits.
    pub hs: Option<String>,
}

impl Piece {
    fn word(text: &str, negated: bool) -> Self {
        Self { text: text.to_owned(), phrase: false, negated, measure: None, hs: None }
    }
}

/// Cuts the query into pieces.
pub(super) fn parse(query: &str) -> Vec<Piece> {
    let text: String = query.chars().take(MAX_QUERY_CHARS).map(|c| if c.is_control() { ' ' } else { c }).collect();
    // Alone, bare digits are a code too: whoever looks for the wattage finds it by its words beside the goods of the heading.
    if let Some(code) = hs_prefix::alone(&text) {
        return vec![Piece { hs: Some(code.digits), ..Piece::word(text.trim(), false) }];
    }
    let mut pieces = Vec::new();
    let mut rest = text.trim_start();
    let mut is_apart = true;
    while !rest.is_empty() && pieces.len() < MAX_CLAUSES {
        // The minus of `10W-40` or `12V-battery` is a hyphen: what is not wanted stands apart.
        let (negated, after) = if is_apart { strip_minus(rest) } else { (false, rest) };
        let (piece, next) = match after.strip_prefix(['"', '“', '”', '„']) {
            Some(quoted) => quoted_piece(quoted, negated),
            None => measure_piece(after, negated)
                .or_else(|| hs_piece(after, negated))
                .unwrap_or_else(|| word_piece(after, negated)),
        };
        if piece.text.chars().any(char::is_alphanumeric) {
            pieces.push(piece);
        }
        rest = next.trim_start();
        // The sign of a diameter belongs to the number behind it, with or without a space.
        if piece_is_sign(pieces.last()) && rest.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
            pieces.pop();
        }
        is_apart = rest.len() < next.len();
    }
    pieces
}

fn piece_is_sign(piece: Option<&Piece>) -> bool {
    piece.is_some_and(|piece| !piece.phrase && piece.text.chars().all(units::is_diameter))
}

fn strip_minus(text: &str) -> (bool, &str) {
    match text.strip_prefix('-') {
        // A number below zero is asked for as it stands: `freezer -80 °C`.
        Some(after) if after.starts_with(|c: char| c.is_alphabetic() || matches!(c, '"' | '“' | '„')) => {
            (true, after)
        }
        // A code with its dots is no number.
        Some(after) if hs_prefix::at_start(after).is_some() => (true, after),
        _ => (false, text),
    }
}

/// `5 kg`, `1 1/2"`: in one piece, and the mark for inches is no quote.
fn measure_piece(text: &str, negated: bool) -> Option<(Piece, &str)> {
    let measure = units::at_start(text)?;
    let (own, next) = text.split_at(measure.end);
    Some((Piece { measure: Some(measure.term), ..Piece::word(own, negated) }, next))
}

/// `7304.41`, `HS 7304`, within other words.
fn hs_piece(text: &str, negated: bool) -> Option<(Piece, &str)> {
    let code = hs_prefix::at_start(text)?;
    let (own, next) = text.split_at(code.end);
    Some((Piece { hs: Some(code.digits), ..Piece::word(own, negated) }, next))
}

fn quoted_piece(text: &str, negated: bool) -> (Piece, &str) {
    let end = text.find(['"', '“', '”']).unwrap_or(text.len());
    let next = text[end..].chars().next().map_or(text.len(), |c| end + c.len_utf8());
    (Piece { phrase: true, ..Piece::word(&text[..end], negated) }, &text[next..])
}

fn word_piece(text: &str, negated: bool) -> (Piece, &str) {
    let end = text.find(|c: char| c.is_whitespace() || matches!(c, '"' | '“' | '”' | '„')).unwrap_or(text.len());
    // A quote inside a word (7" or 5'10") must not stall the loop.
    let end = if end == 0 { text.chars().next().map_or(0, char::len_utf8) } else { end };
    (Piece::word(&text[..end], negated), &text[end..])
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use proptest::prelude::*;

    use super::*;

    /// How many queries are made up: some seconds of them for every change, fifty times as many at night.
    fn cases() -> u32 {
        std::env::var("TRADEPOST_TEST_QUERIES").ok().and_then(|text| text.parse().ok()).unwrap_or(20_000)
    }

    /// What reading a query may take, not optimised.
    const MOST_TIME: Duration = Duration::from_millis(100);

    /// Whether the query is read in the time it may take, at one of three tries: the machine may have others to serve.
    fn is_quick(query: &str) -> bool {
        (0..3).any(|_| {
            let begun = Instant::now();
            parse(query);
            begun.elapsed() < MOST_TIME
        })
    }

    /// Signs that mean something to one parser or another, words, measures, any other letters, and very much of the same.
    fn hostile() -> impl Strategy<Value = String> {
        prop_oneof![
            4 => "[-\"“”„ +*?~^:(){}\\[\\]/\\\\.,a-c0-9½×µ²公斤]{0,60}",
            2 => "( |-|\"|[0-9]{1,3}|[a-z]{1,4}|AND|OR|NOT|1/2|\u{0}|\u{301}|\u{202e}){0,24}",
            1 => "\\PC{0,40}",
            1 => ("[-\" 0-9a½é蝶]{1,3}", 1_usize..700).prop_map(|(text, times)| text.repeat(times)),
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: cases(), ..ProptestConfig::default() })]

        #[test]
        fn any_query_is_read(query in hostile()) {
            let pieces = parse(&query);
            prop_assert!(is_quick(&query), "it takes too long to read {query:?}");
            prop_assert!(pieces.len() <= MAX_CLAUSES);
            let letters: usize = pieces.iter().map(|piece| piece.text.chars().count()).sum();
            prop_assert!(letters <= MAX_QUERY_CHARS);
            let read: String = query.chars().take(MAX_QUERY_CHARS).map(|c| if c.is_control() { ' ' } else { c }).collect();
            let mut rest = read.as_str();
            for piece in &pieces {
                prop_assert!(piece.text.chars().any(char::is_alphanumeric));
                let at = rest.find(&piece.text);
                prop_assert!(at.is_some(), "{:?} is not in {rest:?}", piece.text);
                rest = &rest[at.unwrap_or(0) + piece.text.len()..];
            }
            if pieces.len() < MAX_CLAUSES {
                let kept: usize = pieces.iter().map(|p| p.text.chars().filter(|c| c.is_alphanumeric()).count()).sum();
                prop_assert_eq!(kept, read.chars().filter(|c| c.is_alphanumeric()).count(), "nothing is lost");
            }
        }
    }

    fn shown(query: &str) -> Vec<String> {
        let sign = |p: &Piece| if p.negated { "-" } else { "" };
        let quote = |p: &Piece| if p.phrase { "\"" } else { "" };
        parse(query).iter().map(|p| format!("{}{}{}", sign(p), quote(p), p.text)).collect()
    }

    #[test]
    fn pieces() {
        assert_eq!(shown("red  steel-pipe"), ["red", "steel-pipe"]);
        assert_eq!(shown("\"steel pipe\" -brass -\"hot dip\""), ["\"steel pipe", "-brass", "-\"hot dip"]);
        assert_eq!(shown("5\" \"open"), ["5\"", "\"open"]);
        assert_eq!(shown("1/2\" brass elbow"), ["1/2\"", "brass", "elbow"]);
        assert_eq!(shown("\"model 5\" case"), ["\"model 5", "case"]);
        assert_eq!(shown("rope 10 mm 1 1/2 in."), ["rope", "10 mm", "1 1/2 in"]);
        assert_eq!(shown("- -- \" \" AND ( ) ~ *"), ["AND"]);
        assert_eq!(shown("pipe HS 7304.41 -7306.30 -HS 7305"), ["pipe", "HS 7304.41", "-7306.30", "-HS 7305"]);
        assert_eq!(shown("7304 41 00"), ["7304 41 00"]);
        assert!(parse(&"a ".repeat(1000)).len() <= MAX_CLAUSES);
    }

    #[test]
    fn minus_leaves_out_only_where_it_stands_apart_before_a_word() {
        for query in [
            "10W-40",
            "12V-battery",
            "freezer -80 °C",
            "-5 V",
            "SAE 15W-40 oil",
            "12 V-charger",
            "-40",
            "24V-48V",
            "5\"-hose",
            "T-shirt",
            "USB-C",
            "-20 to +70 C",
            "x-ray -",
            "50mm-wide",
            "- brass",
            "\"steel\"-brass",
        ] {
            assert!(parse(query).iter().all(|piece| !piece.negated), "{query}: {:?}", shown(query));
        }
        for (query, left_out) in [
            ("bolt -brass", "brass"),
            ("-brass bolt", "brass"),
            ("bolt\t-Messing", "Messing"),
            ("oil 10W-40 -diesel", "diesel"),
            ("pipe -\"hot dip\"", "hot dip"),
            ("pipe -„hot dip“", "hot dip"),
            ("bolt -M8", "M8"),
            ("阀 -铜", "铜"),
        ] {
            let found: Vec<Piece> = parse(query).into_iter().filter(|piece| piece.negated).collect();
            assert_eq!(found.iter().map(|piece| piece.text.as_str()).collect::<Vec<_>>(), [left_out], "{query}");
        }
    }
}
