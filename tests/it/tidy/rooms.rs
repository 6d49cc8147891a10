//! The layers: which room stands in which, and that a room uses only what lies below it.
//!
//! A room is a file of a feature, or a folder of the same name; what is in the folder belongs to the room. Nothing is excused: what is in the
//! way of a check moves.

use std::collections::{BTreeMap, BTreeSet};

use super::imports::Imports;
use super::source::root;
use super::{modules, none};

/// The layers from below.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Layer {
    /// What has no business states: money, units, texts, ids, the clock.
    Values,
    /// Types, states and pure decisions of all features.
    Domain,
    /// Rows, and what keeps them: the database, jobs, the index, mails, files.
    Stores,
    /// What somebody does, in one transaction; and what follows from it.
    UseCases,
    /// HTTP, pages, the command line.
    Edges,
}
use Layer::{Domain, Edges, Stores, UseCases, Values};

/// The modules that are no features: all that is in them stands in this layer, but for [`VOCABULARY`], their `rules`, which are pure, and their
/// `store` and `actions`, which stand no lower than those of a feature.
const MODULES: &[(&str, Layer)] = &[
    ("hex", Values),
    ("markup", Values),
    ("locale", Values),
    ("error", Values),
    ("clock", Values),
    ("ids", Values),
    ("money", Values),
    ("units", Values),
    ("wire", Values),
    ("text", Values),
    ("secrets", Values),
    ("passwords", Values),
    ("actor", Values),
    ("address", Values),
    ("reference", Values),
    ("formats", Values),
    ("logging", Values),
    ("config", Values),
    ("metrics", Values),
    ("rates", Values),
    ("store", Stores),
    ("work_queue", Stores),
    ("outbox", Stores),
    ("search", Stores),
    ("synonyms", Stores),
    ("mail", Stores),
    ("blobs", Stores),
    ("outbound", Stores),
    ("spreadsheet", Stores),
    ("app", Stores),
    ("indexing", UseCases),
    ("web", Edges),
    ("workers", Edges),
    ("cli", Edges),
    ("docs", Edges),
    ("main", Edges),
];

/// Rooms of these modules that hold the types in which features speak to them. They stand in the domain, and so they are pure.
const VOCABULARY: &[&str] = &[
    "blobs/blob",
    "blobs/errors",
    "mail/email",
    "mail/fault",
    "search/answer",
    "search/dims",
    "search/kind",
    "search/request",
];

/// The rooms of a feature. Those of the domain are pure: no database, no HTTP, no clock, no files.
const ROOMS: &[(Layer, &[&str])] = &[
    (
        Domain,
        &[
            "mod",
            "rules",
            "fields",
            "views",
            "events",
            "audit",
            "authenticator",
            "calendar",
            "certifications",
            "comparison",
            "completeness",
            "comtrade",
            "cube",
            "customs_value",
            "disclosure",
            "display",
            "eligibility",
            "figures",
            "goods",
            "hits",
            "identifiers",
            "intake",
            "ledger",
            "media",
            "names",
            "origins",
            "params",
            "plausibility",
            "price",
            "quota",
            "readers",
            "references",
            "regimes",
            "release",
            "replies",
            "report_target",
            "retail",
            "schemes",
            "score",
            "sdmx",
            "states",
            "suppression",
            "table",
            "tree",
            "vintages",
        ],
    ),
    (Stores, &["store"]),
    (
        UseCases,
        &[
            "actions",
            "jobs",
            "queries",
            "notifications",
            "access",
            "attachments",
            "authentication",
            "batch",
            "candidates",
            "devices",
            "loading",
            "receiving",
            "review",
            "scale",
            "sessions",
            "throttle",
        ],
    ),
    (Edges, &["api", "pages", "contents", "trail"]),
];

/// What a pure room does not name.
const OUTSIDE: &[&str] =
    &["diesel", "actix_web", "std::fs", "std::net", "std::process", "std::env", "rand", "tantivy", "lettre"];
/// The clock is among the values, but only the type of a moment is pure.
const CLOCK: &[&str] = &["Clock", "SystemClock"];

/// Where a file stands.
struct Place {
    layer: Layer,
    /// Its feature's place in `lib.rs`.
    feature: usize,
    /// Whether it must be pure.
    is_pure: bool,
}

