//! The small words between the names of things: articles, prepositions, conjunctions. A query is not asked for them, because `pipes of
//! steel` are steel pipes; and they tell what language a longer text is in.
//!
//! The lists are short on purpose: a word that may also name goods, or be part of a name, is in none.

use tantivy::tokenizer::Language;

/// The words of each language, folded.
const CONNECTIVES: &[(Language, &str, &[&str])] = &[
    (Language::English, "en", &["a", "an", "and", "by", "for", "from", "in", "of", "on", "or", "the", "to", "with"]),
    (
        Language::Spanish,
        "es",
        &["al", "con", "de", "del", "el", "en", "la", "las", "los", "para", "por", "sin", "un", "una", "y"],
    ),
    (
        Language::French,
        "fr",
        &[
            "a", "au", "aux", "avec", "d", "de", "des", "du", "en", "et", "l", "la", "le", "les", "ou", "pour", "sans",
            "un", "une",
        ],
    ),
    (
        Language::German,
        "de",
        &[
            "aus", "das", "dem", "den", "der", "des", "ein", "eine", "fur", "mit", "oder", "ohne", "und", "von", "zum",
            "zur",
        ],
    ),
    (
        Language::Portuguese,
        "pt",
        &[
            "a", "ao", "com", "da", "das", "de", "do", "dos", "e", "em", "na", "no", "o", "ou", "para", "por", "sem",
            "um", "uma",
        ],
    ),
    (
        Language::Italian,
        "it",
        &[
            "al", "con", "da", "dei", "del", "della", "delle", "di", "e", "gli", "il", "in", "la", "o", "per", "senza",
            "un", "una",
        ],
    ),
    (Language::Russian, "ru", &["без", "в", "для", "и", "из", "или", "к", "на", "от", "по", "с", "со"]),
    (Language::Dutch, "nl", &["de", "een", "en", "het", "of", "met", "van", "voor", "zonder"]),
    (Language::Turkish, "tr", &["bir", "icin", "ile", "ve", "veya"]),
];

/// Whether the folded word connects others in the language.
pub(super) fn connects(word: &str, language: Language) -> bool {
    CONNECTIVES.iter().any(|(known, _, words)| *known == language && words.contains(&word))
}

/// The language of the folded words, ISO 639-1: the one whose small words stand among them most often, if any do.
pub(super) fn language_of<'w>(words: impl Iterator<Item = &'w str>) -> Option<&'static str> {
    let mut counts = [0_usize; CONNECTIVES.len()];
    for word in words {
        for (count, (_, _, known)) in counts.iter_mut().zip(CONNECTIVES) {
            *count += usize::from(known.contains(&word));
        }
    }
    let most = counts.iter().zip(CONNECTIVES).max_by_key(|(count, _)| **count)?;
    (*most.0 > 0).then_some(most.1.1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::analyzers::{fold, words};

    #[test]
    fn the_words_are_folded() {
        for (_, code, words) in CONNECTIVES {
            assert!(words.iter().all(|word| fold(word) == *word), "{code}");
        }
    }

    #[test]
    fn a_language_is_told_by_its_small_words() {
        let told = |text: &str| {
            let words: Vec<String> = words(text).into_iter().map(|word| word.text).collect();
            language_of(words.iter().map(String::as_str))
        };
        assert_eq!(told("Taps and valves for pipes, of iron"), Some("en"));
        assert_eq!(told("Artículos de grifería y órganos similares para tuberías, de hierro"), Some("es"));
        assert_eq!(told("Armaturen für Rohre, mit Flansch, aus Stahl"), Some("de"));
        assert_eq!(told("Краны и клапаны для труб"), Some("ru"));
        assert_eq!(told("Ball bearings"), None);
    }
}
