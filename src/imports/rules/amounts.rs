//! Numbers as catalogues write them: `1,250.00`, `1.250,00 €`, `US$ 12.50 / pc`, `500 kg`.

use std::fmt::Write as _;

/// A number in a cell with what stands around it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Amount<'t> {
    /// A plain decimal with a point.
    pub number: String,
    /// The words before and behind it.
    pub words: Vec<&'t str>,
}

/// Why a cell is no amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum AmountFault {
    /// There is no single number in it.
    Form,
    /// `1.250` and `1,250` are one and a quarter to some and twelve hundred and fifty to others: off by a thousand, a guess would be worse than
    /// none.
    Ambiguous,
}

/// The number in the cell and the words around it.
pub(super) fn amount(cell: &str) -> Result<Amount<'_>, AmountFault> {
    let is_digit = |c: char| c.is_ascii_digit();
    let first = cell.find(is_digit).ok_or(AmountFault::Form)?;
    let end = first + length(&cell[first..]);
    let (mut before, after) = (cell[..first].trim_end(), &cell[end..]);
    let mut number = String::new();
    if let Some(rest) = before.strip_suffix(['.', ',']) {
        (number, before) = ("0.".to_owned(), rest);
    }
    if let Some(rest) = before.strip_suffix(['-', '−']) {
        number.insert(0, '-');
        before = rest;
    }
    number.push_str(&plain(&cell[first..end], number.ends_with('.'))?);
    let words = before.split(is_gap).chain(after.split(is_gap)).filter(|word| !word.is_empty() && *word != "per");
    Ok(Amount { number, words: words.collect() })
}

/// How many bytes the number has that the text begins with.
fn length(text: &str) -> usize {
    let (mut end, mut is_grouped_by_space) = (0, true);
    for (at, c) in text.char_indices() {
        match c {
            c if c.is_ascii_digit() => end = at + 1,
            '.' | ',' => is_grouped_by_space = false,
            '\'' | '\u{2019}' => {}
            // A space divides thousands, or it ends the number.
            c if c.is_whitespace() && is_grouped_by_space => {
                let mut next = text[at + c.len_utf8()..].chars();
                if !next.by_ref().take(3).all(|c| c.is_ascii_digit()) || next.next().is_some_and(|c| c.is_ascii_digit())
                {
                    break;
                }
            }
            _ => break,
        }
    }
    end
}

fn is_gap(c: char) -> bool {
    c.is_whitespace() || matches!(c, '/' | ':')
}

/// The digits with a point before the decimals; `is_fraction` where the point was before.
fn plain(text: &str, is_fraction: bool) -> Result<String, AmountFault> {
    let digits: String = text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '\'' | '\u{2019}')).collect();
    if digits.chars().any(|c| !c.is_ascii_digit() && !matches!(c, '.' | ','))
        || (is_fraction && digits.contains(['.', ',']))
    {
        return Err(AmountFault::Form);
    }
    let Some(last) = digits.rfind(['.', ',']) else { return Ok(digits) };
    let (separator, decimals) = (&digits[last..=last], &digits[last + 1..]);
    let whole = &digits[..last];
    let groups: Vec<&str> = whole.split(['.', ',']).collect();
    let is_grouped = |parts: &[&str]| {
        parts
            .split_first()
            .is_some_and(|(head, rest)| (1..=3).contains(&head.len()) && rest.iter().all(|part| part.len() == 3))
    };
    match (groups.len(), whole.contains(separator)) {
        // One separator: decimals, unless it might divide thousands.
        (1, _) if decimals.len() == 3 && is_grouped(&groups) && whole != "0" => Err(AmountFault::Ambiguous),
        (1, _) => Ok(format!("{whole}.{decimals}")),
        // 1,234,567: all of them divide thousands.
        (_, true) if decimals.len() == 3 && is_grouped(&groups) && !whole.contains(other(separator)) => {
            Ok(groups.concat() + decimals)
        }
        // 1,234.56
        (_, false) if is_grouped(&groups) => Ok(format!("{}.{decimals}", groups.concat())),
        _ => Err(AmountFault::Form),
    }
}

fn other(separator: &str) -> &'static str {
    if separator == "." { "," } else { "." }
}

/// A decimal as a cell says it so that [`amount`] reads it back: never with three decimals, which could be thousands.
pub(in crate::imports) fn unambiguous(mut number: String) -> String {
    let is_open = number.split_once('.').is_some_and(|(whole, decimals)| decimals.len() == 3 && whole != "0");
    if is_open {
        let _ = number.write_char('0');
    }
    number
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_they_are_written_around_the_world() {
        for (cell, number, words) in [
            ("12", "12", vec![]),
            ("12.5", "12.5", vec![]),
            ("12,50 €", "12.50", vec!["€"]),
            ("1,250.00", "1250.00", vec![]),
            ("1.250,00 EUR", "1250.00", vec!["EUR"]),
            ("US$ 1 250,5 / pc", "1250.5", vec!["US$", "pc"]),
            ("1'234'567.89", "1234567.89", vec![]),
            ("1,234,567", "1234567", vec![]),
            ("0.125", "0.125", vec![]),
            ("1.1250", "1.1250", vec![]),
            (".5", "0.5", vec![]),
            ("-3", "-3", vec![]),
            ("500kg", "500", vec!["kg"]),
            ("USD 4.40 per m2", "4.40", vec!["USD", "m2"]),
            // Its caller knows no unit of this name.
            ("1-2", "1", vec!["-2"]),
            ("12.50 300", "12.50", vec!["300"]),
        ] {
            assert_eq!(amount(cell), Ok(Amount { number: number.to_owned(), words }), "{cell}");
        }
    }

    #[test]
    fn what_could_be_a_thousand_times_more_is_refused() {
        for cell in ["1.250", "1,250", "12,500 kg", "999.999"] {
            assert_eq!(amount(cell), Err(AmountFault::Ambiguous), "{cell}");
        }
        for cell in ["", "on request", "1.2.3", "1,23,456", "1.234,567,8", "1,234.567,8"] {
            assert_eq!(amount(cell), Err(AmountFault::Form), "{cell}");
        }
        assert_eq!(unambiguous("1.125".to_owned()), "1.1250");
        assert_eq!(unambiguous("0.125".to_owned()), "0.125");
        assert_eq!(unambiguous("12.50".to_owned()), "12.50");
    }
}
