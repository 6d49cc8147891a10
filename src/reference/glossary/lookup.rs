//! From the name of goods to HS headings.
//!
//! A name of the glossary counts as far as its words stand in the text, weighed by how few headings they name. The text's head counts most:
//! `Cotton candy machine` is a machine. In German, English and Chinese names it is the last word before what only describes (`for`, `with`, a
//! comma, a number); in Romance and Russian ones the first.

use std::cell::RefCell;
use std::sync::OnceLock;

use rustc_hash::FxHashMap;

use super::{HEADING, LANGUAGES, Line, lines};
use crate::text::{self, StemmerLanguage, fold, is_ideographic, runs, stopwords};

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
/// Words of the longest name that is looked for in a query.
const MOST_NAME_WORDS: usize = 5;
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

/// The headings under which goods of this name go, the most likely first; none in a language that the glossary does not have.
pub fn headings_for(text: &str, language: &str) -> Vec<Suggestion> {
    let known = language.get(..2).and_then(|code| LANGUAGES.iter().position(|known| *known == code));
    known.map_or_else(Vec::new, |at| ranked(of_language(at).look_up(text)))
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

/// The longest name of the language that folded words begin with: how many of them it takes, and the lines in which it stands.
pub fn longest_name(words: &[String], language: &str) -> Option<(usize, &'static [&'static Line])> {
    let index = of_language(LANGUAGES.iter().position(|known| *known == language)?);
    let longest = words.len().min(MOST_NAME_WORDS);
    (1..=longest).rev().find_map(|length| {
        let lines = index.whole.get(&index.key(words[..length].iter().cloned()))?;
        Some((length, lines.as_slice()))
    })
}

/// The best of each heading, best first.
fn ranked(found: Vec<Suggestion>) -> Vec<Suggestion> {
    let mut best: FxHashMap<&str, Suggestion> = FxHashMap::default();
    for one in found {
        let held = best.entry(one.heading).or_insert_with(|| one.clone());
        if (one.score, one.subheading.is_some()) > (held.score, held.subheading.is_some()) {
            *held = one;
        }
    }
    let mut all: Vec<Suggestion> = best.into_values().collect();
    all.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.heading.cmp(b.heading)));
    let least = all.first().map_or(0.0, |first| first.score * LEAST_PART);
    all.retain(|one| one.score >= least);
    all.truncate(MOST);
    all
}

/// A name with what it is worth.
struct Name {
    line: &'static Line,
    text: &'static str,
    /// What its stems are worth together.
    weight: f32,
    /// 1 for a trade name, less for a label.
    worth: f32,
    /// The stems of the words that stand beside it in this sense; empty for a name of one sense.
    senses: Vec<u32>,
}

/// The names of one language by their stems.
struct Index {
    language: &'static str,
    stemmer: Option<StemmerLanguage>,
    stems: FxHashMap<String, u32>,
    names: Vec<Name>,
    /// The names that hold a stem, by the stem.
    postings: Vec<Vec<u32>>,
    /// What a stem is worth: the fewer headings it names, the more.
    weights: Vec<f32>,
    /// The lines in which a name stands, by the stems of all its words in order.
    whole: FxHashMap<String, Vec<&'static Line>>,
}

static INDEXES: [OnceLock<Index>; LANGUAGES.len()] = [const { OnceLock::new() }; LANGUAGES.len()];

/// Each language is read when it is first asked for: most processes of the command line need none.
fn of_language(at: usize) -> &'static Index {
    INDEXES[at].get_or_init(|| Index::new(LANGUAGES[at]))
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

impl Index {
    fn new(language: &'static str) -> Self {
        let mut index = Self {
            language,
            stemmer: text::language(language),
            stems: FxHashMap::default(),
            names: Vec::new(),
            postings: Vec::new(),
            weights: Vec::new(),
            whole: FxHashMap::default(),
        };
        for line in lines().iter().filter(|line| line.language == language) {
            index.add(line, line.label, LABEL);
            for term in line.terms() {
                index.add(line, term, 1.0);
                index.whole.entry(index.key(runs(term).map(|run| fold(run.text)))).or_default().push(line);
            }
        }
        index.weigh();
        index
    }

    fn add(&mut self, line: &'static Line, text: &'static str, worth: f32) {
        let senses = line.senses().filter(|(term, _)| *term == text).flat_map(|(_, words)| self.words(words));
        let senses: Vec<String> = senses.collect();
        let mut stems: Vec<u32> = self.words(text).into_iter().map(|stem| self.file(stem)).collect();
        stems.sort_unstable();
        stems.dedup();
        let senses = senses.into_iter().map(|stem| self.file(stem)).collect();
        let at = u32::try_from(self.names.len()).unwrap_or(u32::MAX);
        for stem in &stems {
            self.postings[*stem as usize].push(at);
        }
        self.names.push(Name { line, text, weight: 0.0, worth, senses });
    }

    fn file(&mut self, stem: String) -> u32 {
        let next = u32::try_from(self.stems.len()).unwrap_or(u32::MAX);
        let id = *self.stems.entry(stem).or_insert(next);
        if id == next {
            self.postings.push(Vec::new());
        }
        id
    }

    fn weigh(&mut self) {
        let headings = |names: &Vec<u32>| {
            let mut of: Vec<&str> = names.iter().map(|at| &self.names[*at as usize].line.hs[..HEADING]).collect();
            of.dedup();
            of.len().max(1) as f32
        };
        self.weights = self.postings.iter().map(|names| (1.0 + 1_228.0 / headings(names)).ln()).collect();
        for (names, weight) in self.postings.iter().zip(&self.weights) {
            for name in names {
                self.names[*name as usize].weight += weight;
            }
        }
    }