/// The feature and the room of a file: `rfqs/pages/board.rs` is in the room `pages` of `rfqs`.
fn room(path: &str) -> (&str, &str) {
    let path = path.trim_end_matches(".rs");
    match path.split_once('/') {
        None => (path, "mod"),
        Some((feature, rest)) => (feature, rest.split('/').next().unwrap()),
    }
}

fn room_names() -> impl Iterator<Item = &'static str> {
    ROOMS.iter().flat_map(|(_, names)| names.iter().copied())
}

/// A part of a feature that has rooms of its own: `listings/images/store.rs` is in the room `store`.
const PARTS: &[&str] = &[
    "listings/images",
    "companies/contacts",
    "companies/evidence",
    "partnerships/documents",
    "partnerships/records",
    "site/about",
    "site/crawlers",
    "site/operator",
];

fn place(path: &str, order: &[String]) -> Result<Place, String> {
    let (module, mut name) = room(path);
    if let Some(inner) = PARTS.iter().find_map(|part| path.strip_prefix(part)?.strip_prefix('/')) {
        name = inner.trim_end_matches(".rs").split('/').next().unwrap();
    }
    let feature = order.iter().position(|known| known == module).unwrap_or(order.len());
    if let Some((_, layer)) = MODULES.iter().find(|(known, _)| *known == module) {
        let is_pure = name == "rules" || VOCABULARY.contains(&format!("{module}/{name}").as_str());
        let layer = match name {
            _ if is_pure => (*layer).min(Domain),
            "store" => (*layer).max(Stores),
            "actions" => (*layer).max(UseCases),
            _ => *layer,
        };
        return Ok(Place { layer, feature, is_pure });
    }
    let layer = ROOMS.iter().find(|(_, names)| names.contains(&name)).map(|(layer, _)| *layer);
    let layer = layer.ok_or_else(|| format!("{path}: the room {name} is not in the table of rooms"))?;
    Ok(Place { layer, feature, is_pure: layer == Domain })
}

/// Files that name what stands above them, and why they may.
pub const SEAMS: &[(&str, &str)] = &[("web/routes.rs", "the one page that names every route")];

#[test]
fn a_room_uses_only_the_layers_below_it() {
    let (order, imports) = (modules(), Imports::read());
    let places: BTreeMap<&String, Place> =
        imports.files.keys().filter_map(|path| Some((path, place(path, &order).ok()?))).collect();
    let mut found = BTreeSet::new();
    for (path, uses) in &imports.files {
        let Some(own) = places.get(path) else { continue };
        for other_path in &uses.files {
            let Some(other) = places.get(other_path) else { continue };
            // Domain rooms use each other whatever their feature; above them the order of the features holds within a layer.
            let is_beside = other.layer == own.layer && other.layer > Domain && other.feature > own.feature;
            if other.layer > own.layer || is_beside {
                found.insert(format!("{path} uses {other_path}"));
            }
        }
    }
    for (seam, why) in SEAMS {
        let before = found.len();
        found.retain(|line| !line.starts_with(&format!("{seam} uses ")));
        assert!(found.len() < before, "{seam} needs no exception any more ({why})");
    }
    none(&found.into_iter().collect::<Vec<_>>());
}

#[test]
fn no_files_use_each_other_in_a_circle() {
    let circles = Imports::read().circles();
    none(&circles.iter().map(|circle| circle.iter().cloned().collect::<Vec<_>>().join(" ")).collect::<Vec<_>>());
}

#[test]
fn the_domain_is_pure() {
    let (order, imports) = (modules(), Imports::read());
    let mut found = BTreeSet::new();
    for (path, uses) in &imports.files {
        if !place(path, &order).is_ok_and(|place| place.is_pure) {
            continue;
        }
        for name in &uses.foreign {
            let is_outside = |word: &&&str| name == **word || name.starts_with(&format!("{word}::"));
            if let Some(word) = OUTSIDE.iter().find(is_outside) {
                found.insert(format!("{path} names {word}"));
            }
        }
        for name in &uses.names {
            if name.starts_with("crate::clock::") && CLOCK.iter().any(|clock| name.ends_with(clock)) {
                found.insert(format!("{path} names the clock"));
            }
        }
    }
    none(&found.into_iter().collect::<Vec<_>>());
}

