//! The names of one language by the stems of their words.
//!
//! What is read once and then only looked up is kept in flat arrays of numbers: as maps of texts the eight languages take more memory than a
//! small node has to spare. A name is its code and its place in the line; its text is read from the line when it is shown.

use std::hash::Hasher;
use std::sync::{LazyLock, OnceLock};

use rustc_hash::{FxHashMap, FxHasher};

use super::{HEADING, LANGUAGES, TEXTS, codes, language_at, lines};
use crate::text::{self, StemmerLanguage, Stems, fold, runs, stopwords};

/// How many headings the HS has: a stem under one of them only says the most.
const HEADINGS: f32 = 1_228.0;
/// Words of the longest name that is looked for in a query.
const MOST_NAME_WORDS: usize = 5;

static INDEXES: [OnceLock<Index>; LANGUAGES.len()] = [const { OnceLock::new() }; LANGUAGES.len()];

/// Each language is read when it is first asked for: most processes of the command line need none.
pub(super) fn of_language(at: usize) -> &'static Index {
    INDEXES[at].get_or_init(|| Builder::new(at).build())
}

/// Reads all languages, so that no request waits for it: a second of a slow core.
pub fn warm() {
    (0..LANGUAGES.len()).for_each(|at| {
        of_language(at);
    });
    is_word("");
    super::words::warm();
}

/// The longest name of the language that folded words begin with: how many of them it takes, and the codes under which it stands.
pub fn longest_name(words: &[String], language: &str) -> Option<(usize, Vec<&'static str>)> {
    of_language(language_at(language)?).longest_name(words)
}

/// The hashes of the folded words of all names and labels, sorted: sixty thousand texts would take ten times as much.
static WORDS: LazyLock<Box<[u64]>> = LazyLock::new(|| {
    let texts = lines().flat_map(|line| line.names());
    let mut hashes: Vec<u64> =
        texts.flat_map(|text| runs(text).map(|run| hash_of(fold(run.text).as_bytes()))).collect();
    hashes.sort_unstable();
    hashes.dedup();
    hashes.into()
});

/// Whether a folded word stands in some name, in any of the languages.
pub fn is_word(word: &str) -> bool {
    WORDS.binary_search(&hash_of(word.as_bytes())).is_ok()
}

/// A label or a trade name.
pub(super) struct Name {
    /// Its place in [`codes`].
    code: u16,
    /// 0 for the label, from 1 for the trade names of the line.
    nth: u8,
    /// What its stems are worth together.
    pub weight: f32,
}

impl Name {
    /// Four or six digits.
    pub fn hs(&self) -> &'static str {
        codes()[usize::from(self.code)]
    }

    pub fn is_label(&self) -> bool {
        self.nth == 0
    }
}

/// Rows of numbers, one behind the other.
struct Rows {
    ends: Box<[u32]>,
    items: Box<[u32]>,
}

impl Rows {
    fn new(rows: impl IntoIterator<Item = Vec<u32>>) -> Self {
        let (mut ends, mut items) = (Vec::new(), Vec::new());
        for row in rows {
            items.extend(row);
            ends.push(number(items.len()));
        }
        Self { ends: ends.into(), items: items.into() }
    }

    fn get(&self, at: u32) -> &[u32] {
        let at = at as usize;
        let begin = at.checked_sub(1).map_or(0, |before| self.ends[before] as usize);
        &self.items[begin..self.ends[at] as usize]
    }
}

/// A hash table of numbers from 0 whose keys stand elsewhere: at most half of it is taken, what collides stands in the next free slot.
struct Slots(Box<[u32]>);

impl Slots {
    /// No number.
    const FREE: u32 = u32::MAX;

    fn new(hashes: &[u64]) -> Self {
        let mut slots = vec![Self::FREE; (hashes.len() * 2).next_power_of_two()];
        for (hash, value) in hashes.iter().zip(0..) {
            let mut at = Self::first(*hash, slots.len());
            while slots[at] != Self::FREE {
                at = (at + 1) % slots.len();
            }
            slots[at] = value;
        }
        Self(slots.into())
    }

