//! Use cases of whoever keeps a catalogue elsewhere: listings by their SKU, and many of them at once.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::actions::{cap, ensure_may_publish};
use super::loading::{Loaded, Publish, Voice, upsert_all_loaded};
use super::{Listing, ListingFields, ListingState, intake, store};
use crate::actor::{Actor, Permission};
use crate::app::App;
use crate::error::{FieldCode, Problem, Result};
use crate::ids::ListingId;
use crate::locale::{Language, text};
use crate::store::Tx;

/// What became of one listing that was stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    /// It is new.
    Made,
    /// It was there and differed.
    Changed,
    /// It was there and equal.
    Same,
}

/// What became of one listing of several.
pub struct BatchResult {
    /// Its SKU, as far as it has one.
    pub sku: Option<String>,
    /// The listing as it is now, or why it was refused.
    pub outcome: Result<(Written, Listing)>,
}

/// The listing of the SKU of the actor's company, unless it was removed.
///
/// # Errors
/// 401 and 403 without the right; `not_found`.
pub fn find_by_sku(app: &App, actor: &Actor, right: Permission, sku: &str) -> Result<Listing> {
    let scope = actor.authorize(right)?;
    let found = app.db.read(|conn| store::find_by_sku(conn, scope.company(), sku.trim()))?;
    found.filter(|listing| listing.state != ListingState::Removed).ok_or_else(|| Problem::not_found("listing"))
}

/// Makes listings or replaces those of the same SKU, in one transaction; what is refused does not keep the others from being stored.
///
/// # Errors
/// 401 and 403; what publishing is refused for.
pub fn put_all(app: &App, actor: &Actor, listings: Vec<Value>, publish: bool) -> Result<Vec<BatchResult>> {
    let scope = actor.authorize(Permission::CatalogWrite)?;
    let (mut skus, mut read) = (Vec::new(), Vec::new());
    let mut seen = HashSet::new();
    for listing in listings {
        let fields = fields_of(listing, &mut skus).and_then(|fields| match seen.insert(fields.sku.clone()) {
            true => Ok(fields),
            false => Err(twice()),
        });
        read.push(fields);
    }
    let outcomes = app.db.write(|tx| {
        if publish {
            ensure_may_publish(tx, scope.company())?;
        }
        let good: Vec<_> = read.iter().flatten().map(|fields| (scope.company(), fields)).collect();
        let publish = if publish { Publish::Yes } else { Publish::No };
        let loaded = upsert_all_loaded(tx, &good, publish, Voice::Aloud, cap(app))?;
        as_they_are(tx, loaded)
    })?;
    let mut outcomes = outcomes.into_iter();
    let outcome = |fields: Result<ListingFields>| match fields {
        Ok(_) => outcomes.next().unwrap_or_else(|| Err(Problem::internal("a listing of a batch came to nothing"))),
        Err(problem) => Err(problem),
    };
    let outcomes: Vec<_> = read.into_iter().map(outcome).collect();
    Ok(skus.into_iter().zip(outcomes).map(|(sku, outcome)| BatchResult { sku, outcome }).collect())
}

/// The checked fields; the SKU is noted whatever is wrong with the rest.
fn fields_of(listing: Value, skus: &mut Vec<Option<String>>) -> Result<ListingFields> {
    let sku = listing.get("sku").and_then(Value::as_str).map(|sku| sku.trim().to_owned());
    skus.push(sku.filter(|sku| !sku.is_empty()));
    match listing {
        Value::Object(members) => intake::read(members).map(|taken| taken.fields),
        _ => Err(Problem::invalid_field("", FieldCode::Format, text(Language::English, "listings-must-be-object"))),
    }
}

fn twice() -> Problem {
    Problem::invalid_field("/sku", FieldCode::Contradiction, text(Language::English, "listings-given-twice"))
}

/// The listings as they are now.
fn as_they_are(tx: &mut Tx, loaded: Vec<Result<Loaded>>) -> Result<Vec<Result<(Written, Listing)>>> {
    let ids: Vec<i64> = loaded.iter().flatten().map(|loaded| loaded.id().0).collect();
    let listings = store::load(tx.conn(), &ids)?;
    let listings: HashMap<ListingId, Listing> = listings.into_iter().map(|listing| (listing.id, listing)).collect();
    let with_listing = |loaded: Loaded| {
        let written = match loaded {
            Loaded::Made(_) => Written::Made,
            Loaded::Changed(_) => Written::Changed,
            Loaded::Same(_) => Written::Same,
        };
        let listing = listings.get(&loaded.id()).cloned();
        listing
            .map(|listing| (written, listing))
            .ok_or_else(|| Problem::internal("a listing is gone in its transaction"))
    };
    Ok(loaded.into_iter().map(|loaded| loaded.and_then(with_listing)).collect())
}
