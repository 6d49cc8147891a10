//! Sweeps: one bad row keeps no other from its end, today or ever.

use std::fmt::Debug;
use std::str::FromStr;

use chrono::{Duration, NaiveDate};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use serde_json::json;
use tradepost::actor::Role;
use tradepost::companies::evidence::{self, EvidenceKind, Facts};
use tradepost::ids::{CompanyId, DocumentId, ListingId, QuoteId, RfqId, UserId};
use tradepost::store::schema::{blobs, company_evidence, documents as document_rows, listings, quotes, rfqs, users};
use tradepost::store::{Conn, Tx};
use tradepost::{on_each, workers};

use crate::documents;
use crate::support::{Kind, World, market};

both!(
    expired_listing_that_fails_keeps_no_other_published,
    due_rfq_that_fails_keeps_no_other_open,
    past_quote_that_fails_keeps_no_other_live,
    ended_evidence_that_fails_keeps_no_other_current,
    unattached_document_that_fails_keeps_no_other,
    unused_file_that_fails_keeps_no_other,
    unconfirmed_account_that_fails_keeps_no_other,
);

impl World {
    /// Makes the database refuse every change of the row.
    fn poison(&self, table: &str, column: &str, id: i64, operation: &str) {
        let name = format!("poison_{table}");
        let sql = match self.kind() {
            Kind::Sqlite => format!(
                "CREATE TRIGGER {name} BEFORE {operation} ON {table} WHEN OLD.{column} = {id} \
                 BEGIN SELECT RAISE(ABORT, 'poisoned'); END"
            ),
            Kind::Postgres => format!(
                "CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS \
                 $$ BEGIN RAISE EXCEPTION 'poisoned'; END $$; \
                 CREATE TRIGGER {name} BEFORE {operation} ON {table} FOR EACH ROW WHEN (OLD.{column} = {id}) \
                 EXECUTE FUNCTION {name}()"
            ),
        };
        self.app.db.write(|tx| Ok(on_each!(tx.conn(), |c| c.batch_execute(&sql))?)).unwrap();
    }

    /// Sweeps after so many days: the failure of a row is none of the sweep.
    fn sweep_after(&self, days: i64) {
        self.clock.advance(Duration::days(days));
        workers::sweep(&self.app).unwrap();
    }

    fn look<T>(&self, query: impl FnOnce(&mut Conn) -> QueryResult<T>) -> T {
        self.app.db.read(|conn| Ok(query(conn)?)).unwrap()
    }
}

fn id_of<I: FromStr<Err: Debug>>(text: &str) -> I {
    text.parse().unwrap()
}

fn expired_listing_that_fails_keeps_no_other_published(world: &World) {
    let supplier = world.supplier();
    let bad: ListingId = id_of(&supplier.publish_listing(&market::listing("BAD-1")));
    let good: ListingId = id_of(&supplier.publish_listing(&market::listing("GOOD-1")));
    world.poison("listings", "id", bad.0, "UPDATE");
    world.sweep_after(400);
    let state =
        |id: ListingId| -> String { world.look(|conn| listings::table.find(id.0).select(listings::state).first(conn)) };
    assert_eq!((state(bad), state(good)), ("published".to_owned(), "expired".to_owned()));
}

fn due_rfq_that_fails_keeps_no_other_open(world: &World) {
    let buyer = world.buyer();
    let bad: RfqId = id_of(&buyer.publish_rfq(&market::rfq("Brass valves")));
    let good: RfqId = id_of(&buyer.publish_rfq(&market::rfq("Steel valves")));
    world.poison("rfqs", "id", bad.0, "UPDATE");
    world.sweep_after(400);
    let state = |id: RfqId| -> String { world.look(|conn| rfqs::table.find(id.0).select(rfqs::state).first(conn)) };
    assert_eq!((state(bad), state(good)), ("open".to_owned(), "closed".to_owned()));
}

