//! What a search answers.

use std::fmt::Write as _;

use serde::Serialize;
use utoipa::ToSchema;

use super::dims::Dim;
use super::request::After;

/// The answer to a [`Query`](super::Query).
#[derive(Clone, Debug, Default)]
pub struct Answer {
    /// The hits in order, at most `limit`.
    pub hits: Vec<Hit>,
    /// How many documents were found in all parts that were counted (companies, when grouped).
    pub total: usize,
    /// How many of them in each part.
    pub matched: Matched,
    /// The facets asked for, in the order asked.
    pub facets: Vec<Facet>,
    /// Not all words had to match: those who hold them all, if any do, are too few for a first page.
    pub relaxed: bool,
    /// The query with misspelt words corrected; the answer is already that of the corrected query.
    pub did_you_mean: Option<String>,
    /// From where to go on; absent on the last page.
    pub next: Option<After>,
    /// From where to go back; absent on the first page.
    pub prev: Option<After>,
    /// The deadline passed before everything was searched: total and facets are too small.
    pub timed_out: bool,
}

/// The parts of an answer, which follow each other: what holds all words, what holds most of them (three of five), what holds any.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Matched {
    /// How many hold all words.
    pub all: usize,
    /// How many more hold most words; null where that was not looked for, because those that hold all fill the first page.
    pub most: Option<usize>,
    /// How many more hold any; null likewise.
    pub any: Option<usize>,
}

impl Matched {
    /// Of an answer that has only documents that hold all words, or in which nothing was asked for.
    pub fn whole(all: usize) -> Self {
        Self { all, ..Self::default() }
    }

    /// The sum of what was counted.
    pub fn total(self) -> usize {
        self.all + self.most.unwrap_or(0) + self.any.unwrap_or(0)
    }
}

/// One document found.
#[derive(Clone, Debug)]
pub struct Hit {
    /// Its id.
    pub id: i64,
    /// The company's id; 0 when it has none.
    pub company_id: i64,
    /// The higher the better; comparable within one answer only.
    pub score: f32,
    /// How many documents of the company match, when grouped by company; else 1.
    pub group_count: usize,
    /// The stored element, JSON text of an object.
    pub json: String,
    /// Marked texts, when asked for.
    pub highlight: Option<Highlight>,
    /// What made the score, when asked for: name and amount.
    pub explain: Option<Vec<(&'static str, f32)>>,
}

/// Texts as HTML, escaped, in which only `<mark>` is markup.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Highlight {
    /// The whole name.
    pub name: String,
    /// The part of the description with the most marks, about 200 characters; null when nothing is marked in it.
    pub description: Option<String>,
}

/// The values of one dimension over what matches, with every other dimension's filter applied but not its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facet {
    /// The dimension.
    pub dim: Dim,
    /// Values, the commonest first, at most [`Facet::MAX_VALUES`], of a tree [`Facet::MAX_TREE_VALUES`].
    pub values: Vec<FacetValue>,
}

impl Facet {
    /// Most values of one facet.
    pub const MAX_VALUES: usize = 50;
    /// Most values of one that is a tree, all levels together.
    pub const MAX_TREE_VALUES: usize = 300;
}

/// One value of a facet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FacetValue {
    /// The value as a filter takes it.
    pub value: String,
    /// How many documents match with it.
    pub count: usize,
    /// What an HS code or section is called, as far as it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
}

impl Hit {
    /// The stored element with `score`, and `highlight`, `group_count` and `explain` where there are such, as JSON text.
    pub fn to_json(&self) -> String {
        let mut json = String::with_capacity(self.json.len() + 64);
        self.write_json(&mut json);
        json
    }

    /// The same behind what is written already.
    pub fn write_json(&self, json: &mut String) {
        // Added to the stored text: reading and writing it by serde takes 7 us a hit, this 0.1 us, and a search of 25 hits 75 us.
        json.push_str(self.json.trim_end().strip_suffix('}').unwrap_or("{"));
        if !json.trim_end().ends_with('{') {
            json.push(',');
        }
        json.push_str("\"score\":");
        write_number(json, self.score);
        if let Some(highlight) = &self.highlight {
            let highlight = serde_json::to_string(highlight).unwrap_or_else(|_| "null".into());
            let _ = write!(json, ",\"highlight\":{highlight}");
        }
        if self.group_count > 1 {
            let _ = write!(json, ",\"group_count\":{}", self.group_count);
        }
        if let Some(parts) = &self.explain {
            json.push_str(",\"explain\":{");
            for (place, (name, amount)) in parts.iter().enumerate() {
                let comma = if place == 0 { "" } else { "," };
                let _ = write!(json, "{comma}\"{name}\":");
                write_number(json, *amount);
            }
            json.push('}');
        }
        json.push('}');
    }
}

/// Writes an amount with four digits behind the point; one that is no number as 0.
fn write_number(json: &mut String, amount: f32) {
    // Whole numbers are written much faster than others, and there are some in every hit.
    let parts = (f64::from(amount) * 1e4).round() as i64;
    let sign = if parts < 0 { "-" } else { "" };
    let _ = write!(json, "{sign}{}.{:04}", parts.unsigned_abs() / 10_000, parts.unsigned_abs() % 10_000);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_have_four_digits() {
        let written = [0.0, 1.0, -0.25, 12.34567, 1e-7, f32::NAN, 123_456.0].map(|amount| {
            let mut json = String::new();
            write_number(&mut json, amount);
            json
        });
        assert_eq!(written, ["0.0000", "1.0000", "-0.2500", "12.3457", "0.0000", "0.0000", "123456.0000"]);
    }
}
