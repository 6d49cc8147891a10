//! Use cases of listings: writing, reading, and the steps of their life.

use std::collections::HashMap;

use super::events::{ListingPublished, ListingWithdrawn};
use super::images::store as images;
use super::rules::OwnFilter;
use super::{Listing, ListingFields, ListingState, READ_ONLY, rules, store};
use crate::actor::{Actor, Permission, Scope};
use crate::app::App;
use crate::clock::{Time, end_of};
use crate::companies::loading::Publish;
use crate::companies::rules::may_publish;
use crate::companies::{Company, CompanyState, store as companies};
use crate::error::{Code, FieldCode, Problem, Result};
use crate::event_feed::rules::changed_fields;
use crate::event_feed::{EventData, EventType, actions as feed};
use crate::ids::{CompanyId, ListingId};
use crate::locale::{Language, Message, text};
use crate::outbox::{self, Options};
use crate::store::cursor::{ListPage, Paging, RowKey};
use crate::store::{Conn, Entity, IdempotencyKey, Idempotent, Op, Tx, ensure_version};
use crate::wire;

/// How many listings one transaction forgets.
const FORGOTTEN_AT_ONCE: i64 = 50;

/// A listing and the company that offers it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offered {
    /// The listing.
    pub listing: Listing,
    /// The company.
    pub company: Company,
}

impl Offered {
    /// Whether everyone sees it.
    pub fn is_public(&self) -> bool {
        self.listing.state.is_public() && self.company.state == CompanyState::Active
    }
}

fn absent() -> Problem {
    Problem::not_found("listing")
}

/// Whether its owner took it away, so that it is gone for the owner too; what a moderator took away is shown to them with the reason.
fn is_gone(listing: &Listing) -> bool {
    listing.state == ListingState::Removed && listing.removed_reason.is_none()
}

/// One's own listing in any state but removed by oneself, or another company's published one.
pub fn find(app: &App, actor: &Actor, id: ListingId) -> Result<Offered> {
    let found = app.db.read(|conn| {
        let Some(listing) = store::find(conn, id)? else { return Ok(None) };
        let company = companies::find(conn, listing.company)?;
        Ok(company.map(|company| Offered { listing, company }))
    })?;
    let own = |listing: &Listing| {
        let is_own = actor.authorize(Permission::CatalogRead).is_ok_and(|scope| scope.company() == listing.company);
        is_own && !is_gone(listing)
    };
    let is_visible = |offered: &Offered| offered.is_public() || own(&offered.listing) || actor.is_moderator();
    found.filter(is_visible).ok_or_else(absent)
}

/// One's own listing that was just written; writing it gives the right to see it, which reading others' would need a scope for.
pub(super) fn find_written(app: &App, actor: &Actor, id: ListingId) -> Result<Offered> {
    let scope = actor.authorize_draft(Permission::CatalogWrite)?;
    app.db.read(|conn| {
        let found = store::find(conn, id)?.filter(|listing| listing.company == scope.company() && !is_gone(listing));
        let listing = found.ok_or_else(absent)?;
        let company = companies::find(conn, listing.company)?.ok_or_else(absent)?;
        Ok(Offered { listing, company })
    })
}

/// The company of a listing.
pub fn company_of(app: &App, listing: &Listing) -> Result<Company> {
    app.db.read(|conn| companies::find(conn, listing.company))?.ok_or_else(absent)
}

/// A page of one's own listings, newest first, or by the time of their last change, the longest ago first.
pub fn list_own<K: RowKey>(
    app: &App,
    actor: &Actor,
    filter: &OwnFilter,
    paging: Paging<K>,
) -> Result<ListPage<Listing, K>> {
    let scope = actor.authorize(Permission::CatalogRead)?;
    app.db.read(|conn| store::list_own(conn, scope, filter, paging))
}

/// How many listings one's own company has in each state.
pub fn count_own(app: &App, actor: &Actor) -> Result<HashMap<ListingState, i64>> {
    let scope = actor.authorize(Permission::CatalogRead)?;
    app.db.read(|conn| store::count_by_state(conn, scope))
}

/// A page of a company's published listings, newest first.
pub fn list_published(app: &App, company: CompanyId, paging: Paging) -> Result<ListPage<Listing>> {
    app.db.read(|conn| store::list_published(conn, company, paging))
}

fn find_own(tx: &mut Tx, scope: Scope, id: ListingId) -> Result<Listing> {
    own_on(tx.conn(), scope, id)
}

/// One's own listing in any state, on an open connection.
pub(super) fn own_on(conn: &mut Conn, scope: Scope, id: ListingId) -> Result<Listing> {
    store::find(conn, id)?.filter(|listing| listing.company == scope.company()).ok_or_else(absent)
}

