//! `tradepost jobs`: how the outbox stands, and giving dead jobs another try.

use clap::Subcommand;

use super::{Global, say};
use crate::error::{FieldCode, Problem, Result};
use crate::ids::JobId;
use crate::outbox::{dead_jobs, gauge, retry_dead};

/// Dead jobs that are listed at most.
const MOST_LISTED: i64 = 100;

/// What to do.
#[derive(Subcommand)]
pub enum Jobs {
    /// Say how many jobs wait, since when, and which were put aside for good.
    List,
    /// Give a dead job all its tries again.
    Retry {
        /// The job's id, as `list` prints it.
        id: String,
    },
}

pub(super) fn carry_out(global: &Global, jobs: &Jobs) -> Result<()> {
    let app = global.app()?;
    match jobs {
        Jobs::List => {
            let (gauge, dead) = app.db.read(|conn| Ok((gauge(conn)?, dead_jobs(conn, MOST_LISTED)?)))?;
            let since = gauge.oldest_due.map_or_else(String::new, |time| format!(", the oldest due since {time}"));
            say(&format!("{} open{since}; {} dead", gauge.open, gauge.dead));
            for job in dead {
                say(&format!("{} {}: {}", JobId(job.id), job.kind, job.last_error.unwrap_or_default()));
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