fn past_quote_that_fails_keeps_no_other_live(world: &World) {
    let (buyer, suppliers) = (world.buyer(), [world.supplier(), world.party("Hebei Brass", "CN")]);
    let rfq = buyer.publish_rfq(&market::rfq("Brass valves"));
    let mut offer = market::quote("3.2");
    offer["valid_until"] = json!("2026-11-30");
    let [bad, good]: [QuoteId; 2] = suppliers.each_ref().map(|supplier| id_of(&supplier.submit_quote(&rfq, &offer)));
    world.poison("quotes", "id", bad.0, "UPDATE");
    world.sweep_after(10);
    let state =
        |id: QuoteId| -> String { world.look(|conn| quotes::table.find(id.0).select(quotes::state).first(conn)) };
    assert_eq!((state(bad), state(good)), ("submitted".to_owned(), "expired".to_owned()));
}

fn ended_evidence_that_fails_keeps_no_other_current(world: &World) {
    let companies = [world.supplier().company, world.buyer().company];
    let last: NaiveDate = "2026-11-30".parse().unwrap();
    let facts = Facts { issuer: "Handelsregister".to_owned(), ..Facts::default() };
    for company in companies {
        let record = |tx: &mut Tx| evidence::actions::record(tx, company, EvidenceKind::Register, &facts, Some(last));
        world.app.db.write(record).unwrap();
    }
    world.poison("company_evidence", "company_id", companies[0].0, "UPDATE");
    world.sweep_after(10);
    let has_ended = |company: CompanyId| -> bool {
        let ended = company_evidence::table.filter(company_evidence::company_id.eq(company.0));
        world.look(|conn| ended.select(company_evidence::ended_at.is_not_null()).first(conn))
    };
    assert_eq!(companies.map(has_ended), [false, true]);
}

fn unattached_document_that_fails_keeps_no_other(world: &World) {
    let company = world.supplier();
    let [bad, good]: [DocumentId; 2] = ["bad", "good"]
        .map(|words| id_of(&documents::send(&company, "drawing.pdf", documents::pdf(words)).expect(201).id()));
    world.poison("documents", "id", bad.0, "DELETE");
    world.sweep_after(40);
    let is_there = |id: DocumentId| -> bool {
        world.look(|conn| document_rows::table.find(id.0).count().get_result::<i64>(conn)) == 1
    };
    assert_eq!([bad, good].map(is_there), [true, false]);
}

fn unused_file_that_fails_keeps_no_other(world: &World) {
    let company = world.supplier();
    for words in ["bad", "good"] {
        documents::send(&company, "drawing.pdf", documents::pdf(words)).expect(201);
    }
    let first: i64 = world.look(|conn| blobs::table.order(blobs::id).select(blobs::id).first(conn));
    world.poison("blobs", "id", first, "DELETE");
    // Once for the documents, and once for their files when they have been unused for an hour.
    world.sweep_after(40);
    world.sweep_after(1);
    let left: Vec<i64> = world.look(|conn| blobs::table.select(blobs::id).load(conn));
    assert_eq!(left, [first]);
}

fn unconfirmed_account_that_fails_keeps_no_other(world: &World) {
    let company = world.supplier().company;
    let [bad, good] = [0, 1].map(|_| world.member(company, Role::Viewer).0);
    let unconfirm = |tx: &mut Tx| {
        let those = users::table.filter(users::id.eq_any([bad.0, good.0]));
        let nobody = users::confirmed_at.eq(None::<chrono::NaiveDateTime>);
        Ok(diesel::update(those).set(nobody).execute(tx.conn())?)
    };
    world.app.db.write(unconfirm).unwrap();
    world.poison("users", "id", bad.0, "UPDATE");
    world.sweep_after(40);
    let is_gone = |id: UserId| -> bool {
        world.look(|conn| users::table.find(id.0).select(users::disabled_at.is_not_null()).first(conn))
    };
    assert_eq!([bad, good].map(is_gone), [false, true]);
}
