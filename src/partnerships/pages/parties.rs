//! The two sides of a partnership by their names.

use crate::actor::{Actor, Permission};
use crate::app::App;
use crate::companies;
use crate::error::Result;
use crate::ids::{CompanyId, PartnershipId, RecordId};
use crate::partnerships::{Partnership, RecordDetail, actions, records};

/// The two sides as a page speaks of them.
#[derive(Clone, Debug)]
pub(super) struct Parties {
    pub supplier: CompanyId,
    pub supplier_name: String,
    pub buyer: CompanyId,
    pub buyer_name: String,
}

/// A partnership or a record, with its sides and the one who asks.
pub(super) struct ForViewer<T> {
    pub viewer: CompanyId,
    pub thing: T,
    pub parties: Parties,
}

impl<T> ForViewer<T> {
    /// The name of the side that does not ask.
    pub fn other_name(&self) -> &str {
        self.parties.other_name(self.viewer)
    }
}

/// The partnership, for an actor with the permission.
pub(super) fn partnership(
    app: &App,
    actor: &Actor,
    permission: Permission,
    id: PartnershipId,
) -> Result<ForViewer<Partnership>> {
    let viewer = actor.authorize(permission)?.company();
    let thing = actions::find(app, actor, id)?;
    let parties = Parties::load(app, thing.supplier, thing.buyer)?;
    Ok(ForViewer { viewer, thing, parties })
}

/// The record, for an actor with the permission.
pub(super) fn record(
    app: &App,
    actor: &Actor,
    permission: Permission,
    id: RecordId,
) -> Result<ForViewer<RecordDetail>> {
    let viewer = actor.authorize(permission)?.company();
    let thing = records::find(app, actor, id)?;
    let parties = Parties::load(app, thing.record.supplier, thing.record.buyer)?;
    Ok(ForViewer { viewer, thing, parties })
}

impl Parties {
    pub fn load(app: &App, supplier: CompanyId, buyer: CompanyId) -> Result<Self> {
        let mut names = app.db.read(|conn| companies::store::names(conn, &[supplier.0, buyer.0]))?;
        let mut name = |id: CompanyId| names.remove(&id.0).unwrap_or_default();
        Ok(Self { supplier, supplier_name: name(supplier), buyer, buyer_name: name(buyer) })
    }

    /// The name of the side that `company` is.
    pub fn name(&self, company: CompanyId) -> &str {
        if company == self.supplier { &self.supplier_name } else { &self.buyer_name }
    }

    /// The name of the other side.
    pub fn other_name(&self, company: CompanyId) -> &str {
        if company == self.supplier { &self.buyer_name } else { &self.supplier_name }
    }
}
