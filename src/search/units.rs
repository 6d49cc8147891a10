//! Measures: a number with its unit becomes one term, the same for every way of writing it, so that `5 kg`, `5kg` and
//! `5000 g` find each other, and `1/2"`, `0.5 inch` and `12.7 mm` do.
//!
//! A term is `=`, a letter for the dimension, and the value in the dimension's base unit to five digits. It stands beside
//! the plain words of the measure and never in their place, so what is written alike is found without it too.

mod products;
mod reading;

pub(super) use reading::{at_start, measures};

/// What a unit measures; units of one dimension convert into each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Dimension {
    /// Metres.
    Length,
    /// Square metres.
    Area,
    /// Litres.
    Volume,
    /// Grams.
    Mass,
    /// Watts.
    Power,
    /// Volts.
    Voltage,
    /// Amperes.
    Current,
    /// Ampere-hours.
    Charge,
    /// Watt-hours.
    Energy,
    /// Hertz.
    Frequency,
    /// Pascals.
    Pressure,
    /// Bytes; traders count in thousands.
    Data,
    /// Ohms.
    Resistance,
    /// Farads.
    Capacitance,
    /// Henries.
    Inductance,
}

impl Dimension {
    fn letter(self) -> char {
        match self {
            Self::Length => 'l',
            Self::Area => 's',
            Self::Volume => 'v',
            Self::Mass => 'm',
            Self::Power => 'p',
            Self::Voltage => 'u',
            Self::Current => 'i',
            Self::Charge => 'q',
            Self::Energy => 'e',
            Self::Frequency => 'f',
            Self::Pressure => 'b',
            Self::Data => 'd',
            Self::Resistance => 'r',
            Self::Capacitance => 'c',
            Self::Inductance => 'h',
        }
    }
}

use Dimension::{
    Area, Capacitance, Charge, Current, Data, Energy, Frequency, Inductance, Length, Mass, Power, Pressure, Resistance,
    Voltage, Volume,
};

const INCH: f64 = 0.0254;
const POUND: f64 = 453.592_37;
const GALLON: f64 = 3.785_411_784;

