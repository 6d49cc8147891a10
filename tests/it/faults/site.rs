//! A platform of real processes: one database, one mail server that outlives them all, and nodes that can be killed, paused and
//! started again. The test's own process looks on through an [`App`] of its own.

use std::fs::File;
use std::net::{Ipv4Addr, TcpListener};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::time::Duration;

use diesel::prelude::*;
use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;
use tradepost::accounts::{User, actions as accounts, actions::NewApiKey};
use tradepost::actor::{Actor, Permission, Role};
use tradepost::app::{App, IndexPlace};
use tradepost::clock::Clock;
use tradepost::companies::{self, CompanyFields};
use tradepost::config::{Config, MailTransport, Overrides};
use tradepost::ids::UserId;
use tradepost::indexing::Indexer;
use tradepost::store::Tx;
use tradepost::store::schema::jobs;

use crate::support::{Client, Database, PASSWORD, ReadOnlyDisk, Setup, Skew, SmtpPeer, Usage, UsageMeter, wait_for};

const SECRET: &str = "the key of all tests, thirty-two characters long";
/// Of Message-IDs.
pub const DOMAIN: &str = "tradepost.test";

/// The platform. The order of the fields is the order in which they end.
pub struct Site {
    /// The database as this process sees it; it has no index and runs no jobs.
    pub app: App,
    /// What it fills its own index with, once it is asked what the database holds.
    pub indexer: Mutex<Option<Indexer>>,
    /// Where all e-mails go.
    pub post: SmtpPeer,
    /// The company that sells.
    pub supplier: Side,
    /// The company that asks.
    pub buyer: Side,
    /// How often a process was killed: an e-mail may come twice for each.
    pub kills: Mutex<usize>,
    /// What the nodes write to standard error: apart from their data, which may be on a full disk.
    logs: TempDir,
    /// The database.
    pub database: Database,
}

/// A company that takes part.
pub struct Side {
    /// An API key of all scopes.
    pub key: String,
}

impl Setup for Site {
    fn on(database: Database) -> Self {
        let app = App::build(config(&database), Clock::System, IndexPlace::Memory).unwrap();
        let (supplier, buyer) = (side(&app, "Forge of Trials", "CN"), side(&app, "Nordwind Import", "DE"));
        let logs = tempfile::tempdir().unwrap();
        let (indexer, kills, post) = (Mutex::default(), Mutex::default(), SmtpPeer::start());
        Self { app, indexer, post, supplier, buyer, kills, logs, database }
    }
}

/// The configuration of the process that looks on.
fn config(database: &Database) -> Config {
    let data = database.folder().join("onlooker");
    let mut config = Config::load(&Overrides { data, ..Overrides::default() }).unwrap();
    config.database.url.clone_from(&database.url);
    config.database.connections = 4;
    config.mail.transport = MailTransport::Memory;
    DOMAIN.clone_into(&mut config.mail.domain);
    SECRET.clone_into(&mut config.secrets.key);
    config
}

fn side(app: &App, name: &str, country: &str) -> Side {
    let mut fields = CompanyFields::new(name, country.parse().unwrap());
    fields.check().unwrap();
    let company = app.db.write(|tx| companies::actions::register(tx, &fields, None)).unwrap();
    let email = format!("{}@company.example", country.to_lowercase());
    let person = User { id: UserId(0), email, name: name.to_owned(), moderator: false };
    accounts::add_member(app, &Actor::Operator, company, &person, PASSWORD, Role::Owner).unwrap();
    let permissions = Permission::ALL.iter().map(|(permission, _)| *permission).collect();
    let new = NewApiKey { name: "faults".to_owned(), permissions, origins: Vec::new(), expires_at: None };
    let key = accounts::create_key_for(app, &Actor::Operator, company, &new).unwrap().secret.unwrap();
    Side { key }
}

