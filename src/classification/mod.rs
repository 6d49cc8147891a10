//! From goods to HS codes: which codes a listing or an RFQ may go under, judged by its name.
//!
//! Several sources have a say: the operator's synonyms, the imported nomenclature and the trade glossary ([`crate::reference::glossary`]). Each
//! says it as [`Vote`]s; [`ranked`] makes the suggestions of them. They help whoever fills a form, and nothing is classified without a person.

pub mod pages;
pub mod queries;

use std::collections::HashMap;

use serde::Serialize;
use utoipa::ToSchema;

use crate::formats::hs_dotted;
use crate::reference::codes::HsCode;

/// The most codes that are suggested: of a longer list nobody reads the end.
const MOST: usize = 5;
/// What is below this part of the best is not suggested.
const LEAST_PART: f32 = 0.4;
/// A subheading takes the place of its heading where it has this part of its weight.
const EXACT_PART: f32 = 0.5;
/// Digits of a heading, and of a subheading.
const HEADING: usize = 4;
const SUBHEADING: usize = 6;

/// A code that goods may go under.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct HsSuggestion {
    /// Six digits or more; four where only the heading is known.
    #[schema(example = "848210")]
    pub code: String,
    /// What goods of the code are called, in the language of who asks.
    #[schema(example = "Ball bearings")]
    pub text: String,
    /// The name in the text that speaks for it.
    #[schema(example = "wheel bearing")]
    pub because: String,
}

impl HsSuggestion {
    /// The code with its dots, as people read it.
    pub fn dotted(&self) -> String {
        self.code.parse::<HsCode>().map_or_else(|_| self.code.clone(), |code| hs_dotted(&code))
    }

    /// Whether it can be given as the code of goods: that has six digits or more.
    pub fn is_complete(&self) -> bool {
        self.code.len() >= SUBHEADING
    }
}

/// What one source says of a text.
#[derive(Clone, Debug, PartialEq)]
pub struct Vote {
    /// Four digits or more.
    pub code: String,
    /// 0..1 of the glossary and the nomenclature; what the operator says weighs more.
    pub weight: f32,
    /// The name in the text that speaks for it.
    pub because: String,
}

/// The codes with the name that speaks for each, one of each heading, the likeliest first.
///
/// Votes are not added up: that the glossary and the nomenclature know the same name makes it no likelier.
pub fn ranked(votes: &[Vote]) -> Vec<Vote> {
    let mut by_heading: HashMap<&str, [Option<&Vote>; 2]> = HashMap::new();
    for vote in votes {
        let Some(heading) = vote.code.get(..HEADING) else { continue };
        let best = by_heading.entry(heading).or_default();
        let is_exact = usize::from(vote.code.len() >= SUBHEADING);
        if best[is_exact].is_none_or(|best| vote.weight > best.weight) {
            best[is_exact] = Some(vote);
        }
    }
    // The weight is that of the heading, whichever of its codes stands for it.
    let mut all: Vec<(f32, &Vote)> = by_heading.into_values().filter_map(best_of).collect();
    all.sort_by(|(a, vote), (b, other)| b.total_cmp(a).then_with(|| vote.code.cmp(&other.code)));
    all.into_iter().map(|(weight, vote)| Vote { weight, ..vote.clone() }).collect()
}

/// Of the codes those that are worth a look.
pub fn likeliest(votes: &[Vote]) -> Vec<Vote> {
    let mut all = ranked(votes);
    let least = all.first().map_or(0.0, |first| first.weight * LEAST_PART);
    all.retain(|vote| vote.weight >= least);
    all.truncate(MOST);
    all
}

fn best_of([heading, exact]: [Option<&Vote>; 2]) -> Option<(f32, &Vote)> {
    let weight = [heading, exact].into_iter().flatten().map(|vote| vote.weight).fold(0.0, f32::max);
    let shown = exact.filter(|vote| vote.weight >= weight * EXACT_PART).or(heading).or(exact)?;
    Some((weight, shown))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(votes: &[(&str, f32)]) -> Vec<String> {
        let vote =
            |(code, weight): &(&str, f32)| Vote { code: (*code).to_owned(), weight: *weight, because: String::new() };
        let votes: Vec<Vote> = votes.iter().map(vote).collect();
        likeliest(&votes).into_iter().map(|vote| vote.code).collect()
    }

    #[test]
    fn headings_come_once_and_the_likeliest_first() {
        assert_eq!(codes(&[("8481", 0.6), ("8482", 0.9), ("8481", 0.5)]), ["8482", "8481"]);
        assert_eq!(codes(&[("8482", 0.9), ("8481", 0.3)]), ["8482"], "far below the best");
        assert_eq!(codes(&[("84", 0.9)]), [""; 0], "a chapter says nothing");
        let many: Vec<(String, f32)> = (8401..8412).map(|code| (code.to_string(), 0.9)).collect();
        assert_eq!(codes(&many.iter().map(|(code, weight)| (code.as_str(), *weight)).collect::<Vec<_>>()).len(), MOST);
    }

    #[test]
    fn a_subheading_stands_for_its_heading_where_it_fits_well() {
        assert_eq!(codes(&[("8482", 0.9), ("848210", 0.6)]), ["848210"]);
        assert_eq!(codes(&[("8482", 0.9), ("848210", 0.3)]), ["8482"]);
        assert_eq!(codes(&[("84821090", 0.2), ("8481", 0.3)]), ["8481", "84821090"]);
    }
}
