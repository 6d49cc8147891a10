//! From the name of goods to HS headings.
//!
//! A name of the glossary counts as far as its words stand in the text, weighed by how few headings they name. The text's head counts most:
//! `Cotton candy machine` is a machine. In German, English and Chinese names it is the last word before what only describes (`for`, `with`, a
//! comma, a number); in Romance and Russian ones the first.

use std::cell::RefCell;

use rustc_hash::FxHashMap;

use super::index::{Index, Name, of_language};
use super::{HEADING, LANGUAGES, language_at};
use crate::text::{self, fold, is_ideographic, runs, stopwords};

/// Words of a text that are looked up; titles are shorter.
const MOST_WORDS: usize = 40;
/// Letters of the shortest word that is looked for at the end of a compound.
const SHORTEST_HEAD: usize = 4;
/// How far the last part of a compound is trusted beside the word itself: `Rillenkugellager` is a `Kugellager`.
const COMPOUND_TRUST: f32 = 0.85;
/// How far a word is trusted behind the first `for`, `with`, comma or number after the head: it describes the goods.
const BEHIND: f32 = 0.85;
/// How a name counts by the part of the text that it accounts for: the power of that part.
const EXPLAINED: f32 = 0.8;
/// How much a name counts that is not the head of the text.
const BESIDE_HEAD: f32 = 0.75;
/// How much more a name of several senses counts where a word of its note stands beside it.
const SENSE: f32 = 1.5;
/// How much a label counts beside a trade name: it names the whole heading, and each of its goods only among others.
const LABEL: f32 = 0.6;
/// What a word that the glossary does not know counts in a text.
const UNKNOWN: f32 = 5.0;
/// Less of a name than this says nothing.
const LEAST_COVERED: f32 = 0.5;
/// What is below this part of the best score is not suggested.
const LEAST_PART: f32 = 0.2;
/// A subheading is named where its best name fits this well beside the best under the heading: of the titles that weights are chosen on it
/// names 130 rightly and 4 wrongly, and with 1 in its place 124 and 4.
const EXACT_PART: f32 = 0.5;
/// Most headings that are suggested.
const MOST: usize = 20;

/// Words that count or gather goods and say nothing of what they are.
#[rustfmt::skip]
const GATHERS: &[&str] = &[
    "set", "sets", "kit", "kits", "pair", "pairs", "pack", "lot", "pcs", "piece", "pieces", "type", "grade", "quality", "wholesale",
    "juego", "conjunto", "lote", "jeu", "paire", "satz", "stuck", "paar", "jogo", "coppia", "lotto", "набор", "комплект", "пара",
];

/// A heading that the text may belong under.
#[derive(Clone, Debug, PartialEq)]
pub struct Suggestion {
    /// Four digits.
    pub heading: &'static str,
    /// The subheading of six digits whose names fit best, where one fits no worse than the heading does.
    pub subheading: Option<&'static str>,
    /// 0..1: how much of the text the name accounts for.
    pub score: f32,
    /// The name that was found.
    pub because: &'static str,
    /// Its language, ISO 639-1.
    pub language: &'static str,
}

impl Suggestion {
    /// The code that it names most exactly.
    pub fn code(&self) -> &'static str {
        self.subheading.unwrap_or(self.heading)
    }
}

/// The headings under which goods of this name go, the most likely first; none in a language that the glossary does not have.
pub fn headings_for(text: &str, language: &str) -> Vec<Suggestion> {
    language_at(language).map_or_else(Vec::new, |at| ranked(of_language(at).look_up(text)))
}

/// The same where nobody says which language it is.
pub fn headings_in_any(text: &str) -> Vec<Suggestion> {
    let is_cyrillic = text.chars().any(|c| matches!(c, '\u{400}'..='\u{4ff}'));
    let scripts: &[&str] = match () {
        () if text.chars().any(is_ideographic) => &["zh"],
        () if is_cyrillic => &["ru"],
        () => &["de", "en", "es", "fr", "it", "pt"],
    };
    let of = |at: usize| of_language(at).look_up(text);
    ranked((0..LANGUAGES.len()).filter(|at| scripts.contains(&LANGUAGES[*at])).flat_map(of).collect())
}

/// How much a folded word tells of goods in a language: the fewer headings are called so, the more. None where the glossary does not know it.
pub fn word_weight(word: &str, language: &str) -> Option<f32> {
    let index = of_language(language_at(language)?);
    let stem = index.stemmer.map_or_else(|| word.to_owned(), |stemmer| text::stem(word, stemmer));
    let known = index.stem(&stem).or_else(|| index.last_part(word))?;
    index.weights.get(known as usize).copied()
}

