//! The operator's bulk load: many listings of one company at once, as a catalogue from another platform brings them.
//!
//! Loading the same file again changes nothing: each row keeps the hash of its document, and an equal one is not written. Nobody is told of
//! single listings here; the load starts the matching itself when it is asked to.

use std::collections::HashMap;

use super::store::{self, Known};
use super::{Listing, ListingFields, ListingState, actions};
use crate::companies::rules::may_publish;
use crate::companies::store as companies;
use crate::error::{FieldCode, Problem, Result};
use crate::ids::{CompanyId, ListingId};
use crate::store::{Entity, Op, Tx};

/// A statement inserts so many rows at most; SQLite takes 32 766 parameters, and a row has twelve.
const MOST_ROWS: usize = 1_000;

pub use crate::companies::loading::Publish;

/// What loading a listing came to.
pub type Loaded = crate::companies::loading::Loaded<ListingId>;

/// Loads one listing; see [`upsert_all_loaded`].
///
/// # Errors
/// `invalid` when the listing is to be published and its last day has passed.
pub fn upsert_loaded(tx: &mut Tx, company: CompanyId, fields: &ListingFields, publish: Publish) -> Result<Loaded> {
    let mut loaded = upsert_all_loaded(tx, company, std::slice::from_ref(fields), publish)?;
    loaded.pop().unwrap_or_else(|| Err(Problem::internal("a listing was loaded to nothing")))
}

/// Loads listings of one company in the transaction, in the order given; the fields were checked. An outcome for each: one that is refused
/// does not keep the others from being stored. A SKU that comes twice is the later one in the end.
///
/// A draft is published where that is asked for; a paused listing stays paused, and one that its owner removed comes back only with a
/// document that differs. The listings of an individual who is not certified stay drafts.
///
/// # Errors
/// A fault of the database, or a company that does not exist; then the transaction must not be committed.
pub fn upsert_all_loaded(
    tx: &mut Tx,
    company: CompanyId,
    all: &[ListingFields],
    publish: Publish,
) -> Result<Vec<Result<Loaded>>> {
    let publish = allowed(tx, company, publish)?;
    let skus: Vec<&str> = all.iter().map(|fields| fields.sku.as_str()).collect();
    let mut load = Load { company, publish, known: HashMap::new(), new: Vec::new() };
    for part in skus.chunks(MOST_ROWS) {
        load.known.extend(store::find_known(tx.conn(), company, part)?);
    }
    let mut outcomes = Vec::with_capacity(all.len());
    for fields in all {
        outcomes.push(load.take(tx, fields)?);
    }
    load.flush(tx)?;
    Ok(outcomes)
}

fn allowed(tx: &mut Tx, company: CompanyId, publish: Publish) -> Result<Publish> {
    let company = companies::find(tx.conn(), company)?.ok_or_else(|| Problem::not_found("company"))?;
    let may = may_publish(company.fields.form, company.verification).is_ok();
    Ok(if may { publish } else { Publish::No })
}

struct Load {
    company: CompanyId,
    publish: Publish,
    known: HashMap<String, Known>,
    /// Rows that are not stored yet; their SKUs are known already.
    new: Vec<Listing>,
}

impl Load {
    /// The outer error is a fault, the inner one a refusal of this listing.
    fn take(&mut self, tx: &mut Tx, fields: &ListingFields) -> Result<Result<Loaded>> {
        let hash = store::hash_of(fields)?;
        let Some(known) = self.known.get(&fields.sku).cloned() else { return self.make(tx, fields, hash) };
        let publishes = self.publish == Publish::Yes && known.state == ListingState::Draft;
        if known.hash == hash && !publishes {
            return Ok(Ok(Loaded::Same(known.id)));
        }
        // The same SKU may stand earlier in this load.
        self.flush(tx)?;
        let Some(current) = store::find(tx.conn(), known.id)? else {
            return Err(Problem::internal(format!("listing {} is gone in its own transaction", known.id)));
        };
        let changed = match self.replaced(tx, &current, fields) {
            Ok(changed) => store::update(tx, &changed)?,
            Err(refused) => return Ok(Err(refused)),
        };
        if current.state.is_public() || changed.state.is_public() {
            tx.note_change(Entity::Listing, changed.id.0, Op::Changed);
        }
        self.known.insert(fields.sku.clone(), Known { id: changed.id, state: changed.state, hash });
        Ok(Ok(Loaded::Changed(changed.id)))
    }

    fn make(&mut self, tx: &mut Tx, fields: &ListingFields, hash: String) -> Result<Result<Loaded>> {
        let draft = actions::draft(tx, self.company, fields);
        let listing = match self.publish {
            Publish::No => draft,
            Publish::Yes => match publish_now(tx, &draft) {
                Ok(listing) => listing,
                Err(refused) => return Ok(Err(refused)),
            },
        };
        if listing.state.is_public() {
            tx.note_change(Entity::Listing, listing.id.0, Op::Changed);
        }
        self.known.insert(fields.sku.clone(), Known { id: listing.id, state: listing.state, hash });
        let id = listing.id;
        self.new.push(listing);
        if self.new.len() >= MOST_ROWS {
            self.flush(tx)?;
        }
        Ok(Ok(Loaded::Made(id)))
    }

    fn replaced(&self, tx: &Tx, current: &Listing, fields: &ListingFields) -> Result<Listing> {
        let changed = match current.state {
            ListingState::Removed => actions::revived(current, fields)?,
            _ => Listing { fields: fields.clone(), ..current.clone() },
        };
        match (self.publish, changed.state) {
            (Publish::Yes, ListingState::Draft | ListingState::Expired) => publish_now(tx, &changed),
            (_, ListingState::Published | ListingState::Paused) => actions::with_end(tx, changed, current),
            _ => Ok(changed),
        }
    }

    fn flush(&mut self, tx: &mut Tx) -> Result<()> {
        store::insert(tx, &std::mem::take(&mut self.new))
    }
}

fn publish_now(tx: &Tx, listing: &Listing) -> Result<Listing> {
    actions::published(listing, tx.now()).map_err(|problem| match listing.fields.expires_on {
        Some(_) => Problem::invalid_field("/expires_on", FieldCode::Range, "must not have passed to be published"),
        None => problem,
    })
}
