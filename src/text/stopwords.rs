//! Stop words: articles, prepositions, conjunctions. They are left out of a query, because `pipes of steel` are steel pipes; and they tell
//! what language a longer text is in.
//!
//! The lists are short on purpose: a word that may also name goods, or be part of a name, is in none.

/// The words of each language, folded.
const STOPWORDS: &[(&str, &[&str])] = &[
    ("en", &["a", "an", "and", "by", "for", "from", "in", "of", "on", "or", "the", "to", "with"]),
    ("es", &["al", "con", "de", "del", "el", "en", "la", "las", "los", "para", "por", "sin", "un", "una", "y"]),
    (
        "fr",
        &[
            "a", "au", "aux", "avec", "d", "de", "des", "du", "en", "et", "l", "la", "le", "les", "ou", "pour", "sans",
            "un", "une",
        ],
    ),
    (
        "de",
        &[
            "aus", "das", "dem", "den", "der", "des", "ein", "eine", "fur", "mit", "oder", "ohne", "und", "von", "zum",
            "zur",
        ],
    ),
    (
        "pt",
        &[
            "a", "ao", "com", "da", "das", "de", "do", "dos", "e", "em", "na", "no", "o", "ou", "para", "por", "sem",
            "um", "uma",
        ],
    ),
    (
        "it",
        &[
            "al", "con", "da", "dei", "del", "della", "delle", "di", "e", "gli", "il", "in", "la", "o", "per", "senza",
            "un", "una",
        ],
    ),
    ("ru", &["без", "в", "для", "и", "из", "или", "к", "на", "от", "по", "с", "со"]),
    ("nl", &["de", "een", "en", "het", "of", "met", "van", "voor", "zonder"]),
    ("tr", &["bir", "icin", "ile", "ve", "veya"]),
];

/// The stop words of a language (ISO 639-1, more may follow: `es-MX`), folded; empty where there is no list.
pub fn stopwords(language: &str) -> &'static [&'static str] {
    let known = STOPWORDS.iter().find(|(code, _)| language.get(..2) == Some(*code));
    known.map_or(&[], |(_, words)| words)
}

/// The language of the folded words, ISO 639-1: the one whose stop words stand among them most often, if any do.
pub fn language_of<'w>(words: impl Iterator<Item = &'w str>) -> Option<&'static str> {
    let mut counts = [0_usize; STOPWORDS.len()];
    for word in words {
        for (count, (_, known)) in counts.iter_mut().zip(STOPWORDS) {
            *count += usize::from(known.contains(&word));
        }
    }
    let (most, (language, _)) = counts.iter().zip(STOPWORDS).max_by_key(|(count, _)| **count)?;
    (*most > 0).then_some(*language)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{fold, runs};

    #[test]
    fn the_words_are_folded() {
        for (code, words) in STOPWORDS {
            assert!(words.iter().all(|word| fold(word) == *word), "{code}");
        }
    }

    #[test]
    fn language_is_told_by_its_stop_words() {
        let told = |text: &str| {
            let words: Vec<String> = runs(text).map(|run| fold(run.text)).collect();
            language_of(words.iter().map(String::as_str))
        };
        assert_eq!(told("Taps and valves for pipes, of iron"), Some("en"));
        assert_eq!(told("Artículos de grifería y órganos similares para tuberías, de hierro"), Some("es"));
        assert_eq!(told("Armaturen für Rohre, mit Flansch, aus Stahl"), Some("de"));
        assert_eq!(told("Краны и клапаны для труб"), Some("ru"));
        assert_eq!(told("Ball bearings"), None);
    }
}
