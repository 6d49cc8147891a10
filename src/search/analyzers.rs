//! From text to terms: folding, splitting, stemming, units and codes.
//!
//! Documents and queries go through the same functions, so what is found depends on nothing else. Text is folded (NFKC,
//! lower case, Latin letters without accents), split into runs of letters and digits, and Chinese and Japanese runs are cut
//! by the jieba dictionary. Words with a digit are never stemmed.

use tantivy::tokenizer::{Token, TokenStream, Tokenizer};
use tantivy_jieba::JiebaTokenizer;
use unicode_normalization::char::is_combining_mark;

use super::compounds;
use super::numbers;
use super::units::{is_diameter, measures};
use crate::text::{self, Run, is_ideographic, runs};

pub(super) use crate::text::{LANGUAGES, StemmerLanguage as Language, fold, language, language_code};

/// Words longer than this are cut off: no term of a real text is.
const MAX_WORD_BYTES: usize = 80;

/// Symbols that follow a number and may be glued to it. SI and trade units, not words of any language.
const UNITS: &[&str] = &[
    "a", "ah", "bar", "c", "cd", "cl", "cm", "cm2", "cm3", "db", "dl", "dm", "dpi", "dtex", "f", "ft", "g", "gal",
    "gb", "ghz", "gpm", "gsm", "h", "hp", "hz", "in", "inch", "j", "k", "kbps", "kg", "kgs", "khz", "km", "kn", "kpa",
    "kv", "kva", "kw", "kwh", "l", "lb", "lbs", "lm", "lx", "m", "m2", "m3", "ma", "mah", "mb", "mbar", "mbps", "mg",
    "mhz", "mic", "micron", "ml", "mm", "mm2", "mp", "mpa", "mw", "n", "nm", "oz", "pa", "pc", "pcs", "ppm", "psi",
    "px", "rpm", "t", "tb", "tex", "u", "um", "v", "va", "w", "wh", "yd", "yds",
];

/// A run of letters and digits with its place in the text (in bytes).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Word {
    /// Folded, not stemmed.
    pub text: String,
    pub start: usize,
    pub end: usize,
}

/// A term with its position in the stream of words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Term {
    pub text: String,
    pub position: usize,
}

/// Letters and digits only, folded: `LC-41 HYBK` becomes `lc41hybk`.
pub(super) fn squash(text: &str) -> String {
    // Signs go first: folding would make letters of some (the trade mark feature becomes `tm`).
    let kept: String = text.chars().filter(|c| c.is_alphanumeric() || is_combining_mark(*c)).collect();
    fold(&kept).chars().filter(|c| c.is_alphanumeric()).collect()
}

/// Whether it holds a digit.
pub(super) fn has_digit(text: &str) -> bool {
    text.bytes().any(|b| b.is_ascii_digit())
}

/// Whether a number with decimals stands in it.
pub(super) fn has_decimal(text: &str) -> bool {
    let is_between = |three: &[u8]| matches!(three, [a, b'.' | b',', c] if a.is_ascii_digit() && c.is_ascii_digit());
    text.as_bytes().windows(3).any(is_between) && words(text).iter().any(|word| word.text.contains('.'))
}

/// Whether it is a number followed by a unit's symbol, or the two of them apart.
pub(super) fn is_measure(number: &str, unit: &str) -> bool {
    numbers::is_number(number) && UNITS.binary_search(&unit).is_ok()
}

/// Splits `5kg` into its number and its unit.
pub(super) fn split_measure(word: &str) -> Option<(&str, &str)> {
    let at = word.find(|c: char| !c.is_ascii_digit() && c != '.')?;
    let (number, unit) = word.split_at(at);
    is_measure(number, unit).then_some((number, unit))
}

/// Whether the word is written in Han characters or kana.
pub(super) fn is_cjk(word: &str) -> bool {
    word.chars().next().is_some_and(is_ideographic)
}