    fn find(&self, hash: u64, is_it: impl Fn(u32) -> bool) -> Option<u32> {
        let mut at = Self::first(hash, self.0.len());
        while self.0[at] != Self::FREE {
            if is_it(self.0[at]) {
                return Some(self.0[at]);
            }
            at = (at + 1) % self.0.len();
        }
        None
    }

    fn first(hash: u64, slots: usize) -> usize {
        usize::try_from(hash % slots as u64).unwrap_or(0)
    }
}

fn hash_of(bytes: &[u8]) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write(bytes);
    hasher.finish()
}

fn hash_of_row(row: &[u32]) -> u64 {
    let mut hasher = FxHasher::default();
    row.iter().for_each(|item| hasher.write_u32(*item));
    hasher.finish()
}

/// Numbers here stay far below: a language has some 14 000 names.
fn number(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

/// The names of one language by their stems.
pub(super) struct Index {
    /// Its place in [`LANGUAGES`].
    pub at: usize,
    pub stemmer: Option<StemmerLanguage>,
    /// All stems, one behind the other, and where each ends.
    text: Box<str>,
    ends: Box<[u32]>,
    slots: Slots,
    /// What a stem is worth: the fewer headings it names, the more.
    pub weights: Box<[f32]>,
    /// The names that hold a stem, by the stem.
    postings: Rows,
    pub names: Box<[Name]>,
    /// The stems of the words that stand beside a name of several senses in this one, by the name; sorted.
    senses: Box<[(u32, u32)]>,
    /// The stems of all words in order of those trade names that are written in different ways, and the places in [`codes`] of each.
    whole: Rows,
    whole_slots: Slots,
    whole_codes: Rows,
}

impl Index {
    pub fn language(&self) -> &'static str {
        LANGUAGES[self.at]
    }

    /// The number of a stem; none for one that stands in no name.
    pub fn stem(&self, stem: &str) -> Option<u32> {
        self.slots.find(hash_of(stem.as_bytes()), |at| self.stem_text(at) == stem)
    }

    fn stem_text(&self, at: u32) -> &str {
        let at = at as usize;
        let begin = at.checked_sub(1).map_or(0, |before| self.ends[before] as usize);
        &self.text[begin..self.ends[at] as usize]
    }

    /// The names that hold the stem.
    pub fn names_with(&self, stem: u32) -> &[u32] {
        self.postings.get(stem)
    }

    /// The text of a name.
    pub fn name_text(&self, name: &Name) -> &'static str {
        let line = TEXTS.line(usize::from(name.code), self.at);
        line.and_then(|line| line.names().nth(usize::from(name.nth))).unwrap_or_default()
    }

    /// The stems of the words that stand beside the name in its sense; none for a name of one sense.
    pub fn senses_of(&self, name: u32) -> impl Iterator<Item = u32> {
        let begin = self.senses.partition_point(|(of, _)| *of < name);
        self.senses[begin..].iter().take_while(move |(of, _)| *of == name).map(|(_, stem)| *stem)
    }

    fn longest_name(&self, words: &[String]) -> Option<(usize, Vec<&'static str>)> {
        let words = &words[..words.len().min(MOST_NAME_WORDS)];
        let keys: Vec<Vec<u32>> = match self.stemmer {
            Some(stemmer) => {
                let stems: Vec<u32> = words.iter().map_while(|word| self.stem(&text::stem(word, stemmer))).collect();
                (1..=stems.len()).map(|length| stems[..length].to_vec()).collect()
            }
            // Without spaces nobody says where a word ends: the whole name is one.
            None => {
                (1..=words.len()).map(|length| self.stem(&words[..length].concat()).into_iter().collect()).collect()
            }
        };
        (1..=keys.len()).rev().find_map(|length| {
            let key = &keys[length - 1];
            let found = self.whole_slots.find(hash_of_row(key), |at| self.whole.get(at) == key)?;
            Some((length, self.whole_codes.get(found).iter().map(|code| codes()[*code as usize]).collect()))
        })
    }
}

