//! Which HS codes a text suggests.

use super::{HsSuggestion, Vote, likeliest};
use crate::app::App;
use crate::reference::codes::{HsCode, Language};
use crate::reference::glossary;

/// How much more a name of the operator's weighs than one of the nomenclature: it wins over everything that was compiled in or imported.
const OPERATORS: f32 = 2.0;

/// The HS codes that goods of this name may go under, the likeliest first, at most five, with labels in a language (ISO 639-1); none for a
/// name that nobody knows.
pub fn suggest_hs(app: &App, name: &str, language: &str) -> Vec<HsSuggestion> {
    let votes = votes(app, name);
    let suggestion = |vote: &Vote| HsSuggestion {
        code: vote.code.clone(),
        text: app.search.hs_label(&vote.code, language).unwrap_or_else(|| label_above(&vote.code, language)),
        because: vote.because.clone(),
    };
    likeliest(&votes).iter().map(suggestion).collect()
}

/// What is said of a name, by whoever knows it. Every source has its say here: one more is one more list of votes.
pub fn votes(app: &App, name: &str) -> Vec<Vote> {
    [of_names(app, name), of_glossary(name)].concat()
}

/// The same for goods that have no code yet, in the reader's language, or in English where the glossary does not have it.
pub fn suggest_where_none(app: &App, name: &str, code: Option<&HsCode>, reader: Option<Language>) -> Vec<HsSuggestion> {
    if code.is_some() {
        return Vec::new();
    }
    let language = reader.map(|language| language.to_string());
    let language = language.filter(|code| glossary::LANGUAGES.contains(&code.as_str()));
    suggest_hs(app, name, language.as_deref().unwrap_or("en"))
}

/// What the operator's synonyms and the imported nomenclature say.
fn of_names(app: &App, name: &str) -> Vec<Vote> {
    let named = app.search.goods_in(name).into_iter();
    named
        .map(|goods| {
            let weight = if goods.is_operators { OPERATORS } else { goods.share };
            Vote { code: goods.code, weight, because: goods.said }
        })
        .collect()
}

fn of_glossary(name: &str) -> Vec<Vote> {
    let found = glossary::headings_in_any(name).into_iter();
    found.map(|one| Vote { code: one.code().to_owned(), weight: one.score, because: one.because.to_owned() }).collect()
}

/// The label of a national code, which neither list has, is that of the code above it.
fn label_above(code: &str, language: &str) -> String {
    crate::reference::hs::label(code, language).unwrap_or_default().to_owned()
}