/// The words of a text in order; those of a Chinese run overlap where the dictionary knows shorter ones inside. A number is one
/// word with its decimals, so that `2.5 kg` holds no 5 kg.
pub(super) fn words(text: &str) -> Vec<Word> {
    let mut out = Vec::with_capacity(text.len() / 6 + 1);
    let runs: Vec<Run<'_>> = runs(text).collect();
    let mut at = 0;
    while let Some(run) = runs.get(at) {
        if let Some((number, count)) = numbers::decimal(text, &runs[at..]) {
            let last = runs.get(at + count - 1).unwrap_or(run);
            out.push(Word { text: number, start: run.start, end: last.end() });
            at += count;
            continue;
        }
        at += 1;
        // The sign of a diameter is no word, with or without a space behind it.
        let is_sign = run.text.chars().all(is_diameter);
        if is_sign && text[run.end()..].trim_start().starts_with(|c: char| c.is_ascii_digit() || c == '.') {
            continue;
        }
        if run.is_ideographic {
            push_ideographs(&mut out, run);
        } else {
            push_run(&mut out, run);
        }
    }
    out
}

fn push_run(out: &mut Vec<Word>, run: &Run<'_>) {
    let bare = run.text.trim_start_matches(is_diameter);
    // The sign of a diameter is none of the number behind it.
    let own = if bare.starts_with(|c: char| c.is_ascii_digit()) { bare } else { run.text };
    let (start, end) = (run.end() - own.len(), run.end());
    let mut text = fold(&numbers::spelt_out(own));
    if text.len() > MAX_WORD_BYTES {
        text.truncate(text.floor_char_boundary(MAX_WORD_BYTES));
    }
    let parts = text.split(|c: char| !(c.is_alphanumeric() || is_combining_mark(c)));
    out.extend(parts.filter(|part| !part.is_empty()).map(|part| Word { text: part.to_owned(), start, end }));
}

fn push_ideographs(out: &mut Vec<Word>, run: &Run<'_>) {
    // The dictionary knows words in their usual width and simplified.
    let folded = fold(run.text);
    let is_aligned = folded.len() == run.text.len();
    let mut jieba = JiebaTokenizer::new();
    let mut stream = jieba.token_stream(&folded);
    while let Some(token) = stream.next() {
        let (start, end) = if is_aligned {
            (run.start + token.offset_from, run.start + token.offset_to)
        } else {
            // Where narrow kana became wide ones places do not correspond: the whole run is marked.
            (run.start, run.end())
        };
        out.push(Word { text: token.text.clone(), start, end });
    }
}

/// Stems each word in place; words with digits and Chinese ones stay.
fn stem_all(words: &mut [Word], language: Language) {
    for word in words.iter_mut().filter(|word| !has_digit(&word.text) && !is_cjk(&word.text)) {
        word.text = text::stem(&word.text, language);
    }
}

/// The stem of one folded word; words with digits and Chinese ones stay.
pub(super) fn stem(word: &str, language: Language) -> String {
    if has_digit(word) || is_cjk(word) { word.to_owned() } else { text::stem(word, language) }
}

/// The stems of folded words in each of the languages, those that come out alike once.
pub(super) fn stems_of(words: &[String], languages: &[Language]) -> Vec<Vec<String>> {
    let mut all: Vec<Vec<String>> = Vec::with_capacity(2);
    for language in languages {
        let stems: Vec<String> = words.iter().map(|word| stem(word, *language)).collect();
        if !all.contains(&stems) {
            all.push(stems);
        }
    }
    all
}

/// Splits `50x30x2` into its numbers.
pub(super) fn split_dimensions(word: &str) -> Option<Vec<&str>> {
    let parts: Vec<&str> = word.split('x').collect();
    let is_number = |part: &&str| (1..=7).contains(&part.len()) && numbers::is_number(part);
    ((2..=4).contains(&parts.len()) && parts.iter().all(is_number)).then_some(parts)
}

/// The terms of a document's text: stemmed words, with measures glued, apart and in their canonical form, and the numbers of
/// dimensions.
pub(super) fn terms(text: &str, code: &str) -> Vec<Term> {
    terms_of(text, words(text), code)
}

