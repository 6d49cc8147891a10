//! A PostgreSQL server of our own, started once per test process from the server's programs and stopped when the process ends.
//!
//! It listens on a Unix socket in a temporary folder and nowhere else, so no port can be taken and nobody else can reach it.
//! A shell guards it: it waits for the end of its standard input, which is our end, however we ended; then it stops the server
//! and removes the folder. `TRADEPOST_TEST_POSTGRES_URL` names a server to use instead; its user must be able to make databases.

use std::io::{Read, Write};
use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, OnceLock};
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use diesel::prelude::*;

const GUARD: &str = r#"
start() {
    "$1/postgres" -D "$2/data" -k "$2" -c listen_addresses= -c fsync=off -c synchronous_commit=off -c full_page_writes=off \
        -c max_connections=400 -c shared_buffers=64MB -c autovacuum=off -c max_wal_size=256MB >>"$2/log" 2>&1 &
    server=$!
}
start "$@"
while read -r word; do
    case "$word" in
        stop) kill -INT "$server"; wait "$server"; echo stopped ;;
        start) start "$@"; echo started ;;
    esac
done
kill -QUIT "$server"
wait "$server"
rm -rf "$2"
"#;

/// A running server.
pub struct Server {
    /// The URL of its database `postgres`.
    url: String,
    /// Holds the guard's standard input open for as long as we live.
    guard: Option<Mutex<Child>>,
}

impl Server {
    /// The server of this process; `None` where there are no server programs.
    pub fn of_process() -> Option<&'static Self> {
        static SERVER: OnceLock<Option<Server>> = OnceLock::new();
        SERVER.get_or_init(Self::start).as_ref()
    }

    /// The URL of the named database.
    pub fn url_of(&self, database: &str) -> String {
        let (address, options) = self.url.split_once('?').map_or((self.url.as_str(), None), |(a, o)| (a, Some(o)));
        let start = address.find("://").map_or(0, |at| at + 3);
        let server = address[start..].rfind('/').map_or(address, |at| &address[..start + at]);
        let options = options.map_or_else(String::new, |options| format!("?{options}"));
        format!("{server}/{database}{options}")
    }

    /// Runs a statement beside all transactions: making and dropping databases.
    pub fn execute(&self, sql: &str) {
        let mut conn = diesel::PgConnection::establish(&self.url).unwrap();
        conn.batch_execute(sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
    }

    /// Stops it at once, all its sessions with it.
    pub fn stop(&self) {
        self.tell("stop");
    }

    /// Starts it after [`Server::stop`]; it answers a moment later.
    pub fn start_again(&self) {
        self.tell("start");
    }

    fn tell(&self, word: &str) {
        let mut guard = self.guard.as_ref().expect("a server of our own").lock().unwrap();
        writeln!(guard.stdin.as_mut().unwrap(), "{word}").unwrap();
        let mut answer = [0; 8];
        guard.stdout.as_mut().unwrap().read_exact(&mut answer).unwrap();
    }

    fn start() -> Option<Self> {
        if let Ok(url) = std::env::var("TRADEPOST_TEST_POSTGRES_URL") {
            return Some(Self { url, guard: None });
        }
        Self::of_its_own()
    }

    /// A server that nobody else uses, so that it can be stopped; `None` where there are no server programs.
    pub fn of_its_own() -> Option<Self> {
        let programs = find_programs()?;
        let folder = tempfile::Builder::new().prefix("tradepost-pg-").tempdir().unwrap().keep();
        let owner = server_user(&folder);
        if let Some((uid, gid)) = owner {
            chown(&folder, Some(uid), Some(gid)).unwrap();
        }
        let run_as = |command: &mut Command| {
            command.current_dir(&folder).process_group(0);
            if let Some((uid, gid)) = owner {
                command.uid(uid).gid(gid);
            }
        };
        init(&programs, &folder, run_as);
        let mut guard = Command::new("sh");
        guard.args(["-c", GUARD, "guard"]).arg(&programs).arg(&folder);
        guard.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        run_as(&mut guard);
        let guard = guard.spawn().unwrap();
        let url = format!("postgres://postgres@/postgres?host={}", folder.display());
        wait_until_it_answers(&url, &folder);
        Some(Self { url, guard: Some(Mutex::new(guard)) })
    }
}

fn init(programs: &Path, folder: &Path, run_as: impl Fn(&mut Command)) {
    let mut command = Command::new(programs.join("initdb"));
    command.args(["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync", "-D"]);
    command.arg(folder.join("data")).stdin(Stdio::null());
    run_as(&mut command);
    let made = command.output().unwrap();
    assert!(made.status.success(), "initdb: {}", String::from_utf8_lossy(&made.stderr));
}

fn wait_until_it_answers(url: &str, folder: &Path) {
    let until = Instant::now() + Duration::from_secs(30);
    while let Err(error) = diesel::PgConnection::establish(url) {
        let log = || std::fs::read_to_string(folder.join("log")).unwrap_or_default();
        assert!(Instant::now() < until, "PostgreSQL does not answer: {error}\n{}", log());
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// The folder that holds `initdb` and `postgres`: on the search path, or where Debian keeps its newest.
fn find_programs() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut versions: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .map(|entries| entries.flatten().map(|entry| entry.path().join("bin")).collect())
        .unwrap_or_default();
    versions.sort();
    let has_both = |folder: &PathBuf| folder.join("initdb").is_file() && folder.join("postgres").is_file();
    std::env::split_paths(&path).chain(versions.into_iter().rev()).find(has_both)
}

/// Whom the server runs as: PostgreSQL refuses root, so root lends it to the user `postgres` (or, without one, `nobody`).
fn server_user(own: &Path) -> Option<(u32, u32)> {
    if own.metadata().unwrap().uid() != 0 {
        return None;
    }
    let users = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
    let ids = |wanted: &str| {
        let line = users.lines().find(|line| line.split(':').next() == Some(wanted))?;
        let mut parts = line.split(':').skip(2).map(str::parse);
        Some((parts.next()?.ok()?, parts.next()?.ok()?))
    };
    Some(ids("postgres").or_else(|| ids("nobody")).expect("a user other than root to run PostgreSQL as"))
}