/// Symbols and names of units, lower case, with how much one is in the dimension's base unit; in byte order. A symbol that
/// stands for several units in trade (`ton`, `mil`, `oz` of volume) is here with the commonest of them or not at all.
const UNITS: &[(&str, Dimension, f64)] = &[
    ("\"", Length, INCH),
    ("'", Length, 12.0 * INCH),
    ("a", Current, 1.0),
    ("ah", Charge, 1.0),
    ("amp", Current, 1.0),
    ("ampere", Current, 1.0),
    ("amperes", Current, 1.0),
    ("amps", Current, 1.0),
    ("bar", Pressure, 1e5),
    ("centimeter", Length, 0.01),
    ("centimeters", Length, 0.01),
    ("centimetre", Length, 0.01),
    ("centimetres", Length, 0.01),
    ("cl", Volume, 0.01),
    ("cm", Length, 0.01),
    ("cm2", Area, 1e-4),
    ("cm3", Volume, 0.001),
    ("dl", Volume, 0.1),
    ("dm", Length, 0.1),
    ("feet", Length, 12.0 * INCH),
    ("foot", Length, 12.0 * INCH),
    ("ft", Length, 12.0 * INCH),
    ("g", Mass, 1.0),
    ("gal", Volume, GALLON),
    ("gallon", Volume, GALLON),
    ("gallons", Volume, GALLON),
    ("gb", Data, 1e9),
    ("ghz", Frequency, 1e9),
    ("gr", Mass, 1.0),
    ("gram", Mass, 1.0),
    ("gramm", Mass, 1.0),
    ("gramme", Mass, 1.0),
    ("grammes", Mass, 1.0),
    ("gramos", Mass, 1.0),
    ("grams", Mass, 1.0),
    ("gw", Power, 1e9),
    ("hp", Power, 745.7),
    ("hz", Frequency, 1.0),
    ("in", Length, INCH),
    ("inch", Length, INCH),
    ("inches", Length, INCH),
    ("kb", Data, 1e3),
    ("kg", Mass, 1e3),
    ("kgs", Mass, 1e3),
    ("khz", Frequency, 1e3),
    ("kilo", Mass, 1e3),
    ("kilogram", Mass, 1e3),
    ("kilograms", Mass, 1e3),
    ("kiloohm", Resistance, 1e3),
    ("kilos", Mass, 1e3),
    ("kilowatt", Power, 1e3),
    ("kilowatts", Power, 1e3),
    ("km", Length, 1e3),
    ("kohm", Resistance, 1e3),
    ("kpa", Pressure, 1e3),
    ("kv", Voltage, 1e3),
    ("kva", Power, 1e3),
    ("kw", Power, 1e3),
    ("kwh", Energy, 1e3),
    ("kwp", Power, 1e3),
    ("kω", Resistance, 1e3),
    ("l", Volume, 1.0),
    ("lb", Mass, POUND),
    ("lbs", Mass, POUND),
    ("liter", Volume, 1.0),
    ("liters", Volume, 1.0),
    ("litre", Volume, 1.0),
    ("litres", Volume, 1.0),
    ("litro", Volume, 1.0),
    ("litros", Volume, 1.0),
    ("ltr", Volume, 1.0),
    ("m", Length, 1.0),
    ("m2", Area, 1.0),
    ("m3", Volume, 1e3),
    ("ma", Current, 0.001),
    ("mah", Charge, 0.001),
    ("mb", Data, 1e6),
    ("mbar", Pressure, 100.0),
    ("megohm", Resistance, 1e6),
    ("meter", Length, 1.0),
    ("meters", Length, 1.0),
    ("metre", Length, 1.0),
    ("metres", Length, 1.0),
    ("metro", Length, 1.0),
    ("metros", Length, 1.0),
    ("mg", Mass, 0.001),
    ("mh", Inductance, 1e-3),
    ("mhz", Frequency, 1e6),
    ("mic", Length, 1e-6),
    ("microfarad", Capacitance, 1e-6),
    ("micron", Length, 1e-6),
    ("microns", Length, 1e-6),
    ("millimeter", Length, 0.001),
    ("millimeters", Length, 0.001),
    ("millimetre", Length, 0.001),
    ("millimetres", Length, 0.001),
    ("ml", Volume, 0.001),
    ("mm", Length, 0.001),
    ("mm2", Area, 1e-6),
    ("mpa", Pressure, 1e6),
    ("mtr", Length, 1.0),
    ("mtrs", Length, 1.0),
    ("mv", Voltage, 0.001),
    ("nf", Capacitance, 1e-9),
    ("nh", Inductance, 1e-9),
    ("nm", Length, 1e-9),
    ("ohm", Resistance, 1.0),
    ("ohms", Resistance, 1.0),
    ("ounce", Mass, POUND / 16.0),
    ("ounces", Mass, POUND / 16.0),
    ("oz", Mass, POUND / 16.0),
    ("pa", Pressure, 1.0),
    ("pf", Capacitance, 1e-12),
    ("polegada", Length, INCH),
    ("polegadas", Length, INCH),
    ("pollice", Length, INCH),
    ("pollici", Length, INCH),
    ("pouce", Length, INCH),
    ("pouces", Length, INCH),
    ("pound", Mass, POUND),
    ("pounds", Mass, POUND),
    ("psi", Pressure, 6_894.757),
    ("pulgada", Length, INCH),
    ("pulgadas", Length, INCH),
    ("qm", Area, 1.0),
    ("sqm", Area, 1.0),
    ("t", Mass, 1e6),
    ("tb", Data, 1e12),
    ("thou", Length, INCH / 1000.0),
    ("tonne", Mass, 1e6),
    ("tonnes", Mass, 1e6),
    ("ua", Current, 1e-6),
    ("uf", Capacitance, 1e-6),
    ("ug", Mass, 1e-6),
    ("uh", Inductance, 1e-6),
    ("ul", Volume, 1e-6),
    ("um", Length, 1e-6),
    ("v", Voltage, 1.0),
    ("va", Power, 1.0),
    ("volt", Voltage, 1.0),
    ("volts", Voltage, 1.0),
    ("w", Power, 1.0),
    ("watt", Power, 1.0),
    ("watts", Power, 1.0),
    ("wh", Energy, 1.0),
    ("yard", Length, 36.0 * INCH),
    ("yards", Length, 36.0 * INCH),
    ("yd", Length, 36.0 * INCH),
    ("yds", Length, 36.0 * INCH),
    ("zoll", Length, INCH),
    ("ω", Resistance, 1.0),
    ("г", Mass, 1.0),
    ("дюйм", Length, INCH),
    ("дюйма", Length, INCH),
    ("дюймов", Length, INCH),
    ("кг", Mass, 1e3),
    ("л", Volume, 1.0),
    ("м", Length, 1.0),
    ("мл", Volume, 0.001),
    ("мм", Length, 0.001),
    ("см", Length, 0.01),
    ("т", Mass, 1e6),
    ("克", Mass, 1.0),
    ("公斤", Mass, 1e3),
    ("千克", Mass, 1e3),
    ("升", Volume, 1.0),
    ("厘米", Length, 0.01),
    ("吨", Mass, 1e6),
    ("寸", Length, INCH),
    ("平方米", Area, 1.0),
    ("毫升", Volume, 0.001),
    ("毫米", Length, 0.001),
    ("立方米", Volume, 1e3),
    ("米", Length, 1.0),
    ("英寸", Length, INCH),
];

