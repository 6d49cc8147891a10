//! Rows of `synonyms`, and the descriptions of the nomenclature, which are read only.

use std::collections::BTreeMap;

use diesel::prelude::*;

use super::rules::Rule;
use crate::error::Result;
use crate::on_each;
use crate::store::schema::{hs_lines, synonyms};
use crate::store::{Conn, Tx};

/// Rows written by one statement.
const BATCH: usize = 1_000;

#[derive(Insertable)]
#[diesel(table_name = synonyms)]
struct NewRule<'a> {
    place: i64,
    rule: &'a str,
}

/// Puts these rules in the place of those before.
pub(super) fn replace(tx: &mut Tx, rules: &[Rule]) -> Result<()> {
    diesel::delete(synonyms::table).execute(tx.conn())?;
    let rows: Vec<NewRule> = (0..).zip(rules).map(|(place, rule)| NewRule { place, rule: &rule.text }).collect();
    for rows in rows.chunks(BATCH) {
        on_each!(tx.conn(), |c| diesel::insert_into(synonyms::table).values(rows).execute(c))?;
    }
    Ok(())
}

/// The rules in order. One that this version would refuse is left out.
pub(super) fn load(conn: &mut Conn) -> Result<Vec<Rule>> {
    let lines: Vec<String> = synonyms::table.select(synonyms::rule).order(synonyms::place).load(conn)?;
    // A line that this version cannot read is passed over: the rest of the search's names must not be lost for it.
    Ok(lines.iter().filter_map(|line| Rule::read(line).ok().flatten()).collect())
}

/// What the nomenclature calls the goods of each code.
pub(super) fn descriptions(conn: &mut Conn) -> Result<BTreeMap<String, String>> {
    let lines: Vec<(String, String)> = hs_lines::table.select((hs_lines::code, hs_lines::description)).load(conn)?;
    Ok(lines.into_iter().collect())
}
