//! Synonyms: the operator's table of what things are also called, and the names that the HS nomenclature gives to goods. Both make
//! up the search's synonyms ([`crate::search::Synonyms`]).
//!
//! [`rules`] reads the operator's file. An import replaces the table; it records a change in the change log, as that of the nomenclature
//! does, and every process that follows the log reloads them, so that no restart is needed.

pub mod rules;
mod store;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use crate::error::{FieldCode, Problem, Result};
use crate::reference::hs;
use crate::search::{Expansion, Search, Synonyms};
use crate::store::{Db, Entity, Op};

use rules::{Rule, Term};

/// What an import brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Imported {
    /// How many rules.
    pub rules: usize,
    /// How many names stand in them.
    pub names: usize,
}

impl Imported {
    /// What these rules would bring.
    pub fn of(rules: &[Rule]) -> Self {
        Self { rules: rules.len(), names: rules.iter().map(|rule| rule.names().count()).sum() }
    }
}

/// Puts the rules in the place of those before.
///
/// # Errors
/// `invalid` at `/file` when there is no rule at all.
pub fn import(db: &Db, rules: &[Rule]) -> Result<Imported> {
    if rules.is_empty() {
        let message = "holds no synonyms; `tradepost synonyms clear` removes those there are";
        return Err(Problem::invalid_field("/file", FieldCode::Required, message));
    }
    replace(db, rules)?;
    Ok(Imported::of(rules))
}

/// Removes all rules.
pub fn clear(db: &Db) -> Result<()> {
    replace(db, &[])
}

fn replace(db: &Db, rules: &[Rule]) -> Result<()> {
    db.write(|tx| {
        store::replace(tx, rules)?;
        tx.record_change(Entity::Lexicon, 0, Op::Changed);
        Ok(())
    })
}

/// Has the search learn what the database holds now.
pub fn refresh(db: &Db, search: &Search) -> Result<()> {
    let (rules, described) = db.read(|conn| Ok((store::load(conn)?, store::descriptions(conn)?)))?;
    search.set_synonyms(synonyms(&rules, &described));
    Ok(())
}

/// The synonyms of these rules and of these descriptions by HS code; our own labels stand for chapters that are not described.
fn synonyms(rules: &[Rule], described: &BTreeMap<String, String>) -> Synonyms {
    let mut synonyms = Synonyms::default();
    for (name, found) in rules.iter().flat_map(Rule::expansions) {
        let expansion = match found {
            Term::Name(words) => Expansion::Words(words),
            Term::Hs(code) => Expansion::Hs(code),
        };
        synonyms.add(name, &expansion);
    }
    synonyms.add_nomenclature(hs::chapters().iter().map(|chapter| (chapter.code, chapter.label)));
    synonyms.add_nomenclature(described.iter().map(|(code, text)| (code.as_str(), text.as_str())));
    synonyms
}
