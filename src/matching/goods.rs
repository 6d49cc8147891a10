//! Whether two texts speak of the same goods: the words that name them, in one language or over the bridge of the glossary between two.
//!
//! All of it is absolute: what one request and one listing say of each other depends on no other listing, so that a supplier's evidence
//! stays what it is whoever comes or leaves. Words are weighed by how few headings of the glossary they name, which no market changes.

use std::collections::HashMap;

use crate::reference::glossary::{self, Suggestion, words};
use crate::text::{self, fold, is_ideographic, runs, stopwords};

/// What a word counts that the glossary does not know: a brand, a place, a word of no trade.
const UNKNOWN: f64 = 3.0;
/// The same behind the head's part of a text, where places and conditions stand.
const UNKNOWN_BEHIND: f64 = 0.6;
/// What a known word counts there beside one in front.
const BEHIND: f64 = 0.6;
/// A measure, a size, a count: it tells listings of the same goods apart and says nothing of what they are.
const MEASURE: f64 = 0.6;
/// So many readings of what the goods are go over the bridge.
const MOST_KINDS: usize = 5;
/// What is less likely than this part of the likeliest kind is left out.
const LEAST_KIND: f32 = 0.35;
/// Less of a name than this says nothing: half of `ball bearing` is a ball.
const LEAST_OF_NAME: f64 = 0.7;
/// How much a name counts that stands in a listing, but not as what its goods are.
const BESIDE_HEAD: f64 = 0.6;
/// So many names of a kind of goods in each language bring candidates.
const NAMES_OF_KIND: usize = 2;
/// Letters of the shortest part of a German compound.
const SHORTEST_PART: usize = 3;

/// Words of requests that say nothing of the goods, folded, in all languages of the glossary.
#[rustfmt::skip]
const COURTESIES: &[&str] = &[
    "we", "need", "needed", "needs", "want", "wanted", "looking", "seeking", "require", "required", "request", "requested", "urgent", "urgently", "please",
    "quote", "quotation", "offer", "buy", "buying", "purchase", "purchasing", "sourcing", "supplier", "suppliers", "supply", "rfq", "delivered",
    "delivery", "asap", "inquiry", "enquiry", "price", "best", "our", "order", "regular", "monthly", "bulk", "wholesale", "approx", "about",
    "manufacturer", "factory", "quality", "high", "good", "type", "grade", "set", "sets", "kit", "pack", "various", "assorted", "new",
    "necesitamos", "buscamos", "busco", "solicitamos", "urgente", "proveedor", "proveedores", "cotizacion", "compra", "comprar", "entrega", "oferta", "pedido", "requerimos",
    "precisamos", "procuramos", "fornecedor", "fornecedores", "cotacao", "orcamento", "compramos", "encomenda",
    "cherchons", "recherchons", "recherche", "cherche", "besoin", "fournisseur", "fournisseurs", "devis", "achat", "livraison", "livre", "livres", "commande", "nous",
    "wir", "suchen", "suche", "gesucht", "benotigen", "brauchen", "bedarf", "lieferant", "lieferanten", "angebot", "anfrage", "lieferung", "dringend", "kaufen", "bestellung",
    "cerchiamo", "cerco", "cercasi", "fornitore", "fornitori", "preventivo", "acquisto", "consegna", "richiesta", "abbiamo", "bisogno", "ordine",
    "нужен", "нужна", "нужны", "требуется", "требуются", "ищем", "купим", "куплю", "закупка", "закупаем", "поставщик", "поставщика", "срочно", "поставка", "доставка", "оптом", "опт", "нам", "необходимы", "необходим", "закупим",
    "kg", "t", "ton", "tons", "tonnes", "tonne", "pcs", "pieces", "units", "m2", "m3", "container", "containers", "fcl", "per", "month", "year", "mm", "cm", "m", "l", "ml", "g", "inch", "w", "kw", "v", "din", "iso", "en", "class",
    "toneladas", "piezas", "unidades", "tonnen", "stuck", "pezzi", "tonnellate", "unites", "тонн", "штук", "шт", "тонны", "кг",
];

