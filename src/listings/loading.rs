//! Many listings at once, of one company or of many, as the operator's load and a company's imports bring them.
//!
//! Loading the same file again changes nothing: each row keeps the hash of its document, and an equal one is not written. An import announces its
//! listings as its owner would by hand, but matches them when there is nothing else to do; the operator's load announces none, and starts the
//! matching itself when it is asked to.

use std::collections::{BTreeSet, HashMap};

use super::events::ListingPublished;
use super::store::{self, Document, Known};
use super::{Listing, ListingFields, ListingState, actions};
use crate::companies::rules::may_publish;
use crate::companies::store as companies;
use crate::error::{FieldCode, Problem, Result};
use crate::event_feed::EventType;
use crate::ids::{CompanyId, ListingId};
use crate::locale::{Language, text};
use crate::outbox::enqueue;
use crate::store::{Entity, Op, Tx};

/// A statement inserts so many rows at most; SQLite takes 32 766 parameters, and a row has twelve.
const MOST_ROWS: usize = 1_000;

pub use crate::companies::loading::Publish;

/// Whether others hear of each listing that is loaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Voice {
    /// Only the search index does.
    Quiet,
    /// Open RFQs are matched with it, and its company's feed has the event.
    Aloud,
}

/// What loading a listing came to.
pub type Loaded = crate::companies::loading::Loaded<ListingId>;

/// Loads one listing; see [`upsert_all_loaded`].
///
/// # Errors
/// `invalid` when the listing is to be published and its last day has passed.
pub fn upsert_loaded(tx: &mut Tx, company: CompanyId, fields: &ListingFields, publish: Publish) -> Result<Loaded> {
    let mut loaded = upsert_all_loaded(tx, &[(company, fields)], publish, Voice::Quiet, None)?;
    loaded.pop().unwrap_or_else(|| Err(Problem::internal("a listing was loaded to nothing")))
}

/// Loads listings, each of its company, in the transaction, in the order given; the fields were checked. An outcome for each: one that is
/// refused does not keep the others from being stored. A SKU that comes twice is the later one in the end.
///
/// A draft is published where that is asked for; a paused listing stays paused, and one that its owner removed comes back only with a
/// document that differs. The listings of an individual who is not certified stay drafts. `most` is how many listings the company may have,
/// where they are all of one; what is new beyond that is refused.
///
/// # Errors
/// A fault of the database, or a company that does not exist; then the transaction must not be committed.
pub fn upsert_all_loaded(
    tx: &mut Tx,
    all: &[(CompanyId, &ListingFields)],
    publish: Publish,
    voice: Voice,
    most: Option<i64>,
) -> Result<Vec<Result<Loaded>>> {
    let room = match (most, all.first()) {
        (Some(most), Some((company, _))) => {
            Some(Room { most, left: store::room(tx.conn(), *company, most, count(all))? })
        }
        _ => None,
    };
    let mut load = Load { publish: allowed(tx, all, publish)?, voice, room, known: HashMap::new(), new: Vec::new() };
    for part in all.chunks(MOST_ROWS) {
        let wanted: Vec<(CompanyId, &str)> =
            part.iter().map(|(company, fields)| (*company, fields.sku.as_str())).collect();
        load.known.extend(store::find_known(tx.conn(), &wanted)?);
    }
    let mut outcomes = Vec::with_capacity(all.len());
    for (company, fields) in all {
        outcomes.push(load.take(tx, *company, fields)?);
    }
    load.flush(tx)?;
    Ok(outcomes)
}

fn count<T>(all: &[T]) -> i64 {
    i64::try_from(all.len()).unwrap_or(i64::MAX)
}

/// How many listings a company may have, and how many more these are.
struct Room {
    most: i64,
    left: i64,
}

/// What each of the companies may have published.
fn allowed(tx: &mut Tx, all: &[(CompanyId, &ListingFields)], publish: Publish) -> Result<HashMap<CompanyId, Publish>> {
    let ids: BTreeSet<i64> = all.iter().map(|(company, _)| company.0).collect();
    let ids: Vec<i64> = ids.into_iter().collect();
    let mut allowed = HashMap::with_capacity(ids.len());
    for part in ids.chunks(MOST_ROWS) {
        for (company, form, verification) in companies::load_form_and_verification(tx.conn(), part)? {
            let may = may_publish(form, verification).is_ok();
            allowed.insert(company, if may { publish } else { Publish::No });
        }
    }
    if allowed.len() < ids.len() { Err(Problem::not_found("company")) } else { Ok(allowed) }
}

struct Load {
    publish: HashMap<CompanyId, Publish>,
    voice: Voice,
    room: Option<Room>,
    known: HashMap<(CompanyId, String), Known>,
    /// Rows that are not stored yet; their SKUs are known already.
    new: Vec<(Listing, Document)>,
}

