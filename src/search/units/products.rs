//! Products of lengths and threads as one term: `50x30x2`, `50 * 30 * 2 mm` and `50 mm × 30 mm × 2 mm` are the same section, `M8x40` and
//! `M8 x 40 mm` the same screw, `G½` and `G 1/2"` the same thread.

use super::{Dimension, Measure, number, unit};

/// Most numbers of one product.
const MOST_NUMBERS: usize = 4;
/// Names of threads whose size is a fraction of an inch, the longer before the shorter.
const THREADS: &[&str] = &["Rc", "Rp", "G", "R"];

/// All products and threads of a text, in their order.
pub(super) fn products(text: &str) -> Vec<Measure> {
    let mut found: Vec<Measure> = Vec::new();
    let mut before: [Option<char>; 2] = [None, None];
    for (at, c) in text.char_indices() {
        let is_open = found.last().is_none_or(|last| last.end <= at);
        if is_open
            && may_begin(c, before)
            && let Some(measure) = at_start(&text[at..])
        {
            found.push(Measure { start: at, end: at + measure.end, ..measure });
        }
        before = [before[1], Some(c)];
    }
    found
}

/// Whether a product may begin with this character: it is no tail of a word, a number or another product.
fn may_begin(c: char, [two_before, before]: [Option<char>; 2]) -> bool {
    let is_tail = before.is_some_and(|c| c.is_alphanumeric() && !super::is_diameter(c))
        || (matches!(before, Some('.' | ',' | '/' | '-')) && two_before.is_some_and(char::is_alphanumeric));
    (c.is_ascii_digit() || c == '.' || super::is_diameter(c) || c.is_ascii_uppercase() || c == 'm') && !is_tail
}

/// The product or thread that the text begins with.
pub(super) fn at_start(text: &str) -> Option<Measure> {
    thread(text).or_else(|| product(text))
}

/// `G½`, `R 3/4`, `Rc1/8"`: only with a fraction, for `G1` may be anything.
fn thread(text: &str) -> Option<Measure> {
    let name = THREADS.iter().find(|name| text.get(..name.len()).is_some_and(|own| own.eq_ignore_ascii_case(name)))?;
    let rest = &text[name.len()..];
    let gap = rest.chars().next().filter(|c| matches!(c, ' ' | '\u{a0}' | '-')).map_or(0, char::len_utf8);
    let (size, length) = number(&rest[gap..])?;
    let is_fraction = rest[gap..gap + length].contains(['/', '⁄']) || !rest[gap..gap + length].is_ascii();
    let mark = rest[gap + length..].chars().next().filter(|c| matches!(c, '"' | '″' | '”')).map_or(0, char::len_utf8);
    let end = name.len() + gap + length + mark;
    let ends = !text[end..].starts_with(char::is_alphanumeric);
    (is_fraction && ends).then(|| Measure { start: 0, end, term: format!("=t{}{size:.4}", name.to_lowercase()) })
}

/// One number of a product as it stands: its value, and millimetres in one of its unit where it has one.
type Factor = (f64, Option<f64>);

fn product(text: &str) -> Option<Measure> {
    let metric = text.starts_with(['M', 'm']) && text[1..].starts_with(|c: char| c.is_ascii_digit());
    let mut factors: Vec<Factor> = Vec::new();
    let mut end = usize::from(metric);
    loop {
        let diameter = super::behind_diameter(&text[end..]);
        let from = text.len() - diameter.len();
        let (factor, length) = factor(diameter)?;
        factors.push(factor);
        end = from + length;
        match separator(&text[end..]).filter(|_| factors.len() < MOST_NUMBERS) {
            Some(next) => end += next,
            None => break,
        }
    }
    let ends = !text[end..].starts_with(char::is_alphanumeric);
    (factors.len() > 1 && ends).then(|| Measure { start: 0, end, term: term(metric, &factors) })
}

