//! The filters beside a list of results: facets as links, the chips of what is chosen, and the small forms for numbers.

use std::collections::HashMap;

use crate::discovery::pages::search_url::{SearchUrl, kind_of};
use crate::discovery::{rules, tree};
use crate::locale::{Language, Message, text};
use crate::reference::codes::Country;
use crate::reference::hs;
use crate::search::{Answer, Dim, Facet};
use crate::text::beginning;
use crate::web::layout::{FacetValue, FacetView};

/// Values of one facet that are shown.
const SHOWN: usize = 12;

/// Letters of a description that are shown.
const MOST_LETTERS: usize = 60;

/// One choice that is in force; a link that takes it back.
pub struct Chip {
    /// Its words.
    pub label: String,
    /// The address without it.
    pub href: String,
}

/// The heading of a dimension.
fn heading(dim: Dim, is_rfq: bool) -> &'static str {
    match dim {
        Dim::Country if is_rfq => text(Language::English, "discovery-destination"),
        Dim::Country => text(Language::English, "discovery-country"),
        Dim::Origin => text(Language::English, "discovery-country-of-origin"),
        Dim::Form => text(Language::English, "discovery-supplier-type"),
        Dim::Verification => text(Language::English, "discovery-verification"),
        Dim::Certification => text(Language::English, "discovery-certification"),
        Dim::Incoterm => text(Language::English, "discovery-incoterm"),
        Dim::Currency => text(Language::English, "discovery-currency"),
        Dim::Language => text(Language::English, "discovery-language"),
        Dim::HsChapter => text(Language::English, "discovery-hs-chapter"),
        Dim::Hs => text(Language::English, "discovery-hs-classification"),
        Dim::Category => text(Language::English, "discovery-category"),
        Dim::Company => text(Language::English, "discovery-supplier"),
        Dim::Market => text(Language::English, "discovery-sells-to"),
    }
}

/// The words of a value.
pub fn label(dim: Dim, value: &str) -> String {
    match dim {
        Dim::Country | Dim::Origin | Dim::Market => value.parse::<Country>().map_or(value.to_owned(), Country::name),
        Dim::Hs | Dim::HsChapter => match hs::exact_label(value, Language::English.tag()) {
            Some(words) => format!("{value} {words}"),
            None => value.to_owned(),
        },
        Dim::Form | Dim::Verification => value.replace('_', " "),
        Dim::Language => language(value).to_owned(),
        _ => value.to_owned(),
    }
}

/// The English name of the languages that trade is mostly written in; of others the code.
fn language(code: &str) -> &str {
    match code {
        "ar" => text(Language::English, "discovery-language-ar"),
        "cs" => text(Language::English, "discovery-language-cs"),
        "da" => text(Language::English, "discovery-language-da"),
        "de" => text(Language::English, "discovery-language-de"),
        "el" => text(Language::English, "discovery-language-el"),
        "en" => text(Language::English, "discovery-language-en"),
        "es" => text(Language::English, "discovery-language-es"),
        "fi" => text(Language::English, "discovery-language-fi"),
        "fr" => text(Language::English, "discovery-language-fr"),
        "hi" => text(Language::English, "discovery-language-hi"),
        "hu" => text(Language::English, "discovery-language-hu"),
        "id" => text(Language::English, "discovery-language-id"),
        "it" => text(Language::English, "discovery-language-it"),
        "ja" => text(Language::English, "discovery-language-ja"),
        "ko" => text(Language::English, "discovery-language-ko"),
        "nl" => text(Language::English, "discovery-language-nl"),
        "no" => text(Language::English, "discovery-language-no"),
        "pl" => text(Language::English, "discovery-language-pl"),
        "pt" => text(Language::English, "discovery-language-pt"),
        "ro" => text(Language::English, "discovery-language-ro"),
        "ru" => text(Language::English, "discovery-language-ru"),
        "sv" => text(Language::English, "discovery-language-sv"),
        "th" => text(Language::English, "discovery-language-th"),
        "tr" => text(Language::English, "discovery-language-tr"),
        "uk" => text(Language::English, "discovery-language-uk"),
        "vi" => text(Language::English, "discovery-language-vi"),
        "zh" => text(Language::English, "discovery-language-zh"),
        other => other,
    }
}