/// A draft that is not stored yet. `fields` were checked.
pub(super) fn draft(tx: &Tx, company: CompanyId, fields: &ListingFields) -> Listing {
    let now = tx.now();
    Listing {
        id: tx.make_id(),
        company,
        state: ListingState::Draft,
        fields: fields.clone(),
        version: 1,
        created_at: now,
        updated_at: now,
        published_at: None,
        expires_at: None,
        removed_reason: None,
        images: Vec::new(),
    }
}

/// A removed listing as the new draft that takes its place.
///
/// # Errors
/// `conflict` with the reason when a moderator took it off.
pub(super) fn revived(removed: &Listing, fields: &ListingFields) -> Result<Listing> {
    ensure_may_return(removed)?;
    let fields = fields.clone();
    Ok(Listing { state: ListingState::Draft, fields, published_at: None, expires_at: None, ..removed.clone() })
}

fn ensure_may_return(removed: &Listing) -> Result<()> {
    match &removed.removed_reason {
        None => Ok(()),
        Some(reason) => Err(Problem::conflict(
            Message::new("listings-taken-down-sku").with("reason", reason).text(Language::English),
        )),
    }
}

/// Makes a draft; the SKU of a removed listing may be used again.
///
/// # Errors
/// `invalid` for the fields, `duplicate` when another listing of the company has the SKU.
pub fn create(
    app: &App,
    actor: &Actor,
    mut fields: ListingFields,
    publish: Publish,
    once: Option<&IdempotencyKey>,
) -> Result<Idempotent<ListingId>> {
    let scope = scope_of(actor, publish)?;
    fields.check()?;
    app.db.write_idempotent(once, |tx| {
        let listing = match store::find_by_sku(tx.conn(), scope.company(), &fields.sku)? {
            None => {
                ensure_room(app, tx, actor, scope.company())?;
                let listing = draft(tx, scope.company(), &fields);
                store::insert(tx, &listing)?;
                listing
            }
            // The SKU is unique among all rows, so the removed listing comes back under its old id instead of a new one beside it.
            Some(removed) if removed.state == ListingState::Removed => store::update(tx, &revived(&removed, &fields)?)?,
            Some(_) => return Err(store::duplicate_sku()),
        };
        Ok(if publish == Publish::Yes { publish_in(tx, &listing)?.id } else { listing.id })
    })
}

/// Drafts are for whoever prepares; what is published at once needs the right to publish.
fn scope_of(actor: &Actor, publish: Publish) -> Result<Scope> {
    match publish {
        Publish::Yes => actor.authorize(Permission::CatalogWrite),
        Publish::No => actor.authorize_draft(Permission::CatalogWrite),
    }
}

/// Refuses a listing beyond those that the company may have: few while nobody of it has confirmed an address.
fn ensure_room(app: &App, tx: &mut Tx, actor: &Actor, company: CompanyId) -> Result<()> {
    let limits = &app.config.limits;
    if actor.is_unconfirmed() {
        let most = limits.unconfirmed_drafts;
        if limits.is_on(most) && store::room(tx.conn(), company, most, 1)? == 0 {
            let says = Message::new("listings-too-many-drafts").with("most", most).text(Language::English);
            return Err(Problem::conflict(says));
        }
    }
    match cap(app) {
        Some(most) if store::room(tx.conn(), company, most, 1)? == 0 => Err(too_many(most)),
        _ => Ok(()),
    }
}

/// How many listings a company may have; none where there is no limit.
pub fn cap(app: &App) -> Option<i64> {
    Some(app.config.limits.listings_per_company).filter(|most| app.config.limits.is_on(*most))
}

/// Why a listing beyond them is refused.
pub(super) fn too_many(most: i64) -> Problem {
    Problem::conflict(Message::new("listings-too-many").with("most", most).text(Language::English))
}

/// Changes one's own listing by an RFC 7396 patch.
///
/// # Errors
/// `stale` when the version is another, `conflict` for a removed listing, `invalid` and `duplicate` as in [`create`].
pub fn change(
    app: &App,
    actor: &Actor,
    id: ListingId,
    expected: Option<i64>,
    patch: &serde_json::Value,
) -> Result<Listing> {
    let scope = actor.authorize_draft(Permission::CatalogWrite)?;
    app.db.write(|tx| {
        let listing = find_own(tx, scope, id)?;
        ensure_version(expected, listing.version)?;
        // In the transaction: the patch is laid over what is stored now.
        let mut fields = wire::merge_patch(&listing.fields, patch.clone(), READ_ONLY)?;
        fields.check()?;
        write(tx, listing, fields)
    })
}