/// What an [`Index`] is made of.
struct Builder {
    at: usize,
    /// Its own, and dropped with it: what a thread remembers of every word it stemmed would stay.
    stems_of_words: Option<Stems>,
    stems: FxHashMap<String, u32>,
    names: Vec<Name>,
    postings: Vec<Vec<u32>>,
    senses: Vec<(u32, u32)>,
    whole: FxHashMap<Vec<u32>, Vec<u32>>,
}

impl Builder {
    fn new(at: usize) -> Self {
        let mut builder = Self {
            at,
            stems_of_words: text::language(LANGUAGES[at]).map(Stems::new),
            stems: FxHashMap::default(),
            names: Vec::new(),
            postings: Vec::new(),
            senses: Vec::new(),
            whole: FxHashMap::default(),
        };
        for code in 0..codes().len() {
            builder.add_line(code);
        }
        builder
    }

    fn add_line(&mut self, code: usize) {
        let Some(line) = TEXTS.line(code, self.at) else { return };
        for (name, nth) in line.names().zip(0..) {
            let at = number(self.names.len());
            let mut stems: Vec<u32> = self.words(name).into_iter().map(|stem| self.file(stem)).collect();
            stems.sort_unstable();
            stems.dedup();
            stems.iter().for_each(|stem| self.postings[*stem as usize].push(at));
            for (_, words) in line.senses().filter(|(term, _)| *term == name) {
                let words: Vec<(u32, u32)> = self.words(words).into_iter().map(|stem| (at, self.file(stem))).collect();
                self.senses.extend(words);
            }
            if nth > 0 {
                let key = self.key(name);
                self.whole.entry(key).or_default().push(number(code));
            }
            self.names.push(Name { code: u16::try_from(code).unwrap_or(u16::MAX), nth, weight: 0.0 });
        }
    }

    fn file(&mut self, stem: String) -> u32 {
        let next = number(self.stems.len());
        let id = *self.stems.entry(stem).or_insert(next);
        if id == next {
            self.postings.push(Vec::new());
        }
        id
    }

    fn stem(&mut self, word: String) -> String {
        self.stems_of_words.as_mut().map_or_else(|| word.clone(), |stems| stems.stem(&word))
    }

    /// Under what a name is filed as a whole: the stems of all its words, or the name without spaces where a language has none.
    fn key(&mut self, name: &str) -> Vec<u32> {
        let words: Vec<String> = runs(name).map(|run| fold(run.text)).collect();
        let stems = if self.stems_of_words.is_some() { words } else { vec![words.concat()] };
        let file = |word: String| {
            let stem = self.stem(word);
            self.file(stem)
        };
        stems.into_iter().map(file).collect()
    }

    /// The stems of the words of a text that mean something. Texts without spaces are compared by pairs of characters.
    fn words(&mut self, text: &str) -> Vec<String> {
        let mut words = Vec::new();
        for run in runs(text) {
            let word = fold(run.text);
            if run.is_ideographic {
                let characters: Vec<char> = word.chars().collect();
                words.extend(characters.windows(2.min(characters.len())).map(|pair| pair.iter().collect::<String>()));
            } else if !stopwords(LANGUAGES[self.at]).contains(&word.as_str()) {
                words.push(self.stem(word));
            }
        }
        words
    }

