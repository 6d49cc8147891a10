//! Queries as people type them in a hurry, made from what is loaded: a few words of a listing's name with one of them misspelt, glued to its
//! neighbour, cut in two, in another unit or in another number. The listing is the only right answer.

/// Words of the name that a query is made of.
const FIRST_WORDS: usize = 7;
/// Letters of the shortest word that is misspelt or split.
const LONG: usize = 6;
/// Units that are written as others, and how many of the other one is.
const UNITS: &[(&str, &str, f64)] = &[
    ("cm", "mm", 10.0),
    ("m", "cm", 100.0),
    ("kg", "g", 1_000.0),
    ("l", "ml", 1_000.0),
    ("kW", "W", 1_000.0),
    ("TB", "GB", 1_000.0),
];

/// A query and the key of the listing that it was made from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct NoisyQuery {
    pub text: String,
    pub key: String,
}

/// At most `most` queries from listings of all parts of the list; the same for the same list.
pub(super) fn queries(listings: &[(String, String)], most: usize) -> Vec<NoisyQuery> {
    let step = (listings.len() / most.max(1)).max(1);
    let picked = listings.iter().step_by(step).take(most).enumerate();
    picked.filter_map(|(at, (key, name))| noisy(name, at).map(|text| NoisyQuery { text, key: key.clone() })).collect()
}

fn noisy(name: &str, at: usize) -> Option<String> {
    let mut random = Random(at as u64 + 1);
    let mut words: Vec<String> = name.split_whitespace().take(FIRST_WORDS).map(str::to_owned).collect();
    while words.len() > 3 + random.below(2) {
        let dropped = random.below(words.len());
        words.remove(dropped);
    }
    // Each kind in turn, so that all are alike often.
    match at % 6 {
        0 => misspell(&mut words, &mut random),
        1 => glue(&mut words, &mut random),
        2 => split(&mut words),
        3 => other_unit(&mut words),
        4 => other_number(&mut words),
        _ => {}
    }
    (words.len() > 1).then(|| words.join(" ").to_lowercase())
}

fn is_long_word(word: &&mut String) -> bool {
    word.len() >= LONG && word.bytes().all(|b| b.is_ascii_alphabetic())
}

fn misspell(words: &mut [String], random: &mut Random) {
    let Some(word) = words.iter_mut().find(is_long_word) else { return };
    let place = 1 + random.below(word.len() - 2);
    let mut letters: Vec<char> = word.chars().collect();
    match random.below(3) {
        0 => letters.swap(place, place + 1),
        1 => drop(letters.remove(place)),
        _ => letters.insert(place, letters[place]),
    }
    *word = letters.into_iter().collect();
}

fn glue(words: &mut Vec<String>, random: &mut Random) {
    let place = random.below(words.len().saturating_sub(1).max(1));
    if place + 1 < words.len() {
        let next = words.remove(place + 1);
        words[place].push_str(&next);
    }
}

fn split(words: &mut [String]) {
    if let Some(word) = words.iter_mut().find(|word| word.contains('-')) {
        *word = word.replace('-', " ");
    } else if let Some(word) = words.iter_mut().filter(|word| word.len() >= 8).find(is_long_word) {
        word.insert(word.len() / 2, ' ');
    }
}

fn other_unit(words: &mut [String]) {
    for place in 1..words.len() {
        let known = UNITS.iter().find(|(unit, ..)| *unit == words[place]);
        if let (Some((_, other, factor)), Ok(value)) = (known, words[place - 1].parse::<f64>()) {
            words[place - 1] = format!("{}", (value * factor * 1e6).round() / 1e6);
            words[place] = (*other).to_owned();
        }
    }
}

fn other_number(words: &mut [String]) {
    let Some(word) = words.iter_mut().rev().find(is_long_word) else { return };
    match word.strip_suffix('s') {
        Some(one) => *word = one.to_owned(),
        None => word.push('s'),
    }
}

/// Numbers that look random and are the same every time (SplitMix64).
pub(super) struct Random(pub u64);

impl Random {
    pub fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % (end.max(1) as u64)).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries_are_short_noisy_and_the_same_every_time() {
        let names = [
            "Stainless kitchen shelves 120 cm wall-mounted",
            "Ballpoint pens, blue, box of fifty",
            "Portable generator 5 kW petrol engine",
        ];
        let listings: Vec<(String, String)> =
            (0..60).map(|at| (format!("K{at}"), format!("{} {at}", names[at % 3]))).collect();
        let made = queries(&listings, 30);
        assert_eq!(made, queries(&listings, 30));
        assert!(
            made.len() > 25 && made.iter().all(|query| (2..=7).contains(&query.text.split(' ').count())),
            "{made:?}"
        );
        let is_changed = |query: &&NoisyQuery| {
            let name = &listings.iter().find(|(key, _)| *key == query.key).unwrap().1.to_lowercase();
            query.text.split(' ').any(|word| !name.split_whitespace().any(|own| own == word))
        };
        assert!(made.iter().filter(is_changed).count() > 10, "{made:?}");
    }
}