/// Courtesies of Chinese requests; they are taken out before the text is cut.
const CHINESE_COURTESIES: &[&str] = &[
    "我们需要",
    "需要",
    "求购",
    "采购",
    "寻找",
    "寻求",
    "急需",
    "供应商",
    "厂家",
    "报价",
    "询价",
    "批发",
    "订购",
    "交货",
    "大量",
    "长期",
    "紧急",
];

/// A word that tells of the goods.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Word {
    /// As it was typed, folded.
    pub text: String,
    /// Its stem in its language.
    pub stem: String,
    /// What it may mean in any language.
    pub concepts: Vec<words::Concept>,
    /// Whether the glossary knows it, as a word of goods and not of a brand, a model or a place.
    pub is_known: bool,
    /// What it counts.
    pub weight: f64,
    /// It names the goods.
    pub is_head: bool,
}

impl Word {
    fn is_same(&self, other: &Word) -> bool {
        self.stem == other.stem || self.concepts.iter().any(|concept| other.concepts.contains(concept))
    }
}

/// What a name or a title says of goods.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reading {
    /// ISO 639-1.
    pub language: &'static str,
    /// In order.
    pub words: Vec<Word>,
    /// What the goods may be, the likeliest first.
    pub kinds: Vec<Suggestion>,
}

impl Reading {
    /// Reads a title or a name; `language` is ISO 639-1 and guessed where it is not known.
    pub fn of(text: &str, language: Option<&str>) -> Self {
        let text = without_courtesies(text);
        let language = language_of(&text, language);
        let mut kinds = glossary::headings_for(&text, language);
        let least = kinds.first().map_or(0.0, |first| first.score * LEAST_KIND);
        kinds.retain(|kind| kind.score >= least);
        kinds.truncate(MOST_KINDS);
        Self { language, words: read(&text, language), kinds }
    }

    /// What all its words count together.
    pub fn weight(&self) -> f64 {
        self.words.iter().map(|word| word.weight).sum()
    }

    fn heads(&self) -> impl Iterator<Item = &Word> {
        self.words.iter().filter(|word| word.is_head)
    }
}

/// What an RFQ says of the goods it asks for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Request {
    /// Its title.
    pub title: Reading,
    /// The words of its specification.
    specification: Vec<Word>,
}

impl Request {
    /// Reads an RFQ; `language` is ISO 639-1 and guessed where it is not known.
    pub fn of(title: &str, specification: &str, language: Option<&str>) -> Self {
        let title = Reading::of(title, language);
        let specification = read(&without_courtesies(specification), title.language);
        Self { title, specification }
    }

    /// What the goods are called in other languages, or otherwise in their own: names of the glossary and of single words.
    pub fn other_names(&self) -> Vec<String> {
        let of_kind = |kind: &Suggestion| {
            let code = kind.subheading.unwrap_or(kind.heading);
            glossary::LANGUAGES
                .into_iter()
                .flat_map(move |language| glossary::terms_for(code, language).take(NAMES_OF_KIND))
        };
        let mut names: Vec<String> = Vec::new();
        let of_words = self.title.heads().chain(self.title.words.iter().filter(|word| !word.is_head));
        let of_words = of_words.flat_map(|word| word.concepts.iter().flat_map(|concept| words::names(*concept)));
        for name in of_words.chain(self.title.kinds.iter().flat_map(of_kind)) {
            if !names.iter().any(|held| held == name) {
                names.push(name.to_owned());
            }
        }
        names
    }
}

fn without_courtesies(text: &str) -> String {
    let mut spaced = text.to_owned();
    for courtesy in CHINESE_COURTESIES {
        spaced = spaced.replace(courtesy, " ");
    }
    let mut out = String::with_capacity(spaced.len());
    let mut end = 0;
    for run in runs(&spaced) {
        out.push_str(&spaced[end..run.start]);
        end = run.end();
        if run.is_ideographic || !COURTESIES.contains(&fold(run.text).as_str()) {
            out.push_str(run.text);
        }
    }
    out.push_str(&spaced[end..]);
    out
}