/// A number with its unit, where it stands in a text (in bytes) and under which term it is found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Measure {
    pub start: usize,
    pub end: usize,
    pub term: String,
}

fn single_measures(text: &str) -> Vec<Measure> {
    let mut found = Vec::new();
    let mut before = Before::default();
    let mut skip_to = 0;
    for (at, c) in text.char_indices() {
        if at >= skip_to
            && is_number_start(&text[at..])
            && before.may_begin()
            && let Some(measure) = single_at_start(&text[at..])
        {
            skip_to = at + measure.end;
            found.push(Measure { start: at, end: skip_to, ..measure });
        }
        before = before.then(c);
    }
    found
}

/// The text behind the sign of a diameter, and the space behind that.
fn behind_diameter(text: &str) -> &str {
    let own = text.trim_start_matches(is_diameter);
    if own.len() < text.len() { own.trim_start() } else { text }
}

fn single_at_start(text: &str) -> Option<Measure> {
    let (value, number_end) = number(text)?;
    let rest = &text[number_end..];
    let gap = rest.chars().next().filter(|c| matches!(c, ' ' | '-' | '\u{a0}' | '\u{202f}')).map_or(0, char::len_utf8);
    let (dimension, factor, length) = unit(&rest[gap..], gap > 0)?;
    let term = format!("={}{:.4e}", dimension.letter(), value * factor);
    let end = number_end + gap + length;
    // `10W-40` is a grade of oil, `24V-48V` a range.
    let is_grade = text[end..].strip_prefix('-').is_some_and(|after| {
        let digits = digits(after, 0);
        digits > 0 && !after[digits..].starts_with(char::is_alphabetic)
    });
    (value > 0.0 && !is_grade).then_some(Measure { start: 0, end, term })
}

/// The sign of a diameter, which stands before its number.
pub(super) fn is_diameter(c: char) -> bool {
    matches!(c, 'Ø' | 'ø' | 'Φ' | 'φ' | '⌀' | '∅')
}

/// The last two characters before a place.
#[derive(Clone, Copy, Default)]
struct Before(Option<char>, Option<char>);

impl Before {
    fn then(self, c: char) -> Self {
        Self(self.1, Some(c))
    }

    /// Whether a number that begins here is a whole one, not the tail of a code (`A4`) or of a number (`1.5`). The second
    /// number of `50x30` is one.
    fn may_begin(self) -> bool {
        let is_digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
        match self.1 {
            Some('x' | 'X' | '×') => is_digit(self.0) || self.0.is_none_or(|c| !c.is_alphanumeric()),
            Some('.' | ',' | '/') => !is_digit(self.0),
            Some(c) if is_diameter(c) => true,
            Some(c) => !c.is_alphanumeric() || !(c.is_ascii() || c.is_lowercase() || c.is_uppercase()),
            None => true,
        }
    }
}

fn is_number_start(text: &str) -> bool {
    let mut signs = text.chars();
    match signs.next() {
        Some('.') => signs.next().is_some_and(|c| c.is_ascii_digit()),
        Some(c) => c.is_ascii_digit() || vulgar(c).is_some(),
        None => false,
    }
}

/// The value of `½` and its like.
fn vulgar(c: char) -> Option<f64> {
    Some(match c {
        '½' => 0.5,
        '¼' => 0.25,
        '¾' => 0.75,
        '⅛' => 0.125,
        '⅜' => 0.375,
        '⅝' => 0.625,
        '⅞' => 0.875,
        '⅓' => 1.0 / 3.0,
        '⅔' => 2.0 / 3.0,
        _ => return None,
    })
}