/// A name with how well it fits.
#[derive(Clone, Copy)]
struct Fit {
    index: &'static Index,
    name: &'static Name,
    score: f32,
}

impl Fit {
    fn is_exact(&self) -> bool {
        self.name.hs().len() > HEADING
    }
}

/// What fits best under a heading: any name, and one of a subheading.
struct Best {
    any: Fit,
    exact: Option<Fit>,
}

/// The best of each heading, best first.
fn ranked(found: Vec<Fit>) -> Vec<Suggestion> {
    let mut best: FxHashMap<&str, Best> = FxHashMap::default();
    for one in found {
        let held = best.entry(&one.name.hs()[..HEADING]).or_insert_with(|| Best { any: one, exact: None });
        if one.score > held.any.score {
            held.any = one;
        }
        if one.is_exact() && held.exact.is_none_or(|exact| one.score > exact.score) {
            held.exact = Some(one);
        }
    }
    let mut all: Vec<(&str, Best)> = best.into_iter().collect();
    all.sort_by(|(a, best), (b, other)| other.any.score.total_cmp(&best.any.score).then(a.cmp(b)));
    let least = all.first().map_or(0.0, |(_, first)| first.any.score * LEAST_PART);
    all.retain(|(_, best)| best.any.score >= least);
    all.truncate(MOST);
    all.into_iter().map(|(heading, best)| best.suggestion(heading)).collect()
}

impl Best {
    fn suggestion(&self, heading: &'static str) -> Suggestion {
        let exact = self.exact.filter(|exact| exact.score >= self.any.score * EXACT_PART);
        Suggestion {
            heading,
            subheading: exact.map(|exact| exact.name.hs()),
            score: self.any.score,
            because: self.any.index.name_text(self.any.name),
            language: self.any.index.language(),
        }
    }
}

thread_local! {
    /// By name: how much of it stands in the text, and whether the head does; all zero between two looks. One slot for each name is quicker
    /// than a map of those that are met, for a word like `machine` stands in hundreds.
    static MATCHED: RefCell<Vec<(f32, bool)>> = const { RefCell::new(Vec::new()) };
}

/// A word of the text that is looked up.
struct Heard {
    stem: Option<u32>,
    trust: f32,
    is_head: bool,
}

/// What of the text was found in the names.
struct Reading {
    /// The stems, each with how far it is trusted and whether it is the head.
    known: FxHashMap<u32, (f32, bool)>,
    /// What all words of the text together are worth.
    worth: f32,
}

impl Index {
    fn look_up(&'static self, text: &str) -> Vec<Fit> {
        let reading = self.read(text);
        MATCHED.with_borrow_mut(|matched| self.match_names(&reading, matched))
    }

    fn match_names(&'static self, reading: &Reading, matched: &mut Vec<(f32, bool)>) -> Vec<Fit> {
        if matched.len() < self.names.len() {
            matched.resize(self.names.len(), (0.0, false));
        }
        let mut met = Vec::new();
        for (stem, (trust, is_head)) in &reading.known {
            for name in self.names_with(*stem) {
                let slot = &mut matched[*name as usize];
                if slot.0 == 0.0 {
                    met.push(*name);
                }
                slot.0 += self.weights[*stem as usize] * trust;
                slot.1 |= is_head;
            }
        }
        let judged = |at: u32| self.judge(at, std::mem::take(&mut matched[at as usize]), reading);
        met.into_iter().filter_map(judged).collect()
    }

    /// What the name says of a text in which this much of it stands; nothing where most does not.
    fn judge(&'static self, at: u32, (matched, is_head): (f32, bool), reading: &Reading) -> Option<Fit> {
        let name = &self.names[at as usize];
        let covered = matched / name.weight;
        if covered < LEAST_COVERED {
            return None;
        }
        // The square: half a name says far less than half of what the whole one says (`ball` of `ball bearing`).
        let explained = (matched / reading.worth).min(1.0);
        let is_meant = self.senses_of(at).any(|stem| reading.known.contains_key(&stem));
        let sense = if is_meant { SENSE } else { 1.0 };
        let beside = if is_head { 1.0 } else { BESIDE_HEAD };
        let worth = if name.is_label() { LABEL } else { 1.0 };
        let score = (worth * covered * covered * explained.powf(EXPLAINED) * sense * beside).min(1.0);
        Some(Fit { index: self, name, score })
    }

