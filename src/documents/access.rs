//! Access to what is attached: asked of the feature whose thing it is attached to.
//!
//! This folder knows no RFQ and no quote. Each feature that attaches documents has one function that decides whether an actor may see a
//! thing of its; the list of them is made where the routes are.

use std::collections::BTreeMap;

use super::Subject;
use crate::actor::Actor;
use crate::error::Result;
use crate::store::Conn;

/// Whether the actor may see the attachments of the thing with this id; false, never a problem, for what is not theirs.
pub type AccessPolicy = fn(&mut Conn, &Actor, i64) -> Result<bool>;

/// The functions of all features that attach documents.
#[derive(Clone, Debug, Default)]
pub struct AccessPolicies(BTreeMap<Subject, AccessPolicy>);

impl AccessPolicies {
    /// Adds that of one kind of thing.
    #[must_use]
    pub fn with(mut self, subject: Subject, may_see: AccessPolicy) -> Self {
        self.0.insert(subject, may_see);
        self
    }

    /// Whether the actor may see the attachments of the thing; a kind that nobody answers for is seen by nobody.
    pub(super) fn may_see(&self, conn: &mut Conn, actor: &Actor, subject: Subject, id: i64) -> Result<bool> {
        // Closed where it was forgotten: a new kind of thing shows nothing until its feature answers.
        self.0.get(&subject).map_or(Ok(false), |may_see| may_see(conn, actor, id))
    }
}
