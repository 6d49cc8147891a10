//! The server is killed while it writes, again and again: what it acknowledged is there, and the index says what the database says.

use std::collections::BTreeSet;
use std::net::{Ipv4Addr, TcpListener};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use diesel::prelude::*;
use diesel::sql_types::Text;
use serde_json::{Value, json};

use crate::support::{Client, Database, Kind, Setup, market};

both!(a_killed_server_loses_nothing_it_acknowledged, a_second_server_on_the_folder_refuses);

const ROUNDS: usize = 10;
/// How long anything may take that is waited for.
const PATIENCE: Duration = Duration::from_secs(60);

/// The program on a database and a data folder, not running yet.
struct Ground {
    database: Database,
    data: PathBuf,
    port: u16,
}

impl Setup for Ground {
    fn on(database: Database) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let data = database.folder().join("served");
        Self { database, data, port }
    }
}

/// A running server, killed with this value.
struct Process(Child);

impl Process {
    /// SIGKILL, and not a moment to tidy up.
    fn kill(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

impl Ground {
    fn program(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tradepost"));
        command
            .args(arguments)
            .args(["--database", &self.database.url, "--data"])
            .arg(&self.data)
            .env("TRADEPOST__LIMITS__ENABLED", "false")
            .env("RUST_LOG", "error");
        command
    }

    fn base(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Starts the server and waits until it is ready.
    fn serve(&self) -> Process {
        let listen = format!("127.0.0.1:{}", self.port);
        let mut process =
            Process(self.program(&["serve", "--listen", &listen]).stdout(Stdio::null()).spawn().unwrap());
        let agent = ureq::Agent::config_builder().http_status_as_error(false).build().new_agent();
        let ready = || agent.get(format!("{}/readyz", self.base())).call().is_ok_and(|answer| answer.status() == 200);
        wait_for("the server to be ready", || {
            assert!(process.0.try_wait().unwrap().is_none(), "the server ended by itself");
            ready()
        });
        process
    }

    /// A company with a key for everything that the test does.
    fn register(&self) -> String {
        std::fs::create_dir_all(&self.data).unwrap();
        let file = self.data.join("company.ndjson");
        std::fs::write(&file, "{\"type\":\"company\",\"ref\":\"forge\",\"name\":\"Forge of Trials\",\"country\":\"CN\"}\n").unwrap();
        let loaded = self.program(&["load", file.to_str().unwrap()]).output().unwrap();
        assert!(loaded.status.success(), "{}", String::from_utf8_lossy(&loaded.stderr));
        let scopes = "catalog:read,catalog:write,rfqs:read,rfqs:write,account:read";
        let key = self.program(&["admin", "key", "forge", "--scopes", scopes]).output().unwrap();
        assert!(key.status.success(), "{}", String::from_utf8_lossy(&key.stderr));
        String::from_utf8(key.stdout).unwrap().trim().to_owned()
    }

    fn check_integrity(&self) {
        #[derive(QueryableByName)]
        struct Line {
            #[diesel(sql_type = Text)]
            integrity_check: String,
        }
        if self.database.kind == Kind::Sqlite {
            let path = self.database.url.strip_prefix("sqlite://").unwrap();
            let mut file = SqliteConnection::establish(path).unwrap();
            let lines: Vec<Line> = diesel::sql_query("PRAGMA integrity_check").load(&mut file).unwrap();
            assert_eq!(lines.iter().map(|line| line.integrity_check.as_str()).collect::<Vec<_>>(), ["ok"]);
        }
    }
}

#[track_caller]
fn wait_for(what: &str, mut is_so: impl FnMut() -> bool) {
    let until = Instant::now() + PATIENCE;
    while !is_so() {
        assert!(Instant::now() < until, "waited in vain for {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// What the server said that it had done.
#[derive(Clone, Debug)]
enum Done {
    Listed(String),
    Published(String),
    Asked(String),
}

/// Writes until the server is gone; tells every acknowledged step.
fn write(base: String, key: String, round: usize, told: Sender<Done>) -> JoinHandle<()> {
    std::thread::spawn(move || {
        let agent = ureq::Agent::config_builder().http_status_as_error(false).build().new_agent();
        let post = |path: &str, body: &Value| -> Option<Value> {
            let request = agent.post(format!("{base}/api/v1{path}")).header("authorization", format!("Bearer {key}"));
            let mut answer = request.send_json(body).ok()?;
            let status = answer.status().as_u16();
            let text = answer.body_mut().read_to_string().ok()?;
            assert!(matches!(status, 200 | 201), "{path}: {status} {text}");
            serde_json::from_str(&text).ok()
        };
        let id = |answer: &Value| answer["id"].as_str().unwrap().to_owned();
        for number in 0.. {
            let sku = format!("R{round}-{number}");
            let Some(made) = post("/listings", &market::listing(&sku)) else { return };
            drop(told.send(Done::Listed(id(&made))));
            let Some(_) = post(&format!("/listings/{}/publish", id(&made)), &json!({})) else { return };
            drop(told.send(Done::Published(id(&made))));
            let Some(asked) = post("/rfqs", &market::rfq(&format!("Valves {sku}"))) else { return };
            let Some(_) = post(&format!("/rfqs/{}/publish", id(&asked)), &json!({})) else { return };
            drop(told.send(Done::Asked(id(&asked))));
        }
    })
}

/// All ids of a list, page after page.
fn all_ids(client: &Client, path: &str) -> BTreeSet<String> {
    let mut ids = BTreeSet::new();
    let mut cursor = String::new();
    loop {
        let page = client.get(&format!("{path}&limit=100{cursor}")).expect(200).json();
        for item in page["data"].as_array().unwrap() {
            assert!(ids.insert(item["id"].as_str().unwrap().to_owned()), "twice in {path}: {item}");
        }
        let Some(next) = page["next_cursor"].as_str() else { return ids };
        cursor = format!("&cursor={next}");
    }
}

fn total(client: &Client, path: &str) -> usize {
    usize::try_from(client.get(path).expect(200).json()["total"].as_u64().unwrap()).unwrap()
}

/// Kills the server once it has acknowledged `steps`, and answers all that it acknowledged until it was dead.
fn kill_after(steps: usize, mut server: Process, told: &Receiver<Done>, writer: JoinHandle<()>) -> Vec<Done> {
    let mut done: Vec<Done> = Vec::new();
    while done.len() < steps {
        done.push(told.recv_timeout(PATIENCE).expect("the writer is stuck"));
    }
    server.kill();
    writer.join().unwrap();
    done.extend(told.try_iter());
    done
}

fn a_killed_server_loses_nothing_it_acknowledged(ground: &Ground) {
    let key = ground.register();
    let client = Client::new(&ground.base(), Some(key.clone()));
    let (mut listed, mut published, mut asked) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for round in 0..ROUNDS {
        let server = ground.serve();
        let (tell, told) = channel();
        let writer = write(ground.base(), key.clone(), round, tell);
        for done in kill_after(5 + round * 3, server, &told, writer) {
            match done {
                Done::Listed(id) => listed.insert(id),
                Done::Published(id) => published.insert(id),
                Done::Asked(id) => asked.insert(id),
            };
        }
        ground.check_integrity();
        let _server = ground.serve();
        let company = client.get("/me").expect(200).text("/company");
        let kept = all_ids(&client, "/listings?");
        assert!(kept.is_superset(&listed), "round {round} lost listings: {:?}", listed.difference(&kept));
        let public = all_ids(&client, "/listings?state=published");
        assert!(public.is_superset(&published), "round {round} lost: {:?}", published.difference(&public));
        let open = all_ids(&client, "/rfqs?state=open");
        assert!(open.is_superset(&asked), "round {round} lost RFQs: {:?}", asked.difference(&open));
        wait_for("the index to hold what the database holds", || {
            total(&client, &format!("/search/listings?company={company}")) == public.len()
                && total(&client, "/search/rfqs?limit=1") == open.len()
        });
        assert_eq!(all_ids(&client, &format!("/search/listings?company={company}")), public, "round {round}");
        assert_eq!(all_ids(&client, "/search/rfqs?sort=newest"), open, "round {round}");
        assert_eq!(total(&client, "/search/companies?limit=1"), 1);
    }
    assert!(published.len() >= ROUNDS && asked.len() >= ROUNDS / 2, "too little was written to prove anything");
}

fn a_second_server_on_the_folder_refuses(ground: &Ground) {
    ground.register();
    let server = ground.serve();
    let second = ground.program(&["serve", "--listen", "127.0.0.1:0"]).output().unwrap();
    assert_eq!(second.status.code(), Some(1));
    let words = String::from_utf8_lossy(&second.stderr).into_owned();
    assert!(words.contains("already"), "{words}");
    drop(server);
}