impl Site {
    /// A node of its own data folder, not running yet; `command` is `serve` or `worker` with its options.
    pub fn node<'s>(&'s self, name: &str, command: &[&'static str]) -> Node<'s> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let data = self.database.folder().join(name);
        std::fs::create_dir_all(&data).unwrap();
        let settings = [
            ("LIMITS__ENABLED", "false".to_owned()),
            ("SECRETS__KEY", SECRET.to_owned()),
            ("SEARCH__COMMIT_EVERY_MS", "40".to_owned()),
            ("SEARCH__WRITER_MIB", "15".to_owned()),
            ("SERVER__THREADS", "1".to_owned()),
            ("WORKERS__LEASE_S", "5".to_owned()),
            ("WORKERS__POLL_MS", "100".to_owned()),
            ("DATABASE__CONNECTIONS", "4".to_owned()),
            ("MAIL__TRANSPORT", "smtp".to_owned()),
            ("MAIL__FROM", format!("Tradepost <no-reply@{DOMAIN}>")),
            ("MAIL__DOMAIN", DOMAIN.to_owned()),
            ("MAIL__SMTP__HOST", "127.0.0.1".to_owned()),
            ("MAIL__SMTP__PORT", self.post.port.to_string()),
            ("MAIL__SMTP__TLS", "none".to_owned()),
            ("MAIL__SMTP__TIMEOUT_MS", "5000".to_owned()),
        ];
        let (command, settings, log) = (command.to_vec(), settings.to_vec(), self.logs.path().join(name));
        Node { site: self, data, log, port, command, most_mib: None, settings, shims: Vec::new(), process: None }
    }

    /// The browser of a moderator, who belongs to a company of their own, at a node.
    pub fn moderator(&self, base: &str) -> Client {
        let mut fields = CompanyFields::new("Tradepost Moderation", "NL".parse().unwrap());
        fields.check().unwrap();
        let company = self.app.db.write(|tx| companies::actions::register(tx, &fields, None)).unwrap();
        let email = "moderator@platform.example".to_owned();
        let person = User { id: UserId(0), email: email.clone(), name: "Mila Moderator".to_owned(), moderator: true };
        accounts::add_member(&self.app, &Actor::Operator, company, &person, PASSWORD, Role::Owner).unwrap();
        let browser = Client::new(base, None);
        browser.sign_in(&email, PASSWORD);
        browser
    }

    /// Ends the waits of all jobs that failed: they are due now.
    pub fn end_waits(&self) {
        let open = jobs::table.filter(jobs::done_at.is_null()).filter(jobs::dead_at.is_null());
        let end = |tx: &mut Tx| Ok(diesel::update(open).set(jobs::run_at.eq(tx.now_db())).execute(tx.conn())?);
        self.app.db.write(end).unwrap();
    }

    /// Has the jobs run now that were put off from the beginning until later.
    pub fn bring_forward(&self) {
        let open = jobs::table.filter(jobs::done_at.is_null()).filter(jobs::dead_at.is_null());
        let put_off = open.filter(jobs::attempts.eq(0)).filter(jobs::run_at.gt(self.app.clock.now().naive_utc()));
        let bring = |tx: &mut Tx| Ok(diesel::update(put_off).set(jobs::run_at.eq(tx.now_db())).execute(tx.conn())?);
        self.app.db.write(bring).unwrap();
    }

    /// How often a process was killed so far.
    pub fn kills(&self) -> usize {
        *self.kills.lock().unwrap()
    }
}