    /// Under what a name is filed: the stems of its words, with spaces between in languages that have them.
    fn key(&self, words: impl Iterator<Item = String>) -> String {
        let Some(stemmer) = self.stemmer else { return words.collect() };
        words.map(|word| text::stem(&word, stemmer)).collect::<Vec<_>>().join(" ")
    }

    /// The stems of the words of a text that mean something. Texts without spaces are compared by pairs of characters.
    fn words(&self, text: &str) -> Vec<String> {
        let mut words = Vec::new();
        for run in runs(text) {
            if run.is_ideographic {
                let characters: Vec<char> = fold(run.text).chars().collect();
                words.extend(characters.windows(2.min(characters.len())).map(|pair| pair.iter().collect::<String>()));
                continue;
            }
            let word = fold(run.text);
            if !stopwords(self.language).contains(&word.as_str()) {
                words.push(self.stemmer.map_or_else(|| word.clone(), |stemmer| text::stem(&word, stemmer)));
            }
        }
        words
    }
}

/// What of the text was found in the names.
struct Reading {
    /// The stems, each with how far it is trusted and whether it is the head.
    known: FxHashMap<u32, (f32, bool)>,
    /// What all words of the text together are worth.
    worth: f32,
}

impl Index {
    fn look_up(&self, text: &str) -> Vec<Suggestion> {
        let reading = self.read(text);
        MATCHED.with_borrow_mut(|matched| self.match_names(&reading, matched))
    }

    fn match_names(&self, reading: &Reading, matched: &mut Vec<(f32, bool)>) -> Vec<Suggestion> {
        if matched.len() < self.names.len() {
            matched.resize(self.names.len(), (0.0, false));
        }
        let mut met = Vec::new();
        for (stem, (trust, is_head)) in &reading.known {
            for name in &self.postings[*stem as usize] {
                let slot = &mut matched[*name as usize];
                if slot.0 == 0.0 {
                    met.push(*name as usize);
                }
                slot.0 += self.weights[*stem as usize] * trust;
                slot.1 |= is_head;
            }
        }
        let judged = |at: usize| self.judge(&self.names[at], std::mem::take(&mut matched[at]), reading);
        met.into_iter().filter_map(judged).collect()
    }

    /// What the name says of a text in which this much of it stands; nothing where most does not.
    fn judge(&self, name: &Name, (matched, is_head): (f32, bool), reading: &Reading) -> Option<Suggestion> {
        let covered = matched / name.weight;
        if covered < LEAST_COVERED {
            return None;
        }
        // The square: half a name says far less than half of what the whole one says (`ball` of `ball bearing`).
        let explained = (matched / reading.worth).min(1.0);
        let sense = if name.senses.iter().any(|stem| reading.known.contains_key(stem)) { SENSE } else { 1.0 };
        let beside = if is_head { 1.0 } else { BESIDE_HEAD };
        let score = (name.worth * covered * covered * explained.powf(EXPLAINED) * sense * beside).min(1.0);
        let hs = name.line.hs;
        Some(Suggestion {
            heading: &hs[..HEADING],
            subheading: (hs.len() > HEADING).then_some(hs),
            score,
            because: name.text,
            language: self.language,
        })
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
            if stopwords(self.language).contains(&folded.as_str()) {
                segment += 1;
                continue;
            }
            if run.is_ideographic {
                self.hear_run(&folded, segment, &mut words);
            } else if folded.bytes().any(|byte| byte.is_ascii_digit()) && !self.stems.contains_key(&folded) {
                // A measure or a model: it says nothing of what the goods are, and what stands behind it describes.
                segment += usize::from(!words.is_empty());
            } else {
                let stem = self.stemmer.map_or_else(|| folded.clone(), |stemmer| text::stem(&folded, stemmer));
                let known = self.stems.get(&stem).copied();
                let (stem, trust) = match known {
                    Some(stem) => (Some(stem), 1.0),
                    None => (self.last_part(&folded), COMPOUND_TRUST),
                };
                words.push((Heard { stem, trust, is_head: false }, segment, describes(self.language, &folded)));
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
            let stem = self.stems.get(&text).copied();
            // Pairs across two words are no words: they must not count as something the name leaves unexplained.
            if stem.is_some() {
                words.push((Heard { stem, trust, is_head: false }, segment, false));
            }
        }
    }

    /// The longest end of a compound that is a word of the glossary.
    fn last_part(&self, word: &str) -> Option<u32> {
        if self.language != "de" {
            return None;
        }
        let ends = word.char_indices().skip(3).map(|(at, _)| &word[at..]);
        ends.take_while(|end| end.len() >= SHORTEST_HEAD).find_map(|end| {
            let stem = self.stemmer.map_or_else(|| end.to_owned(), |stemmer| text::stem(end, stemmer));
            self.stems.get(&stem).copied()
        })
    }

    /// Marks the head: of the first segment that holds a word of the glossary, the last such word, or the first in Romance languages and in
    /// Russian, where adjectives in front of it are passed over.
    fn mark_head(&self, words: &mut [(Heard, usize, bool)]) {
        let is_noun = |(heard, _, describes): &(Heard, usize, bool)| heard.stem.is_some() && !describes;
        let Some(segment) = words.iter().find(|word| is_noun(word)).map(|(_, segment, _)| *segment) else { return };
        let mut of_segment = words.iter_mut().filter(|word| word.1 == segment && is_noun(word));
        let head = match self.language {
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
