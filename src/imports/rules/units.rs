//! What catalogues call units: words of eight languages to UN/ECE codes.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::units::Unit;

/// A line for each unit: its code and, behind tabs, what it is called.
static WORDS: LazyLock<HashMap<String, &'static str>> = LazyLock::new(|| {
    let mut words = HashMap::new();
    for line in include_str!("units.tsv").lines() {
        let mut parts = line.split('\t');
        let Some(code) = parts.next() else { continue };
        words.extend(parts.map(|word| (word.to_lowercase(), code)));
    }
    words
});

/// The code of the unit: a code of Recommendation 20 as it is, or a word for one of the usual ones.
pub fn unit_code(text: &str) -> Option<&'static str> {
    let word = text.trim().trim_end_matches('.');
    if let Ok(unit) = word.parse::<Unit>() {
        return Some(unit.code());
    }
    WORDS.get(&word.to_lowercase()).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_of_a_unit_in_force() {
        for (word, code) in WORDS.iter() {
            assert!(code.parse::<Unit>().is_ok(), "{word}: {code}");
        }
        for (word, code) in
            [("pcs", "C62"), ("Stk.", "C62"), ("件", "C62"), ("KGM", "KGM"), ("m²", "MTK"), ("Karton", "XCT")]
        {
            assert_eq!(unit_code(word), Some(code), "{word}");
        }
        assert_eq!(unit_code("heap"), None);
    }
}
