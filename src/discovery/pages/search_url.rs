//! A search as the address of the results page: the same address always shows the same search.

use crate::discovery::{rules, tree};
use crate::reference::hs_prefix;
use crate::search::{Dim, Kind};
use crate::web::layout::SearchScope;

/// What the search box's scope searches.
pub fn kind_of(scope: SearchScope) -> Kind {
    match scope {
        SearchScope::Products => Kind::Listing,
        SearchScope::Suppliers => Kind::Company,
        SearchScope::Rfqs => Kind::Rfq,
    }
}

/// The parameters of a results page, one value each, without the cursor and without what its kind does not know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchUrl {
    scope: SearchScope,
    pairs: Vec<(String, String)>,
}

impl SearchUrl {
    /// From the parameters of the address; what the page does not know is left out.
    pub fn new(pairs: &rules::Pairs) -> Self {
        let scope = pairs.iter().find(|(name, _)| name == "scope").and_then(|(_, text)| SearchScope::parse(text));
        let scope = scope.unwrap_or(SearchScope::Products);
        let mut kept = Vec::new();
        for (name, value) in pairs.iter().filter(|(name, _)| rules::is_known(kind_of(scope), name) && name != "cursor")
        {
            let separator: &[char] = if rules::splits_at_commas(name) { &[','] } else { &[] };
            for piece in value.split(separator).map(str::trim).filter(|piece| !piece.is_empty()) {
                // One code has one address, however it is typed: the filters beside the results compare their values with these.
                let code = hs_prefix::whole(piece).filter(|_| name == Dim::Hs.as_str());
                let pair = (name.clone(), code.unwrap_or_else(|| piece.to_owned()));
                if !kept.contains(&pair) {
                    kept.push(pair);
                }
            }
        }
        Self { scope, pairs: kept }
    }

    /// What is searched.
    pub fn scope(&self) -> SearchScope {
        self.scope
    }

    /// The parameters, for the search.
    pub fn pairs(&self) -> &rules::Pairs {
        &self.pairs
    }

    /// The values under the name.
    pub fn values(&self, name: &str) -> impl Iterator<Item = &str> {
        self.pairs.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The first value under the name; empty without one.
    pub fn value(&self, name: &str) -> &str {
        self.values(name).next().unwrap_or_default()
    }

    /// Whether the value is chosen.
    pub fn has(&self, name: &str, value: &str) -> bool {
        self.values(name).any(|chosen| chosen == value)
    }

    /// Everything but these parameters, with the scope, as hidden fields for a form that sends these itself.
    pub fn hidden_without(&self, names: &[&str]) -> Vec<(String, String)> {
        let scope = ("scope".to_owned(), self.scope.as_str().to_owned());
        let kept = self.pairs.iter().filter(|(name, _)| !names.contains(&name.as_str())).cloned();
        kept.chain([scope]).collect()
    }

    /// The address.
    pub fn href(&self) -> String {
        address(self.scope, self.pairs.iter())
    }

    /// The address of what comes after.
    pub fn href_at(&self, cursor: &str) -> String {
        format!("{}&{}", self.href(), serde_urlencoded::to_string([("cursor", cursor)]).unwrap_or_default())
    }

    /// The address with the choice of one value turned round.
    pub fn href_toggled(&self, name: &str, value: &str) -> String {
        if !self.has(name, value) {
            let pair = (name.to_owned(), value.to_owned());
            return address(self.scope, self.pairs.iter().chain([&pair]));
        }
        address(self.scope, self.pairs.iter().filter(|(known, chosen)| known != name || chosen != value))
    }

    /// The address with the choice of one value of a tree turned round: choosing it takes back what stands above or below it,
    /// which it narrows or widens, and keeps everything beside it.
    pub fn href_in_tree(&self, dim: Dim, value: &str) -> String {
        let name = dim.as_str();
        if self.has(name, value) {
            return self.href_toggled(name, value);
        }
        let is_related = |other: &str| {
            tree::above(dim, value).any(|above| above == other) || tree::above(dim, other).any(|above| above == value)
        };
        let pair = (name.to_owned(), value.to_owned());
        let kept = self.pairs.iter().filter(|(known, chosen)| known != name || !is_related(chosen));
        address(self.scope, kept.chain([&pair]))
    }

    /// The address with this value alone under the name; with none when the value is empty.
    pub fn href_with(&self, name: &str, value: &str) -> String {
        let pair = (name.to_owned(), value.to_owned());
        let added = (!value.is_empty()).then_some(&pair);
        address(self.scope, self.pairs.iter().filter(|(known, _)| known != name).chain(added))
    }

    /// The address with the query alone.
    pub fn href_without_filters(&self) -> String {
        address(self.scope, self.pairs.iter().filter(|(name, _)| matches!(name.as_str(), "q" | "sort")))
    }

    /// The address of the same words in another scope.
    pub fn href_in(&self, scope: SearchScope) -> String {
        address(scope, self.pairs.iter().filter(|(name, _)| name == "q"))
    }
}

fn address<'a>(scope: SearchScope, pairs: impl Iterator<Item = &'a (String, String)>) -> String {
    let mut query = vec![("scope", scope.as_str())];
    query.extend(pairs.map(|(name, value)| (name.as_str(), value.as_str())));
    // The words stand first: that is the part a person reads.
    query.sort_by_key(|(name, _)| match *name {
        "q" => 0,
        "scope" => 1,
        _ => 2,
    });
    format!("/search?{}", serde_urlencoded::to_string(query).unwrap_or_default())
}
