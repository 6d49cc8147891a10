//! The things that are looked at.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use super::Verdict::{Good, Note};
use super::{Finding, Verdict, judged};
use crate::accounts::actions::{Seals, count_seals};
use crate::config::{Config, MailTransport};
use crate::error::{Problem, Result};
use crate::mail::Mailer;
use crate::outbox::{gauge, last_change};
use crate::search;
use crate::secrets::Secrets;
use crate::store::backup::{self, Inventory};
use crate::store::{Engine, migrate};

/// Free space below which nothing will work for long, and below which it is worth a word, in bytes.
const LEAST_SPACE: u64 = 64 << 20;
const LITTLE_SPACE: u64 = 1 << 30;

pub(super) fn versions() -> String {
    format!("tradepost {}, {}", env!("CARGO_PKG_VERSION"), search::version())
}

pub(super) fn configuration(config: &Config) -> Result<Verdict> {
    let kind = if config.production { "production" } else { "development" };
    Ok(Good(format!("{kind}, reached at {}, listens on {}", config.server.public_url, config.server.listen)))
}

/// The key is there, long enough, and nobody else's to read.
pub(super) fn secret_key(config: &Config) -> Result<Verdict> {
    let Some(file) = config.secret_file() else {
        Secrets::new(&config.secrets.key, &config.secrets.previous_key)?;
        return Ok(Good("configured".to_owned()));
    };
    if config.secrets.key_file.is_empty() && !file.exists() {
        return Ok(Note(format!("{} will be made at the first start", file.display())));
    }
    config.secrets()?;
    let mode = std::fs::metadata(&file).map_err(|error| fault(&file, &error))?.permissions().mode() & 0o777;
    if mode & 0o007 != 0 {
        let words = format!("{} can be read by everybody (mode {mode:o}); chmod 600", file.display());
        return Err(Problem::conflict(words));
    }
    Ok(Good(format!("in {}", file.display())))
}

/// The folder is there, can be written, and has room.
pub(super) fn data_folder(data: &Path) -> Result<Verdict> {
    let trial = data.join(".check");
    let tried = std::fs::write(&trial, "trial").and_then(|()| std::fs::remove_file(&trial));
    tried.map_err(|error| fault(data, &error))?;
    let free = fs4::available_space(data).map_err(|error| fault(data, &error))?;
    let words = format!("{}, {:.1} GiB free", data.display(), free as f64 / (1 << 30) as f64);
    match free {
        ..LEAST_SPACE => Err(Problem::conflict(format!("{words}: too little"))),
        LEAST_SPACE..LITTLE_SPACE => Ok(Note(words)),
        _ => Ok(Good(words)),
    }
}

fn fault(path: &Path, error: &std::io::Error) -> Problem {
    Problem::conflict(format!("{}: {error}", path.display()))
}

/// The database, its schema, its jobs, and the indexes that follow it.
pub(super) fn database(config: &Config) -> Vec<Finding> {
    let engine = match config.engine() {
        Ok(engine) => engine,
        Err(problem) => return vec![judged("database", Err::<Verdict, _>(problem))],
    };
    if let Engine::Sqlite(file) = &engine
        && !file.exists()
    {
        let words = format!("there is none yet at {}; the first start makes it", file.display());
        return vec![judged("database", Ok::<_, Problem>(Note(words)))];
    }
    let mut findings = vec![judged("schema", schema(&engine))];
    let inventory = backup::verify(&engine).and_then(|()| backup::take_inventory(&engine));
    findings.insert(0, judged("database", inventory.as_ref().map(|found| Good(contents(&engine, found)))));
    if let Ok(inventory) = &inventory {
        findings.push(judged("jobs", jobs(&engine)));
        findings.push(judged("second factors", second_factors(config, &engine)));
        findings.push(judged("index", index(config, &engine, inventory)));
    }
    findings
}

fn contents(engine: &Engine, inventory: &Inventory) -> String {
    let (rows, tables) = (inventory.rows.values().sum::<i64>(), inventory.rows.len());
    let checked = match engine {
        Engine::Sqlite(_) => "integrity and references hold",
        Engine::Postgres(_) => "answers",
    };
    let name = match engine {
        Engine::Sqlite(_) => "SQLite",
        Engine::Postgres(_) => "PostgreSQL",
    };
    format!("{name} {}, {checked}, {rows} rows in {tables} tables", inventory.version)
}

fn schema(engine: &Engine) -> Result<Verdict> {
    let status = migrate::status(engine)?;
    status.ensure_known()?;
    let applied = status.applied.len();
    Ok(match status.pending.len() {
        0 => Good(format!("current, {applied} migrations")),
        pending => {
            Note(format!("{pending} of {} migrations are pending; the next start applies them", applied + pending))
        }
    })
}

fn jobs(engine: &Engine) -> Result<Verdict> {
    let gauge = engine.look(gauge)?;
    let since = gauge.oldest_due.map_or_else(String::new, |time| format!(", the oldest due since {time}"));
    let words = format!("{} open{since}, {} dead", gauge.open, gauge.dead);
    Ok(if gauge.dead > 0 { Note(words) } else { Good(words) })
}

/// Who signs in with an authenticator whose key the secret keys open.
fn second_factors(config: &Config, engine: &Engine) -> Result<Verdict> {
    if config.secret_file().is_some_and(|file| !file.exists()) {
        return Ok(Note("not looked at without a secret key".to_owned()));
    }
    let secrets = config.secrets()?;
    let Seals { now, before, lost } = engine.look(|conn| count_seals(conn, &secrets))?;
    let opened = format!("the secret key opens {now}");
    match (before, lost) {
        (0, 0) => Ok(Good(opened)),
        (_, 0) => Ok(Note(format!(
            "{opened}, the previous one {before} more: it has to stay until a process with workers has sealed them anew"
        ))),
        _ => Err(Problem::conflict(format!(
            "{opened}, the previous one {before}, neither {lost}: name the key of their time as the previous one; until then \
             these people sign in with recovery codes"
        ))),
    }
}

fn index(config: &Config, engine: &Engine, inventory: &Inventory) -> Result<Verdict> {
    let inspected = search::inspect(&config.data.join("index")).map_err(|error| {
        Problem::conflict(format!("{error}; the next start fills it anew, and so does `tradepost reindex`"))
    })?;
    let Some(inspection) = inspected else { return Ok(Note("not filled yet".to_owned())) };
    let Some(position) = inspection.position else { return Ok(Note("not filled yet".to_owned())) };
    if position.epoch != inventory.epoch {
        return Ok(Note("of another history of the database; the next start fills it anew".to_owned()));
    }
    let behind = engine.look(last_change)? - position.seq;
    let words = format!("checksums hold, {} documents, {behind} changes behind", inspection.documents);
    Ok(if behind == 0 { Good(words) } else { Note(words) })
}

/// A mail server is asked with TLS and sign-in, as for a letter.
pub(super) fn mail(config: &Config) -> std::result::Result<Verdict, String> {
    let mailer = Mailer::new(config).map_err(|problem| problem.to_string())?;
    let way = match config.mail.transport {
        MailTransport::Smtp => format!("{}:{}: ", config.mail.smtp.host, config.mail.smtp.port),
        MailTransport::File | MailTransport::Memory => String::new(),
    };
    match mailer.probe() {
        Ok(words) => Ok(Good(format!("{way}{words}"))),
        Err(reason) => Err(format!("{way}{reason}")),
    }
}
