//! Evidence that ends: reminders before, and the level that is left after.

use chrono::Days;

use crate::app::App;
use crate::companies::evidence::{self, Seen};
use crate::error::Result;
use crate::store::Tx;
use crate::verification::letters;
use crate::verification::rules::{REMINDERS, due_reminder};

/// So many pieces are written in one transaction.
const BATCH: usize = 200;

/// Reminds companies whose evidence ends soon, and ends what has passed; answers how many pieces were touched. Running it again on the same
/// day changes nothing.
pub fn end_due(app: &App) -> Result<usize> {
    let today = app.clock.today();
    let ahead = REMINDERS.iter().copied().max().and_then(|days| u64::try_from(days).ok()).unwrap_or(0);
    let until = today.checked_add_days(Days::new(ahead)).unwrap_or(today);
    let mut total = 0;
    let mut due = app.db.read(|conn| evidence::store::list_ending(conn, until))?;
    due.retain(|seen| {
        seen.expires_on.is_some_and(|last| last < today || due_reminder(today, last, seen.reminded_days).is_some())
    });
    for part in due.chunks(BATCH) {
        total += app.db.write(|tx| part.iter().map(|seen| touch(tx, seen)).sum::<Result<usize>>())?;
    }
    Ok(total)
}

/// Answers 1 when something was done. The piece may have ended since it was found due.
fn touch(tx: &mut Tx, found: &Seen) -> Result<usize> {
    let current = evidence::store::list_current(tx.conn(), found.company)?;
    let Some(seen) = current.iter().find(|one| one.id == found.id) else { return Ok(0) };
    let Some(last) = seen.expires_on else { return Ok(0) };
    let today = tx.now().date_naive();
    if last < today {
        let level = evidence::actions::expire(tx, seen)?;
        letters::ended(tx, seen, level)?;
        return Ok(1);
    }
    let Some(days) = due_reminder(today, last, seen.reminded_days) else { return Ok(0) };
    evidence::actions::note_reminder(tx, seen, days)?;
    letters::ends_soon(tx, seen, days)?;
    Ok(1)
}
