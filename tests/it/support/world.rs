//! The whole application for one test: database, index in memory, mailer, HTTP server, a clock that stands still.

use std::net::{Ipv4Addr, TcpListener};
use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use chrono::Duration;
use diesel::prelude::*;
use tradepost::accounts::{User, actions as accounts, actions::NewApiKey};
use tradepost::actor::{Actor, Permission, Role};
use tradepost::app::{App, IndexPlace};
use tradepost::clock::Clock;
use tradepost::companies::{self, CompanyFields};
use tradepost::config::{Config, MailTransport, Overrides};
use tradepost::ids::{CompanyId, UserId};
use tradepost::mail::SentEmail;
use tradepost::store::schema::{self, jobs};
use tradepost::workers::Workers;

use super::client::Client;
use super::databases::{Database, Kind, Setup, start_of_tests};
use super::server::Server;

/// The password of everybody.
pub const PASSWORD: &str = "quiet harbour 27 lanterns";

/// The KiB in which passwords are hashed.
pub const HASH_KIB: u32 = 256;

/// The application and everything around it. The order of the fields is the order in which they end.
pub struct World {
    server: Option<Server>,
    workers: Workers,
    /// The application itself, for what no request can do.
    pub app: Arc<App>,
    /// Its clock.
    pub clock: Clock,
    /// Where the server answers: `http://127.0.0.1:PORT`.
    pub base: String,
    people: AtomicU32,
    failures_expected: AtomicBool,
    database: Database,
}

/// A company that takes part: its program with an API key of all scopes, its owner's browser, and who they are.
pub struct Party {
    pub company: CompanyId,
    pub person: UserId,
    pub name: String,
    /// The owner's address.
    pub email: String,
    client: Client,
}

impl Deref for Party {
    type Target = Client;
    fn deref(&self) -> &Client {
        &self.client
    }
}

/// Another process on the same database, with a configuration of its own; it serves and has no workers.
pub struct Another {
    _server: Server,
    /// The application.
    pub app: Arc<App>,
    /// Where it answers.
    pub base: String,
}

impl Setup for World {
    fn on(database: Database) -> Self {
        Self::with(database, |_| {})
    }
}

impl World {
    /// A world whose configuration is changed before it starts.
    pub fn with(database: Database, change: impl FnOnce(&mut Config)) -> Self {
        Self::placed(database, IndexPlace::Memory, change)
    }