/// The language that is stated, if the glossary has it; else the one that the script and the words speak for.
fn language_of(text: &str, stated: Option<&str>) -> &'static str {
    let known = |code: &str| glossary::LANGUAGES.iter().copied().find(|known| code.get(..2) == Some(*known));
    let han = text.chars().filter(|c| is_ideographic(*c)).count();
    if han > 1 {
        return "zh";
    }
    if text.chars().filter(|c| matches!(c, '\u{400}'..='\u{4ff}')).count() > 2 {
        return "ru";
    }
    if let Some(stated) = stated.and_then(known).filter(|code| !matches!(*code, "zh" | "ru")) {
        return stated;
    }
    let folded: Vec<String> = runs(text).map(|run| fold(run.text)).collect();
    if let Some(found) = text::language_of(folded.iter().map(String::as_str)).and_then(known) {
        return found;
    }
    glossary::headings_in_any(text).first().map_or("en", |first| first.language)
}

/// A word on its way into a reading.
struct Piece {
    text: String,
    segment: usize,
}

/// The words of a text in order, with what they mean and the head marked.
fn read(text: &str, language: &'static str) -> Vec<Word> {
    let pieces = pieces(text, language);
    let texts: Vec<String> = pieces.iter().map(|piece| piece.text.clone()).collect();
    let stemmer = text::language(language);
    let mut words: Vec<(Word, usize)> = pieces
        .iter()
        .map(|piece| {
            let stem = stemmer.map_or_else(|| piece.text.clone(), |stemmer| text::stem(&piece.text, stemmer));
            let known = glossary::word_weight(&piece.text, language);
            let weight = if is_measure(&piece.text) { MEASURE } else { known.map_or(UNKNOWN, f64::from) };
            let concepts = words::concepts(std::slice::from_ref(&piece.text), language);
            let is_known = !is_measure(&piece.text) && (!concepts.is_empty() || known.is_some());
            (Word { text: piece.text.clone(), stem, concepts, is_known, weight, is_head: false }, piece.segment)
        })
        .collect();
    // A name of several words: what it means is said of the word that is its head.
    for length in 2..=words::MOST_WORDS {
        for (at, part) in texts.windows(length).enumerate() {
            let named = words::concepts(part, language);
            let head = if leads(language) { at } else { at + length - 1 };
            words[head].0.concepts.extend(named);
        }
    }
    mark_head(&mut words, &texts, language);
    let first = words.iter().find(|(word, _)| word.is_head).map_or(0, |(_, segment)| *segment);
    let mut read: Vec<Word> = Vec::new();
    for (mut word, segment) in words {
        if segment > first {
            word.weight = if word.is_known { word.weight * BEHIND } else { UNKNOWN_BEHIND };
        }
        match read.iter_mut().find(|held| held.stem == word.stem) {
            Some(held) => held.is_head |= word.is_head,
            None => read.push(word),
        }
    }
    read
}

/// Whether the head of a name stands first in the language, and what describes it behind.
fn leads(language: &str) -> bool {
    !matches!(language, "en" | "de" | "zh")
}

fn is_measure(text: &str) -> bool {
    text.bytes().any(|byte| byte.is_ascii_digit())
}

/// The words of a text; texts without spaces and German compounds are cut where the dictionary has their parts.
fn pieces(text: &str, language: &str) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    let (mut segment, mut end) = (0, 0);
    for run in runs(text) {
        let is_break =
            text[end..run.start].contains(|c: char| !c.is_whitespace() && !matches!(c, '-' | '/' | '\'' | '’' | '&'));
        end = run.end();
        segment += usize::from(is_break);
        let folded = fold(run.text);
        if stopwords(language).contains(&folded.as_str()) {
            segment += 1;
        } else if run.is_ideographic {
            pieces.extend(cut(&folded).into_iter().map(|text| Piece { text, segment }));
        } else if is_measure(&folded) {
            segment += usize::from(!pieces.is_empty());
            pieces.push(Piece { text: folded, segment });
        } else if language == "de" {
            pieces.extend(parts(&folded).into_iter().map(|text| Piece { text, segment }));
        } else if !COURTESIES.contains(&folded.as_str()) {
            pieces.push(Piece { text: folded, segment });
        }
    }
    pieces
}

