//! The invariants: what holds at every moment, also right after a kill, and what holds once nothing is under way any more.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use chrono::NaiveDateTime;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use serde_json::Value;
use tradepost::accounts::events::SendEmail;
use tradepost::app::App;
use tradepost::error::Result;
use tradepost::ids::{CompanyId, ListingId, RfqId};
use tradepost::indexing::Indexer;
use tradepost::listings::events::ListingPublished;
use tradepost::outbox::{Job, is_settled};
use tradepost::rfqs::events::RfqPublished;
use tradepost::search::{Kind as Documents, Query, Sort};
use tradepost::secrets::sha256_hex;
use tradepost::store::Entity;
use tradepost::store::schema::{jobs, listings, matches, rfqs};

use super::ledger::Ledger;
use super::site::{DOMAIN, Node, Site};
use crate::support::{Client, Database, Kind, PATIENCE, TestDb, run};

#[derive(QueryableByName)]
struct Integrity {
    #[diesel(sql_type = Text)]
    integrity_check: String,
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

#[derive(Debug, QueryableByName)]
struct Complaint {
    #[diesel(sql_type = Text)]
    #[allow(dead_code, reason = "it is shown")]
    complaint: String,
}

/// Ids of things that were published.
#[derive(Default)]
struct Announced {
    listings: BTreeSet<i64>,
    rfqs: BTreeSet<i64>,
}

/// What is searched for in each index, besides everything: words, which may stand anywhere, and words that stand together.
const SEARCHES: [(Documents, &str, [&str; 2]); 3] = [
    (Documents::Listing, "listings", ["valve", "\"forged brass\""]),
    (Documents::Company, "companies", ["trials", "\"nordwind import\""]),
    (Documents::Rfq, "rfqs", ["valves", "\"lever handle\""]),
];

impl Site {
    /// Holds at every moment: the database is whole, what was acknowledged is in it, and what has to follow is done or waits.
    pub fn check_database(&self, ledger: &Ledger) {
        assert_eq!(ledger.unexpected(), Vec::<String>::new(), "callers were told what they should not be");
        self.check_integrity();
        self.check_acknowledged(ledger);
        self.check_outbox();
    }

    /// Holds once all jobs are done: nothing is dead, every e-mail went once, and each node finds what the database holds.
    pub fn check_settled(&self, ledger: &Ledger, nodes: &mut [&mut Node]) {
        self.await_quiet();
        self.check_database(ledger);
        self.check_emails();
        for node in nodes {
            self.check_index(node);
        }
    }

