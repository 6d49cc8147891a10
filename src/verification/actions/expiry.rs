//! Evidence that ends: reminders before, and the level that is left after.

use chrono::{Days, NaiveDate};

use crate::accounts::actions::{Sender, notify_company};
use crate::app::App;
use crate::companies::evidence;
use crate::companies::evidence::store::Ending;
use crate::error::Result;
use crate::ids::{CompanyId, EvidenceId};
use crate::locale::Language;
use crate::mail::Stream;
use crate::store::{Conn, SWEEP_BATCH, Tx, sweep_rows};
use crate::verification::notifications;
use crate::verification::rules::{REMINDERS, due_reminder};

/// Reminds companies whose evidence ends soon, and ends what has passed; answers how many pieces were touched. Running it again on the same
/// day changes nothing. A piece that fails is logged and passed over.
///
/// # Errors
/// When the evidence cannot be listed.
pub fn end_due(app: &App) -> Result<usize> {
    let today = app.clock.today();
    let ahead = REMINDERS.iter().copied().max().and_then(|days| u64::try_from(days).ok()).unwrap_or(0);
    let until = today.checked_add_days(Days::new(ahead)).unwrap_or(today);
    // Each by itself: one piece that cannot be read held up the end of all that came after it, every minute anew.
    sweep_rows(
        &app.db,
        "ending verifications",
        |conn, after| list_due(conn, today, until, after),
        |ending| EvidenceId(ending.id),
        |ending| app.db.write(|tx| remind_or_end(tx, ending)),
    )
}

/// The next pieces that need something today. Most of those that end soon need nothing: their companies were reminded.
fn list_due(conn: &mut Conn, today: NaiveDate, until: NaiveDate, after: Option<&Ending>) -> Result<Vec<Ending>> {
    // No evidence ended before 1970.
    let mut position = after.map_or((NaiveDate::default(), 0), Ending::position);
    loop {
        let mut batch = evidence::store::list_ending(conn, until, position, SWEEP_BATCH)?;
        let Some(last) = batch.last() else { return Ok(Vec::new()) };
        position = last.position();
        batch.retain(|one| is_due(one, today));
        if !batch.is_empty() {
            return Ok(batch);
        }
    }
}

fn is_due(ending: &Ending, today: NaiveDate) -> bool {
    let due = |last: NaiveDate| last < today || due_reminder(today, last, ending.reminded_days).is_some();
    ending.expires_on.is_some_and(due)
}

/// Whether something was done. The piece may have ended since it was found due.
fn remind_or_end(tx: &mut Tx, ending: &Ending) -> Result<bool> {
    let current = evidence::store::list_current(tx.conn(), CompanyId(ending.company))?;
    let Some(item) = current.iter().find(|one| one.id.0 == ending.id) else { return Ok(false) };
    let Some(last) = item.expires_on else { return Ok(false) };
    let today = tx.now().date_naive();
    if last < today {
        let level = evidence::actions::expire(tx, item)?;
        let event = format!("evidence ended {}", item.id);
        notify_company(
            tx,
            Sender::Platform,
            item.company,
            Stream::Transactional,
            &event,
            &notifications::ended(Language::English, item, level),
        )?;
        return Ok(true);
    }
    let Some(days) = due_reminder(today, last, item.reminded_days) else { return Ok(false) };
    evidence::actions::record_reminder(tx, item, days)?;
    let event = format!("evidence ends {} {days}", item.id);
    notify_company(
        tx,
        Sender::Platform,
        item.company,
        Stream::Transactional,
        &event,
        &notifications::ends_soon(Language::English, item, days),
    )?;
    Ok(true)
}
