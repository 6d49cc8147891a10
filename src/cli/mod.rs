//! The command line: one word for each thing that an operator does.
//!
//! Results go to standard output, everything else to standard error; the exit code is 0, 1 (failed) or 2 (usage).

mod admin;
mod backup;
mod check;
mod demo;
mod evaluate;
mod hs;
mod jobs;
pub mod load;
mod openapi;
mod progress;
mod rates;
pub mod serve;
mod synonyms;

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

use crate::app::{App, IndexPlace};
use crate::clock::Clock;
use crate::config::{Config, Overrides};
use crate::error::{Problem, Result};
use crate::logging;
use crate::store::migrate;

/// A B2B, cross-border information-release trade platform.
#[derive(Parser)]
#[command(name = "tradepost", version, about, max_term_width = 120)]
struct CommandLine {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

/// Options of every command.
#[derive(Args, Clone, Debug)]
pub struct Global {
    /// The data folder: SQLite file, index, mail, `secret_key`.
    #[arg(long, global = true, env = "TRADEPOST_DATA", value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// `sqlite://PATH` or `postgres://USER:PASSWORD@HOST/DATABASE`; without it a SQLite file in the data folder.
    #[arg(long, global = true, env = "TRADEPOST_DATABASE", value_name = "URL", hide_env_values = true)]
    pub database: Option<String>,
    /// A configuration file; config/default.toml in the repository documents every key.
    #[arg(long, global = true, env = "TRADEPOST_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Where to listen (serve, demo).
    #[arg(long, global = true, env = "TRADEPOST_LISTEN", value_name = "ADDR:PORT")]
    pub listen: Option<String>,
    /// Where /metrics answers (serve, worker); nowhere without it.
    #[arg(long, global = true, env = "TRADEPOST_METRICS_LISTEN", value_name = "ADDR:PORT")]
    pub metrics_listen: Option<String>,
}

#[derive(Subcommand)]
enum Command {
    /// A sample market in a fresh folder, one whole trade played, then the site.
    Demo(demo::Demo),
    /// Serve the site and the API.
    Serve {
        /// Leave jobs and sweeps to `worker` processes; the search index is still kept up to date.
        #[arg(long)]
        no_workers: bool,
    },
    /// Run jobs and sweeps without serving; several may share one PostgreSQL.
    Worker,
    /// Bring the database's schema up to date.
    Migrate {
        /// Only say where it stands.
        #[arg(long)]
        status: bool,
    },
    /// Load companies, listings and RFQs from an NDJSON file.
    Load(load::Load),
    /// Fill the search index anew from the database; a running server does so itself and serves meanwhile.
    Reindex,
    /// Look at everything that the platform stands on: one line for each, exit 1 when something is wrong.
    Check,
    /// Copy the database, the blobs and the secret key to a folder, while the platform serves.
    Backup(backup::Backup),
    /// Bring a backup back.
    Restore(backup::Restore),
    /// The HS nomenclature.
    #[command(subcommand)]
    Hs(hs::Hs),
    /// Reference rates of exchange.
    #[command(subcommand)]
    Rates(rates::Rates),
    /// What things are also called.
    #[command(subcommand)]
    Synonyms(synonyms::Synonyms),
    /// Measure search or matching on judged data.
    Evaluate(evaluate::Evaluate),
    /// The outbox: jobs that wait, and dead ones.
    #[command(subcommand)]
    Jobs(jobs::Jobs),
    /// People and keys.
    #[command(subcommand)]
    Admin(admin::Admin),
    /// Print the OpenAPI document.
    Openapi,
}

/// Parses the command line and carries it out.
pub fn run() -> ExitCode {
    let line = CommandLine::parse();
    match carry_out(line) {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            let _ = writeln!(std::io::stderr(), "tradepost: {problem}");
            ExitCode::FAILURE
        }
    }
}

fn carry_out(line: CommandLine) -> Result<()> {
    let global = &line.global;
    match line.command {
        Command::Demo(demo) => demo::carry_out(global, &demo),
        Command::Load(load) => load::carry_out(global, &load),
        Command::Serve { no_workers } => serve::serve(global, no_workers),
        Command::Worker => serve::worker(global),
        Command::Migrate { status } => migrate(global, status),
        Command::Reindex => serve::reindex(global),
        Command::Check => check::carry_out(global),
        Command::Backup(backup) => backup::back_up(global, &backup),
        Command::Restore(restore) => backup::restore(global, &restore),
        Command::Hs(hs) => hs::carry_out(global, &hs),
        Command::Rates(rates) => rates::carry_out(global, &rates),
        Command::Synonyms(synonyms) => synonyms::carry_out(global, &synonyms),
        Command::Evaluate(evaluate) => evaluate::carry_out(global, &evaluate),
        Command::Jobs(jobs) => jobs::carry_out(global, &jobs),
        Command::Admin(admin) => admin::carry_out(global, &admin),
        Command::Openapi => openapi::print(),
    }
}

impl Global {
    /// The configuration of this command line; the data folder is `default_data` unless one was named.
    pub fn load(&self, default_data: &str) -> Result<Config> {
        let config = Config::load(&Overrides {
            data: self.data.clone().unwrap_or_else(|| PathBuf::from(default_data)),
            file: self.config.clone(),
            database: self.database.clone(),
            listen: self.listen.clone(),
            metrics_listen: self.metrics_listen.clone(),
        })?;
        logging::write_as(config.log.format);
        Ok(config)
    }

    /// The application for a command that writes the database and leaves the index to the server.
    pub fn app(&self) -> Result<App> {
        App::migrate_and_build(self.load("data")?, Clock::System, IndexPlace::Memory)
    }
}

fn migrate(global: &Global, only_status: bool) -> Result<()> {
    let config = global.load("data")?;
    let engine = config.engine()?;
    if only_status {
        let status = migrate::status(&engine)?;
        say(&format!("applied: {}\npending: {}", status.applied.join(", "), status.pending.join(", ")));
        return match status.unknown.as_slice() {
            [] => Ok(()),
            unknown => Err(Problem::conflict(format!("unknown to this version: {}", unknown.join(", ")))),
        };
    }
    std::fs::create_dir_all(&config.data).map_err(|error| Problem::internal(format!("data folder: {error}")))?;
    let applied = migrate::migrate(&engine)?;
    say(&if applied.is_empty() {
        "the schema is current".to_owned()
    } else {
        format!("applied: {}", applied.join(", "))
    });
    Ok(())
}

/// Writes a line to standard output; a reader that is gone is no failure.
pub fn say(line: &str) {
    let _ = writeln!(std::io::stdout(), "{line}");
}

/// Writes a line to standard error.
pub fn tell(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}