    /// Waits until no job waits or runs. A long queue may take its time, as long as it grows shorter.
    pub fn await_quiet(&self) {
        let (mut fewest, mut since) = (i64::MAX, Instant::now());
        loop {
            let open = jobs::table.filter(jobs::done_at.is_null()).filter(jobs::dead_at.is_null());
            let open: Result<i64> = self.app.db.read(|conn| Ok(open.count().get_result(conn)?));
            match open {
                Ok(0) => return,
                Ok(now) if now < fewest => (fewest, since) = (now, Instant::now()),
                Ok(_) if self.app.db.read(|conn| is_settled(conn, self.app.clock.now())).is_ok_and(|yes| yes) => {
                    self.bring_forward();
                }
                _ => assert!(since.elapsed() < PATIENCE, "the outbox does not empty: {}", self.open_jobs()),
            }
            // Not `wait_for`: as long as the queue grows shorter there is no limit.
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// What waits, for how long, and why.
    fn open_jobs(&self) -> String {
        type Open = (String, i32, NaiveDateTime, Option<NaiveDateTime>, Option<String>);
        let open: Vec<Open> = self
            .app
            .db
            .read(|conn| {
                let columns = (jobs::kind, jobs::attempts, jobs::run_at, jobs::lease_until, jobs::last_error);
                let open = jobs::table.filter(jobs::done_at.is_null()).filter(jobs::dead_at.is_null());
                Ok(open.select(columns).order(jobs::run_at).limit(20).load(conn)?)
            })
            .unwrap();
        format!("at {}: {open:#?}", self.app.clock.now())
    }

    /// The database's own checks of itself.
    pub fn check_integrity(&self) {
        check_integrity(&self.database);
    }

    fn check_acknowledged(&self, ledger: &Ledger) {
        let listed: Vec<(i64, String)> =
            self.app.db.read(|conn| Ok(listings::table.select((listings::id, listings::state)).load(conn)?)).unwrap();
        let asked: Vec<(i64, String)> =
            self.app.db.read(|conn| Ok(rfqs::table.select((rfqs::id, rfqs::state)).load(conn)?)).unwrap();
        let listed = listed.into_iter().map(|(id, state)| ((Entity::Listing, id), state));
        let kept: BTreeMap<_, _> =
            listed.chain(asked.into_iter().map(|(id, state)| ((Entity::Rfq, id), state))).collect();
        for (thing, states) in ledger.states() {
            let state = kept.get(&thing).unwrap_or_else(|| panic!("{thing:?} was acknowledged and is gone"));
            assert!(states.contains(state.as_str()), "{thing:?} is {state} and was acknowledged as {states:?}");
        }
    }

    /// What was committed together with its consequence has it: no published thing without its job, no told match without its
    /// e-mail; and no job speaks of what was rolled back.
    fn check_outbox(&self) {
        let done = self.done_announcements();
        // Before the jobs, since nodes may still be at work: what is there has its job by then.
        let published: Vec<i64> =
            self.ids(listings::table.filter(listings::state.eq("published")).select(listings::id));
        let open: Vec<i64> = self.ids(rfqs::table.filter(rfqs::state.eq("open")).select(rfqs::id));
        let told = matches::table.filter(matches::notified_at.is_not_null());
        let told: Vec<(i64, i64)> =
            self.app.db.read(|conn| Ok(told.select((matches::rfq_id, matches::supplier_id)).load(conn)?)).unwrap();
        let rows: Vec<(String, Option<String>, bool, Option<String>)> = self
            .app
            .db
            .read(|conn| {
                let columns = (jobs::kind, jobs::dedupe_key, jobs::dead_at.is_not_null(), jobs::last_error);
                Ok(jobs::table.select(columns).load(conn)?)
            })
            .unwrap();
        let dead: Vec<_> = rows.iter().filter(|(_, _, dead, _)| *dead).collect();
        assert!(dead.is_empty(), "jobs were given up: {dead:?}");
        let keys: BTreeSet<&str> = rows.iter().filter_map(|(_, key, ..)| key.as_deref()).collect();
        let has = |start: &str| keys.range(start..).next().is_some_and(|key| key.starts_with(start));
        for id in &published {
            assert!(has(&format!("listing_published:{}:", ListingId(*id))), "a listing is published without its job");
        }
        for id in &open {
            assert!(has(&format!("rfq_published {} v", RfqId(*id))), "an RFQ is open without its job");
        }
        for (rfq, supplier) in &told {
            let key = format!("letter match {} {}", RfqId(*rfq), CompanyId(*supplier));
            assert!(has(&key), "a match counts as notified without its e-mail");
        }
        // Everything that is offered here fits everything that is asked for.
        let is_offered = published.iter().any(|id| done.listings.contains(id));
        for id in open.iter().filter(|id| is_offered && done.rfqs.contains(id)) {
            assert!(
                told.iter().any(|(rfq, _)| rfq == id),
                "the job of {} is done, and nobody was told of it",
                RfqId(*id)
            );
        }
        let known: BTreeSet<String> =
            self.ids(rfqs::table.select(rfqs::id)).into_iter().map(|id| RfqId(id).to_string()).collect();
        for key in keys.iter().filter_map(|key| key.strip_prefix("rfq_published ")) {
            assert!(known.contains(key.split(' ').next().unwrap()), "a job speaks of an RFQ that is not there: {key}");
        }
    }

    /// The things whose publication was announced and dealt with.
    fn done_announcements(&self) -> Announced {
        let done = jobs::table.filter(jobs::done_at.is_not_null()).select((jobs::kind, jobs::payload));
        let done: Vec<(String, String)> = self.app.db.read(|conn| Ok(done.load(conn)?)).unwrap();
        let mut announced = Announced::default();
        for (kind, payload) in &done {
            match kind.as_str() {
                RfqPublished::KIND => {
                    announced.rfqs.insert(serde_json::from_str::<RfqPublished>(payload).unwrap().rfq.0);
                }
                ListingPublished::KIND => {
                    announced.listings.insert(serde_json::from_str::<ListingPublished>(payload).unwrap().listing.0);
                }
                _ => {}
            }
        }
        announced
    }

    fn ids<'q, Q>(&self, query: Q) -> Vec<i64>
    where
        Q: diesel::query_dsl::LoadQuery<'q, tradepost::store::Conn, i64>,
    {
        let mut query = Some(query);
        self.app.db.read(|conn| Ok(query.take().unwrap().load(conn)?)).unwrap()
    }

    /// Every e-mail whose job is done was taken by the mail server, under its own Message-ID, and as often as it was sent: once,
    /// and once more for a kill at the most. No e-mail came that no job asked for.
    pub fn check_emails(&self) {
        let done: Vec<String> = self
            .app
            .db
            .read(|conn| {
                let sent = jobs::table.filter(jobs::kind.eq(SendEmail::KIND)).filter(jobs::done_at.is_not_null());
                Ok(sent.select(jobs::payload).load(conn)?)
            })
            .unwrap();
        let asked: BTreeSet<String> = done.iter().map(|payload| message_id(payload)).collect();
        assert_eq!(asked.len(), done.len(), "two e-mails have one Message-ID");
        let mut came: BTreeMap<String, usize> = BTreeMap::new();
        for email in self.post.emails().iter().filter(|email| email.taken) {
            *came.entry(email.header("Message-ID").unwrap()).or_default() += 1;
        }
        assert_eq!(asked, came.keys().cloned().collect(), "e-mails are lost, or came unasked");
        let repeated: usize = came.values().map(|times| times - 1).sum();
        assert!(repeated <= self.kills(), "{repeated} e-mails came again after {} kills", self.kills());
    }

    /// What the node's public search answers, to a search for everything and to words and phrases, is what an index that was filled
    /// from the database this moment holds.
    pub fn check_index(&self, node: &mut Node) {
        self.compare_index(node, Indexer::rebuild);
        let client = node.client(&self.supplier);
        for (kind, path, texts) in SEARCHES {
            for text in texts {
                let wanted = held(&self.app, kind, text);
                let words = serde_urlencoded::to_string([("q", text)]).unwrap();
                let found = answered(&client, &format!("/search/{path}?sort=newest&{words}"));
                assert!(
                    wanted.keys().eq(found.keys()),
                    "{path} with {text}: {:?}, not {:?}",
                    found.keys(),
                    wanted.keys()
                );
            }
        }
    }

    /// A search for everything, compared with an index of this process that followed the change log: for every round, where filling one anew takes longer than
    /// all the rest.
    pub fn check_index_by_changes(&self, node: &mut Node) {
        self.compare_index(node, Indexer::catch_up);
    }

    fn compare_index(&self, node: &mut Node, bring_up_to_date: fn(&mut Indexer, &App) -> Result<usize>) {
        node.await_current();
        let client = node.client(&self.supplier);
        let mut indexer = self.indexer.lock().unwrap();
        let indexer = indexer.get_or_insert_with(|| Indexer::open(&self.app).unwrap());
        bring_up_to_date(indexer, &self.app).unwrap();
        for (kind, path, _) in SEARCHES {
            let (wanted, found) =
                (held(&self.app, kind, ""), answered(&client, &format!("/search/{path}?sort=newest")));
            let missing: Vec<_> = wanted.keys().filter(|id| !found.contains_key(*id)).collect();
            let surplus: Vec<_> = found.keys().filter(|id| !wanted.contains_key(*id)).collect();
            assert!(missing.is_empty() && surplus.is_empty(), "{path}: missing {missing:?}, surplus {surplus:?}");
            for (id, wanted) in &wanted {
                for (name, value) in wanted.as_object().unwrap() {
                    assert_eq!(&found[id][name], value, "{path}: {name} of {id} is not what the database holds");
                }
            }
        }
        assert!(!node.log().contains("panicked at"), "{}", node.log());
    }
}

/// The database's own checks of itself.
pub fn check_integrity(database: &Database) {
    match database.kind {
        Kind::Sqlite => {
            let path = database.url.strip_prefix("sqlite://").unwrap();
            let mut file = SqliteConnection::establish(path).unwrap();
            file.batch_execute("PRAGMA busy_timeout = 5000").unwrap();
            let lines: Vec<Integrity> = diesel::sql_query("PRAGMA integrity_check").load(&mut file).unwrap();
            assert_eq!(lines.iter().map(|line| line.integrity_check.as_str()).collect::<Vec<_>>(), ["ok"]);
            let broken = "SELECT COUNT(*) AS count FROM pragma_foreign_key_check";
            let broken: Count = diesel::sql_query(broken).get_result(&mut file).unwrap();
            assert_eq!(broken.count, 0, "rows point at rows that are not there");
        }
        // Every index is read in full and compared with its table, every row's place with the page that it is on.
        Kind::Postgres => {
            let mut conn = PgConnection::establish(&database.url).unwrap();
            let indexes = compare_indexes(&mut conn).unwrap();
            assert!(indexes > 40, "only {indexes} indexes were read");
            let damaged = "SELECT relname || ': ' || msg AS complaint FROM pg_class, verify_heapam(pg_class.oid) \
                           WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace";
            let damaged: Vec<Complaint> = diesel::sql_query(damaged).load(&mut conn).unwrap();
            assert!(damaged.is_empty(), "{damaged:?}");
            let unready = "SELECT COUNT(*) AS count FROM pg_index WHERE NOT (indisvalid AND indisready)";
            let unready: Count = diesel::sql_query(unready).get_result(&mut conn).unwrap();
            assert_eq!(unready.count, 0);
        }
    }
}

/// Compares all indexes of ours, which are trees, with their tables; answers how many there are.
fn compare_indexes(conn: &mut PgConnection) -> QueryResult<i64> {
    conn.batch_execute("CREATE EXTENSION IF NOT EXISTS amcheck")?;
    let compare = "SELECT COUNT(bt_index_check(oid, true)) AS count FROM pg_class \
                   WHERE relkind = 'i' AND relnamespace = 'public'::regnamespace";
    let compared: Count = diesel::sql_query(compare).get_result(conn)?;
    Ok(compared.count)
}

/// A row that was written while its index was out of use is in none.
#[test]
fn row_missing_from_an_index_is_detected() {
    run(Kind::Postgres, |ground: &TestDb| {
        let connect = || PgConnection::establish(&ground.database().url).unwrap();
        let mut conn = connect();
        let mut set_ready = |ready: bool| {
            let set = format!("UPDATE pg_index SET indisready = {ready} WHERE indexrelid = 'meta_pkey'::regclass");
            conn.batch_execute(&set).unwrap();
        };
        set_ready(false);
        connect().batch_execute("INSERT INTO meta (key, value) VALUES ('in no index', '')").unwrap();
        set_ready(true);
        let seen = compare_indexes(&mut connect()).unwrap_err().to_string();
        assert!(seen.contains("lacks matching index tuple"), "{seen}");
    });
}

/// The stored elements of the documents of a kind in which the text is found, by id.
fn held(app: &App, kind: Documents, text: &str) -> BTreeMap<String, Value> {
    let mut query = Query { limit: 100, sort: Sort::Newest, ..Query::text(text) };
    let mut held = BTreeMap::new();
    loop {
        let answer = match kind {
            Documents::Listing => app.search.listings(&query),
            Documents::Company => app.search.companies(&query),
            Documents::Rfq => app.search.rfqs(&query),
        };
        let answer = answer.unwrap();
        for hit in &answer.hits {
            let element: Value = serde_json::from_str(&hit.json).unwrap();
            held.insert(element["id"].as_str().unwrap().to_owned(), element);
        }
        let Some(after) = answer.next else { return held };
        query.after = Some(after);
    }
}

/// All hits of a public search, page after page, by id.
pub fn answered(client: &Client, path: &str) -> BTreeMap<String, Value> {
    let mut found = BTreeMap::new();
    let mut cursor = String::new();
    loop {
        let page = client.get(&format!("{path}&limit=100{cursor}")).expect(200).json();
        for hit in page["data"].as_array().unwrap() {
            let id = hit["id"].as_str().unwrap().to_owned();
            assert!(found.insert(id, hit.clone()).is_none(), "twice in {path}: {hit}");
        }
        let Some(next) = page["next_cursor"].as_str() else { return found };
        cursor = format!("&cursor={next}");
    }
}

/// The Message-ID that the e-mail of the job must have: the same on every try.
fn message_id(payload: &str) -> String {
    let job: SendEmail = serde_json::from_str(payload).unwrap();
    let hash = sha256_hex(format!("{} {}", job.event, job.person).as_bytes());
    format!("<tp-{}@{DOMAIN}>", &hash[..32])
}
