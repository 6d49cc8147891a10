//! Reading what a company has to do.

use super::{Tasks, store};
use crate::actor::{Actor, Permission};
use crate::app::App;
use crate::error::Result;

/// Everything that the company of the actor has to do.
///
/// # Errors
/// `forbidden` for a key that may not read RFQs.
pub fn tasks(app: &App, actor: &Actor) -> Result<Tasks> {
    let scope = actor.authorize(Permission::RfqsRead)?;
    // One read for all of them: a task that is done in between is on the page once or not at all, never under two headings.
    app.db.read(|conn| {
        Ok(Tasks {
            rfqs_with_new_quotes: store::rfqs_with_new_quotes(conn, scope)?,
            unseen_matches: store::unseen_matches(conn, scope)?,
            unseen_invitations: store::unseen_invitations(conn, scope)?,
            partnerships_to_confirm: store::partnerships_to_confirm(conn, scope)?,
            records_to_confirm: store::records_to_confirm(conn, scope)?,
            records_to_correct: store::records_to_correct(conn, scope)?,
            drafts: store::drafts(conn, scope)?,
        })
    })
}