impl Load {
    /// The outer error is a fault, the inner one a refusal of this listing.
    fn take(&mut self, tx: &mut Tx, company: CompanyId, fields: &ListingFields) -> Result<Result<Loaded>> {
        let document = Document::of(fields)?;
        let key = (company, fields.sku.clone());
        let publish = self.publish.get(&company).copied().unwrap_or(Publish::No);
        let Some(known) = self.known.get(&key).cloned() else { return self.make(tx, key, fields, document, publish) };
        let publishes = publish == Publish::Yes && known.state == ListingState::Draft;
        if known.hash == document.hash && !publishes {
            return Ok(Ok(Loaded::Same(known.id)));
        }
        // The same SKU may stand earlier in this load.
        self.flush(tx)?;
        let Some(current) = store::find(tx.conn(), known.id)? else {
            return Err(Problem::internal(format!("listing {} is gone in its own transaction", known.id)));
        };
        let changed = match replaced(tx, &current, fields, publish) {
            Ok(changed) => store::update(tx, &changed)?,
            Err(refused) => return Ok(Err(refused)),
        };
        if current.state.is_public() || changed.state.is_public() {
            tx.record_change(Entity::Listing, changed.id.0, Op::Changed);
            self.announce(tx, Some(&current), &changed)?;
        }
        self.known.insert(key, Known { id: changed.id, state: changed.state, hash: document.hash });
        Ok(Ok(Loaded::Changed(changed.id)))
    }

    fn make(
        &mut self,
        tx: &mut Tx,
        key: (CompanyId, String),
        fields: &ListingFields,
        document: Document,
        publish: Publish,
    ) -> Result<Result<Loaded>> {
        if let Some(room) = self.room.as_ref().filter(|room| room.left == 0) {
            return Ok(Err(actions::too_many(room.most)));
        }
        let draft = actions::draft(tx, key.0, fields);
        let listing = match publish {
            Publish::No => draft,
            Publish::Yes => match publish_now(tx, &draft) {
                Ok(listing) => listing,
                Err(refused) => return Ok(Err(refused)),
            },
        };
        if listing.state.is_public() {
            tx.record_change(Entity::Listing, listing.id.0, Op::Changed);
            self.announce(tx, None, &listing)?;
        }
        self.known.insert(key, Known { id: listing.id, state: listing.state, hash: document.hash.clone() });
        let id = listing.id;
        self.room.iter_mut().for_each(|room| room.left -= 1);
        self.new.push((listing, document));
        if self.new.len() >= MOST_ROWS {
            self.flush(tx)?;
        }
        Ok(Ok(Loaded::Made(id)))
    }

    fn announce(&self, tx: &mut Tx, before: Option<&Listing>, listing: &Listing) -> Result<()> {
        if self.voice == Voice::Quiet {
            return Ok(());
        }
        match before.filter(|before| before.state.is_public()) {
            Some(before) => actions::record_changed(tx, before, listing)?,
            None => actions::record(tx, EventType::ListingPublished, listing)?,
        }
        // A catalogue has thousands; what somebody does by hand meanwhile goes first.
        enqueue(tx, &ListingPublished { listing: listing.id }, actions::matching_of(listing).low_priority())
    }

    fn flush(&mut self, tx: &mut Tx) -> Result<()> {
        store::insert_all(tx, std::mem::take(&mut self.new))
    }
}

fn replaced(tx: &Tx, current: &Listing, fields: &ListingFields, publish: Publish) -> Result<Listing> {
    let changed = match current.state {
        ListingState::Removed => actions::revived(current, fields)?,
        _ => Listing { fields: fields.clone(), ..current.clone() },
    };
    match (publish, changed.state) {
        (Publish::Yes, ListingState::Draft | ListingState::Expired) => publish_now(tx, &changed),
        (_, ListingState::Published | ListingState::Paused) => actions::with_end(tx, changed, current),
        _ => Ok(changed),
    }
}

fn publish_now(tx: &Tx, listing: &Listing) -> Result<Listing> {
    actions::published(listing, tx.now()).map_err(|problem| match listing.fields.expires_on {
        Some(_) => Problem::invalid_field(
            "/expires_on",
            FieldCode::Range,
            text(Language::English, "listings-day-passed-to-publish"),
        ),
        None => problem,
    })
}

/// Pauses those of the company's next published listings, behind the id, that are not named; answers how many, and the id of the last one that was
/// looked at, none at the end.
///
/// # Errors
/// A fault of the database.
pub fn pause_unnamed(
    tx: &mut Tx,
    company: CompanyId,
    after: ListingId,
    most: i64,
    is_named: impl Fn(&str) -> bool,
) -> Result<(i64, Option<ListingId>)> {
    let after = Some((company.0, after.0));
    let next = store::published_of_companies(tx.conn(), &[company.0], after, most)?;
    let ids: Vec<i64> = next.iter().map(|(_, id)| *id).collect();
    let unnamed: Vec<Listing> =
        store::load(tx.conn(), &ids)?.into_iter().filter(|listing| !is_named(&listing.fields.sku)).collect();
    let paused = i64::try_from(unnamed.len()).unwrap_or(i64::MAX);
    for listing in unnamed {
        actions::pause_in(tx, listing)?;
    }
    Ok((paused, ids.last().map(|id| ListingId(*id))))
}