/// The same where the text's words are known.
pub(super) fn terms_of(text: &str, mut words: Vec<Word>, code: &str) -> Vec<Term> {
    let language = language(code).unwrap_or(Language::English);
    let also: Vec<Vec<String>> = (0..words.len()).map(|i| also(text, &words, i, language)).collect();
    let mut canonical = measures(text).into_iter().peekable();
    stem_all(&mut words, language);
    let mut out = Vec::with_capacity(words.len());
    for (position, (word, also)) in words.into_iter().zip(also).enumerate() {
        let mut push = |text: String| out.push(Term { text, position });
        if let Some((number, unit)) = split_measure(&word.text) {
            push(number.to_owned());
            push(unit.to_owned());
        }
        split_dimensions(&word.text).into_iter().flatten().for_each(|number| push(number.to_owned()));
        while let Some(measure) = canonical.next_if(|measure| measure.start < word.end) {
            push(measure.term);
        }
        let own = word.text.clone();
        push(word.text);
        also.into_iter().filter(|other| *other != own).for_each(push);
    }
    out
}

/// What word `i` is found by besides itself: glued to the next one, and the parts of a German compound.
fn also(text: &str, words: &[Word], i: usize, language: Language) -> Vec<String> {
    let mut found: Vec<String> = glued(text, words, i, language).into_iter().collect();
    if language == Language::German
        && let Some(word) = words.get(i)
    {
        found.extend(
            compounds::splits(&word.text).flat_map(|(left, right)| [stem(left, language), stem(right, language)]),
        );
    }
    found
}

/// `5kg` where word `i` is `5` and the next is `kg` with at most a space or a hyphen between, `ip67` where they are `IP` and `67`, and
/// `oring` for `O-ring`.
fn glued(text: &str, words: &[Word], i: usize, language: Language) -> Option<String> {
    let (one, next) = (words.get(i)?, words.get(i + 1)?);
    let between = text.get(one.end..next.start)?;
    let joined = || format!("{}{}", one.text, next.text);
    if between.len() <= 2 && is_measure(&one.text, &next.text) {
        return Some(joined());
    }
    let written = text.get(one.start..one.end)?;
    let is_mark = (2..=4).contains(&written.len()) && written.bytes().all(|b| b.is_ascii_uppercase());
    // A name of a scale and its number: `IP 67`, `DN 50`, `RAL 9010`, `ISO 4017`.
    if is_mark && matches!(between, " " | "-" | "\u{a0}") && next.text.bytes().all(|b| b.is_ascii_digit()) {
        return Some(joined());
    }
    let is_plain = |word: &Word| !has_digit(&word.text) && !is_cjk(&word.text);
    let is_hyphen = matches!(between, "-" | "\u{2010}" | "\u{2011}");
    (is_hyphen && is_plain(one) && is_plain(next)).then(|| stem(&joined(), language))
}

/// Writes terms as one text for [`Spaced`]: a space before the next position, a tab before one at the same position.
pub(super) fn spaced(terms: &[Term]) -> String {
    let mut out = String::with_capacity(terms.len() * 8);
    let mut last = 0;
    for (at, term) in terms.iter().enumerate() {
        if at > 0 {
            out.push(if term.position == last { '\t' } else { ' ' });
        }
        out.push_str(&term.text);
        last = term.position;
    }
    out
}

/// What separates two texts in one [`Spaced`] text: no phrase reaches across.
pub(super) const GAP: char = '\n';
/// How many positions lie between the last term before it and the first behind it.
pub(super) const GAP_WIDTH: u32 = 3;

/// The tokenizer of all text fields: takes apart what [`spaced`] wrote. (The analysis happens before, because it depends on
/// the document's language; handing over ready tokens instead costs the index three times as much.)
#[derive(Clone, Default)]
pub(super) struct Spaced;

/// The stream of [`Spaced`].
pub(super) struct SpacedStream<'a> {
    rest: &'a str,
    started: bool,
    token: Token,
}

