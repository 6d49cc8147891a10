//! Rows of `hs_lines`: the imported nomenclature.

use diesel::prelude::*;

use crate::error::Result;
use crate::on_each;
use crate::reference::hs::{HsLine, Nomenclature};
use crate::store::schema::hs_lines;
use crate::store::{Conn, Tx, in_chunks};

/// Lines written by one statement; SQLite takes 32 766 values in one.
const BATCH: usize = 1_000;

diesel::define_sql_function! {
    /// The text in lower case.
    fn lower(text: diesel::sql_types::Text) -> diesel::sql_types::Text;
}

/// A line of the nomenclature as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, Queryable)]
pub struct StoredLine {
    /// 2, 4 or 6 digits.
    pub code: String,
    /// `H6` for HS 2022.
    pub edition: String,
    /// The description of the source.
    pub description: String,
    /// The code one level up; empty for a chapter.
    pub parent: String,
    /// 2, 4 or 6.
    pub level: i32,
}

/// Puts a nomenclature in the place of the one before, whole.
pub fn replace_hs(tx: &mut Tx, nomenclature: &Nomenclature) -> Result<usize> {
    // All in one transaction: nobody reads half a nomenclature, and a file that fails leaves the old one.
    diesel::delete(hs_lines::table).execute(tx.conn())?;
    for lines in nomenclature.lines.chunks(BATCH) {
        let rows: Vec<_> = lines.iter().map(|line| row(&nomenclature.edition, line)).collect();
        on_each!(tx.conn(), |c| diesel::insert_into(hs_lines::table).values(&rows).execute(c))?;
    }
    Ok(nomenclature.lines.len())
}

#[derive(Insertable)]
#[diesel(table_name = hs_lines)]
struct NewLine<'a> {
    code: &'a str,
    edition: &'a str,
    description: &'a str,
    parent: &'a str,
    level: i32,
}

fn row<'a>(edition: &'a str, line: &'a HsLine) -> NewLine<'a> {
    NewLine {
        code: &line.code,
        edition,
        description: &line.description,
        parent: line.parent.as_deref().unwrap_or(""),
        level: i32::from(line.level),
    }
}

/// Whether a nomenclature was imported.
pub fn has_hs(conn: &mut Conn) -> Result<bool> {
    let first: Option<String> = hs_lines::table.select(hs_lines::code).first(conn).optional()?;
    Ok(first.is_some())
}

/// Lines whose code begins with `prefix` and whose description holds every word, by code.
pub fn find_hs(conn: &mut Conn, prefix: &str, words: &[String], most: i64) -> Result<Vec<StoredLine>> {
    let columns = (hs_lines::code, hs_lines::edition, hs_lines::description, hs_lines::parent, hs_lines::level);
    let mut query = hs_lines::table.select(columns).order(hs_lines::code).limit(most).into_boxed();
    if !prefix.is_empty() {
        // Digits alone, which the caller has seen to: nothing in it can be a pattern.
        query = query.filter(hs_lines::code.like(format!("{prefix}%")));
    }
    for word in words {
        query = query.filter(lower(hs_lines::description).like(format!("%{}%", escaped(word))).escape('!'));
    }
    Ok(query.load(conn)?)
}

/// The lines one level below a code, by code: a chapter has at most 97 headings, a heading at most 99 subheadings.
pub fn find_hs_below(conn: &mut Conn, code: &str) -> Result<Vec<StoredLine>> {
    let columns = (hs_lines::code, hs_lines::edition, hs_lines::description, hs_lines::parent, hs_lines::level);
    let below = hs_lines::table.filter(hs_lines::code.like(format!("{code}%"))).filter(hs_lines::parent.eq(code));
    Ok(below.select(columns).order(hs_lines::code).load(conn)?)
}

/// Lines whose code begins with `prefix` and whose description holds any of the words, by code.
pub fn find_hs_by_any(conn: &mut Conn, prefix: &str, words: &[String], most: i64) -> Result<Vec<StoredLine>> {
    let mut found: Vec<StoredLine> = Vec::new();
    // One query for each word: an OR over texts reads every line for each of them as well, and these stop at their limit.
    for word in words {
        found.extend(find_hs(conn, prefix, std::slice::from_ref(word), most)?);
    }
    found.sort_by(|a, b| a.code.cmp(&b.code));
    found.dedup_by(|a, b| a.code == b.code);
    Ok(found)
}

/// The lines of these codes.
pub fn load_hs(conn: &mut Conn, codes: &[&str]) -> Result<Vec<StoredLine>> {
    let columns = (hs_lines::code, hs_lines::edition, hs_lines::description, hs_lines::parent, hs_lines::level);
    in_chunks(codes, |part| hs_lines::table.filter(hs_lines::code.eq_any(part)).select(columns).load(conn))
}

/// The word with the characters escaped that LIKE takes for patterns.
fn escaped(word: &str) -> String {
    // `!` and not the backslash, which the two databases treat differently in a literal.
    word.to_lowercase().replace('!', "!!").replace('%', "!%").replace('_', "!_")
}
