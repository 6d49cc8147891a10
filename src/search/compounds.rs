//! German compounds: `Edelstahlrohr` is a `Rohr` of `Edelstahl`.
//!
//! A word comes apart where both parts are words that the trade glossary has; what it does not know stays whole, because guessing by
//! letters would find a gate (`Tor`) in every `Motor`.

use std::sync::LazyLock;

use rustc_hash::FxHashSet;

use crate::reference::glossary;
use crate::text::{StemmerLanguage, fold, runs, stem};

/// Letters of the shortest part.
const LEAST_PART: usize = 4;
/// What may stand between the parts.
const LINKS: [&str; 6] = ["", "s", "n", "en", "es", "e"];

/// The stems of German words of the glossary.
static WORDS: LazyLock<FxHashSet<String>> = LazyLock::new(|| {
    let german = glossary::lines().filter(|line| line.language == "de");
    let texts = german.flat_map(|line| line.terms().chain([line.label]));
    let words = texts.flat_map(|text| runs(text).map(|run| fold(run.text)));
    words.filter(|word| word.len() >= LEAST_PART).map(|word| stem(&word, StemmerLanguage::German)).collect()
});

fn is_word(part: &str) -> bool {
    part.len() >= LEAST_PART && WORDS.contains(&stem(part, StemmerLanguage::German))
}

/// The pairs of words that a folded word is made of, the last with the shortest head: `edel`, `stahlrohr` and `edelstahl`, `rohr`.
pub(super) fn splits(word: &str) -> impl Iterator<Item = (&str, &str)> {
    let is_whole = word.len() >= 2 * LEAST_PART && word.bytes().all(|b| b.is_ascii_lowercase());
    let places = if is_whole { LEAST_PART..word.len() - LEAST_PART + 1 } else { 0..0 };
    places.filter_map(|at| {
        let (left, right) = word.split_at(at);
        let left = LINKS.iter().filter_map(|link| left.strip_suffix(*link)).find(|left| is_word(left))?;
        is_word(right).then_some((left, right))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compounds_come_apart_and_other_words_do_not() {
        for (word, parts) in [
            ("edelstahlrohr", Some(("edelstahl", "rohr"))),
            ("stahlrohr", Some(("stahl", "rohr"))),
            ("holzschrauben", Some(("holz", "schrauben"))),
            ("motor", None),
            ("schrauben", None),
            ("ventil", None),
            ("stainless", None),
        ] {
            assert_eq!(splits(word).last(), parts, "{word}");
        }
    }
}
