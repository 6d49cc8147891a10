//! What a search answers.

use serde::Serialize;
use serde_json::Value;

use super::query::After;
use super::schema::Dim;

/// The answer to a [`Query`](super::Query).
#[derive(Clone, Debug, Default)]
pub struct Answer {
    /// The hits in order, at most `limit`.
    pub hits: Vec<Hit>,
    /// How many documents match at the level answered (companies, when grouped).
    pub total: usize,
    /// The facets asked for, in the order asked.
    pub facets: Vec<Facet>,
    /// Not all words had to match, because no document holds them all.
    pub relaxed: bool,
    /// The query with misspelt words corrected; the answer is already that of the corrected query.
    pub did_you_mean: Option<String>,
    /// From where to go on; absent on the last page.
    pub next: Option<After>,
    /// The deadline passed before everything was looked at: total and facets are too small.
    pub timed_out: bool,
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
    /// The part of the description with the most marks, about 200 characters; absent when nothing is marked in it.
    #[serde(skip_serializing_if = "Option::is_none")]
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
        let mut extra = vec![format!("\"score\":{}", number(self.score))];
        if let Some(highlight) = &self.highlight {
            extra.push(format!("\"highlight\":{}", serde_json::to_string(highlight).unwrap_or_else(|_| "null".into())));
        }
        if self.group_count > 1 {
            extra.push(format!("\"group_count\":{}", self.group_count));
        }
        if let Some(parts) = &self.explain {
            let shown = parts.iter().map(|(name, amount)| format!("\"{name}\":{}", number(*amount)));
            extra.push(format!("\"explain\":{{{}}}", shown.collect::<Vec<_>>().join(",")));
        }
        let open = self.json.trim_end().strip_suffix('}').unwrap_or("{");
        let comma = if open.trim_end().ends_with('{') { "" } else { "," };
        format!("{open}{comma}{}}}", extra.join(","))
    }

    /// The same as a value.
    pub fn to_value(&self) -> Value {
        serde_json::from_str(&self.to_json()).unwrap_or(Value::Null)
    }
}

fn number(amount: f32) -> String {
    if amount.is_finite() { format!("{amount:.4}") } else { "0".into() }
}