/// Replaces all fields of one's own listing, as the site's form does.
///
/// # Errors
/// As in [`change`].
pub fn replace(
    app: &App,
    actor: &Actor,
    id: ListingId,
    expected: Option<i64>,
    mut fields: ListingFields,
) -> Result<Listing> {
    let scope = actor.authorize_draft(Permission::CatalogWrite)?;
    fields.check()?;
    app.db.write(|tx| {
        let listing = find_own(tx, scope, id)?;
        ensure_version(expected, listing.version)?;
        write(tx, listing, fields.clone())
    })
}

/// What must hold of the listing for [`put`] to write it, as `If-Match` and `If-None-Match` say it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Precondition {
    /// Nothing: make it or replace it.
    Any,
    /// There must be none: only make it.
    Absent,
    /// It must have this version: only replace it.
    Version(i64),
}

/// A listing that [`put`] wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The listing as it is now.
    pub listing: Listing,
    /// Whether there was none before.
    pub made: bool,
}

/// Makes the listing of the SKU as a draft, or replaces all fields of the one that is there; one with the same fields is left alone. It is
/// published with it where that is asked for.
///
/// # Errors
/// `stale` when the precondition does not hold; `invalid` for the fields; as in [`publish`].
pub fn put(
    app: &App,
    actor: &Actor,
    mut fields: ListingFields,
    publish: Publish,
    precondition: Precondition,
) -> Result<Written> {
    let scope = scope_of(actor, publish)?;
    fields.check()?;
    app.db.write(|tx| {
        let written = put_in(app, tx, actor, &fields, precondition, scope)?;
        if publish == Publish::No || written.listing.state.is_public() {
            return Ok(written);
        }
        Ok(Written { listing: publish_in(tx, &written.listing)?, ..written })
    })
}

fn put_in(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    fields: &ListingFields,
    precondition: Precondition,
    scope: Scope,
) -> Result<Written> {
    let found = store::find_by_sku(tx.conn(), scope.company(), &fields.sku)?;
    // A removed listing is not there for its owner: `If-None-Match: *` may put one in its place.
    let current = found.as_ref().filter(|listing| listing.state != ListingState::Removed);
    ensure_precondition(precondition, current)?;
    if let Some(listing) = current {
        return Ok(Written { listing: write(tx, listing.clone(), fields.clone())?, made: false });
    }
    let listing = match found {
        Some(removed) => store::update(tx, &revived(&removed, fields)?)?,
        None => {
            ensure_room(app, tx, actor, scope.company())?;
            let listing = draft(tx, scope.company(), fields);
            store::insert(tx, &listing)?;
            listing
        }
    };
    Ok(Written { listing, made: true })
}

fn ensure_precondition(precondition: Precondition, current: Option<&Listing>) -> Result<()> {
    match (precondition, current) {
        (Precondition::Any, _) | (Precondition::Absent, None) => Ok(()),
        (Precondition::Absent, Some(_)) => {
            Err(Problem::new(Code::Stale, text(Language::English, "listings-sku-exists")))
        }
        (Precondition::Version(_), None) => {
            Err(Problem::new(Code::Stale, text(Language::English, "listings-sku-missing")))
        }
        (Precondition::Version(version), Some(listing)) => ensure_version(Some(version), listing.version),
    }
}

/// Writes new fields of a listing that is not removed; `fields` were checked. Equal fields change nothing, not even the version.
pub(super) fn write(tx: &mut Tx, listing: Listing, fields: ListingFields) -> Result<Listing> {
    listing.state.change()?;
    // A catalogue that is sent again whole every night must not make a new version, a change and a job of each listing.
    if listing.fields == fields {
        return Ok(listing);
    }
    if listing.fields.sku != fields.sku {
        make_room(tx, listing.company, &fields.sku)?;
    }
    let changed = with_end(tx, Listing { fields, ..listing.clone() }, &listing)?;
    let stored = store::update(tx, &changed)?;
    if stored.state.is_public() {
        announce(tx, &stored)?;
        record_changed(tx, &listing, &stored)?;
    }
    Ok(stored)
}

/// Records which fields of a published listing were changed.
pub(super) fn record_changed(tx: &mut Tx, before: &Listing, after: &Listing) -> Result<()> {
    let changed = Some(changed_fields(&before.fields, &after.fields));
    let data = EventData { changed, ..after.event_data() };
    feed::record(tx, EventType::ListingChanged, &data, &[after.company])
}

