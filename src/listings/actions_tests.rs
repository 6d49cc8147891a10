//! The use cases on a real database: the life of a listing, the upsert, the bulk load and the sweep.

use std::sync::Arc;

use chrono::Duration;

use super::actions::{self, Precondition};
use super::jobs::expire_due;
use super::loading::{Loaded, Publish, Voice, upsert_all_loaded};
use super::rules::OwnFilter;
use super::{Listing, ListingFields, ListingState};
use crate::actor::{Actor, Permission};
use crate::app::{App, IndexPlace};
use crate::clock::Clock;
use crate::companies::{CompanyFields, Form, actions::register};
use crate::config::{Config, Overrides};
use crate::error::Code;
use crate::ids::{ApiKeyId, CompanyId};
use crate::store::change_log::{changes_after, last_change};
use crate::store::cursor::Paging;
use crate::store::{Entity, Op};

struct Market {
    app: Arc<App>,
    _folder: tempfile::TempDir,
}

impl Market {
    fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let config = Config::load(&Overrides { data: folder.path().to_owned(), ..Overrides::default() }).unwrap();
        let clock = Clock::fake("2026-11-23T12:00:00Z".parse().unwrap());
        let app = App::migrate_and_build(config, clock, IndexPlace::Memory).unwrap();
        Self { app: Arc::new(app), _folder: folder }
    }

    fn company(&self, name: &str, form: Form) -> CompanyId {
        let fields = CompanyFields { form, ..CompanyFields::new(name, "CN".parse().unwrap()) };
        self.app.db.write(|tx| register(tx, &fields, None)).unwrap()
    }

    fn seller(&self) -> (CompanyId, Actor) {
        let company = self.company("Hebei Ruide Pipe", Form::Manufacturer);
        (company, key_of(company))
    }

    fn made(&self, actor: &Actor, sku: &str) -> Listing {
        let id = actions::create(&self.app, actor, listing(sku, "Pipe"), Publish::No, None).unwrap().id();
        actions::find(&self.app, actor, id).unwrap().listing
    }

    /// The logged changes of listings behind that number.
    fn changes_since(&self, after: i64) -> Vec<(i64, Op)> {
        let all = self.app.db.read(|conn| changes_after(conn, after, 100)).unwrap();
        let listings = all.into_iter().filter(|logged| logged.change.entity == Entity::Listing);
        listings.map(|logged| (logged.change.id, logged.change.op)).collect()
    }

    fn load(&self, company: CompanyId, all: &[ListingFields], publish: Publish) -> Vec<Loaded> {
        let all: Vec<(CompanyId, &ListingFields)> = all.iter().map(|fields| (company, fields)).collect();
        let loaded = self.app.db.write(|tx| upsert_all_loaded(tx, &all, publish, Voice::Quiet, None)).unwrap();
        loaded.into_iter().map(Result::unwrap).collect()
    }
}

fn key_of(company: CompanyId) -> Actor {
    let permissions = vec![Permission::CatalogRead, Permission::CatalogWrite];
    Actor::Key { key: ApiKeyId(1), company, permissions, suspended: false }
}

fn listing(sku: &str, name: &str) -> ListingFields {
    let mut fields = ListingFields { sku: sku.to_owned(), name: name.to_owned(), ..ListingFields::default() };
    fields.check().unwrap();
    fields
}

#[test]
fn others_see_a_listing_only_while_it_is_published() {
    let market = Market::open();
    let (_, seller) = market.seller();
    let id = market.made(&seller, "A-1").id;
    let visible = |market: &Market| actions::find(&market.app, &Actor::Anonymous, id).is_ok();
    assert!(!visible(&market), "a draft");
    let published = actions::publish(&market.app, &seller, id, Some(1)).unwrap();
    assert!(visible(&market));
    assert_eq!(
        published.expires_at.unwrap().to_rfc3339(),
        "2027-05-23T00:00:00+00:00",
        "180 days and their last one whole"
    );
    assert_eq!(actions::publish(&market.app, &seller, id, Some(1)).unwrap(), published, "once more changes nothing");
    actions::pause(&market.app, &seller, id, None).unwrap();
    assert!(!visible(&market), "paused");
    actions::publish(&market.app, &seller, id, None).unwrap();
    actions::remove(&market.app, &seller, id, Some(4)).unwrap();
    assert!(!visible(&market), "removed");
    assert_eq!(
        market.changes_since(0),
        [(id.0, Op::Changed), (id.0, Op::Removed), (id.0, Op::Changed), (id.0, Op::Removed)]
    );
}

