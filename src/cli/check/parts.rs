//! The checks.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use super::result::CheckResult;
use super::result::Outcome::{self, Note, Passed};
use crate::accounts::actions::{KeyRotationStatus, key_rotation_status};
use crate::config::{Config, MailTransport};
use crate::error::{Problem, Result};
use crate::mail::Mailer;
use crate::outbox::queue_stats;
use crate::search;
use crate::secrets::Secrets;
use crate::store::backup::{self, Inventory};
use crate::store::change_log::last_change;
use crate::store::{Engine, migrate};

/// Free disk space in bytes below which the check fails, and below which it notes it.
const MIN_SPACE: u64 = 64 << 20;
const LOW_SPACE: u64 = 1 << 30;

pub(super) fn versions() -> String {
    format!("tradepost {}, {}", env!("CARGO_PKG_VERSION"), search::version())
}

pub(super) fn configuration(config: &Config) -> Result<Outcome> {
    let kind = if config.production { "production" } else { "development" };
    Ok(Passed(format!("{kind}, reached at {}, listens on {}", config.server.public_url, config.server.listen)))
}

/// The key exists, is long enough, and cannot be read by everybody.
pub(super) fn secret_key(config: &Config) -> Result<Outcome> {
    let Some(file) = config.secret_file() else {
        Secrets::new(&config.secrets.key, &config.secrets.previous_key)?;
        return Ok(Passed("configured".to_owned()));
    };
    if config.secrets.key_file.is_empty() && !file.exists() {
        return Ok(Note(format!("{} will be created at the first start", file.display())));
    }
    config.secrets()?;
    let mode = std::fs::metadata(&file).map_err(|error| fault(&file, &error))?.permissions().mode() & 0o777;
    if mode & 0o007 != 0 {
        let text = format!("{} is readable by everybody (mode {mode:o}); run chmod 600", file.display());
        return Err(Problem::conflict(text));
    }
    Ok(Passed(format!("in {}", file.display())))
}

/// The folder exists, is writable, and has free space.
pub(super) fn data_folder(data: &Path) -> Result<Outcome> {
    // Written and not only asked for: a full or read-only disk shows in no permission bits.
    let trial = data.join(".check");
    let tried = std::fs::write(&trial, "trial").and_then(|()| std::fs::remove_file(&trial));
    tried.map_err(|error| fault(data, &error))?;
    let free = fs4::available_space(data).map_err(|error| fault(data, &error))?;
    let text = format!("{}, {:.1} GiB free", data.display(), free as f64 / (1 << 30) as f64);
    match free {
        ..MIN_SPACE => Err(Problem::conflict(format!("{text}: too little"))),
        MIN_SPACE..LOW_SPACE => Ok(Note(text)),
        _ => Ok(Passed(text)),
    }
}

fn fault(path: &Path, error: &std::io::Error) -> Problem {
    Problem::conflict(format!("{}: {error}", path.display()))
}

/// The database, its schema, its jobs, and the indexes that follow it.
pub(super) fn database(config: &Config) -> Vec<CheckResult> {
    let engine = match config.engine() {
        Ok(engine) => engine,
        Err(problem) => return vec![CheckResult::of("database", Err::<Outcome, _>(problem))],
    };
    if let Engine::Sqlite(file) = &engine
        && !file.exists()
    {
        let text = format!("none yet at {}; the first start creates it", file.display());
        return vec![CheckResult::of("database", Ok::<_, Problem>(Note(text)))];
    }
    let mut results = vec![CheckResult::of("schema", schema(&engine))];
    let inventory = backup::verify(&engine).and_then(|()| backup::take_inventory(&engine));
    results.insert(0, CheckResult::of("database", inventory.as_ref().map(|found| Passed(contents(&engine, found)))));
    if let Ok(inventory) = &inventory {
        results.push(CheckResult::of("jobs", jobs(&engine)));
        results.push(CheckResult::of("second factors", second_factors(config, &engine)));
        results.push(CheckResult::of("index", index(config, &engine, inventory)));
    }
    results
}

