//! Matching as a whole, on a database and an index: found, ranked, notified once, repeatable.

use std::sync::Arc;

use super::{MatchState, actions, store};
use crate::actor::{Actor, Role};
use crate::app::{App, IndexPlace};
use crate::clock::Clock;
use crate::companies::{CompanyFields, loading::upsert_loaded as load_company};
use crate::config::{Config, Overrides};
use crate::ids::{CompanyId, RfqId, SessionId, UserId};
use crate::listings::events::ListingPublished;
use crate::listings::loading::{Loaded as LoadedListing, Publish, upsert_loaded as load_listing};
use crate::outbox::{Options, enqueue};
use crate::rfqs::actions::{Loaded as LoadedRfq, upsert_loaded as load_rfq};
use crate::rfqs::events::RfqPublished;
use crate::store::cursor::{Paging, Position};
use crate::workers::Workers;

struct Market {
    app: Arc<App>,
    workers: Workers,
    jobs: std::cell::Cell<u32>,
    _folder: tempfile::TempDir,
}

impl Market {
    fn open() -> Self {
        Self::at(Clock::System)
    }

    fn at(clock: Clock) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let overrides = Overrides { data: folder.path().to_owned(), ..Overrides::default() };
        let config = Config::load(&overrides).unwrap();
        let app = Arc::new(App::migrate_and_build(config, clock, IndexPlace::DataFolder).unwrap());
        let workers = Workers::new(Arc::clone(&app));
        Self { app, workers, jobs: std::cell::Cell::new(0), _folder: folder }
    }

    fn company(&self, name: &str) -> CompanyId {
        use crate::companies::loading::Loaded;
        let fields = CompanyFields::new(name, "CN".parse().unwrap());
        let loaded = self.app.db.write(|tx| load_company(tx, name, &fields)).unwrap();
        let (Loaded::Made(id) | Loaded::Changed(id) | Loaded::Same(id)) = loaded;
        id
    }

    fn listing(&self, company: CompanyId, name: &str, announced: bool) {
        let fields = serde_json::from_value(serde_json::json!({ "sku": name, "name": name })).unwrap();
        let key = self.key();
        self.app
            .db
            .write(|tx| {
                let LoadedListing::Made(listing) = load_listing(tx, company, &fields, Publish::Yes)? else { panic!() };
                if announced {
                    enqueue(tx, &ListingPublished { listing }, Options::once(key.clone()))?;
                }
                Ok(())
            })
            .unwrap();
    }

    fn rfq(&self, company: CompanyId, title: &str) -> RfqId {
        let fields = serde_json::from_value(serde_json::json!({
            "title": title, "specification": title, "quantity": { "value": "100", "unit": "C62" }, "destination_country": "NL"
        }))
        .unwrap();
        let loaded = self.app.db.write(|tx| load_rfq(tx, company, title, &fields, Publish::Yes)).unwrap();
        let LoadedRfq::Made(id) = loaded else { panic!("an RFQ of this title is there") };
        self.announce(id);
        id
    }

    fn announce(&self, rfq: RfqId) {
        let key = self.key();
        self.app.db.write(|tx| enqueue(tx, &RfqPublished { rfq }, Options::once(key.clone()))).unwrap();
    }

    fn key(&self) -> String {
        self.jobs.set(self.jobs.get() + 1);
        format!("test {}", self.jobs.get())
    }

    fn found(&self, rfq: RfqId) -> Vec<super::Match> {
        self.workers.drain().unwrap();
        self.app.db.read(|conn| store::list_for_rfq(conn, rfq, Paging::first(50))).unwrap().items
    }
}

fn member(company: CompanyId) -> Actor {
    Actor::Member {
        user: UserId(1),
        company,
        role: Role::Owner,
        session: SessionId(1),
        moderator: false,
        suspended: false,
        confirmed: true,
    }
}