/// The facets of an answer. One that has a single value and is not chosen from narrows nothing and is left out.
pub fn views(url: &SearchUrl, answer: &Answer) -> Vec<FacetView> {
    let views = answer.facets.iter().map(|facet| match facet.dim {
        dim if dim.is_tree() => branches(url, facet),
        _ => plain(url, facet),
    });
    // But a chosen value must stay, or nobody could take it back here.
    views.filter(|view| view.values.len() > 1 || view.values.iter().any(|value| value.selected)).collect()
}

fn view(url: &SearchUrl, dim: Dim, values: Vec<FacetValue>) -> FacetView {
    let is_rfq = kind_of(url.scope()) == crate::search::Kind::Rfq;
    FacetView { name: dim.as_str().to_owned(), label: heading(dim, is_rfq).to_owned(), values }
}

fn plain(url: &SearchUrl, facet: &Facet) -> FacetView {
    let name = facet.dim.as_str();
    let value = |value: &str, count: usize| FacetValue {
        value: value.to_owned(),
        label: label(facet.dim, value),
        count: count as u64,
        href: url.href_toggled(name, value),
        selected: url.has(name, value),
    };
    let known = |chosen: &str| facet.values.iter().any(|v| v.value == chosen);
    let is_shown = |(place, found): &(usize, &crate::search::FacetValue)| *place < SHOWN || url.has(name, &found.value);
    let found = facet.values.iter().enumerate().filter(is_shown).map(|(_, v)| value(&v.value, v.count));
    let chosen = url.values(name).filter(|chosen| !known(chosen)).map(|chosen| value(chosen, 0));
    view(url, facet.dim, found.chain(chosen).collect())
}

/// A tree as far as it is open: its roots, what is chosen with all above it, and what is right below these and below a root that
/// stands alone.
fn branches(url: &SearchUrl, facet: &Facet) -> FacetView {
    let (dim, name) = (facet.dim, facet.dim.as_str());
    let chosen: Vec<&str> = url.values(name).collect();
    let mut roots = facet.values.iter().filter(|found| tree::parent(dim, &found.value).is_none());
    let only_root = roots.next().filter(|_| roots.next().is_none()).map(|found| found.value.as_str());
    let is_on_the_way = |value: &str| {
        only_root == Some(value)
            || chosen.iter().any(|c| *c == value || tree::above(dim, c).any(|above| above == value))
    };
    let is_open = |value: &str| is_on_the_way(value) || tree::parent(dim, value).is_none_or(is_on_the_way);
    let mut shown: HashMap<Option<&str>, usize> = HashMap::new();
    let mut values = Vec::new();
    for found in tree::ordered(facet).into_iter().filter(|found| is_open(&found.value)) {
        let beside = shown.entry(tree::parent(dim, &found.value)).or_default();
        *beside += 1;
        if *beside <= SHOWN || is_on_the_way(&found.value) {
            values.push(branch(url, dim, &found.value, found));
        }
    }
    let known = |value: &&&str| facet.values.iter().any(|found| found.value == ***value);
    for value in chosen.iter().filter(|value| !known(value)) {
        let found = crate::search::FacetValue { value: (*value).to_owned(), count: 0, label: None };
        values.push(branch(url, dim, value, &found));
    }
    view(url, dim, values)
}

