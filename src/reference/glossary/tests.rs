//! The form of the glossary's data, and how well goods are found by it.

use std::collections::{BTreeMap, BTreeSet};

use super::*;
use crate::text::is_ideographic;

/// The headings of HS 2022 by chapter.
const HEADINGS: &str = "01 01-06; 02 01-10; 03 01-09; 04 01-10; 05 01-02 04-08 10-11; 06 01-04; 07 01-14; 08 01-14; 09 01-10; 10 01-08; \
     11 01-09; 12 01-14; 13 01-02; 14 01 04; 15 01-18 20-22; 16 01-05; 17 01-04; 18 01-06; 19 01-05; 20 01-09; \
     21 01-06; 22 01-09; 23 01-09; 24 01-04; 25 01-26 28-30; 26 01-21; 27 01-16; 28 01-37 39-47 49-50 52-53; \
     29 01-42; 30 01-06; 31 01-05; 32 01-15; 33 01-07; 34 01-07; 35 01-07; 36 01-06; 37 01-07; 38 01-27; 39 01-26; \
     40 01-17; 41 01-07 12-15; 42 01-03 05-06; 43 01-04; 44 01-21; 45 01-04; 46 01-02; 47 01-07; 48 01-14 16-23; \
     49 01-11; 50 01-07; 51 01-13; 52 01-12; 53 01-03 05-11; 54 01-08; 55 01-16; 56 01-09; 57 01-05; 58 01-11; \
     59 01-11; 60 01-06; 61 01-17; 62 01-17; 63 01-10; 64 01-06; 65 01-02 04-07; 66 01-03; 67 01-04; 68 01-15; \
     69 01-07 09-14; 70 01-11 13-20; 71 01-18; 72 01-29; 73 01-26; 74 01-13 15 18-19; 75 01-08; 76 01-16; \
     78 01-02 04 06; 79 01-05 07; 80 01-03 07; 81 01-06 08-13; 82 01-15; 83 01-11; 84 01-68 70-87; 85 01-19 21-49; \
     86 01-09; 87 01-16; 88 01-02 04-07; 89 01-08; 90 01-08 10-33; 91 01-14; 92 01-02 05-09; 93 01-07; 94 01-06; \
     95 03-08; 96 01-20; 97 01-06";

fn headings() -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    for chapter in HEADINGS.split("; ") {
        let mut words = chapter.split(' ');
        let chapter = words.next().unwrap();
        for range in words {
            let (first, last) = range.split_once('-').unwrap_or((range, range));
            let (first, last): (u8, u8) = (first.parse().unwrap(), last.parse().unwrap());
            all.extend((first..=last).map(|heading| format!("{chapter}{heading:02}")));
        }
    }
    all
}

#[test]
fn every_heading_of_hs_2022_has_each_language() {
    let headings = headings();
    assert_eq!(headings.len(), 1_228);
    for code in &headings {
        for language in LANGUAGES {
            assert!(label(code, language).is_some_and(|label| !label.is_empty()), "{code} {language}");
        }
    }
    let mut subheadings: BTreeMap<&str, usize> = BTreeMap::new();
    for line in lines() {
        assert!(headings.contains(&line.hs[..HEADING]), "{} is not in HS 2022", line.hs);
        match line.hs.len() {
            4 => {}
            6 => *subheadings.entry(line.hs).or_default() += 1,
            _ => panic!("{} is neither a heading nor a subheading", line.hs),
        }
    }
    assert!(subheadings.len() >= 900, "{}", subheadings.len());
    assert!(subheadings.values().all(|languages| *languages == LANGUAGES.len()));
}

#[test]
fn lines_are_sorted_and_each_stands_once() {
    let keys: Vec<_> = lines().map(|line| (line.hs, line.language)).collect();
    assert!(keys.is_sorted_by(|a, b| a < b));
}

fn is_cyrillic(c: char) -> bool {
    matches!(c, '\u{400}'..='\u{4ff}')
}

/// Latin letters are in every script for what is written so (`LED`, `T恤`), but a name in them alone only where it is an abbreviation.
fn is_in_script(language: &str, text: &str) -> bool {
    let letters = || text.chars().filter(|c| c.is_alphabetic());
    let is_abbreviation = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b" .+-".contains(&byte));
    match language {
        "zh" => !letters().any(is_cyrillic) && (letters().any(is_ideographic) || is_abbreviation),
        "ru" => !letters().any(is_ideographic) && (letters().any(is_cyrillic) || is_abbreviation),
        _ => !letters().any(|c| is_cyrillic(c) || is_ideographic(c)),
    }
}