/// The changed listing with the end that its changed `expires_on` gives it.
pub(super) fn with_end(tx: &Tx, mut changed: Listing, before: &Listing) -> Result<Listing> {
    // Only when it was changed: the day that was set long ago may have passed, and the listing is still to be edited.
    let has_new_end = before.fields.expires_on != changed.fields.expires_on;
    if has_new_end && matches!(changed.state, ListingState::Published | ListingState::Paused) {
        let last_day = rules::expiry(tx.now().date_naive(), changed.fields.expires_on).map_err(|_| {
            Problem::invalid_field("/expires_on", FieldCode::Range, text(Language::English, "listings-day-passed"))
        })?;
        changed.expires_at = Some(end_of(last_day));
    }
    Ok(changed)
}

/// Refuses a SKU that a living listing has, and takes it from a removed one.
fn make_room(tx: &mut Tx, company: CompanyId, sku: &str) -> Result<()> {
    match store::find_by_sku(tx.conn(), company, sku)? {
        None => Ok(()),
        Some(other) if other.state == ListingState::Removed => {
            ensure_may_return(&other)?;
            store::release_sku(tx, &other)
        }
        Some(_) => Err(store::duplicate_sku()),
    }
}

/// Tells the search index and the matching of a published listing.
fn announce(tx: &mut Tx, listing: &Listing) -> Result<()> {
    tx.record_change(Entity::Listing, listing.id.0, Op::Changed);
    outbox::enqueue(tx, &ListingPublished { listing: listing.id }, matching_of(listing))
}

/// Has the matches that name a listing do without it: it leaves the market in this transaction.
pub(super) fn withdraw(tx: &mut Tx, listing: &Listing) -> Result<()> {
    let event = ListingWithdrawn { listing: listing.id, company: listing.company };
    // Behind what others wait for: a catalogue may be paused as a whole.
    let once = Options::once(format!("listing_withdrawn {} {}", listing.id, listing.version)).low_priority();
    outbox::enqueue(tx, &event, once)
}

/// How the matching of a published listing is enqueued: once for each of its versions.
pub(super) fn matching_of(listing: &Listing) -> Options {
    Options::once(format!("listing_published:{}:{}", listing.id, listing.version))
}

/// Records what happened to a listing in its company's feed.
pub(super) fn record(tx: &mut Tx, kind: EventType, listing: &Listing) -> Result<()> {
    feed::record(tx, kind, &listing.event_data(), &[listing.company])
}

/// The listing as it is once published now.
pub(super) fn published(listing: &Listing, now: Time) -> Result<Listing> {
    let state = listing.state.publish()?;
    let last_day = rules::expiry(now.date_naive(), listing.fields.expires_on)?;
    let expires_at = Some(end_of(last_day));
    Ok(Listing { state, published_at: Some(now), expires_at, ..listing.clone() })
}

/// Refuses to publish listings of a company that is suspended, or of an individual who is not certified.
pub fn ensure_may_publish(tx: &mut Tx, company: CompanyId) -> Result<()> {
    let company = companies::find(tx.conn(), company)?.ok_or_else(|| Problem::not_found("company"))?;
    if company.state != CompanyState::Active {
        return Err(Problem::forbidden(text(Language::English, "listings-company-suspended")));
    }
    Ok(may_publish(company.fields.form, company.verification)?)
}

/// Shows one's own listing to everyone. One that is shown stays as it is: whoever heard no answer may ask again.
///
/// # Errors
/// `conflict` when it is removed, or its last day has passed; `forbidden` for an individual who is not certified.
pub fn publish(app: &App, actor: &Actor, id: ListingId, expected: Option<i64>) -> Result<Listing> {
    let scope = actor.authorize(Permission::CatalogWrite)?;
    app.db.write(|tx| {
        let listing = find_own(tx, scope, id)?;
        if listing.state == ListingState::Published {
            return Ok(listing);
        }
        ensure_version(expected, listing.version)?;
        publish_in(tx, &listing)
    })
}

fn publish_in(tx: &mut Tx, listing: &Listing) -> Result<Listing> {
    ensure_may_publish(tx, listing.company)?;
    let stored = store::update(tx, &published(listing, tx.now())?)?;
    announce(tx, &stored)?;
    record(tx, EventType::ListingPublished, &stored)?;
    Ok(stored)
}

/// Takes one's own published listing out of sight for a while; one that is out of sight stays as it is.
///
/// # Errors
/// `conflict` from any other state.
pub fn pause(app: &App, actor: &Actor, id: ListingId, expected: Option<i64>) -> Result<Listing> {
    let scope = actor.authorize(Permission::CatalogWrite)?;
    app.db.write(|tx| {
        let listing = find_own(tx, scope, id)?;
        if listing.state == ListingState::Paused {
            return Ok(listing);
        }
        ensure_version(expected, listing.version)?;
        pause_in(tx, listing)
    })
}

