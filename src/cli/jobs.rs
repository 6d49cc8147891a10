//! `tradepost jobs`: lists open and dead jobs, and retries dead ones.

use clap::Subcommand;

use super::options::Global;
use super::print::print_line;
use crate::error::{FieldCode, Problem, Result};
use crate::ids::JobId;
use crate::outbox::{dead_jobs, queue_stats, retry_dead};

/// Dead jobs that are listed; of the others only the number is printed.
const MAX_LISTED: i64 = 100;

/// Subcommands of `jobs`.
#[derive(Subcommand)]
pub enum Jobs {
    /// Show how many jobs are open and since when, and list the dead ones.
    List,
    /// Retry a dead job, with all its attempts.
    Retry {
        /// The job's id, as `list` prints it.
        id: String,
    },
}

pub(super) fn run(global: &Global, jobs: &Jobs) -> Result<()> {
    let app = global.app()?;
    match jobs {
        Jobs::List => {
            let (queue_stats, dead) = app.db.read(|conn| Ok((queue_stats(conn)?, dead_jobs(conn, MAX_LISTED)?)))?;
            let since =
                queue_stats.oldest_due.map_or_else(String::new, |time| format!(", the oldest due since {time}"));
            print_line(&format!("{} open{since}; {} dead", queue_stats.open, queue_stats.dead));
            let listed = i64::try_from(dead.len()).unwrap_or(i64::MAX);
            for job in dead {
                print_line(&format!("{} {}: {}", JobId(job.id), job.kind, job.last_error.unwrap_or_default()));
            }
            if queue_stats.dead > listed {
                print_line(&format!("and {} more", queue_stats.dead - listed));
            }
            Ok(())
        }
        Jobs::Retry { id } => {
            let id: JobId = id.parse().map_err(|error: crate::ids::NotAnId| {
                Problem::invalid_field("/id", FieldCode::Format, error.to_string())
            })?;
            app.db.write(|tx| retry_dead(tx, id))
        }
    }
}
