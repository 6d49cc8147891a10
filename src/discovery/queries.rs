//! Searches run for a caller, and the response that the API documents.

use std::collections::BTreeMap;
use std::time::Instant;

use serde::Serialize;
use utoipa::ToSchema;

use super::hits::{ListingHit, RfqHit};
use super::rules::{Conversion, ParsedSearch};
use super::tree;
use crate::actor::Actor;
use crate::app::App;
use crate::error::{FieldCode, Problem, Result};
use crate::ids::CompanyId;
use crate::locale::{Language, Message};
use crate::search::{After, Answer, Dim, Facet, FacetValue, Filters, Hit, Kind, Matched, Query, Sort};
use crate::store::cursor;
use crate::wire::to_json;

/// One value of a facet and how many documents have it.
#[derive(Serialize, ToSchema)]
pub struct ValueCount {
    /// The value, as the filter of the same name takes it.
    pub value: String,
    /// How many documents match with it.
    pub count: u64,
    /// What an HS code or section is called, as far as it is known; null elsewhere.
    pub label: Option<String>,
    /// Of `hs` and `category`, which are trees: the value right above this one, which stands before it; null at the root and
    /// elsewhere.
    #[schema(value_type = Option<String>)]
    pub parent: Option<Option<String>>,
}

/// How far the search index of the server that answers has been filled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Incomplete {
    /// How many documents of the kind can be found at the moment.
    pub searchable: u64,
    /// About how many there will be.
    pub expected: u64,
}

impl Incomplete {
    /// How far the index of the kind is; none when all of it can be found, which is the rule.
    pub fn of(app: &App, kind: Kind) -> Option<Self> {
        let expected = app.index.filling(kind)?;
        Some(Self { searchable: app.search.count(kind), expected })
    }
}

/// The answer to a search.
#[derive(Serialize, ToSchema)]
pub struct SearchResponse<T: ToSchema> {
    /// The hits, the best first.
    pub data: Vec<T>,
    /// The facets asked for by name, each with at most 50 values, the commonest first; the trees `hs` (section, chapter, heading,
    /// subheading) and `category` with at most 300, each behind the one above it. A facet counts with every filter but its own.
    pub facets: BTreeMap<String, Vec<ValueCount>>,
    /// How many documents were found in all parts of the answer that `matched` counts (companies, when grouped).
    pub total: u64,
    /// How many of them hold all words, how many more most of them, how many more any: the parts follow each other in this order.
    /// `most` and `any` are null where those that hold all fill the first page: then nothing else was looked for. Facets count what
    /// `total` counts.
    pub matched: Matched,
    /// Not all words had to match, because fewer documents than a page has held them all: those that do come first.
    pub relaxed: bool,
    /// The query with misspelt words corrected, which is what was answered; null where nothing was.
    pub did_you_mean: Option<String>,
    /// Not everything could be searched in time: total and facets are too small.
    pub timed_out: bool,
    /// Null, but while the server fills its search index anew: then what is answered is a part of what there is. Ask again later.
    pub incomplete: Option<Incomplete>,
    /// How long the search took, in milliseconds.
    pub took_ms: u64,
    /// The currency that prices were compared in and the rates they were converted at; null without `price_currency`.
    pub price_conversion: Option<Conversion>,
    /// Whether there are more hits after these.
    pub has_more: bool,
    /// Send it as `cursor`, with the same parameters, for what comes after; null at the end.
    pub next_cursor: Option<String>,
    /// Send it as `cursor`, with the same parameters, for what comes before; null on the first page.
    pub prev_cursor: Option<String>,
}

/// An answer with the cursor for what comes after it and the time it took.
pub struct SearchOutcome {
    /// What was found.
    pub answer: Answer,
    /// The cursor for what comes after; none on the last page.
    pub next: Option<String>,
    /// The cursor for what comes before; none on the first page.
    pub prev: Option<String>,
    /// Milliseconds from the reading of the query to the last hit.
    pub took_ms: u128,
    /// At which rates prices were compared.
    pub conversion: Option<Conversion>,
    /// How much of everything was searched, while that is not all.
    pub incomplete: Option<Incomplete>,
}