fn factor(text: &str) -> Option<(Factor, usize)> {
    let (value, length) = number(text).filter(|(value, _)| *value > 0.0)?;
    let rest = &text[length..];
    let gap = rest.chars().next().filter(|c| matches!(c, ' ' | '\u{a0}' | '\u{202f}')).map_or(0, char::len_utf8);
    match unit(&rest[gap..], gap > 0) {
        Some((Dimension::Length, metres, own)) => Some(((value, Some(metres * 1_000.0)), length + gap + own)),
        // `2 x 500 ml` is no section. A word behind a space is none of the product, one that is glued to it is.
        Some(_) => None,
        None if rest.starts_with(is_times) || !rest.starts_with(char::is_alphabetic) => Some(((value, None), length)),
        None => None,
    }
}

fn is_times(c: char) -> bool {
    matches!(c, 'x' | 'X' | '×' | '*' | 'х' | 'Х' | '✕')
}

/// How long the sign between two numbers is, with the spaces around it; none where no number follows.
fn separator(text: &str) -> Option<usize> {
    let text_behind = text.strip_prefix('.').unwrap_or(text).trim_start_matches([' ', '\u{a0}', '\u{202f}']);
    let after = text_behind.strip_prefix(is_times)?.trim_start_matches([' ', '\u{a0}', '\u{202f}']);
    let is_number = super::behind_diameter(after).starts_with(|c: char| c.is_ascii_digit() || c == '.');
    is_number.then(|| text.len() - after.len())
}

/// The term: millimetres of each number. One without a unit has that of the next that has one, or of the last, or millimetres.
fn term(metric: bool, factors: &[Factor]) -> String {
    let last = factors.iter().rev().find_map(|(_, unit)| *unit).unwrap_or(1.0);
    let of = |at: usize| factors[at..].iter().find_map(|(_, unit)| *unit).unwrap_or(last);
    let mut term = String::from(if metric { "=xm" } else { "=x" });
    for (at, (value, _)) in factors.iter().enumerate() {
        // The size of a metric thread is in millimetres whatever the length is in.
        let unit = if metric && at == 0 { 1.0 } else { of(at) };
        term.push_str(&format!("x{:.4e}", value * unit));
    }
    term
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms(text: &str) -> Vec<String> {
        products(text).into_iter().map(|measure| measure.term).collect()
    }

    #[track_caller]
    fn same(texts: &[&str]) {
        for text in texts {
            assert_eq!(terms(text), terms(texts[0]), "{text} is not {}", texts[0]);
            assert_eq!(terms(text).len(), 1, "{text}");
        }
    }

    #[test]
    fn one_product_in_its_spellings() {
        same(&[
            "50x30x2",
            "50*30*2 mm",
            "50 × 30 × 2 mm",
            "50 mm x 30 mm x 2 mm",
            "50X30X2mm",
            "5 x 3 x 0.2 cm",
            "50mm*30mm*2mm",
        ]);
        same(&["50 x 30 x 2,0 mm", "50х30х2", "5cm x 30mm x 2mm"]);
        same(&["M8x40", "M8 x 40 mm", "M8×40", "M8*40mm", "M8 X 40", "M8 x 4 cm"]);
        same(&["M10x1.5x60", "M10 x 1.5 x 60 mm", "M10×1,5×60"]);
        same(&["1200x800", "1200 x 800 mm", "120 x 80 cm", "1.2 m x 0.8 m", "1,200 x 800 mm"]);
        same(&["4 ft x 8 ft", "4 ft. x 8 ft.", "4' x 8'", "48 x 96 in"]);
        same(&["Ø60 x 3 mm", "Φ60×3", "60 x 3 mm", "Ø60 x Ø3", "Ø 60 x 3"]);
    }

    #[test]
    fn one_thread_in_its_spellings() {
        same(&["G½", "G1/2", "G 1/2", "G 1/2\"", "G-1/2"]);
        same(&["R 3/4", "R¾", "R3/4\""]);
        same(&["Rc1/8", "Rc 1/8\""]);
        assert_ne!(terms("G1/2"), terms("R1/2"));
    }

    #[test]
    fn what_is_no_product() {
        for text in [
            "2 x 500 ml",
            "4x AA",
            "x 40",
            "50 x",
            "M8",
            "1920x1080p",
            "A4x",
            "802x11b",
            "G1",
            "3 x 4 kg",
            "5 pcs x 3 boxes",
        ] {
            assert!(terms(text).is_empty(), "{text}: {:?}", terms(text));
        }
    }
}
