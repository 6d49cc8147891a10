//! Suggestions while a person types: names of listings, categories and companies that go on as the text begins.

use std::collections::{BTreeSet, HashSet};

use tantivy::query::{BooleanQuery, Query as IndexQuery};

use super::analyzers;
use super::collector::{self, CompiledFilters, FirstPass};
use super::dims::Dim;
use super::doc_codec::{self, Stored};
use super::relaxation::term_query;
use super::request::{Filters, Sort};
use super::{Kind, Search, SearchError, spelling};
use crate::reference::{glossary, hs_prefix};

crate::wire_enum! {
    /// What a suggestion is.
    pub enum SuggestionKind {
        /// The name of a listing.
        Listing = "listing",
        /// A category path.
        Category = "category",
        /// The name of a company.
        Company = "company",
        /// A heading of the Harmonized System that something is listed under.
        Heading = "hs",
    }
}

/// Something that the typed text may become.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggestion {
    /// What it is.
    pub kind: SuggestionKind,
    /// The text.
    pub text: String,
    /// The id of the listing or company; none for the others.
    pub id: Option<i64>,
    /// The four digits of the heading; none for the others.
    pub code: Option<String>,
}

impl Suggestion {
    fn of(kind: SuggestionKind, text: String) -> Self {
        Self { kind, text, id: None, code: None }
    }
}

/// Whether each of the words begins one of those that a thing has.
fn begin<T: AsRef<str>>(have: &[T], words: &[String]) -> bool {
    words.iter().all(|word| have.iter().any(|other| other.as_ref().starts_with(word.as_str())))
}

/// Whether the words begin those of the heading's label or of one of its trade names.
fn is_named(heading: &str, words: &[String]) -> bool {
    let names = glossary::exact_label(heading, "en").into_iter().chain(glossary::terms_for(heading, "en"));
    names
        .map(analyzers::words)
        .any(|name| begin(&name.iter().map(|word| word.text.as_str()).collect::<Vec<_>>(), words))
}

/// Digits of a heading.
const HEADING: usize = 4;
/// How many completions of the last word are tried.
const COMPLETIONS: usize = 20;

impl Search {
    /// Up to `limit` suggestions: categories first, then HS headings, companies and listings. The last word may be unfinished.
    pub fn suggest(&self, text: &str, limit: usize) -> Result<Vec<Suggestion>, SearchError> {
        let text: String = text.chars().take(super::MAX_QUERY_CHARS).collect();
        let words: Vec<String> = analyzers::words(&text).into_iter().map(|word| word.text).take(8).collect();
        if words.is_empty() || limit == 0 {
            return Ok(Vec::new());
        }
        let mut out = self.categories(&words, limit.div_ceil(4))?;
        out.extend(self.headings(&text, &words, limit.div_ceil(8))?);
        out.extend(self.names(Kind::Company, SuggestionKind::Company, &words, limit.div_ceil(4))?);
        out.extend(self.names(Kind::Listing, SuggestionKind::Listing, &words, limit.saturating_sub(out.len()))?);
        out.truncate(limit);
        Ok(out)
    }

    fn categories(&self, words: &[String], limit: usize) -> Result<Vec<Suggestion>, SearchError> {
        let index = self.index(Kind::Listing);
        let snapshot = index.snapshot();
        let field = index.fields.dims[Dim::Category.index()];
        let names = snapshot.names[Dim::Category.index()].read().unwrap_or_else(std::sync::PoisonError::into_inner);
        let fits = |path: &str| {
            let have = analyzers::fold(path.rsplit(" / ").next().unwrap_or(path));
            begin(&have.split(|c: char| !c.is_alphanumeric()).collect::<Vec<_>>(), words)
        };
        let mut out = Vec::new();
        for path in names.texts().iter().filter(|path| fits(path)) {
            if out.len() == limit {
                break;
            }
            // The names are of everything that ever was listed; what was taken off since must not be told.
            if snapshot.is_held(field, path)? {
                out.push(Suggestion::of(SuggestionKind::Category, path.to_string()));
            }
        }
        Ok(out)
    }

    /// Headings whose description, name or digits go on as the words begin, in the order of the nomenclature; that of a code that was
    /// typed, however it was.
    fn headings(&self, text: &str, words: &[String], limit: usize) -> Result<Vec<Suggestion>, SearchError> {
        let index = self.index(Kind::Listing);
        let snapshot = index.snapshot();
        let synonyms = self.synonyms();
        let is_used = |code: &str| snapshot.number(Dim::Hs, code).is_some();
        let typed = hs_prefix::alone(text).map(|typed| typed.digits);
        let is_typed = |code: &str| typed.as_ref().is_some_and(|t| code.starts_with(t.as_str()) || t.starts_with(code));
        let described = synonyms.headings().filter(|(_, have)| begin(have, words)).map(|(code, _)| code);
        let ours = glossary::codes().iter().copied().filter(|code| code.len() == HEADING && is_used(code));
        let ours = ours.filter(|code| is_typed(code) || is_named(code, words));
        let found: BTreeSet<&str> = described.filter(|code| is_used(code)).chain(ours).collect();
        let suggestion = |code: &str| Suggestion {
            code: Some(code.to_owned()),
            ..Suggestion::of(
                SuggestionKind::Heading,
                format!("{code} {}", synonyms.label(code, "en").unwrap_or_default()),
            )
        };
        let mut out = Vec::new();
        for code in found {
            if out.len() == limit {
                break;
            }
            if snapshot.is_held(index.fields.hs, code)? {
                out.push(suggestion(code));
            }
        }
        Ok(out)
    }

    fn names(
        &self,
        kind: Kind,
        shown_as: SuggestionKind,
        words: &[String],
        limit: usize,
    ) -> Result<Vec<Suggestion>, SearchError> {
        let index = self.index(kind);
        let snapshot = index.snapshot();
        let Some((last, before)) = words.split_last() else { return Ok(Vec::new()) };
        let name = index.fields.name;
        let endings = spelling::completions(&snapshot, name, last, COMPLETIONS)?;
        let stem = analyzers::stem(last, super::analyzers::Language::English);
        let endings: HashSet<String> = endings.into_iter().map(|(text, _)| text).chain([stem]).collect();
        let ends = endings.iter().map(|text| term_query(name, text, true)).collect();
        let mut parts: Vec<Box<dyn IndexQuery>> = vec![Box::new(BooleanQuery::union(ends))];
        for word in before {
            let stem = analyzers::stem(word, super::analyzers::Language::English);
            parts.push(term_query(name, &stem, true));
        }
        let pass = FirstPass {
            snapshot: &snapshot,
            filters: CompiledFilters::new(&snapshot, &Filters::default()),
            facets: &[],
            sort: Sort::Relevance,
            group: false,
            // Several, because names of the same listing in several packs come once.
            keep: limit * 4,
            after: None,
            backwards: false,
            deadline: collector::deadline(std::time::Duration::from_millis(200)),
        };
        let found = pass.run(&BooleanQuery::intersection(parts))?;
        let mut seen = HashSet::new();
        let mut out = Vec::new();
        for candidate in found.candidates {
            let text = doc_codec::name_of(&Stored::read(&snapshot, candidate.address)?.hit()?);
            if seen.insert(analyzers::fold(&text)) {
                out.push(Suggestion { id: Some(candidate.id), ..Suggestion::of(shown_as, text) });
            }
            if out.len() >= limit {
                break;
            }
        }
        Ok(out)
    }
}