#[test]
fn a_stranger_and_a_stale_version_change_nothing() {
    let market = Market::open();
    let (_, seller) = market.seller();
    let stranger = key_of(market.company("Other", Form::Importer));
    let made = market.made(&seller, "A-1");
    let patch = serde_json::json!({"name": "Tube"});
    let code =
        |actor: &Actor, expected| actions::change(&market.app, actor, made.id, expected, &patch).unwrap_err().code;
    assert_eq!(code(&stranger, Some(1)), Code::NotFound);
    assert_eq!(code(&seller, Some(9)), Code::Stale);
    assert_eq!(code(&Actor::Anonymous, Some(1)), Code::Unauthenticated);
    let same = actions::change(&market.app, &seller, made.id, Some(1), &serde_json::json!({"name": "Pipe"})).unwrap();
    assert_eq!(same.version, 1, "a change that says the same is none");
    assert_eq!(actions::change(&market.app, &seller, made.id, Some(1), &patch).unwrap().version, 2);
}

#[test]
fn a_sku_is_unique_until_its_listing_is_removed() {
    let market = Market::open();
    let (_, seller) = market.seller();
    let first = market.made(&seller, "A-1");
    let twice = actions::create(&market.app, &seller, listing("A-1", "Other"), Publish::No, None).unwrap_err();
    assert_eq!((twice.code, twice.fields[0].pointer.as_str()), (Code::Duplicate, "/sku"));
    let other = market.made(&seller, "A-2");
    let rename = serde_json::json!({"sku": "A-1"});
    let taken = actions::change(&market.app, &seller, other.id, None, &rename).unwrap_err();
    assert_eq!(taken.code, Code::Duplicate);
    actions::remove(&market.app, &seller, first.id, None).unwrap();
    let renamed = actions::change(&market.app, &seller, other.id, None, &rename).unwrap();
    assert_eq!(renamed.fields.sku, "A-1");
    actions::remove(&market.app, &seller, other.id, None).unwrap();
    let again = market.made(&seller, "A-1");
    assert_eq!((again.id, again.state), (other.id, ListingState::Draft), "the removed row lives again");
}

#[test]
fn put_makes_replaces_and_heeds_what_was_seen() {
    let market = Market::open();
    let (_, seller) = market.seller();
    let put = |name: &str, seen| actions::put(&market.app, &seller, listing("A/1", name), Publish::No, seen);
    assert_eq!(put("Pipe", Precondition::Version(1)).unwrap_err().code, Code::Stale);
    assert!(put("Pipe", Precondition::Absent).unwrap().made);
    assert_eq!(put("Pipe", Precondition::Absent).unwrap_err().code, Code::Stale);
    let same = put("Pipe", Precondition::Any).unwrap();
    assert_eq!((same.made, same.listing.version), (false, 1));
    assert_eq!(put("Tube", Precondition::Version(1)).unwrap().listing.version, 2);
    assert_eq!(put("Hose", Precondition::Version(1)).unwrap_err().code, Code::Stale);
}

#[test]
fn an_individual_publishes_nothing_uncertified() {
    let market = Market::open();
    let company = market.company("Li Wei", Form::Individual);
    let seller = key_of(company);
    let made = market.made(&seller, "A-1");
    assert_eq!(actions::publish(&market.app, &seller, made.id, None).unwrap_err().code, Code::Forbidden);
    let loaded = market.load(company, &[listing("A-2", "Pipe")], Publish::Yes);
    assert_eq!(actions::find(&market.app, &seller, loaded[0].id()).unwrap().listing.state, ListingState::Draft);
}