fn branch(url: &SearchUrl, dim: Dim, value: &str, found: &crate::search::FacetValue) -> FacetValue {
    let own = match (dim, &found.label) {
        (Dim::Category, _) => value.rsplit_once(" / ").map_or(value, |(_, last)| last).to_owned(),
        // The index labels in the language of the reader, and the page is in that of the site: only what the imported nomenclature alone
        // knows is taken from it.
        (_, Some(name)) if hs::exact_label(value, Language::English.tag()).is_none() => {
            format!("{value} {}", beginning(name, MOST_LETTERS))
        }
        _ => label(dim, value),
    };
    FacetValue {
        value: value.to_owned(),
        label: format!("{}{own}", "› ".repeat(tree::above(dim, value).count())),
        count: found.count as u64,
        href: url.href_in_tree(dim, value),
        selected: url.has(dim.as_str(), value),
    }
}

/// Everything that narrows the search, each with the address without it. `supplier` names the company that is filtered by.
pub fn chips(url: &SearchUrl, supplier: Option<&str>) -> Vec<Chip> {
    let narrows = |name: &str| !matches!(name, "q" | "sort" | "limit" | "facets" | "highlight" | "explain");
    let chip = |(name, value): &(String, String)| Chip {
        label: chip_label(url, name, value, supplier),
        href: url.href_toggled(name, value),
    };
    url.pairs().iter().filter(|(name, _)| narrows(name)).map(chip).collect()
}

fn chip_label(url: &SearchUrl, name: &str, value: &str, supplier: Option<&str>) -> String {
    let currency = ["price_currency", "currency"].map(|name| url.value(name)).into_iter().find(|code| !code.is_empty());
    let currency = currency.unwrap_or_default();
    match (name, Dim::parse(name)) {
        (_, Some(Dim::Company)) => supplier.unwrap_or(text(Language::English, "discovery-chip-supplier")).to_owned(),
        (_, Some(dim @ Dim::Market)) => {
            Message::new("discovery-chip-sells-to").with("country", label(dim, value)).text(Language::English)
        }
        (_, Some(dim @ Dim::Origin)) => {
            Message::new("discovery-chip-origin").with("country", label(dim, value)).text(Language::English)
        }
        (_, Some(dim @ Dim::Hs)) => {
            Message::new("discovery-chip-hs").with("code", label(dim, value)).text(Language::English)
        }
        (_, Some(dim)) => label(dim, value),
        ("price_min", _) => Message::new("discovery-chip-price-from")
            .with("currency", currency)
            .with("amount", value)
            .text(Language::English),
        ("price_max", _) => Message::new("discovery-chip-price-to")
            .with("currency", currency)
            .with("amount", value)
            .text(Language::English),
        ("price_currency", _) => {
            Message::new("discovery-chip-currency").with("currency", value).text(Language::English)
        }
        ("moq_max", _) => Message::new("discovery-chip-moq").with("quantity", value).text(Language::English),
        ("lead_time_max", _) => Message::new("discovery-chip-lead-time").with("days", value).text(Language::English),
        ("group_by", _) => text(Language::English, "discovery-chip-best-of-each").to_owned(),
        _ => format!("{name} {value}"),
    }
}

/// The words of a parameter, for the sentence on what was left out.
pub fn parameter(pointer: &str) -> String {
    let name = pointer.trim_start_matches('/');
    match (name, Dim::parse(name)) {
        (_, Some(Dim::Hs)) => text(Language::English, "discovery-parameter-hs").to_owned(),
        (_, Some(dim)) => heading(dim, false).to_owned(),
        ("price_min", _) => text(Language::English, "discovery-parameter-price-from").to_owned(),
        ("price_max", _) => text(Language::English, "discovery-parameter-price-to").to_owned(),
        ("price_currency", _) => text(Language::English, "discovery-parameter-currency").to_owned(),
        ("moq_max", _) => text(Language::English, "discovery-moq-up-to").to_owned(),
        ("lead_time_max", _) => text(Language::English, "discovery-lead-time").to_owned(),
        _ => name.replace('_', " "),
    }
}

/// The dimensions that the page counts: all but the companies, and chapters only within their tree.
pub fn counted(url: &SearchUrl) -> Vec<Dim> {
    rules::dims(kind_of(url.scope()))
        .iter()
        .copied()
        .filter(|dim| !matches!(dim, Dim::Company | Dim::HsChapter))
        .collect()
}