    /// The same with its search indexes in the place.
    pub fn placed(database: Database, place: IndexPlace, change: impl FnOnce(&mut Config)) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let clock = Clock::fake(start_of_tests());
        let mut config = config_of(&database, &base);
        change(&mut config);
        let app = Arc::new(App::build(config, clock.clone(), place).unwrap());
        // No test asks the machine's resolver, nor whoever stands behind it.
        app.outbound.resolve_with(|_| Vec::new());
        let server = Some(Server::start(Arc::clone(&app), listener));
        let workers = Workers::new(Arc::clone(&app));
        let people = AtomicU32::new(0);
        Self { server, workers, app, clock, base, people, failures_expected: AtomicBool::new(false), database }
    }

    /// Another process on the same database, whose configuration is changed before it starts.
    pub fn another(&self, change: impl FnOnce(&mut Config)) -> Another {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let mut config = self.app.config.clone();
        base.clone_into(&mut config.server.public_url);
        change(&mut config);
        let app = Arc::new(App::build(config, self.clock.clone(), IndexPlace::Memory).unwrap());
        Another { _server: Server::start(Arc::clone(&app), listener), app, base }
    }

    /// Which database this world stands on.
    pub fn kind(&self) -> Kind {
        self.database.kind
    }

    /// What this world stands on, for those who look at it from outside.
    pub fn database(&self) -> &Database {
        &self.database
    }

    /// Runs every job that is due, and those that they enqueue, and brings the index up to date.
    pub fn drain(&self) {
        self.try_drain().unwrap();
    }

    /// The same where it may fail.
    pub fn try_drain(&self) -> tradepost::error::Result<()> {
        self.workers.drain()
    }

    /// Moves the clock, then drains: what has become due by then happens.
    pub fn pass(&self, time: Duration) {
        self.clock.advance(time);
        self.drain();
    }

    /// The e-mails that were sent, oldest first.
    pub fn mails(&self) -> Vec<SentEmail> {
        self.app.mailer.sent()
    }

    /// The e-mails to one address.
    pub fn mails_to(&self, email: &str) -> Vec<SentEmail> {
        self.mails().into_iter().filter(|sent| sent.to == email).collect()
    }

    /// The path of the link in the last e-mail to the address, which is sent first.
    #[track_caller]
    pub fn link_to(&self, email: &str) -> String {
        self.drain();
        let mails = self.mails_to(email);
        let action = mails.last().and_then(|sent| sent.email.content.action.clone());
        action.unwrap_or_else(|| panic!("no e-mail with a link to {email}")).1
    }

    /// A caller without a key and without a session.
    pub fn anonymous(&self) -> Client {
        Client::new(&self.base, None)
    }

    /// A buying company.
    pub fn buyer(&self) -> Party {
        self.party("Nordwind Import", "DE")
    }

    /// A selling company.
    pub fn supplier(&self) -> Party {
        self.party("Ningbo Sunrise Valve", "CN")
    }

    /// A company with its owner and an API key of all scopes.
    pub fn party(&self, name: &str, country: &str) -> Party {
        let mut fields = CompanyFields::new(name, country.parse().unwrap());
        fields.check().unwrap();
        let company = self.app.db.write(|tx| companies::actions::register(tx, &fields, None)).unwrap();
        let (person, email) = self.member(company, Role::Owner);
        let key = self.key(company, &Permission::ALL.iter().map(|(permission, _)| *permission).collect::<Vec<_>>());
        Party { company, person, name: name.to_owned(), email, client: Client::new(&self.base, Some(key)) }
    }

    /// Makes companies identified, as a moderator does who looked their register entries up.
    pub fn identify(&self, companies: &[CompanyId]) {
        let change = |tx: &mut tradepost::store::Tx| {
            let ids: Vec<i64> = companies.iter().map(|company| company.0).collect();
            diesel::update(schema::companies::table.filter(schema::companies::id.eq_any(ids)))
                .set(schema::companies::verification.eq("identified"))
                .execute(tx.conn())?;
            Ok(())
        };
        self.app.db.write(change).unwrap();
    }

    /// A further person of the company; their password is [`PASSWORD`].
    pub fn member(&self, company: CompanyId, role: Role) -> (UserId, String) {
        let number = self.people.fetch_add(1, Ordering::SeqCst) + 1;
        let email = format!("{}{number}@company.example", role.as_str());
        let person = User { id: UserId(0), email: email.clone(), name: format!("Person {number}"), moderator: false };
        let id = accounts::add_member(&self.app, &Actor::Operator, company, &person, PASSWORD, role).unwrap();
        (id, email)
    }

    /// The browser of a moderator of the platform, who belongs to a company of their own.
    pub fn moderator(&self) -> Client {
        let mut fields = CompanyFields::new("Tradepost Moderation", "NL".parse().unwrap());
        fields.check().unwrap();
        let company = self.app.db.write(|tx| companies::actions::register(tx, &fields, None)).unwrap();
        self.moderator_of(company)
    }

    /// The browser of a moderator of the platform who belongs to this company.
    pub fn moderator_of(&self, company: CompanyId) -> Client {
        let number = self.people.fetch_add(1, Ordering::SeqCst) + 1;
        let email = format!("moderator{number}@platform.example");
        let person = User { id: UserId(0), email: email.clone(), name: "Mila Moderator".to_owned(), moderator: true };
        accounts::add_member(&self.app, &Actor::Operator, company, &person, PASSWORD, Role::Owner).unwrap();
        self.browser(&email)
    }

    /// A new API key of the company with these scopes.
    pub fn key(&self, company: CompanyId, permissions: &[Permission]) -> String {
        let new = NewApiKey {
            name: "tests".to_owned(),
            permissions: permissions.to_vec(),
            origins: Vec::new(),
            expires_at: None,
        };
        accounts::create_key_for(&self.app, &Actor::Operator, company, &new).unwrap().secret.unwrap()
    }

    /// A browser in which the person is signed in.
    pub fn browser(&self, email: &str) -> Client {
        let client = self.anonymous();
        client.sign_in(email, PASSWORD);
        client
    }

    /// Lets the test leave failed jobs behind, which is otherwise its failure.
    pub fn expect_failed_jobs(&self) {
        self.failures_expected.store(true, Ordering::SeqCst);
    }

    /// Kind and last error of the jobs that failed and were not done since.
    pub fn failed_jobs(&self) -> Vec<(String, Option<String>)> {
        let failed = jobs::table.filter(jobs::done_at.is_null()).filter(jobs::last_error.is_not_null());
        let rows = self.app.db.read(|conn| Ok(failed.select((jobs::kind, jobs::last_error)).load(conn)?));
        rows.unwrap()
    }
}

impl Drop for World {
    fn drop(&mut self) {
        let unexpected = !std::thread::panicking() && !self.failures_expected.load(Ordering::SeqCst);
        let failed = if unexpected { self.failed_jobs() } else { Vec::new() };
        self.server = None;
        assert!(failed.is_empty(), "the test left failed jobs behind: {failed:?}");
    }
}

fn config_of(database: &Database, base: &str) -> Config {
    let mut config = Config::load(&Overrides { data: database.folder(), ..Overrides::default() }).unwrap();
    config.database.url.clone_from(&database.url);
    config.database.connections = 4;
    base.clone_into(&mut config.server.public_url);
    config.mail.transport = MailTransport::Memory;
    config.mail.domain = "tradepost.test".to_owned();
    config.secrets.key = "the key of all tests, thirty-two characters long".to_owned();
    config.search.writer_mib = 15;
    config.limits.enabled = false;
    // Every person of every test has a password: with the memory of production a seventh of all processor time goes into hashing them.
    config.limits.password_memory_kib = HASH_KIB;
    config
}
