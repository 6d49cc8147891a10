//! Words of requests and listings, compared without an index: which of the words asked for does a listing hold.

use crate::text::{Run, fold, runs, stopwords};

/// The words of the text, folded, each once, in order, without English stop words.
pub fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for word in runs(text).flat_map(pieces) {
        // English alone: requests are mostly written in it, and stop words of others are goods in it (`die`).
        if !stopwords("en").contains(&word.as_str()) && !words.contains(&word) {
            words.push(word);
        }
    }
    words
}

/// The words of a run. Text without spaces is compared by pairs of characters: cutting it by a dictionary, as the index does, would make
/// whether two texts share a word depend on what stands beside it.
fn pieces(run: Run<'_>) -> Vec<String> {
    let characters: Vec<char> = run.text.chars().collect();
    // Two characters are one pair, whole.
    if run.is_ideographic && characters.len() > 2 {
        return characters.windows(2).map(|pair| pair.iter().collect()).collect();
    }
    vec![fold(run.text)]
}

/// The words of `wanted` that `offered` holds too, in the order of `wanted`; a plural is its singular.
pub fn shared(wanted: &str, offered: &str) -> Vec<String> {
    let offered: Vec<String> = words(offered).iter().map(|word| singular(word).to_owned()).collect();
    words(wanted).into_iter().filter(|word| offered.iter().any(|held| held == singular(word))).collect()
}

/// Which part of the words of `wanted` `offered` holds, 0..1; 0 where nothing is wanted.
pub fn coverage(wanted: &str, offered: &str) -> f64 {
    let whole = u32::try_from(words(wanted).len()).unwrap_or(u32::MAX);
    let part = u32::try_from(shared(wanted, offered).len()).unwrap_or(u32::MAX);
    if whole == 0 { 0.0 } else { f64::from(part) / f64::from(whole) }
}

fn singular(word: &str) -> &str {
    // `gas` and `bus` keep theirs. No stemmer: it would have to agree with the index's in every language, and only the plural matters here.
    word.strip_suffix('s').filter(|stem| stem.len() >= 3).unwrap_or(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plurals_case_and_empty_words_do_not_matter() {
        assert_eq!(shared("Stainless steel pipes for the plant", "PIPE, stainless, 316L"), ["stainless", "pipes"]);
        assert_eq!(coverage("Pipes of steel", "steel pipe 316L"), 1.0);
        assert_eq!(coverage("for the", "anything"), 0.0);
    }

    #[test]
    fn texts_without_spaces_are_compared_by_pairs() {
        assert_eq!(coverage("不锈钢管", "304不锈钢管件"), 1.0);
        assert_eq!(coverage("不锈钢管", "棉布"), 0.0);
    }
}
