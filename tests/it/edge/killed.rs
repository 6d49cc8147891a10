//! The server is killed after it has done what was asked and before anybody has heard of it: the same request, sent again with its
//! key, is answered with what was done, and nothing is done twice.

use std::net::{Ipv4Addr, TcpListener};
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use diesel::prelude::*;
use diesel::sql_types::BigInt;
use serde_json::Value;

use crate::support::{Client, Database, Kind, PATIENCE, Setup, Wire, amount, market, wait_for};

both!(unanswered_request_is_done_once_after_a_kill);

/// How many requests are under way when the server dies.
const AT_ONCE: usize = 16;

/// How often the server is killed; the nightly run sets the variable to 500.
fn rounds() -> usize {
    amount("TRADEPOST_TEST_KILLS", 2)
}

/// The program on a database, not running yet.
struct Program {
    database: Database,
    port: u16,
}

impl Setup for Program {
    fn on(database: Database) -> Self {
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port();
        Self { database, port }
    }
}

/// A running server, killed with this value.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

impl Program {
    fn base(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tradepost"));
        command
            .args(arguments)
            .args(["--database", &self.database.url, "--data"])
            .arg(self.database.folder().join("served"));
        command.env("TRADEPOST__LIMITS__ENABLED", "false").env("RUST_LOG", "error");
        command
    }

    fn serve(&self) -> Running {
        let listen = format!("127.0.0.1:{}", self.port);
        let running = Running(self.command(&["serve", "--listen", &listen]).stdout(Stdio::null()).spawn().unwrap());
        let agent = ureq::Agent::config_builder().http_status_as_error(false).build().new_agent();
        let ready = || agent.get(format!("{}/readyz", self.base())).call().is_ok_and(|answer| answer.status() == 200);
        wait_for("the server to be ready", ready);
        running
    }

    /// The API key of a company that buys.
    fn register(&self) -> String {
        let folder = self.database.folder().join("served");
        std::fs::create_dir_all(&folder).unwrap();
        let file = folder.join("company.ndjson");
        std::fs::write(
            &file,
            "{\"type\":\"company\",\"ref\":\"forge\",\"name\":\"Forge of Trials\",\"country\":\"CN\"}\n",
        )
        .unwrap();
        assert!(self.command(&["load", file.to_str().unwrap()]).stdout(Stdio::null()).status().unwrap().success());
        let key = self.command(&["admin", "key", "forge", "--scopes", "rfqs:read,rfqs:write"]).output().unwrap();
        assert!(key.status.success(), "{}", String::from_utf8_lossy(&key.stderr));
        String::from_utf8(key.stdout).unwrap().trim().to_owned()
    }

    /// How many RFQs the database holds, asked past the server.
    fn count(&self) -> usize {
        let query = diesel::sql_query("SELECT COUNT(*) AS n FROM rfqs");
        let count: Count = match self.database.kind {
            Kind::Sqlite => {
                let path = self.database.url.strip_prefix("sqlite://").unwrap();
                query.get_result(&mut SqliteConnection::establish(path).unwrap())
            }
            Kind::Postgres => query.get_result(&mut PgConnection::establish(&self.database.url).unwrap()),
        }
        .unwrap();
        usize::try_from(count.n).unwrap()
    }
}

fn request(base: &str, key: &str, once: &str, body: &Value) -> String {
    let (host, body) = (base.strip_prefix("http://").unwrap(), body.to_string());
    format!(
        "POST /api/v1/rfqs HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {key}\r\nIdempotency-Key: {once}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

fn unanswered_request_is_done_once_after_a_kill(program: &Program) {
    let key = program.register();
    let client = Client::new(&program.base(), Some(key.clone()));
    let (mut sent, mut replayed) = (0, 0);
    for round in 0..rounds() {
        let named = |n: usize| (format!("k-{round}-{n}"), market::rfq(&format!("Valves {round}-{n}")));
        let running = program.serve();
        let before = program.count();
        let mut wires: Vec<Wire> = Vec::new();
        for n in 0..AT_ONCE {
            let (once, body) = named(n);
            let mut wire = Wire::to(&program.base());
            assert!(wire.send(request(&program.base(), &key, &once, &body)));
            wires.push(wire);
        }
        // Nobody reads an answer: as soon as something was done, the server dies. Looked at without a pause, in which all would be done.
        let until = Instant::now() + PATIENCE;
        while program.count() == before {
            assert!(Instant::now() < until, "nothing was done");
        }
        drop(running);
        drop(wires);
        let _running = program.serve();
        for n in 0..AT_ONCE {
            let (once, body) = named(n);
            let again = client.call("POST", "/rfqs").header("Idempotency-Key", &once).json(&body).send().expect(201);
            replayed += usize::from(again.header("idempotent-replayed") == Some("true"));
        }
        sent += AT_ONCE;
        assert_eq!(program.count(), sent, "round {round}: something was done twice or not at all");
    }
    assert!(replayed >= rounds(), "only {replayed} requests had been done when the server died");
}
