//! The command line: one command for each task of an operator.
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
    /// The address to listen on (serve, demo).
    #[arg(long, global = true, env = "TRADEPOST_LISTEN", value_name = "ADDR:PORT")]
    pub listen: Option<String>,
    /// The address of /metrics (serve, worker); without it there is none.
    #[arg(long, global = true, env = "TRADEPOST_METRICS_LISTEN", value_name = "ADDR:PORT")]
    pub metrics_listen: Option<String>,
}

#[derive(Subcommand)]
enum Command {
    /// Load a sample market into a new folder, run one complete trade, then serve the site.
    Demo(demo::Demo),
    /// Serve the site and the API.
    Serve {
        /// Leave jobs and sweeps to `worker` processes; the search index is still updated.
        #[arg(long)]
        no_workers: bool,
    },
    /// Run jobs and sweeps without serving; several workers can share one PostgreSQL database.
    Worker,
    /// Apply pending database migrations.
    Migrate {
        /// Only show which are applied and which are pending.
        #[arg(long)]
        status: bool,
    },
    /// Load companies, listings and RFQs from an NDJSON file.
    Load(load::Load),
    /// Rebuild the search index from the database; a running server rebuilds it itself while it serves.
    Reindex,
    /// Check configuration, database, index, jobs and mail: one line each, exit code 1 on an error.
    Check,
    /// Back up the database, the files and the secret key to a folder, while the platform serves.
    Backup(backup::Backup),
    /// Restore a backup.
    Restore(backup::Restore),
    /// Import the HS nomenclature.
    #[command(subcommand)]
    Hs(hs::Hs),
    /// Import exchange rates.
    #[command(subcommand)]
    Rates(rates::Rates),
    /// Import or clear search synonyms.
    #[command(subcommand)]
    Synonyms(synonyms::Synonyms),
    /// Measure the quality of search or matching on judged data.
    Evaluate(evaluate::Evaluate),
    /// List jobs, and retry dead ones.
    #[command(subcommand)]
    Jobs(jobs::Jobs),
    /// Manage users and API keys.
    #[command(subcommand)]
    Admin(admin::Admin),
    /// Print the OpenAPI document.
    Openapi,
}

/// Parses the command line and runs its command.
pub fn run() -> ExitCode {
    let line = CommandLine::parse();
    match dispatch(line) {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            let _ = writeln!(std::io::stderr(), "tradepost: {problem}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(line: CommandLine) -> Result<()> {
    let global = &line.global;
    match line.command {
        Command::Demo(demo) => demo::run(global, &demo),
        Command::Load(load) => load::run(global, &load),
        Command::Serve { no_workers } => serve::serve(global, no_workers),
        Command::Worker => serve::worker(global),
        Command::Migrate { status } => migrate(global, status),
        Command::Reindex => serve::reindex(global),
        Command::Check => check::run(global),
        Command::Backup(backup) => backup::back_up(global, &backup),
        Command::Restore(restore) => backup::restore(global, &restore),
        Command::Hs(hs) => hs::run(global, &hs),
        Command::Rates(rates) => rates::run(global, &rates),
        Command::Synonyms(synonyms) => synonyms::run(global, &synonyms),
        Command::Evaluate(evaluate) => evaluate::run(global, &evaluate),
        Command::Jobs(jobs) => jobs::run(global, &jobs),
        Command::Admin(admin) => admin::run(global, &admin),
        Command::Openapi => openapi::print(),
    }
}

impl Global {
    /// The configuration of this command line, with `default_data` for the data folder unless one is given.
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

    /// The application for a command that writes to the database and leaves indexing to the server.
    pub fn app(&self) -> Result<App> {
        App::migrate_and_build(self.load("data")?, Clock::System, IndexPlace::Memory)
    }
}

fn migrate(global: &Global, only_status: bool) -> Result<()> {
    let config = global.load("data")?;
    let engine = config.engine()?;
    if only_status {
        let status = migrate::status(&engine)?;
        print_line(&format!("applied: {}\npending: {}", status.applied.join(", "), status.pending.join(", ")));
        return match status.unknown.as_slice() {
            [] => Ok(()),
            unknown => Err(Problem::conflict(format!(
                "applied migrations that this version does not know: {}",
                unknown.join(", ")
            ))),
        };
    }
    std::fs::create_dir_all(&config.data).map_err(|error| Problem::internal(error).during("data folder"))?;
    let applied = migrate::migrate(&engine)?;
    print_line(&if applied.is_empty() {
        "the schema is up to date".to_owned()
    } else {
        format!("applied: {}", applied.join(", "))
    });
    Ok(())
}

/// Writes a result to standard output. A closed pipe is no error: `tradepost jobs list | head` succeeds.
pub fn print_line(line: &str) {
    let _ = writeln!(std::io::stdout(), "{line}");
}

/// Writes a status message to standard error.
pub fn print_status(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}