/// Use cases answer programs, pages and the command line alike; what they know of HTTP would be wrong for two of them.
#[test]
fn no_use_case_imports_the_web() {
    let (order, imports) = (modules(), Imports::read());
    let below = |path: &str| place(path, &order).is_ok_and(|place| place.layer < Edges);
    let complaints = imports.files.iter().filter(|(path, _)| below(path)).flat_map(|(path, uses)| {
        let web = uses.files.iter().filter(|other| other.starts_with("web/"));
        web.map(move |other| format!("{path} uses {other}"))
    });
    let complaints: BTreeSet<String> = complaints.collect();
    none(&complaints.into_iter().collect::<Vec<_>>());
}

#[test]
fn every_room_is_in_the_table_and_every_line_of_the_table_is_a_room() {
    let (order, imports) = (modules(), Imports::read());
    let mut complaints: Vec<String> =
        imports.files.keys().filter(|path| *path != "lib.rs").filter_map(|path| place(path, &order).err()).collect();
    let rooms: BTreeSet<&str> = imports.files.keys().map(|path| room(path).1).collect();
    let inner: BTreeSet<&str> = imports
        .files
        .keys()
        .filter_map(|path| PARTS.iter().find_map(|part| path.strip_prefix(part)?.strip_prefix('/')))
        .map(|inner| inner.trim_end_matches(".rs").split('/').next().unwrap())
        .collect();
    let names = room_names().filter(|name| !rooms.contains(name) && !inner.contains(name));
    complaints.extend(names.map(|name| format!("no feature has the room {name}")));
    let modules = MODULES.iter().filter(|(name, _)| *name != "main" && !order.iter().any(|known| known == name));
    complaints.extend(modules.map(|(name, _)| format!("there is no module {name}")));
    let vocabulary = VOCABULARY.iter().filter(|name| !imports.files.contains_key(&format!("{name}.rs")));
    complaints.extend(vocabulary.map(|name| format!("there is no room {name}")));
    none(&complaints);
}

/// What is not on the map does not exist for who reads it.
#[test]
fn the_map_names_every_module_and_every_room() {
    let lib = std::fs::read_to_string(root().join("src/lib.rs")).unwrap();
    let map: String = lib.lines().filter(|line| line.starts_with("//!")).collect::<Vec<_>>().join("\n");
    let is_named = |name: &str| {
        [format!("[`{name}`]"), format!("[`mod@{name}`]"), format!("`{name}.rs`"), format!("`{name}`")]
            .iter()
            .any(|written| map.contains(written.as_str()))
    };
    let modules = modules();
    let rooms = room_names().map(str::to_owned);
    let vocabulary = VOCABULARY.iter().map(|name| (*name).to_owned());
    let missing = modules.into_iter().chain(rooms).chain(vocabulary).filter(|name| !is_named(name));
    none(&missing.map(|name| format!("the map in lib.rs does not name {name}")).collect::<Vec<_>>());
}

/// The checks above see what they look for.
#[test]
fn uses_are_seen_in_groups_under_aliases_and_written_out() {
    let file = |path: &str, text: &str| (path.to_owned(), text.to_owned());
    let imports = Imports::of([
        file("lib.rs", "pub mod a; pub mod b;"),
        file("a/mod.rs", "mod inner; mod other; pub use inner::{Thing, Else as Renamed};"),
        file("a/inner.rs", "use super::other as neighbour; fn f() { neighbour::g() }"),
        file(
            "a/other.rs",
            "fn g() { crate::b::store::find(1); wire!(crate::b::rules::X) } #[cfg(test)] mod tests { use crate::b; }",
        ),
        file("b/mod.rs", "use crate::{a::{Renamed, self}, b::store::{self as rows, Row}};"),
        file("b/store.rs", "use diesel::prelude::*; use super::rules; fn find() { rules::decide() }"),
        file("b/rules.rs", "pub fn decide() { super::store::find() }"),
    ]);
    let seen = |path: &str| imports.files[path].files.iter().map(String::as_str).collect::<Vec<_>>().join(" ");
    assert_eq!(seen("a/mod.rs"), "");
    assert_eq!(seen("a/inner.rs"), "a/other.rs");
    assert_eq!(seen("a/other.rs"), "b/rules.rs b/store.rs");
    assert_eq!(seen("b/mod.rs"), "a/inner.rs a/mod.rs b/store.rs");
    assert!(imports.files["b/store.rs"].foreign.iter().any(|name| name.starts_with("diesel::")));
    let circle: BTreeSet<String> = ["b/rules.rs", "b/store.rs"].map(str::to_owned).into();
    assert_eq!(imports.circles(), [circle]);
}