/// The number that the text begins with, and its length: `5`, `1,000`, `1.5`, `1,5`, `1/2`, `1 1/2`, `1-1/2`, `1½`.
fn number(text: &str) -> Option<(f64, usize)> {
    if let Some(value) = text.chars().next().and_then(vulgar) {
        return Some((value, text.chars().next()?.len_utf8()));
    }
    if text.starts_with('.') {
        let end = digits(text, 1);
        return Some((text[..end].parse().ok()?, end));
    }
    let whole_end = digits(text, 0);
    let whole: f64 = text.get(..whole_end)?.parse().ok()?;
    let rest = &text[whole_end..];
    if let Some(c) = rest.chars().next()
        && let Some(part) = vulgar(c)
    {
        return Some((whole + part, whole_end + c.len_utf8()));
    }
    if let Some((bottom, end)) = denominator(text, whole_end) {
        return Some((whole / bottom, end));
    }
    if rest.starts_with([' ', '-']) {
        let top_end = digits(text, whole_end + 1);
        if let Some((bottom, end)) = denominator(text, top_end)
            && let Ok(top) = text[whole_end + 1..top_end].parse::<f64>()
            && top < bottom
        {
            return Some((whole + top / bottom, end));
        }
    }
    Some(decimal(text, whole_end))
}

/// Behind the digits that begin at `from`.
fn digits(text: &str, from: usize) -> usize {
    let count = text.as_bytes().get(from..).map_or(0, |rest| rest.iter().take_while(|b| b.is_ascii_digit()).count());
    from + count
}

/// The bottom of a fraction whose slash stands at `at`, and where it ends.
fn denominator(text: &str, at: usize) -> Option<(f64, usize)> {
    let slash = text.get(at..)?.chars().next().filter(|c| matches!(c, '/' | '⁄'))?.len_utf8();
    let end = digits(text, at + slash);
    let bottom: f64 = text[at + slash..end].parse().ok()?;
    (2.0..=64.0).contains(&bottom).then_some((bottom, end))
}

/// Groups of thousands and a decimal part behind the first digits. One group of three behind a comma is thousands, behind a
/// dot a decimal part, as English writes it; two groups are thousands in any case.
fn decimal(text: &str, whole_end: usize) -> (f64, usize) {
    let mut plain = text[..whole_end].to_owned();
    let mut end = whole_end;
    let group_end = |at: usize, sign: u8| {
        let is_group = text.as_bytes().get(at) == Some(&sign) && digits(text, at + 1) == at + 4;
        is_group.then_some(at + 4)
    };
    let leads = whole_end <= 3 && !plain.starts_with('0');
    let thousands = [b',', b'.']
        .into_iter()
        .filter(|_| leads)
        .find(|sign| group_end(end, *sign).is_some_and(|next| *sign == b',' || group_end(next, *sign).is_some()));
    while let Some(next) = thousands.and_then(|sign| group_end(end, sign)) {
        plain.push_str(&text[end + 1..next]);
        end = next;
    }
    let sign = text.as_bytes().get(end).copied().filter(|sign| matches!(sign, b'.' | b',') && Some(*sign) != thousands);
    let fraction_end = if sign.is_some() { digits(text, end + 1) } else { end };
    if fraction_end > end + 1 {
        plain.push('.');
        plain.push_str(&text[end + 1..fraction_end]);
        end = fraction_end;
    }
    (plain.parse().unwrap_or(0.0), end)
}