impl Tokenizer for Spaced {
    type TokenStream<'a> = SpacedStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> SpacedStream<'a> {
        SpacedStream { rest: text, started: false, token: Token { position: 0, ..Token::default() } }
    }
}

impl TokenStream for SpacedStream<'_> {
    fn advance(&mut self) -> bool {
        if self.started {
            let Some(separator) = self.rest.chars().next() else { return false };
            self.rest = &self.rest[1..];
            self.token.position += match separator {
                '\t' => 0,
                GAP => GAP_WIDTH as usize,
                _ => 1,
            };
        }
        self.started = true;
        let end = self.rest.find([' ', '\t', GAP]).unwrap_or(self.rest.len());
        let (text, rest) = self.rest.split_at(end);
        self.token.text.clear();
        self.token.text.push_str(text);
        self.token.position_length = 1;
        self.rest = rest;
        !(text.is_empty() && rest.is_empty())
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}

/// The squashed forms under which parts of a code-bearing text are found: each run of two to four neighbouring words that
/// holds a digit and is 3 to 40 bytes long, three or four only where none is an everyday word.
pub(super) fn code_runs(text: &str, out: &mut Vec<String>) {
    let words = words(text);
    for from in 0..words.len().min(40) {
        // A number with decimals is a measure: without its point `2.5 kg` would be found as 25.
        if words[from].text.contains('.') {
            continue;
        }
        let mut joined = words[from].text.clone();
        let mut is_name = is_everyday(&joined);
        parts_of_code(&joined, out);
        for (more, word) in words.iter().skip(from + 1).take(3).enumerate() {
            joined.push_str(&word.text);
            is_name |= is_everyday(&word.text);
            if word.text.contains('.') || (more > 0 && is_name) {
                break;
            }
            if joined.len() > 40 {
                break;
            }
            if joined.len() >= 3 && has_digit(&joined) {
                out.push(joined.clone());
            }
            if more == 0 && !is_name {
                parts_of_code(&joined, out);
            }
        }
    }
}

/// The stretches of a code from one change between letters and digits to the end and from the beginning to one, of three signs and
/// more: `54or323` is found by `or323` and by `54or`.
fn parts_of_code(word: &str, out: &mut Vec<String>) {
    if word.len() < 4 || !word.is_ascii() || !has_digit(word) || split_measure(word).is_some() {
        return;
    }
    let bytes = word.as_bytes();
    for at in (1..bytes.len()).filter(|at| bytes[at - 1].is_ascii_digit() != bytes[*at].is_ascii_digit()) {
        let (left, right) = word.split_at(at);
        // Three digits may be any number: `500` must not find every drive of the series ST500.
        let is_telling =
            |part: &&str| part.len() >= 3 && (part.len() >= 5 || part.bytes().any(|b| b.is_ascii_alphabetic()));
        out.extend([left, right].into_iter().filter(is_telling).map(str::to_owned));
    }
}

/// Whether a word is one of language rather than a part of a code: five letters or more and nothing else.
pub(super) fn is_everyday(word: &str) -> bool {
    word.chars().count() >= 5 && word.chars().all(char::is_alphabetic)
}

/// A term's feature: a 20-bit hash that names it in the `features` column. The high half of the space is for attribute names and
/// categories, the low half for words of the name.
pub(super) fn feature(term: &str, of_class: bool) -> u32 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for byte in term.bytes() {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    let low = (hash ^ (hash >> 32)) as u32 & 0x7_ffff;
    if of_class { low | 0x8_0000 } else { low }
}

/// Whether a feature is that of an attribute name or a category.
pub(super) fn is_class_feature(feature: u32) -> bool {
    feature & 0x8_0000 != 0
}