#[test]
fn the_sweep_ends_what_is_over_and_renewing_begins_again() {
    let market = Market::open();
    let (_, seller) = market.seller();
    let id = market.made(&seller, "A-1").id;
    let patch = serde_json::json!({"expires_on": "2026-11-25"});
    actions::publish(&market.app, &seller, id, None).unwrap();
    actions::change(&market.app, &seller, id, None, &patch).unwrap();
    market.app.clock.advance(Duration::hours(59));
    assert_eq!(expire_due(&market.app).unwrap(), 0, "the last day is not over");
    market.app.clock.advance(Duration::hours(1));
    assert_eq!(expire_due(&market.app).unwrap(), 1);
    assert_eq!(expire_due(&market.app).unwrap(), 0);
    assert_eq!(
        actions::publish(&market.app, &seller, id, None).unwrap_err().code,
        Code::Conflict,
        "its day has passed"
    );
    let renewed = actions::renew(&market.app, &seller, id, None).unwrap();
    assert_eq!((renewed.state, renewed.fields.expires_on), (ListingState::Published, None));
    assert_eq!(renewed.expires_at.unwrap().to_rfc3339(), "2027-05-26T00:00:00+00:00");
}

#[test]
fn paused_listing_expires_on_its_day_and_renewing_shows_it_again() {
    let market = Market::open();
    let (_, seller) = market.seller();
    let id = market.made(&seller, "A-1").id;
    actions::publish(&market.app, &seller, id, None).unwrap();
    actions::change(&market.app, &seller, id, None, &serde_json::json!({"expires_on": "2026-11-25"})).unwrap();
    actions::pause(&market.app, &seller, id, None).unwrap();
    market.app.clock.advance(Duration::hours(59));
    assert_eq!(expire_due(&market.app).unwrap(), 0, "the last day is not over");
    market.app.clock.advance(Duration::hours(1));
    assert_eq!(expire_due(&market.app).unwrap(), 1);
    let expired = actions::find(&market.app, &seller, id).unwrap().listing;
    assert_eq!(expired.state, ListingState::Expired);
    assert_eq!(actions::renew(&market.app, &seller, id, None).unwrap().state, ListingState::Published);
}

#[test]
fn loading_the_same_again_changes_nothing() {
    let market = Market::open();
    let (company, seller) = market.seller();
    let all: Vec<ListingFields> = (0..2_500).map(|n| listing(&format!("S-{n}"), "Pipe")).collect();
    let first = market.load(company, &all, Publish::Yes);
    assert!(first.iter().all(|loaded| matches!(loaded, Loaded::Made(_))));
    let changes = market.app.db.read(last_change).unwrap();
    let again = market.load(company, &all, Publish::Yes);
    assert!(again.iter().zip(&first).all(|(again, first)| *again == Loaded::Same(first.id())));
    assert!(market.changes_since(changes).is_empty());
    let twice = [listing("S-1", "Tube"), listing("new", "A"), listing("new", "B")];
    let third = market.load(company, &twice, Publish::Yes);
    assert!(matches!(third[..], [Loaded::Changed(_), Loaded::Made(made), Loaded::Changed(later)] if made == later));
    let last = actions::find(&market.app, &Actor::Anonymous, third[2].id()).unwrap().listing;
    assert_eq!(last.fields.name, "B", "the later line holds");
    let page = actions::list_own(
        &market.app,
        &seller,
        &OwnFilter { state: Some(ListingState::Published), ..OwnFilter::default() },
        Paging::<i64>::first(10),
    )
    .unwrap();
    assert_eq!((page.items.len(), page.next.is_some()), (10, true));
}

#[test]
fn a_load_refuses_one_line_and_stores_the_rest() {
    let market = Market::open();
    let (company, seller) = market.seller();
    let over = ListingFields { expires_on: "2026-01-01".parse().ok(), ..listing("old", "Pipe") };
    let all = [over, listing("new", "Pipe")];
    let lines: Vec<(CompanyId, &ListingFields)> = all.iter().map(|fields| (company, fields)).collect();
    let loaded = market.app.db.write(|tx| upsert_all_loaded(tx, &lines, Publish::Yes, Voice::Quiet, None)).unwrap();
    assert_eq!(loaded[0].as_ref().unwrap_err().fields[0].pointer, "/expires_on");
    assert!(matches!(loaded[1], Ok(Loaded::Made(_))));
    let draft = market.load(company, &all[..1], Publish::No);
    actions::remove(&market.app, &seller, draft[0].id(), None).unwrap();
    assert!(
        matches!(market.load(company, &all[..1], Publish::No)[0], Loaded::Same(_)),
        "what was removed stays removed"
    );
}
