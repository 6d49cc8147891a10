//! Other spellings of one word: British and American ones (`colour` and `color`, `centre` and `center`, `aluminium` and `aluminum`),
//! and German ones without dots (`schluessel` for `schlüssel`, which documents hold folded to `schlussel`).
//!
//! A variant is only a guess; it counts when the index holds it. So the rules need not know all exceptions.

use super::analyzers::fold;

/// Words whose spellings follow no rule, British first.
const PAIRS: &[(&str, &str)] = &[
    ("aluminium", "aluminum"),
    ("cheque", "check"),
    ("cosy", "cozy"),
    ("draught", "draft"),
    ("gauge", "gage"),
    ("grey", "gray"),
    ("jewellery", "jewelry"),
    ("kerb", "curb"),
    ("mould", "mold"),
    ("moulding", "molding"),
    ("plough", "plow"),
    ("programme", "program"),
    ("pyjamas", "pajamas"),
    ("sulphate", "sulfate"),
    ("sulphur", "sulfur"),
    ("tyre", "tire"),
    ("tyres", "tires"),
    ("yoghurt", "yogurt"),
];

/// Plurals that follow no rule, the singular first.
const PLURALS: &[(&str, &str)] = &[
    ("child", "children"),
    ("die", "dice"),
    ("foot", "feet"),
    ("goose", "geese"),
    ("louse", "lice"),
    ("man", "men"),
    ("mouse", "mice"),
    ("ox", "oxen"),
    ("person", "people"),
    ("tooth", "teeth"),
    ("woman", "women"),
];

/// Endings of singular and plural that the stemmer takes for two words, and the fewest letters before them.
const PLURAL_ENDINGS: &[(&str, &str, usize)] = &[
    ("f", "ves", 2),
    ("fe", "ves", 2),
    ("s", "ses", 2),
    ("x", "xes", 2),
    ("x", "ces", 3),
    ("ex", "ices", 2),
    ("ix", "ices", 3),
    ("is", "es", 2),
    ("us", "i", 3),
    ("um", "a", 3),
    ("on", "a", 5),
    ("man", "men", 3),
    ("o", "oes", 3),
    ("z", "ces", 2),
];

/// Endings, British and American, and the fewest letters before them.
const ENDINGS: &[(&str, &str, usize)] = &[
    ("our", "or", 2),
    ("ours", "ors", 2),
    ("oured", "ored", 2),
    ("tre", "ter", 2),
    ("tres", "ters", 2),
    ("bre", "ber", 2),
    ("bres", "bers", 2),
    ("ise", "ize", 3),
    ("ised", "ized", 3),
    ("iser", "izer", 3),
    ("isers", "izers", 3),
    ("ising", "izing", 3),
    ("isation", "ization", 3),
    ("yse", "yze", 3),
    ("yser", "yzer", 3),
    ("lled", "led", 3),
    ("lling", "ling", 3),
    ("ller", "ler", 3),
    ("ogue", "og", 3),
    ("ogues", "ogs", 3),
    ("ence", "ense", 3),
];

/// How else a folded word may be written.
pub(super) fn variants(word: &str) -> Vec<String> {
    if word.len() < 3 || !word.bytes().all(|b| b.is_ascii_lowercase()) {
        return Vec::new();
    }
    let mut found: Vec<String> = Vec::new();
    for (british, american) in PAIRS.iter().chain(PLURALS) {
        if word == *british {
            found.push((*american).to_owned());
        } else if word == *american {
            found.push((*british).to_owned());
        }
    }
    for (british, american, least) in ENDINGS.iter().chain(PLURAL_ENDINGS) {
        for (from, to) in [(british, american), (american, british)] {
            if let Some(start) = word.strip_suffix(from)
                && start.len() >= *least
            {
                found.push(format!("{start}{to}"));
            }
        }
    }
    found.extend(without_dots(word));
    found
}

/// The word with `ae`, `oe` and `ue` for the vowels with dots that they may stand for.
fn without_dots(word: &str) -> Option<String> {
    let folded = word.replace("ae", "a").replace("oe", "o").replace("ue", "u");
    (word.len() >= 6 && folded != word).then_some(folded)
}

/// A word that was typed with dots, as those write it who have none.
pub(super) fn transliterated(typed: &str) -> Option<String> {
    let small = typed.to_lowercase();
    let written = small.replace('ä', "ae").replace('ö', "oe").replace('ü', "ue");
    (written != small).then(|| fold(&written))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ways() {
        for (british, american) in [
            ("colour", "color"),
            ("coloured", "colored"),
            ("centre", "center"),
            ("fibre", "fiber"),
            ("litres", "liters"),
            ("galvanised", "galvanized"),
            ("pulveriser", "pulverizer"),
            ("labelling", "labeling"),
            ("catalogue", "catalog"),
            ("aluminium", "aluminum"),
            ("grey", "gray"),
            ("analyser", "analyzer"),
        ] {
            assert!(variants(british).contains(&american.to_owned()), "{british}");
            assert!(variants(american).contains(&british.to_owned()), "{american}");
        }
    }

    #[test]
    fn singular_and_plural() {
        for (one, many) in [
            ("shelf", "shelves"),
            ("knife", "knives"),
            ("lens", "lenses"),
            ("leaf", "leaves"),
            ("half", "halves"),
            ("foot", "feet"),
            ("mouse", "mice"),
            ("axis", "axes"),
            ("matrix", "matrices"),
            ("index", "indices"),
            ("radius", "radii"),
            ("loaf", "loaves"),
            ("gas", "gases"),
            ("scarf", "scarves"),
            ("luz", "luces"),
        ] {
            assert!(variants(one).contains(&many.to_owned()), "{one}: {:?}", variants(one));
            assert!(variants(many).contains(&one.to_owned()), "{many}: {:?}", variants(many));
        }
    }

    #[test]
    fn german_without_dots() {
        assert_eq!(variants("schraubenschluessel"), ["schraubenschlussel"]);
        assert_eq!(transliterated("Schlüssel").as_deref(), Some("schluessel"));
        assert_eq!(transliterated("Größe").as_deref(), Some("groesse"));
        assert_eq!(transliterated("pipe"), None);
    }

    #[test]
    fn most_words_have_none() {
        for word in ["pipe", "tube", "m8", "for", "über"] {
            assert!(variants(word).is_empty(), "{word}: {:?}", variants(word));
        }
    }
}