/// The unit that the text begins with: what it measures, its size, and its length. A single letter that stands `apart` and
/// is followed by a number is rather a part of a name.
fn unit(text: &str, apart: bool) -> Option<(Dimension, f64, usize)> {
    let first = text.chars().next()?;
    let mark = match first {
        '"' | '″' | '”' => Some("\""),
        '\'' | '′' | '’' => Some("'"),
        _ => None,
    };
    if let Some(mark) = mark {
        let is_end = text[first.len_utf8()..].chars().next().is_none_or(|c| !c.is_alphanumeric());
        return find(mark)
            .filter(|_| is_end && !apart)
            .map(|(dimension, factor)| (dimension, factor, first.len_utf8()));
    }
    if !first.is_lowercase() && !first.is_uppercase() {
        let ends = text.char_indices().map(|(at, c)| at + c.len_utf8()).take(2);
        let found = ends.filter_map(|end| find(&text[..end]).map(|(dimension, factor)| (dimension, factor, end)));
        return found.last();
    }
    let end = text.find(|c: char| !c.is_alphabetic()).unwrap_or(text.len());
    let power = text[end..].chars().next().filter(|c| matches!(c, '2' | '3' | '²' | '³'));
    let length = end + power.map_or(0, char::len_utf8);
    let after = text[length..].trim_start_matches('.');
    if after.chars().next().is_some_and(char::is_alphanumeric) && after.len() == text.len() - length {
        return None;
    }
    if apart && length == 1 && after.trim_start().starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let symbol = text[..length].to_lowercase().replace('²', "2").replace('³', "3").replace(['µ', 'μ'], "u");
    find(&symbol).map(|(dimension, factor)| (dimension, factor, length))
}

fn find(symbol: &str) -> Option<(Dimension, f64)> {
    let at = UNITS.binary_search_by_key(&symbol, |(known, ..)| known).ok()?;
    Some((UNITS[at].1, UNITS[at].2))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn terms(text: &str) -> Vec<String> {
        measures(text).into_iter().map(|measure| measure.term).collect()
    }

    #[track_caller]
    fn same(texts: &[&str]) {
        for text in texts {
            assert_eq!(terms(text), terms(texts[0]), "{text} is not {}", texts[0]);
            assert_eq!(terms(text).len(), 1, "{text}");
        }
    }

    #[test]
    fn the_units_are_sorted() {
        assert!(UNITS.is_sorted_by_key(|(symbol, ..)| symbol));
    }

    #[test]
    fn one_measure_in_its_spellings() {
        same(&["5 kg", "5kg", "5-kg", "5000 g", "5,000 g", "5 kilograms", "5公斤", "5 кг", "5.0 KG"]);
        same(&["1/2\"", "0.5 inch", "12.7 mm", "½ in.", "12,7mm", "1/2 in", "1/2-in", "0.5 Zoll", "1/2英寸"]);
        same(&["1 1/2 in", "1-1/2 in.", "1½\"", "1.5 inches", "38.1 mm"]);
        same(&["1.5 l", "1500 ml", "1,5 Liter", "1,500 ml"]);
        same(&["10 m²", "10 m2", "10 sqm"]);
        same(&["20µm", "20 μm", "20 micron", "0.02 mm"]);
        same(&["1.250.000 g", "1,250,000 g", "1250 kg", "1.25 t"]);
        same(&["0,125 mm", "0.125 mm", "125 um"]);
        same(&[".5 mm", "0.5 mm", "0,5mm", "½ mm", "500 µm"]);
        same(&["10uF", "10 µF", "10µF", "10 μF", "10000 nF", "10 microfarad"]);
        same(&["100Ω", "100 Ω", "100 ohm", "100 Ohms", "0.1 kΩ", "0,1 kOhm", "100\u{2126}"]);
        same(&["Ø50 mm", "Φ50mm", "ø 50 mm", "50 mm", "5 cm", "⌀50 mm"]);
    }

    #[test]
    fn several_in_one_text() {
        assert_eq!(terms("pack of 2 500 ml bottles").len(), 1);
        assert_eq!(terms("4 ft. x 8 ft. plywood, 3/4 in. thick").len(), 4);
        assert_eq!(terms("50x30mm")[1..], terms("30 mm"));
        assert_eq!(terms("不锈钢管5米").len(), 1);
    }

    #[test]
    fn what_is_no_measure() {
        for text in [
            "A4",
            "M8",
            "DN50",
            "IP67",
            "24 A 450",
            "5 kgx",
            "7mmfoo",
            "model v2.5",
            "0 kg",
            "2026-11-25",
            "1/2",
            "10W-40",
            "SAE 15W-40",
            "316L",
        ] {
            let expected: &[String] = if text == "316L" { &["=v3.1600e2".to_owned()] } else { &[] };
            assert_eq!(terms(text), expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_is_too_much(text in "[0-9 .,/x×½\"'a-zµ²公斤-]{0,40}") {
            for measure in measures(&text) {
                prop_assert!(text.is_char_boundary(measure.start) && text.is_char_boundary(measure.end));
                prop_assert!(measure.start < measure.end);
            }
        }
    }
}