#[test]
fn an_rfq_finds_its_suppliers_best_first_and_again_the_same() {
    let market = Market::open();
    let (buyer, near, far) = (market.company("Buyer"), market.company("Near"), market.company("Far"));
    market.listing(near, "seamless stainless steel pipe for dairies", false);
    market.listing(far, "stainless steel pipe elbow", false);
    market.listing(buyer, "stainless steel pipe for dairies", false);
    market.listing(market.company("Other"), "cotton towel", false);
    let rfq = market.rfq(buyer, "stainless steel pipe for dairies");
    let first = market.found(rfq);
    assert_eq!(first.iter().map(|m| m.supplier).collect::<Vec<_>>(), [near, far]);
    assert_eq!(first[0].evidence.best_listings.len(), 1);
    assert!(first[0].score > first[1].score);
    market.announce(rfq);
    assert_eq!(market.found(rfq), first);
    let page = |limit, position| {
        market.app.db.read(|conn| store::list_for_rfq(conn, rfq, Paging { limit, position })).unwrap()
    };
    let second = page(1, page(1, Position::Start).next.unwrap());
    assert_eq!((second.items[0].supplier, second.next), (far, None));
    assert_eq!(page(1, second.prev.unwrap()).items[0].supplier, near);
    let why = actions::explain(&market.app, &member(far), rfq).unwrap();
    assert_eq!((why.why.rank, why.matched.is_some()), (Some(2), true));
    assert!(actions::list_for_rfq(&market.app, &member(near), rfq, Paging::first(5)).is_err());
}

#[test]
fn a_new_listing_finds_the_open_rfq() {
    let market = Market::open();
    let (buyer, early, late) = (market.company("Buyer"), market.company("Early"), market.company("Late"));
    market.listing(early, "copper pipe", false);
    let rfq = market.rfq(buyer, "stainless steel pipe");
    assert_eq!(market.found(rfq).len(), 1);
    market.listing(late, "seamless stainless steel pipe DN50 for food plants", true);
    let found = market.found(rfq);
    assert_eq!(found.iter().map(|m| m.supplier).collect::<Vec<_>>(), [late, early]);
    let rank = |of| market.app.db.read(|conn| store::rank_of(conn, rfq, of)).unwrap();
    assert_eq!((rank(late), rank(early), rank(buyer)), (Some(1), Some(2), None));
}

#[test]
fn a_listing_that_fits_more_rfqs_than_are_scored_at_once_meets_the_others_in_their_next_wave() {
    let clock = Clock::fake("2027-03-01T10:03:00Z".parse().unwrap());
    let market = Market::at(clock.clone());
    let buyer = market.company("Buyer");
    let rfqs: Vec<RfqId> = (0..25).map(|n| market.rfq(buyer, &format!("stainless steel pipe, lot {n}"))).collect();
    let matched = || rfqs.iter().filter(|rfq| !market.found(**rfq).is_empty()).count();
    assert_eq!(matched(), 0);
    clock.advance(chrono::Duration::minutes(1));
    for (number, name) in ["seamless stainless steel pipe", "welded stainless steel pipe"].iter().enumerate() {
        market.listing(market.company(&format!("Maker {number}")), name, true);
    }
    assert_eq!(matched(), 20);
    clock.advance(chrono::Duration::minutes(10));
    assert_eq!(matched(), 25);
    let both = rfqs.iter().filter(|rfq| market.found(**rfq).len() == 2).count();
    assert_eq!(both, 25, "one wave meets all the listings that came in it");
}

#[test]
fn a_supplier_looks_dismisses_and_may_still_quote() {
    let market = Market::open();
    let (buyer, supplier) = (market.company("Buyer"), market.company("Supplier"));
    market.listing(supplier, "cotton towel", false);
    let rfq = market.rfq(buyer, "cotton towel");
    let id = market.found(rfq)[0].id;
    let (app, actor) = (&market.app, member(supplier));
    assert_eq!(actions::open(app, &actor, id).unwrap(), rfq);
    assert_eq!(actions::find_own(app, &actor, id).unwrap().matched.state, MatchState::Seen);
    let dismissed = actions::dismiss(app, &actor, id, None, super::DismissReason::PriceTooLow).unwrap();
    assert_eq!(dismissed.matched.state, MatchState::Dismissed);
    assert!(actions::find_own(app, &member(buyer), id).is_err());
    market.announce(rfq);
    assert_eq!(market.found(rfq)[0].state, MatchState::Dismissed);
    app.db.write(|tx| store::mark_quoted(tx, rfq, supplier)).unwrap();
    assert!(actions::dismiss(app, &actor, id, None, super::DismissReason::Other).is_err());
    let counts = actions::count_inbox(app, &actor).unwrap();
    assert_eq!(counts, store::InboxCounts::default());
}