/// How many features there are.
pub(super) const FEATURES: usize = 1 << 20;

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str, code: &str) -> Vec<String> {
        terms(text, code).into_iter().map(|term| term.text).collect()
    }

    #[test]
    fn the_units_are_sorted() {
        assert!(UNITS.is_sorted());
    }

    #[test]
    fn texts_become_terms() {
        assert_eq!(texts("Stainless Screws", "en"), ["stainless", "screw"]);
        assert_eq!(texts("Válvulas de bronce", "es"), ["valvul", "de", "bronc"]);
        assert_eq!(texts("5 kg", "en"), ["=m5.0000e3", "5", "5kg", "kg"]);
        assert_eq!(texts("5kg", "en"), ["5", "kg", "=m5.0000e3", "5kg"]);
        assert_eq!(texts("50×30 DN50", "en"), ["50", "30", "=xx5.0000e1x3.0000e1", "50x30", "dn50"]);
        assert_eq!(texts("ＡＢＣ-12", "en"), ["abc", "12"]);
        assert_eq!(texts("2.5 kg", "en"), ["=m2.5000e3", "2.5", "2.5kg", "kg"]);
        assert_eq!(texts("IP 67", "en"), ["ip", "ip67", "67"]);
        assert_eq!(texts("O-rings Wi-Fi", "en"), ["o", "ore", "ring", "wi", "wifi", "fi"]);
        assert_eq!(texts("G½ Ø50", "en"), ["=tg0.5000", "g1", "2", "50"]);
        assert_eq!(texts("bar Ø 50", "en"), ["bar", "50"]);
        assert_eq!(texts("Schrau\u{ad}be İZOLE", "en"), ["schraub", "izol"]);
        assert_eq!(texts("ﾎﾞﾙﾄ", "ja"), texts("ボルト", "ja"));
        assert_eq!(texts("不鏽鋼螺絲", "zh"), texts("不锈钢螺丝", "zh"));
        let mixed = texts("M8 不锈钢螺丝 screws", "zh");
        assert!(mixed.contains(&"m8".to_owned()) && mixed.contains(&"螺丝".to_owned()), "{mixed:?}");
    }

    fn numbers_in(text: &str) -> String {
        words(text).into_iter().map(|word| word.text).collect::<Vec<_>>().join("|")
    }

    #[test]
    fn number_is_one_word_however_it_is_written() {
        for (text, expected) in [
            ("2.5 kg", "2.5|kg"),
            ("2,50kg", "2.5kg"),
            ("12.5", "12.5"),
            (".5 mm", "0.5|mm"),
            ("USB 3.0", "usb|3"),
            ("1,000 pcs", "1000|pcs"),
            ("1.250.000", "1250000"),
            ("1,234.5 t", "1234.5|t"),
            ("0.125", "0.125"),
            ("2.0GHz", "2ghz"),
            ("802.11b", "802.11b"),
            ("1½ in", "1|1|2|in"),
            ("½\"", "1|2"),
        ] {
            assert_eq!(numbers_in(text), expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_decimal_stays_apart() {
        for (text, expected) in [
            ("v2.5", "v2|5"),
            ("192.168.0.1", "192|168|0|1"),
            ("30.11.2026", "30|11|2026"),
            ("1,2,3", "1|2|3"),
            ("5. 6", "5|6"),
            ("5, 6", "5|6"),
            ("end.5 kg", "end|5|kg"),
            ("A4,5", "a4|5"),
        ] {
            assert_eq!(numbers_in(text), expected, "{text}");
        }
    }

    #[test]
    fn codes_are_squashed() {
        let mut out = Vec::new();
        code_runs("Ink LC-41HYBK", &mut out);
        assert_eq!(out, ["inklc41hybk", "lc41hybk", "41hybk", "lc41", "hybk", "hybk"]);
        out.clear();
        code_runs("Kettle Galaxy S24", &mut out);
        assert_eq!(out, ["galaxys24"], "three words with everyday ones among them are a name");
        out.clear();
        code_runs("Wire .5 mm 2.5 kg", &mut out);
        assert_eq!(out, [""; 0], "a number with decimals is no code");
        assert_eq!(squash("LC 41-hybk"), "lc41hybk");
    }
}
