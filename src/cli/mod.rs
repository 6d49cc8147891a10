//! The command line: one command for each task of an operator.
//!
//! Results go to standard output, everything else to standard error; the exit code is 0, 1 (failed) or 2 (usage).

mod admin;
mod backup;
mod check;
mod demo;
mod evaluate;
mod hs;
mod input;
mod jobs;
mod ledger;
pub mod load;
mod openapi;
mod options;
mod print;
mod progress;
mod rates;
pub mod serve;
mod statistics;
mod synonyms;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use self::options::Global;
use self::print::{print_line, print_status};
use crate::error::{Problem, Result};
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
    /// Check a ledger that a side kept.
    #[command(subcommand)]
    Ledger(ledger::Ledger),
    /// Make a release of the general-trade statistics.
    #[command(subcommand)]
    Statistics(statistics::Statistics),
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
            print_status(&format!("tradepost: {problem}"));
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
        Command::Ledger(ledger) => ledger::run(&ledger),
        Command::Statistics(statistics) => statistics::run(global, &statistics),
        Command::Synonyms(synonyms) => synonyms::run(global, &synonyms),
        Command::Evaluate(evaluate) => evaluate::run(global, &evaluate),
        Command::Jobs(jobs) => jobs::run(global, &jobs),
        Command::Admin(admin) => admin::run(global, &admin),
        Command::Openapi => openapi::print(),
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
