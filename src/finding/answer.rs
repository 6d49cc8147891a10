//! A search carried out, and its answer as JSON.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::Instant;

use serde::Serialize;
use utoipa::ToSchema;

use super::rules::{Asked, Conversion};
use super::tree;
use crate::actor::Actor;
use crate::app::App;
use crate::error::Result;
use crate::ids::CompanyId;
use crate::search::{Answer, Dim, Facet, FacetValue, Kind};
use crate::store::cursor;

/// One value of a facet and how many documents have it.
#[derive(Serialize, ToSchema)]
pub struct ValueCount {
    /// The value, as the filter of the same name takes it.
    pub value: String,
    /// How many documents match with it.
    pub count: u64,
    /// What an HS code or section is called, as far as it is known; absent elsewhere.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// Of `hs` and `category`, which are trees: the value right above this one, which stands before it; null at the root. Absent
    /// elsewhere.
    #[serde(skip_serializing_if = "Option::is_none")]
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
pub struct Found<T: ToSchema> {
    /// The hits, the best first.
    pub data: Vec<T>,
    /// The facets asked for by name, each with at most 50 values, the commonest first; the trees `hs` (section, chapter, heading,
    /// subheading) and `category` with at most 300, each behind the one above it. A facet counts with every filter but its own.
    pub facets: BTreeMap<String, Vec<ValueCount>>,
    /// How many documents match (companies, when grouped).
    pub total: u64,
    /// Not all words had to match, because no document, or only a few, held them all: those that do come first. Total and facets
    /// count what was answered.
    pub relaxed: bool,
    /// The query with misspelt words corrected, which is what was answered; null where nothing was.
    pub did_you_mean: Option<String>,
    /// Not everything could be looked at in time: total and facets are too small.
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
    /// Always null: a search is paged forwards.
    pub prev_cursor: Option<String>,
}

/// An answer with the cursor for what comes after it and the time it took.
pub struct Outcome {
    /// What was found.
    pub answer: Answer,
    /// The cursor; none on the last page.
    pub next: Option<String>,
    /// Milliseconds from the reading of the query to the last hit.
    pub took_ms: u128,
    /// At which rates prices were compared.
    pub conversion: Option<Conversion>,
    /// How much of everything was looked at, while that is not all.
    pub incomplete: Option<Incomplete>,
}

/// Carries the search out, for the actor that its cursors are bound to.
///
/// # Errors
/// `bad_cursor` when the cursor is not one of this search.
pub fn search(app: &App, actor: &Actor, asked: &Asked) -> Result<Outcome> {
    let begun = Instant::now();
    let mut query = asked.query.clone();
    if let Some(text) = &asked.cursor {
        query.after = Some(cursor::open(&app.secrets, &asked.list, actor, text)?);
    }
    // Before the search: what is complete now was complete for it.
    let incomplete = Incomplete::of(app, asked.kind);
    let answer = match asked.kind {
        Kind::Listing => app.search.listings(&query)?,
        Kind::Company => app.search.companies(&query)?,
        Kind::Rfq => app.search.rfqs(&query)?,
    };
    let seal = |after| cursor::seal(&app.secrets, &asked.list, actor, after);
    let next = answer.next.as_ref().map(seal).transpose()?;
    let took = begun.elapsed();
    app.metrics.search(asked.kind.folder(), took);
    Ok(Outcome { answer, next, took_ms: took.as_millis(), conversion: asked.conversion.clone(), incomplete })
}

impl Outcome {
    /// The body. The hits are JSON in the index already, and nothing of them is read for it.
    pub fn to_json(&self) -> String {
        let answer = &self.answer;
        let room = answer.hits.iter().map(|hit| hit.json.len() + 256).sum::<usize>();
        let mut json = String::with_capacity(room + 4096);
        json.push_str("{\"data\":[");
        for (place, hit) in answer.hits.iter().enumerate() {
            if place > 0 {
                json.push(',');
            }
            hit.write_json(&mut json);
        }
        json.push_str("],\"facets\":{");
        for (place, facet) in answer.facets.iter().enumerate() {
            let comma = if place == 0 { "" } else { "," };
            let _ = write!(json, "{comma}\"{}\":{}", facet.dim.as_str(), text(&counts(facet)));
        }
        let _ = write!(
            json,
            "}},\"total\":{},\"relaxed\":{},\"did_you_mean\":{},\"timed_out\":{},\"incomplete\":{},\"took_ms\":{},\
             \"price_conversion\":{},\"has_more\":{},\"next_cursor\":{},\"prev_cursor\":null}}",
            answer.total,
            answer.relaxed,
            text(&answer.did_you_mean),
            answer.timed_out,
            text(&self.incomplete),
            self.took_ms,
            text(&self.conversion),
            self.next.is_some(),
            text(&self.next),
        );
        json
    }
}

fn text(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_else(|_| "null".to_owned())
}

/// The counts of a facet; companies, which the index knows by number, under their ids.
pub fn counts(facet: &Facet) -> Vec<ValueCount> {
    let name = |value: &str| match (facet.dim, value.parse::<i64>()) {
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