pub(super) fn pause_in(tx: &mut Tx, listing: Listing) -> Result<Listing> {
    let paused = Listing { state: listing.state.pause()?, ..listing };
    tx.record_change(Entity::Listing, paused.id.0, Op::Removed);
    record(tx, EventType::ListingPaused, &paused)?;
    withdraw(tx, &paused)?;
    store::update(tx, &paused)
}

/// Gives one's own listing another 180 days, or the time until its `expires_on` where that is later; an expired one is shown again.
///
/// # Errors
/// `conflict` for a draft and a removed one; `forbidden` as in [`publish`].
pub fn renew(app: &App, actor: &Actor, id: ListingId, expected: Option<i64>) -> Result<Listing> {
    let scope = actor.authorize(Permission::CatalogWrite)?;
    app.db.write(|tx| {
        let listing = find_own(tx, scope, id)?;
        ensure_version(expected, listing.version)?;
        let was_public = listing.state.is_public();
        let renewed = renewed(&listing, tx.now())?;
        if !renewed.state.is_public() {
            return store::update(tx, &renewed);
        }
        ensure_may_publish(tx, scope.company())?;
        let stored = store::update(tx, &renewed)?;
        // Renewing changes no word of it, so open RFQs need not meet it again; one that returns to the public does.
        if was_public {
            tx.record_change(Entity::Listing, id.0, Op::Changed);
        } else {
            announce(tx, &stored)?;
            record(tx, EventType::ListingPublished, &stored)?;
        }
        Ok(stored)
    })
}

/// The listing with its new life. A last day that has passed would end it at once, so it is cleared.
fn renewed(listing: &Listing, now: Time) -> Result<Listing> {
    let today = now.date_naive();
    let mut renewed = Listing { state: listing.state.renew()?, ..listing.clone() };
    renewed.fields.expires_on = listing.fields.expires_on.filter(|day| !rules::is_over(today, *day));
    renewed.expires_at = Some(end_of(rules::renewed_expiry(today, renewed.fields.expires_on)));
    if listing.state == ListingState::Expired {
        renewed.published_at = Some(now);
    }
    Ok(renewed)
}

/// Takes one's own listing away for good.
///
/// # Errors
/// `not_found` when that was done before; `conflict` when a moderator took it down.
pub fn remove(app: &App, actor: &Actor, id: ListingId, expected: Option<i64>) -> Result<()> {
    let scope = actor.authorize_draft(Permission::CatalogWrite)?;
    app.db.write(|tx| {
        let listing = find_own(tx, scope, id)?;
        if is_gone(&listing) {
            return Err(absent());
        }
        ensure_version(expected, listing.version)?;
        // Before the row forgets them: what nothing points at is swept an hour later.
        images::release(tx, &listing.images)?;
        let removed = Listing { state: listing.state.remove()?, images: Vec::new(), ..listing };
        tx.record_change(Entity::Listing, id.0, Op::Removed);
        store::update(tx, &removed)?;
        withdraw(tx, &removed)?;
        record(tx, EventType::ListingRemoved, &removed)
    })
}

/// Takes a listing down as a moderator, in an open transaction: it is gone for good, its owner reads why, and its SKU stays taken.
///
/// # Errors
/// `not_found`; `conflict` when it was removed before.
pub fn take_down(tx: &mut Tx, id: ListingId, reason: &str) -> Result<Listing> {
    let listing = store::find(tx.conn(), id)?.ok_or_else(absent)?;
    let taken = Listing { state: listing.state.remove()?, removed_reason: Some(reason.to_owned()), ..listing };
    tx.record_change(Entity::Listing, id.0, Op::Removed);
    record(tx, EventType::ListingRemoved, &taken)?;
    withdraw(tx, &taken)?;
    store::update(tx, &taken)
}

/// Forgets the listings of a company that nobody has confirmed and that is closed: nobody else has ever seen them, and nothing refers to them.
pub fn forget_all_of(app: &App, company: CompanyId) -> Result<()> {
    loop {
        let is_last = app.db.write(|tx| {
            let page = store::list_first(tx.conn(), company, FORGOTTEN_AT_ONCE)?;
            for listing in &page {
                images::release(tx, &listing.images)?;
                store::delete(tx, listing.id)?;
            }
            Ok(page.is_empty())
        })?;
        if is_last {
            return Ok(());
        }
    }
}