/// The longest names of the dictionary in a text without spaces; what is in none of them stays as it stands between.
fn cut(run: &str) -> Vec<String> {
    let characters: Vec<char> = run.chars().collect();
    let name = |from: usize, to: usize| characters[from..to].iter().collect::<String>();
    let is_name = |name: &String| !words::concepts(std::slice::from_ref(name), "zh").is_empty();
    let (mut out, mut at, mut loose) = (Vec::new(), 0, 0);
    while at < characters.len() {
        let longest = (at + 1..=characters.len().min(at + 6)).rev().map(|to| name(at, to)).find(is_name);
        let Some(found) = longest else {
            at += 1;
            continue;
        };
        if loose < at {
            out.push(name(loose, at));
        }
        let length = found.chars().count();
        // What a long name ends with is its head, and a name of its own: a 球轴承 is a 轴承.
        let tail = (at + 1..at + length)
            .map(|from| name(from, at + length))
            .find(|tail| tail.chars().count() > 1 && is_name(tail));
        match tail {
            Some(tail) => out.extend([name(at, at + length - tail.chars().count()), tail]),
            None => out.push(found),
        }
        at += length;
        loose = at;
    }
    if loose < characters.len() {
        out.push(name(loose, characters.len()));
    }
    out
}

/// The parts of a German compound that the dictionary knows; the word itself where it knows it or none of its ends.
fn parts(word: &str) -> Vec<String> {
    let is_name = |text: &str| !words::concepts(&[text.to_owned()], "de").is_empty();
    if word.len() < 2 * SHORTEST_PART + 2 {
        return vec![word.to_owned()];
    }
    let ends = word.char_indices().skip(SHORTEST_PART).map(|(at, _)| at);
    let found = ends.filter(|at| word.len() - at > SHORTEST_PART).find(|at| {
        let front = &word[..*at];
        is_name(&word[*at..])
            && (["s", "n", "en", "e", "er", ""].iter().any(|link| front.strip_suffix(link).is_some_and(is_name))
                || word.len() - at >= 5)
    });
    let Some(at) = found else { return vec![word.to_owned()] };
    let front = &word[..at];
    let stem =
        ["", "s", "n", "en", "e", "er"].iter().find_map(|link| front.strip_suffix(link).filter(|front| is_name(front)));
    let mut all = match stem {
        Some(stem) => vec![stem.to_owned()],
        None => parts(front),
    };
    all.push(word[at..].to_owned());
    all
}

/// Marks the head: of the first segment that holds a known word, the last such word, or the first in languages where it leads.
fn mark_head(words: &mut [(Word, usize)], texts: &[String], language: &str) {
    let may_be = |(at, (word, _)): &(usize, &(Word, usize))| {
        !is_measure(&texts[*at]) && !describes(language, &texts[*at]) && word.is_known
    };
    let any = |(at, _): &(usize, &(Word, usize))| !is_measure(&texts[*at]);
    let heads: Vec<usize> = words.iter().enumerate().filter(may_be).map(|(at, _)| at).collect();
    let heads = if heads.is_empty() { words.iter().enumerate().filter(any).map(|(at, _)| at).collect() } else { heads };
    let Some(segment) = heads.first().map(|at| words[*at].1) else { return };
    let mut of_segment = heads.into_iter().filter(|at| words[*at].1 == segment);
    let head = if leads(language) { of_segment.next() } else { of_segment.next_back() };
    if let Some(at) = head {
        words[at].0.is_head = true;
    }
}

