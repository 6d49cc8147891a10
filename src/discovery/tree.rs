//! Facets that are trees: categories, and the Harmonized System from section to subheading. Pure.

use std::collections::{BTreeMap, HashSet};

use crate::reference::hs;
use crate::search::{Dim, Facet, FacetValue};

/// The value right above: `A / B` of `A / B / C`; the heading of a subheading, the section of a chapter.
pub fn parent(dim: Dim, value: &str) -> Option<&str> {
    match dim {
        Dim::Category => value.rsplit_once(" / ").map(|(above, _)| above),
        Dim::Hs => match value.len() {
            _ if !value.starts_with(|c: char| c.is_ascii_digit()) => None,
            0..=2 => hs::chapter(value).map(|chapter| chapter.section),
            length if length % 2 == 0 => value.get(..length - 2),
            length => value.get(..length - 1),
        },
        _ => None,
    }
}

/// The values above, from the nearest to the root.
pub fn above(dim: Dim, value: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(parent(dim, value), move |value| parent(dim, value))
}

/// The values of the facet, each behind the one above it, and beside each other the commonest first.
pub fn ordered(facet: &Facet) -> Vec<&FacetValue> {
    let mut below: BTreeMap<Option<&str>, Vec<&FacetValue>> = BTreeMap::new();
    let there: HashSet<&str> = facet.values.iter().map(|value| value.value.as_str()).collect();
    for value in &facet.values {
        let parent = parent(facet.dim, &value.value).filter(|parent| there.contains(parent));
        below.entry(parent).or_default().push(value);
    }
    let mut ordered = Vec::with_capacity(facet.values.len());
    let mut next: Vec<&FacetValue> = below.remove(&None).unwrap_or_default();
    next.reverse();
    while let Some(value) = next.pop() {
        ordered.push(value);
        next.extend(below.remove(&Some(value.value.as_str())).unwrap_or_default().into_iter().rev());
    }
    ordered
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_above() {
        let of = |dim, value| above(dim, value).collect::<Vec<_>>();
        assert_eq!(of(Dim::Hs, "848180"), ["8481", "84", "XVI"]);
        assert_eq!(of(Dim::Hs, "84818"), ["8481", "84", "XVI"]);
        assert!(of(Dim::Hs, "XVI").is_empty() && of(Dim::Country, "CN").is_empty());
        assert_eq!(of(Dim::Category, "A / B / C"), ["A / B", "A"]);
    }

    #[test]
    fn a_value_stands_behind_the_one_above_it() {
        let value = |value: &str, count| FacetValue { value: value.to_owned(), count, label: None };
        let values =
            vec![value("XVI", 5), value("84", 4), value("XV", 3), value("73", 3), value("8481", 4), value("85", 1)];
        let facet = Facet { dim: Dim::Hs, values };
        let order: Vec<&str> = ordered(&facet).iter().map(|value| value.value.as_str()).collect();
        assert_eq!(order, ["XVI", "84", "8481", "85", "XV", "73"]);
    }
}