/// Carries the search out, for the actor that its cursors are bound to.
///
/// # Errors
/// `bad_cursor` when the cursor is not one of this search; `invalid` when it leads deeper than relevance can be paged.
pub fn search(app: &App, actor: &Actor, parsed: &ParsedSearch) -> Result<SearchOutcome> {
    let begun = Instant::now();
    let mut query = parsed.query.clone();
    if let Some(text) = &parsed.cursor {
        let after: After = cursor::decode(&app.secrets, &parsed.list, actor, text)?;
        if after.is_too_deep() {
            return Err(too_deep());
        }
        query.after = Some(after);
    }
    // Before the search: what is complete now was complete for it.
    let incomplete = Incomplete::of(app, parsed.kind);
    let answer = match parsed.kind {
        Kind::Listing => app.search.listings(&query)?,
        Kind::Company => app.search.companies(&query)?,
        Kind::Rfq => app.search.rfqs(&query)?,
    };
    let seal = |after: &Option<After>| {
        after.as_ref().map(|after| cursor::encode(&app.secrets, &parsed.list, actor, after)).transpose()
    };
    let (next, prev) = (seal(&answer.next)?, seal(&answer.prev)?);
    let took = begun.elapsed();
    // Without the writing of the response: what a search costs must compare between the API and the pages.
    app.metrics.search(parsed.kind.folder(), took);
    Ok(SearchOutcome {
        answer,
        next,
        prev,
        took_ms: took.as_millis(),
        conversion: parsed.conversion.clone(),
        incomplete,
    })
}

/// There are more hits, but each page of relevance costs all pages before it.
fn too_deep() -> Problem {
    let what = Message::new("discovery-too-deep").with("deepest", After::DEEPEST.to_string()).text(Language::English);
    Problem::invalid_field("/cursor", FieldCode::Range, what)
}

/// The RFQs that were published last, at most so many, and how many are open in all.
pub fn latest_rfqs(app: &App, limit: usize) -> Result<(Vec<RfqHit>, usize)> {
    // An RFQ past its deadline stays in the index until a sweep closes it.
    let filters = Filters { open_at_ms: Some(app.clock.now().timestamp_millis()), ..Filters::default() };
    let answer = app.search.rfqs(&Query { sort: Sort::Newest, limit, filters, ..Query::default() })?;
    Ok((decode(&answer), answer.total))
}

/// The hits of an answer in a type of their own; one that the index holds in another form is logged and left out.
pub fn decode<T: serde::de::DeserializeOwned>(answer: &Answer) -> Vec<T> {
    let read = |hit: &Hit| match serde_json::from_str(&hit.to_json()) {
        Ok(typed) => Some(typed),
        Err(error) => {
            // The page is better with one row less than not at all; the check of the index finds the document.
            log::error!("document {} of the index cannot be shown: {error}", hit.id);
            None
        }
    };
    answer.hits.iter().filter_map(read).collect()
}

impl SearchOutcome {
    /// The body of the response.
    ///
    /// # Errors
    /// `internal` when it cannot be written, which is a fault of ours.
    pub fn to_json(&self) -> Result<String> {
        let answer = &self.answer;
        let envelope = to_json(&SearchResponse::<ListingHit> {
            data: Vec::new(),
            facets: answer.facets.iter().map(|facet| (facet.dim.as_str().to_owned(), counts(facet))).collect(),
            total: answer.total as u64,
            matched: answer.matched,
            relaxed: answer.relaxed,
            did_you_mean: answer.did_you_mean.clone(),
            timed_out: answer.timed_out,
            incomplete: self.incomplete,
            took_ms: u64::try_from(self.took_ms).unwrap_or(u64::MAX),
            price_conversion: self.conversion.clone(),
            has_more: self.next.is_some(),
            next_cursor: self.next.clone(),
            prev_cursor: self.prev.clone(),
        })?;
        // The hits are put into the list as the text that the index stores. Reading 25 of them into their struct and writing them again with
        // serde takes 180 us, putting them in as they are 2 us; a whole search of 43 000 listings takes 75 us.
        let (begin, end) =
            envelope.split_at_checked(EMPTY_DATA.len()).filter(|(begin, _)| *begin == EMPTY_DATA).unwrap_or_default();
        let room = answer.hits.iter().map(|hit| hit.json.len() + 256).sum::<usize>();
        let mut json = String::with_capacity(envelope.len() + room);
        json.push_str(begin);
        for (place, hit) in answer.hits.iter().enumerate() {
            if place > 0 {
                json.push(',');
            }
            hit.write_json(&mut json);
        }
        json.push_str(end);
        Ok(json)
    }
}

/// How a response begins whose list of hits is empty, up to the list's end.
const EMPTY_DATA: &str = "{\"data\":[";

/// The counts of a facet; companies, which the index knows by number, under their ids.
pub fn counts(facet: &Facet) -> Vec<ValueCount> {
    let name = |value: &str| match (facet.dim, value.parse::<i64>()) {
        // The index knows companies by number; outside they have only their public ids.
        (Dim::Company, Ok(id)) => CompanyId(id).to_string(),
        _ => value.to_owned(),
    };
    let parent = |value: &str| tree::parent(facet.dim, value).map(str::to_owned);
    let values = if facet.dim.is_tree() { tree::ordered(facet) } else { facet.values.iter().collect() };
    let count = |v: &FacetValue| ValueCount {
        value: name(&v.value),
        count: v.count as u64,
        label: v.label.clone(),
        parent: facet.dim.is_tree().then(|| parent(&v.value)),
    };
    values.into_iter().map(count).collect()
}
