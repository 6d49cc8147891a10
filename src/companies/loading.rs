//! Taking companies over from another platform: the operator's file knows each by its `ref`.

use super::store;
use super::{CompanyFields, actions};
use crate::error::{Problem, Result};
use crate::ids::CompanyId;
use crate::store::Tx;

/// What became of a loaded thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loaded<I> {
    /// It was new.
    Made(I),
    /// It was there and differed.
    Changed(I),
    /// It was there and equal; nothing was written.
    Same(I),
}

impl<I: Copy> Loaded<I> {
    /// The thing.
    pub fn id(self) -> I {
        match self {
            Self::Made(id) | Self::Changed(id) | Self::Same(id) => id,
        }
    }
}

/// Whether what is loaded is published at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Publish {
    /// It stays a draft.
    No,
    /// Everyone sees it.
    Yes,
}

/// Stores a company under its `ref`, or changes the one that is there. `fields` were checked.
pub fn upsert_loaded(tx: &mut Tx, reference: &str, fields: &CompanyFields) -> Result<Loaded<CompanyId>> {
    let Some(id) = store::find_by_ref(tx.conn(), reference)? else {
        return actions::register(tx, fields, Some(reference)).map(Loaded::Made);
    };
    let mut company = store::find(tx.conn(), id)?.ok_or_else(|| Problem::not_found("company"))?;
    // The same file again: no new version, no change in the log, and evidence is not looked at anew.
    if company.fields == *fields {
        return Ok(Loaded::Same(id));
    }
    company.fields = fields.clone();
    actions::replace(tx, &company)?;
    Ok(Loaded::Changed(id))
}