    fn build(mut self) -> Index {
        let weights = self.weigh();
        let mut texts: Vec<(&String, u32)> = self.stems.iter().map(|(text, at)| (text, *at)).collect();
        texts.sort_unstable_by_key(|(_, at)| *at);
        let mut text = String::new();
        let ends = texts.iter().map(|(stem, _)| {
            text.push_str(stem);
            number(text.len())
        });
        let ends: Box<[u32]> = ends.collect();
        let hashes: Vec<u64> = texts.iter().map(|(stem, _)| hash_of(stem.as_bytes())).collect();
        let mut whole: Vec<(Vec<u32>, Vec<u32>)> = self.whole.into_iter().collect();
        whole.sort_unstable();
        let whole_hashes: Vec<u64> = whole.iter().map(|(key, _)| hash_of_row(key)).collect();
        let (keys, codes): (Vec<Vec<u32>>, Vec<Vec<u32>>) = whole.into_iter().unzip();
        Index {
            at: self.at,
            stemmer: text::language(LANGUAGES[self.at]),
            text: text.into(),
            ends,
            slots: Slots::new(&hashes),
            weights,
            postings: Rows::new(self.postings),
            names: self.names.into(),
            senses: self.senses.into(),
            whole: Rows::new(keys),
            whole_slots: Slots::new(&whole_hashes),
            whole_codes: Rows::new(codes),
        }
    }

    fn weigh(&mut self) -> Box<[f32]> {
        let headings = |names: &Vec<u32>| {
            let mut of: Vec<&str> = names.iter().map(|at| &self.names[*at as usize].hs()[..HEADING]).collect();
            of.dedup();
            of.len().max(1) as f32
        };
        let weights: Box<[f32]> = self.postings.iter().map(|names| (1.0 + HEADINGS / headings(names)).ln()).collect();
        for (names, weight) in self.postings.iter().zip(weights.iter()) {
            for name in names {
                self.names[*name as usize].weight += weight;
            }
        }
        weights
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Index {
        /// Bytes on the heap.
        fn size(&self) -> usize {
            let rows = |rows: &Rows| 4 * (rows.ends.len() + rows.items.len());
            self.text.len()
                + 4 * (self.ends.len() + self.slots.0.len() + self.weights.len() + self.whole_slots.0.len())
                + size_of_val(&*self.names)
                + 8 * self.senses.len()
                + [&self.postings, &self.whole, &self.whole_codes].into_iter().map(rows).sum::<usize>()
        }
    }

    /// A node of a small platform has 256 MiB for everything.
    #[test]
    fn all_languages_together_take_little_memory() {
        let texts = TEXTS.text.len() + 4 * TEXTS.begins.len() + size_of_val(&*TEXTS.codes);
        let indexes: usize = (0..LANGUAGES.len()).map(|at| of_language(at).size()).sum::<usize>() + 8 * WORDS.len();
        assert!(texts + indexes < 12 << 20, "{} KiB of texts, {} KiB of indexes", texts >> 10, indexes >> 10);
        eprintln!("{} KiB of texts, {} KiB of indexes", texts >> 10, indexes >> 10);
    }

    #[test]
    fn every_name_is_found_as_it_is_written() {
        for at in 0..LANGUAGES.len() {
            let index = of_language(at);
            assert!(index.names.len() < usize::from(u16::MAX) && index.whole.ends.len() > 5_000);
            for line in super::super::lines().filter(|line| line.language == index.language()).step_by(7) {
                for term in line.terms() {
                    let words: Vec<String> = runs(term).map(|run| fold(run.text)).collect();
                    if words.len() > MOST_NAME_WORDS {
                        continue;
                    }
                    let (length, codes) = index.longest_name(&words).unwrap();
                    assert!(length == words.len() && codes.contains(&line.hs), "{} {term}: {codes:?}", line.hs);
                }
            }
        }
    }

    #[test]
    fn what_is_no_name_is_not_found() {
        let words = |text: &str| -> Vec<String> { text.split(' ').map(str::to_owned).collect() };
        assert_eq!(longest_name(&words("quizzlevalve"), "en"), None);
        assert_eq!(longest_name(&words("ball valve"), "ja"), None);
        assert_eq!(longest_name(&[], "en"), None);
        let (length, codes) = longest_name(&words("ball valves of brass"), "en").unwrap();
        assert!(length == 2 && codes.iter().all(|code| code.starts_with("8481")), "{codes:?}");
    }
}