fn contents(engine: &Engine, inventory: &Inventory) -> String {
    let (rows, tables) = (inventory.rows.values().sum::<i64>(), inventory.rows.len());
    let checked = match engine {
        Engine::Sqlite(_) => "integrity check passed",
        Engine::Postgres(_) => "reachable",
    };
    let name = match engine {
        Engine::Sqlite(_) => "SQLite",
        Engine::Postgres(_) => "PostgreSQL",
    };
    format!("{name} {}, {checked}, {rows} rows in {tables} tables", inventory.version)
}

fn schema(engine: &Engine) -> Result<Outcome> {
    let status = migrate::status(engine)?;
    status.ensure_known()?;
    let applied = status.applied.len();
    Ok(match status.pending.len() {
        0 => Passed(format!("up to date, {applied} migrations")),
        pending => Note(format!("{pending} of {} migrations pending; the next start applies them", applied + pending)),
    })
}

fn jobs(engine: &Engine) -> Result<Outcome> {
    let queue_stats = engine.look(queue_stats)?;
    let since = queue_stats.oldest_due.map_or_else(String::new, |time| format!(", the oldest due since {time}"));
    let text = format!("{} open{since}, {} dead", queue_stats.open, queue_stats.dead);
    Ok(if queue_stats.dead > 0 { Note(text) } else { Passed(text) })
}

/// Whether the secret keys decrypt the keys of all authenticators.
fn second_factors(config: &Config, engine: &Engine) -> Result<Outcome> {
    if config.secret_file().is_some_and(|file| !file.exists()) {
        return Ok(Note("not checked without a secret key".to_owned()));
    }
    let secrets = config.secrets()?;
    let KeyRotationStatus { current, previous, lost } = engine.look(|conn| key_rotation_status(conn, &secrets))?;
    let opened = format!("the secret key decrypts {current}");
    match (previous, lost) {
        (0, 0) => Ok(Passed(opened)),
        (_, 0) => Ok(Note(format!(
            "{opened}, the previous one {previous} more: keep it until a worker has encrypted them again"
        ))),
        _ => Err(Problem::conflict(format!(
            "{opened}, the previous one {previous}, neither {lost}: set the key that they were encrypted with as the previous one; until \
             then these users sign in with recovery codes"
        ))),
    }
}

fn index(config: &Config, engine: &Engine, inventory: &Inventory) -> Result<Outcome> {
    let known = search::health(&config.data.join("index")).map_err(|error| {
        Problem::conflict(format!("{error}; the next start rebuilds it, and so does `tradepost reindex`"))
    })?;
    let Some(health) = known else { return Ok(Note("not built yet".to_owned())) };
    let Some(position) = health.position else { return Ok(Note("not built yet".to_owned())) };
    if position.epoch != inventory.epoch {
        return Ok(Note("built from another database or an older backup; the next start rebuilds it".to_owned()));
    }
    let behind = engine.look(last_change)? - position.seq;
    let text = format!("checksums match, {} documents, {behind} changes behind", health.documents);
    Ok(if behind == 0 { Passed(text) } else { Note(text) })
}

/// A mail server is contacted with TLS and sign-in, as to send an e-mail.
pub(super) fn mail(config: &Config) -> std::result::Result<Outcome, String> {
    let mailer = Mailer::new(config).map_err(|problem| problem.to_string())?;
    let server = match config.mail.transport {
        MailTransport::Smtp => format!("{}:{}: ", config.mail.smtp.host, config.mail.smtp.port),
        MailTransport::File | MailTransport::Memory => String::new(),
    };
    match mailer.probe() {
        Ok(text) => Ok(Passed(format!("{server}{text}"))),
        Err(reason) => Err(format!("{server}{reason}")),
    }
}