/// One process of the platform; killed with this value.
pub struct Node<'s> {
    site: &'s Site,
    /// Its data folder.
    pub data: PathBuf,
    log: PathBuf,
    port: u16,
    command: Vec<&'static str>,
    /// The most memory that the system gives it, in MiB.
    most_mib: Option<u64>,
    settings: Vec<(&'static str, String)>,
    /// The variables of what stands in front of the system's libraries.
    shims: Vec<(&'static str, PathBuf)>,
    process: Option<Child>,
}

impl<'s> Node<'s> {
    /// Another value of a setting: `WORKERS__LEASE_S`.
    #[must_use]
    pub fn with(mut self, key: &'static str, value: &str) -> Self {
        self.settings.retain(|(known, _)| *known != key);
        self.settings.push((key, value.to_owned()));
        self
    }

    /// Has the system refuse it more memory for its data.
    #[must_use]
    pub fn within(mut self, mib: u64) -> Self {
        self.most_mib = Some(mib);
        self
    }

    /// On a clock that may be set.
    #[must_use]
    pub fn on_clock(mut self, clock: &Skew) -> Self {
        self.shims.extend(clock.variables());
        self
    }

    /// On a disk that may freeze.
    #[must_use]
    pub fn on_disk(mut self, disk: &ReadOnlyDisk) -> Self {
        self.shims.extend(disk.variables());
        self
    }

    /// Where it answers.
    pub fn base(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// What its running process has taken since its start.
    pub fn usage(&self) -> Usage {
        UsageMeter::from_the_start(self.process.as_ref().expect("a running process").id()).usage()
    }

    /// A caller with the key.
    pub fn client(&self, side: &Side) -> Client {
        Client::new(&self.base(), Some(side.key.clone()))
    }

    /// The program on this node's database and folder, with other arguments.
    pub fn program(&self, arguments: &[&str]) -> Command {
        let program = env!("CARGO_BIN_EXE_tradepost");
        let mut command = Command::new(if self.most_mib.is_some() { "sh" } else { program });
        if let Some(mib) = self.most_mib {
            command.args(["-c", &format!("ulimit -d {} && exec \"$0\" \"$@\"", mib << 10), program]);
            // Else the allocator takes what it may need later in pieces of 128 MiB, which the system counts as if they were used.
            command.env("MIMALLOC_ARENA_EAGER_COMMIT", "0");
        }
        command
            .args(arguments)
            .args(["--database", &self.site.database.url, "--data"])
            .arg(&self.data)
            .env("RUST_LOG", "warn")
            .stdin(Stdio::null());
        for (key, value) in &self.settings {
            command.env(format!("TRADEPOST__{key}"), value);
        }
        command.envs(self.shims.iter().cloned());
        command
    }

    /// Starts it and does not wait.
    pub fn launch(&mut self) {
        let mut arguments = self.command.clone();
        let listen = format!("127.0.0.1:{}", self.port);
        if self.command[0] == "serve" {
            arguments.extend(["--listen", &listen]);
        }
        let log = File::options().create(true).append(true).open(&self.log).unwrap();
        let child = self.program(&arguments).stdout(Stdio::null()).stderr(log).spawn().unwrap();
        self.process = Some(child);
    }

    /// Starts it and waits until it is ready and its index holds all that the database holds.
    pub fn start(&mut self) {
        self.launch();
        self.await_current();
    }

    /// Starts it and waits until it is ready, while others write.
    pub fn start_among_others(&mut self) {
        self.launch();
        self.await_ready();
    }

    /// Waits until it is ready.
    #[track_caller]
    pub fn await_ready(&mut self) {
        wait_for("the node to be ready", || self.answers(|_| true));
    }

    /// Waits until it is ready and its index holds all that the database holds; while nobody writes.
    #[track_caller]
    pub fn await_current(&mut self) {
        wait_for("the node to be ready and its index to be current", || self.answers(|behind| behind == Some(0)));
    }

    fn answers(&mut self, is_near: impl Fn(Option<i64>) -> bool) -> bool {
        let ended = self.process.as_mut().and_then(|process| process.try_wait().unwrap());
        assert!(ended.is_none(), "the node ended by itself: {}", self.log());
        self.readiness().is_some_and(|(status, behind)| status == 200 && is_near(behind))
    }

    /// The status of `/readyz`, and how many changes the index is behind; `None` while nobody answers.
    pub fn readiness(&self) -> Option<(u16, Option<i64>)> {
        let config = ureq::Agent::config_builder().http_status_as_error(false);
        let agent = config.timeout_global(Some(Duration::from_secs(15))).build().new_agent();
        let mut answer = agent.get(format!("{}/readyz", self.base())).call().ok()?;
        let body: serde_json::Value = answer.body_mut().read_json().unwrap_or_default();
        Some((answer.status().as_u16(), body["index_behind"].as_i64()))
    }

    /// SIGKILL, and not a moment to tidy up.
    pub fn kill(&mut self) {
        if let Some(mut process) = self.process.take() {
            process.kill().unwrap();
            process.wait().unwrap();
            *self.site.kills.lock().unwrap() += 1;
        }
    }

    /// SIGTERM; answers when the process has ended.
    pub fn stop(&mut self) {
        self.signal(Signal::TERM);
        if let Some(mut process) = self.process.take() {
            assert!(process.wait().unwrap().success(), "{}", self.log());
        }
    }

    /// SIGSTOP: it stands still and keeps all that it holds. Like a kill, it may come between an e-mail and the note that it went.
    pub fn pause(&self) {
        self.signal(Signal::STOP);
        *self.site.kills.lock().unwrap() += 1;
    }

    /// SIGCONT.
    pub fn resume(&self) {
        self.signal(Signal::CONT);
    }

    fn signal(&self, signal: Signal) {
        if let Some(process) = &self.process {
            kill_process(Pid::from_child(process), signal).unwrap();
        }
    }

    /// All that it ever wrote to standard error.
    pub fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }
}

impl Drop for Node<'_> {
    fn drop(&mut self) {
        if let Some(mut process) = self.process.take() {
            drop(process.kill());
            drop(process.wait());
        }
    }
}