#[test]
fn labels_and_names_have_their_form() {
    let mut labels = BTreeSet::new();
    for line in lines() {
        let Line { hs, language, label, .. } = line;
        assert!((1..=60).contains(&label.chars().count()) && label.trim() == label, "{hs} {language}: {label}");
        assert!(is_in_script(language, label), "{hs} {language}: {label}");
        assert!(hs.len() > HEADING || labels.insert((language, label.to_lowercase())), "{hs} {language}: {label}");
        let terms: Vec<&str> = line.terms().collect();
        assert!((2..=8).contains(&terms.len()), "{hs} {language}: {} names", terms.len());
        let distinct: BTreeSet<String> = terms.iter().map(|term| term.to_lowercase()).collect();
        assert_eq!(distinct.len(), terms.len(), "{hs} {language}");
        for term in &terms {
            assert!((1..=60).contains(&term.chars().count()) && term.trim() == *term, "{hs} {language}: {term:?}");
            assert!(!term.contains(['(', ')', ',', '/', '|', '"', ':']), "{hs} {language}: {term}");
            assert!(is_in_script(language, term), "{hs} {language}: {term}");
        }
        for legal in ["n.e.s", "whether or not", "elsewhere specified"] {
            assert!(!label.contains(legal) && !line.terms.contains(legal), "{hs} {language}: {legal}");
        }
    }
}

#[test]
fn names_of_several_senses_have_notes() {
    let mut under: BTreeMap<(&str, String), BTreeSet<&str>> = BTreeMap::new();
    let mut noted = BTreeSet::new();
    for line in lines() {
        for term in line.terms() {
            under.entry((line.language, term.to_lowercase())).or_default().insert(&line.hs[..HEADING]);
        }
        assert_eq!(
            line.senses().count(),
            line.note.split("; ").filter(|entry| !entry.is_empty()).count(),
            "{}",
            line.note
        );
        for (term, words) in line.senses() {
            assert!(line.terms().any(|known| known == term), "{} {}: {term}", line.hs, line.language);
            assert!(!words.trim().is_empty(), "{} {}: {term}", line.hs, line.language);
            noted.insert((line.language, term.to_lowercase()));
        }
    }
    assert!(noted.len() >= 150, "{}", noted.len());
    for (term, headings) in under {
        assert!(headings.len() <= 6 || noted.contains(&term), "{term:?} stands under {headings:?}");
    }
}

#[test]
fn the_glossary_is_small_in_the_program() {
    let packed: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/glossary.deflate"));
    assert!(packed.len() < 3 << 19, "{} bytes", packed.len());
}

#[test]
fn a_label_is_that_of_the_nearest_code_above() {
    assert_eq!(label("8482109000", "en"), label("848210", "en"));
    assert_eq!(label("848299", "pt-BR"), label("8482", "pt"));
    assert_eq!(label("84", "en"), None);
    assert_eq!(label("8482", "ja"), None);
    assert_eq!(terms_for("9999", "en").count(), 0);
}

#[test]
fn trade_words_have_all_languages_and_their_scripts() {
    let file = include_str!("words.txt");
    let mut seen = std::collections::HashSet::new();
    for line in file.lines() {
        let columns: Vec<&str> = line.split('\t').collect();
        assert_eq!(columns.len(), LANGUAGES.len(), "{line}");
        for (at, names) in columns.iter().enumerate() {
            assert!(names.split("; ").all(|name| !name.trim().is_empty()), "{line}");
            let has = |range: std::ops::RangeInclusive<char>| names.chars().any(|c| range.contains(&c));
            let (is_russian, is_chinese) = (at == 6, at == 7);
            assert_eq!(has('\u{400}'..='\u{4ff}'), is_russian, "{line}");
            assert_eq!(has('\u{4e00}'..='\u{9fff}'), is_chinese, "{line}");
        }
        assert!(seen.insert(line), "{line} stands twice");
    }
    assert!(seen.len() > 5_000);
}

#[test]
fn one_concept_joins_its_names_in_all_languages() {
    let of = |text: &str, language| words::concepts(&[text.to_owned()], language);
    let is_same = |a: Vec<words::Concept>, b: Vec<words::Concept>| a.iter().any(|concept| b.contains(concept));
    for (en, language, other) in [
        ("valve", "de", "ventil"),
        ("bearings", "es", "rodamiento"),
        ("pump", "ru", "насос"),
        ("cotton", "zh", "棉"),
        ("chair", "fr", "chaise"),
        ("glass", "it", "vetro"),
        ("screw", "pt", "parafuso"),
    ] {
        assert!(is_same(of(en, "en"), of(other, language)), "{en} {other}");
    }
    assert!(!is_same(of("valve", "en"), of("stuhl", "de")));
}