    fn read(&self, text: &str) -> Reading {
        let words = self.hear(text);
        let mut reading = Reading { known: FxHashMap::default(), worth: f32::EPSILON };
        for heard in &words {
            reading.worth += heard.stem.map_or(UNKNOWN, |stem| self.weights[stem as usize]).min(UNKNOWN);
            if let Some(stem) = heard.stem {
                let (trust, is_head) = reading.known.entry(stem).or_insert((0.0, false));
                *trust = trust.max(heard.trust);
                *is_head |= heard.is_head;
            }
        }
        reading
    }

    /// The words of the text in order, with the head marked.
    fn hear(&self, text: &str) -> Vec<Heard> {
        let mut words: Vec<(Heard, usize, bool)> = Vec::new();
        let (mut segment, mut end) = (0, 0);
        for run in runs(text).take(MOST_WORDS) {
            let is_break = text[end..run.start]
                .contains(|c: char| !c.is_whitespace() && !matches!(c, '-' | '/' | '\'' | '’' | '&'));
            end = run.end();
            segment += usize::from(is_break);
            let folded = fold(run.text);
            if stopwords(self.language()).contains(&folded.as_str()) {
                segment += 1;
                continue;
            }
            if run.is_ideographic {
                self.hear_run(&folded, segment, &mut words);
            } else if folded.bytes().any(|byte| byte.is_ascii_digit()) && self.stem(&folded).is_none() {
                // A measure or a model: it says nothing of what the goods are, and what stands behind it describes.
                segment += usize::from(!words.is_empty());
            } else {
                let stem = self.stemmer.map_or_else(|| folded.clone(), |stemmer| text::stem(&folded, stemmer));
                let known = self.stem(&stem);
                let (stem, trust) = match known {
                    Some(stem) => (Some(stem), 1.0),
                    None => (self.last_part(&folded), COMPOUND_TRUST),
                };
                words.push((Heard { stem, trust, is_head: false }, segment, describes(self.language(), &folded)));
            }
        }
        self.mark_head(&mut words);
        words.into_iter().map(|(heard, _, _)| heard).collect()
    }

    /// The pairs of characters of a run without spaces, and its last character, which is the head of what has no longer name.
    fn hear_run(&self, run: &str, segment: usize, words: &mut Vec<(Heard, usize, bool)>) {
        let characters: Vec<char> = run.chars().collect();
        let last = characters.last().into_iter().map(|last| (last.to_string(), COMPOUND_TRUST));
        let pairs = characters.windows(2).map(|pair| (pair.iter().collect::<String>(), 1.0));
        for (text, trust) in last.chain(pairs) {
            let stem = self.stem(&text);
            // Pairs across two words are no words: they must not count as something the name leaves unexplained.
            if stem.is_some() {
                words.push((Heard { stem, trust, is_head: false }, segment, false));
            }
        }
    }

    /// The longest end of a compound that is a word of the glossary.
    fn last_part(&self, word: &str) -> Option<u32> {
        if self.language() != "de" {
            return None;
        }
        let ends = word.char_indices().skip(3).map(|(at, _)| &word[at..]);
        ends.take_while(|end| end.len() >= SHORTEST_HEAD).find_map(|end| {
            let stem = self.stemmer.map_or_else(|| end.to_owned(), |stemmer| text::stem(end, stemmer));
            self.stem(&stem)
        })
    }

    /// Marks the head: of the first segment that holds a word of the glossary, the last such word, or the first in Romance languages and in
    /// Russian, where adjectives in front of it are passed over.
    fn mark_head(&self, words: &mut [(Heard, usize, bool)]) {
        let is_noun = |(heard, _, describes): &(Heard, usize, bool)| heard.stem.is_some() && !describes;
        let Some(segment) = words.iter().find(|word| is_noun(word)).map(|(_, segment, _)| *segment) else { return };
        let mut of_segment = words.iter_mut().filter(|word| word.1 == segment && is_noun(word));
        let head = match self.language() {
            "de" | "en" | "zh" => of_segment.next_back(),
            _ => of_segment.next(),
        };
        if let Some((heard, _, _)) = head {
            heard.is_head = true;
        }
        for (heard, _, _) in words.iter_mut().filter(|word| word.1 > segment) {
            heard.trust *= BEHIND;
        }
    }
}

/// Whether the word only describes or gathers: the head is another.
fn describes(language: &str, word: &str) -> bool {
    let is_adjective = language == "ru"
        && ["ый", "ий", "ой", "ая", "яя", "ое", "ее", "ые", "ие"].iter().any(|end| word.ends_with(end))
        && word.chars().count() > 4;
    is_adjective || GATHERS.contains(&word)
}
