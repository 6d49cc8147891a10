//! Runs `pg_dump` and `pg_restore`.

use std::path::{Path, PathBuf};
use std::process::Command;

use percent_encoding::percent_decode_str;

use crate::error::{Problem, Result};

/// Dumps the snapshot in PostgreSQL's custom format.
pub(super) fn dump(url: &str, snapshot: &str, file: &Path) -> Result<()> {
    let mut command = program("pg_dump")?;
    // Without owners and grants, so that it can be restored under another database user.
    command.args(["--format=custom", "--no-owner", "--no-privileges"]);
    command.arg(format!("--snapshot={snapshot}")).arg("--file").arg(file);
    run(with_database(command, url))
}

/// Lists the contents of the dump, which fails for a truncated or damaged one.
pub(super) fn ensure_readable(file: &Path) -> Result<()> {
    let mut command = program("pg_restore")?;
    command.arg("--list").arg(file);
    run(command)
}

/// Restores a dump into a database without tables, in one transaction.
pub(super) fn restore(url: &str, file: &Path) -> Result<()> {
    let mut command = program("pg_restore")?;
    command.args(["--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error"]);
    let mut command = with_database(command, url);
    command.arg(file);
    run(command)
}

/// Passes the database without its password, which every user of the machine could read on the command line.
fn with_database(mut command: Command, url: &str) -> Command {
    let (url, password) = split_password(url);
    command.arg(format!("--dbname={url}"));
    if let Some(password) = password {
        command.env("PGPASSWORD", password);
    }
    command
}

fn split_password(url: &str) -> (String, Option<String>) {
    let whole = || (url.to_owned(), None);
    let Some((scheme, rest)) = url.split_once("://") else { return whole() };
    let authority = rest.split(['/', '?']).next().unwrap_or(rest);
    let Some((who, _)) = authority.rsplit_once('@') else { return whole() };
    let Some((user, password)) = who.split_once(':') else { return whole() };
    let password = percent_decode_str(password).decode_utf8_lossy().into_owned();
    (format!("{scheme}://{user}{}", &rest[who.len()..]), Some(password))
}

fn run(mut command: Command) -> Result<()> {
    let name = PathBuf::from(command.get_program());
    let name = name.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let output = command.output().map_err(|error| Problem::conflict(format!("{name} cannot be run: {error}")))?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(Problem::conflict(format!("{name} failed: {}", said.trim())))
}

/// The program on `PATH`, or the newest that Debian installed.
fn program(name: &str) -> Result<Command> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut versions: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .map(|entries| entries.flatten().map(|entry| entry.path().join("bin")).collect())
        .unwrap_or_default();
    versions.sort();
    let found = std::env::split_paths(&path).chain(versions.into_iter().rev()).map(|folder| folder.join(name));
    let found = found.into_iter().find(|file| file.is_file());
    found.map(Command::new).ok_or_else(|| {
        Problem::conflict(format!(
            "{name} is not installed; install the PostgreSQL client programs (postgresql-client)."
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::split_password;

    #[test]
    fn the_password_is_taken_out_of_the_url() {
        let split = |url| split_password(url);
        assert_eq!(
            split("postgres://anna:p%40ss@db.example:5432/tradepost?sslmode=require"),
            ("postgres://anna@db.example:5432/tradepost?sslmode=require".to_owned(), Some("p@ss".to_owned()))
        );
        for without in ["postgres://anna@db/t", "postgres:///t?host=/run", "postgres://db/t@x:y"] {
            assert_eq!(split(without), (without.to_owned(), None));
        }
    }
}
