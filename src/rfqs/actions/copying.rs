//! A new RFQ after an earlier one: the same again, and asked of all who quoted then.

use super::{attach, ensure_room, invitations};
use crate::actor::{Actor, Permission};
use crate::app::App;
use crate::error::{Problem, Result};
use crate::ids::{CompanyId, RfqId};
use crate::locale::{Language, text};
use crate::rfqs::queries::own;
use crate::rfqs::{ClosingFields, RfqFields, store};
use crate::store::{IdempotencyKey, Idempotent};

/// Who is invited by a copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Invitees {
    /// Nobody.
    None,
    /// The suppliers that quoted on the earlier one and did not withdraw.
    Quoted,
}

/// Writes a draft that says what one's own RFQ says, in any state of it: without its closing rule, and without a day that has passed. Suppliers that
/// are invited are told when it is published; of those that quoted, who has left the platform or takes nothing from the buyer is left out.
///
/// # Errors
/// `not_found`; `conflict` when all that quoted are to be invited and there is none.
pub fn copy(
    app: &App,
    actor: &Actor,
    id: RfqId,
    invitees: Invitees,
    once: Option<&IdempotencyKey>,
) -> Result<Idempotent<RfqId>> {
    let scope = actor.authorize_draft(Permission::RfqsWrite)?;
    app.db.write_idempotent(once, |tx| {
        let earlier = own(tx.conn(), scope, id)?;
        ensure_room(app, tx, actor, scope.company())?;
        let today = tx.now().date_naive();
        let mut fields = RfqFields {
            closing: ClosingFields::default(),
            wanted_by: earlier.fields.wanted_by.filter(|day| *day >= today),
            ..earlier.fields.clone()
        };
        fields.check()?;
        let copied = store::insert(tx, scope.company(), None, &fields)?;
        attach(tx, scope.company(), copied, &fields)?;
        if invitees == Invitees::Quoted {
            let quoted = store::list_quoting_suppliers(tx.conn(), id)?;
            let suppliers: Vec<CompanyId> = invitations::invitable(tx, scope.company(), &quoted)?;
            if suppliers.is_empty() {
                return Err(Problem::conflict(text(Language::English, "rfqs-copy-nobody")));
            }
            let draft = own(tx.conn(), scope, copied)?;
            invitations::invite_in(app, tx, &draft, &suppliers)?;
        }
        Ok(copied)
    })
}