/// Whether the word only describes: adjectives and participles by their ends.
fn describes(language: &str, word: &str) -> bool {
    let ends: &[&str] = match language {
        "ru" => &["ый", "ий", "ой", "ая", "яя", "ое", "ее", "ые", "ие"],
        "en" => &["ed"],
        _ => return false,
    };
    word.chars().count() > 4 && ends.iter().any(|end| word.ends_with(end))
}

/// Where a word of a listing stands.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
enum Place {
    Description = 1,
    Keywords = 2,
    Name = 3,
    Head = 4,
}

impl Place {
    /// How much a word of the request counts that stands there.
    fn worth(self) -> f64 {
        match self {
            Self::Head | Self::Name => 1.0,
            Self::Keywords => 0.8,
            Self::Description => 0.5,
        }
    }
}

impl Place {
    /// How prominent the word for the goods is there.
    fn prominence(self) -> f64 {
        match self {
            Self::Head => 1.0,
            Self::Name => 0.5,
            Self::Keywords => 0.4,
            Self::Description => 0.15,
        }
    }
}

/// What a listing says of its goods.
#[derive(Clone, Debug, Default)]
pub struct ListingReading {
    /// Its name.
    pub name: Reading,
    stems: HashMap<String, Place>,
    concepts: HashMap<words::Concept, Place>,
}

/// What a listing consists of.
#[derive(Clone, Copy, Debug, Default)]
pub struct ListingTexts<'t> {
    /// The product's name.
    pub name: &'t str,
    /// Keywords, category, attribute values, brand.
    pub keywords: &'t str,
    /// The description.
    pub description: &'t str,
    /// ISO 639-1, if stated.
    pub language: Option<&'t str>,
}

impl ListingReading {
    /// Reads a listing.
    pub fn of(texts: ListingTexts<'_>) -> Self {
        let name = Reading::of(texts.name, texts.language);
        let mut offer = Self::default();
        for (place, text) in [(Place::Description, texts.description), (Place::Keywords, texts.keywords)] {
            for word in read(text, name.language) {
                offer.place(&word, place);
            }
        }
        for word in &name.words {
            offer.place(word, if word.is_head { Place::Head } else { Place::Name });
        }
        Self { name, ..offer }
    }

    /// Has the listing count as called so too where it holds all words of the other name, as the operator's synonyms say.
    pub fn call(&mut self, said: &str, other: &str) {
        let other = read(other, self.name.language);
        if !other.is_empty() && other.iter().all(|word| self.place_of(word).is_some()) {
            for word in read(said, self.name.language) {
                self.place(&word, Place::Keywords);
            }
        }
    }

    fn place(&mut self, word: &Word, place: Place) {
        self.stems.insert(word.stem.clone(), place);
        for concept in &word.concepts {
            let held = self.concepts.entry(*concept).or_insert(place);
            if place > *held {
                *held = place;
            }
        }
    }

    /// The part of the words of the name that are like this, by weight.
    fn part_of_name(&self, is_held: impl Fn(&Word) -> bool) -> f64 {
        let held: f64 = self.name.words.iter().filter(|word| is_held(word)).map(|word| word.weight).sum();
        held / self.name.weight().max(f64::MIN_POSITIVE)
    }

    /// How far a name of goods stands in the listing, wholly as what its goods are called or somewhere: 0..1.
    fn holds_name(&self, name: &str) -> f64 {
        let words = read(name, self.name.language);
        let whole: f64 = words.iter().map(|word| word.weight).sum();
        let (mut sum, mut head) = (0.0, 0.0);
        for word in &words {
            let Some(place) = self.place_of(word) else { continue };
            sum += word.weight * place.worth();
            if word.is_head {
                head = if place == Place::Head { 1.0 } else { BESIDE_HEAD * place.worth() };
            }
        }
        let covered = sum / whole.max(f64::MIN_POSITIVE);
        if covered < LEAST_OF_NAME { 0.0 } else { covered * head }
    }

    fn place_of(&self, word: &Word) -> Option<Place> {
        let by_concept = word.concepts.iter().filter_map(|concept| self.concepts.get(concept)).copied();
        by_concept
            .chain(self.stems.get(&word.stem).copied())
            .fold(None, |best, place| if best.is_none_or(|best| place > best) { Some(place) } else { best })
    }
}

/// How a listing fits a request, by words and by kind of goods; each 0..1.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Likeness {
    /// The part of the title's words that the listing holds, by weight.
    pub words: f64,
    /// How prominently the listing holds the word that names the goods asked for.
    pub head: f64,
    /// The part of the words of the shorter text, the title or the listing's name, that stand in the other.
    pub name: f64,
    /// The part of them that stand in the specification alone.
    pub specified: f64,
    /// The part of the title's sizes, models and standards that the listing holds; 0 where it has none.
    pub measures: f64,
    /// How well a name that the glossary knows for the goods asked for, in the listing's language, stands in the listing.
    pub named: f64,
    /// How far the kinds of goods agree that the glossary reads from both names.
    pub kind: f64,
    /// The words of the title that the listing holds, in their order.
    pub held: Vec<String>,
}

/// How well the listing fits the request.
pub fn likeness(wanted: &Request, offer: &ListingReading) -> Likeness {
    let title = &wanted.title;
    let whole = title.weight();
    if whole <= 0.0 {
        return Likeness::default();
    }
    let places: Vec<(&Word, Option<Place>)> = title.words.iter().map(|word| (word, offer.place_of(word))).collect();
    let worth: f64 = places.iter().map(|(word, place)| word.weight * place.map_or(0.0, Place::worth)).sum();
    let heads = places.iter().filter(|(word, _)| word.is_head).map(|(_, place)| place.map_or(0.0, Place::prominence));
    let measures: Vec<bool> =
        places.iter().filter(|(word, _)| is_measure(&word.stem)).map(|(_, place)| place.is_some()).collect();
    let is_asked = |word: &Word| title.words.iter().any(|asked| asked.is_same(word));
    let is_specified = |word: &Word| !is_asked(word) && wanted.specification.iter().any(|asked| asked.is_same(word));
    let words = worth / whole;
    Likeness {
        words,
        head: heads.fold(0.0, f64::max),
        // A name that says more than the title does (brand, model, colour) is as good an answer as a short one.
        name: offer.part_of_name(is_asked).max(words),
        specified: offer.part_of_name(is_specified),
        measures: part(measures.iter().filter(|is_met| **is_met).count(), measures.len()),
        named: title.kinds.iter().map(|kind| named(kind, title, offer)).fold(0.0, f64::max),
        kind: kind(title, &offer.name),
        held: places.iter().filter(|(_, place)| place.is_some()).map(|(word, _)| word.text.clone()).collect(),
    }
}

fn part(of: usize, whole: usize) -> f64 {
    let number = |count: usize| f64::from(u32::try_from(count).unwrap_or(u32::MAX));
    if whole == 0 { 0.0 } else { number(of) / number(whole) }
}

/// How well the names of one kind of goods, in the listing's language, stand in the listing.
fn named(kind: &Suggestion, title: &Reading, offer: &ListingReading) -> f64 {
    let language = offer.name.language;
    let code = kind.subheading.unwrap_or(kind.heading);
    let top = title.kinds.first().map_or(1.0, |first| first.score);
    let trust = f64::from(kind.score / top);
    trust * glossary::terms_for(code, language).map(|term| offer.holds_name(term)).fold(0.0, f64::max)
}

/// How far two readings agree in the kind of goods: what both give to a heading, each of its whole.
fn kind(wanted: &Reading, offered: &Reading) -> f64 {
    let total =
        |kinds: &[Suggestion]| kinds.iter().map(|kind| f64::from(kind.score)).sum::<f64>().max(f64::MIN_POSITIVE);
    let (all, held) = (total(&wanted.kinds), total(&offered.kinds));
    let common = |kind: &Suggestion| {
        let other = offered.kinds.iter().find(|other| other.heading == kind.heading)?;
        Some((f64::from(kind.score) / all).min(f64::from(other.score) / held))
    };
    wanted.kinds.iter().filter_map(common).sum()
}
