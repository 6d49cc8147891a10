//! Rows in every table, made from nothing but the catalogue of columns, and what is in them.

use std::collections::{BTreeMap, BTreeSet};

use diesel::prelude::*;
use diesel::sql_types::Text;

use super::Raw;
use super::catalogue::{Column, Shape, Table, name_after, table_after};

/// Rows of each table.
pub const ROWS: usize = 3;

/// The contents of the tables of a shape: a text for each row, in order.
pub struct Contents {
    pub rows: BTreeMap<String, Vec<BTreeMap<String, String>>>,
}

/// Puts rows into every table, parents first; the last row leaves out what may be left out.
pub fn fill(raw: &mut Raw, shape: &Shape) {
    for name in parents_first(shape) {
        let table = &shape.tables[&name];
        // A migration may have put a row of its own there.
        raw.execute(&format!("DELETE FROM \"{name}\""));
        for row in 0..ROWS {
            let columns: Vec<&String> = table.columns.keys().collect();
            let names = columns.iter().map(|column| format!("\"{column}\"")).collect::<Vec<_>>().join(", ");
            let values = columns.iter().map(|column| literal(raw, shape, &name, column, row));
            let values = values.collect::<Vec<_>>().join(", ");
            raw.execute(&format!("INSERT INTO \"{name}\" ({names}) VALUES ({values})"));
        }
    }
}

fn parents_first(shape: &Shape) -> Vec<String> {
    let mut ordered: Vec<String> = Vec::new();
    let mut left: BTreeSet<&String> = shape.tables.keys().collect();
    while !left.is_empty() {
        let is_free = |name: &&&String| {
            let parents = shape.tables[**name].foreign_keys.iter().map(|key| &key.parent);
            parents.filter(|parent| parent != *name).all(|parent| ordered.contains(parent))
        };
        let free: Vec<&String> = left.iter().filter(is_free).copied().collect();
        assert!(!free.is_empty(), "the references of {left:?} go round in a circle");
        for name in free {
            left.remove(name);
            ordered.push(name.clone());
        }
    }
    ordered
}

/// The value of a column in a row: its parent's where it refers to one, otherwise one that no other row has.
fn literal(raw: &Raw, shape: &Shape, name: &str, column: &str, row: usize) -> String {
    let table = &shape.tables[name];
    let held = &table.columns[column];
    if row == ROWS - 1 && held.nullable {
        return "NULL".to_owned();
    }
    for key in &table.foreign_keys {
        if let Some(at) = key.columns.iter().position(|own| own == column) {
            return own_literal(raw, &shape.tables[&key.parent], &key.parent, &key.parent_columns[at], row);
        }
    }
    own_literal(raw, table, name, column, row)
}

fn own_literal(raw: &Raw, table: &Table, name: &str, column: &str, row: usize) -> String {
    let Column { kind, .. } = &table.columns[column];
    let day = row + 1;
    match (kind.as_str(), raw) {
        ("smallint", _) => format!("{}", row + 1),
        ("integer" | "bigint", _) => {
            // Far apart for each row, and another number in each column, so that a mix-up shows.
            let spread: usize = format!("{name}.{column}").bytes().map(usize::from).sum();
            format!("{}", (row + 1) * 100_000 + spread)
        }
        ("double", _) => format!("{}.25", row + 1),
        ("boolean", Raw::Postgres(_)) => if row == 0 { "TRUE" } else { "FALSE" }.to_owned(),
        ("boolean", Raw::Sqlite(_)) => if row == 0 { "1" } else { "0" }.to_owned(),
        ("timestamp", _) => format!("'2026-01-0{day} 10:20:30.123456'"),
        ("date", _) => format!("'2026-02-0{day}'"),
        ("binary", Raw::Postgres(_)) => format!("'\\x00ff0{row}'"),
        ("binary", Raw::Sqlite(_)) => format!("x'00ff0{row}'"),
        _ => format!("'{name}.{column} {row}: ''é☃'"),
    }
}

impl Contents {
    /// Fails with the first few rows that differ.
    #[track_caller]
    pub fn assert_same_as(&self, other: &Self, when: &str) {
        let mut complaints = Vec::new();
        for (table, rows) in &self.rows {
            let theirs = other.rows.get(table).map_or(&[] as &[_], Vec::as_slice);
            if rows.len() != theirs.len() {
                complaints.push(format!("{table}: {} rows and {}", rows.len(), theirs.len()));
            }
            let differing = rows.iter().zip(theirs).filter(|(ours, theirs)| ours != theirs);
            complaints.extend(differing.map(|(ours, theirs)| format!("{table}: {ours:?}\n    and {theirs:?}")));
        }
        complaints.truncate(5);
        assert!(complaints.is_empty(), "{when}:\n  {}", complaints.join("\n  "));
    }

    pub fn of(raw: &mut Raw, shape: &Shape) -> Self {
        let rows = shape.tables.iter().map(|(name, table)| (name.clone(), rows_of(raw, name, table))).collect();
        Self { rows }
    }

    /// The same under the names that these migrations gave to tables and columns.
    pub fn renamed(self, applied: &[String]) -> Self {
        let rows = self.rows.into_iter().map(|(table, rows)| {
            let row = |row: BTreeMap<String, String>| {
                row.into_iter().map(|(column, value)| (name_after(applied, &table, &column), value)).collect()
            };
            let rows = rows.into_iter().map(row).collect();
            (table_after(applied, &table), rows)
        });
        Self { rows: rows.collect() }
    }

    /// What of it stands in the tables and columns of the shape.
    pub fn only(&self, shape: &Shape) -> Self {
        let narrow = |name: &String, row: &BTreeMap<String, String>| {
            let columns = &shape.tables[name].columns;
            row.iter()
                .filter(|(column, _)| columns.contains_key(*column))
                .map(|(c, v)| (c.clone(), v.clone()))
                .collect()
        };
        let tables = self.rows.iter().filter(|(name, _)| shape.tables.contains_key(*name));
        Self {
            rows: tables
                .map(|(name, rows)| (name.clone(), rows.iter().map(|row| narrow(name, row)).collect()))
                .collect(),
        }
    }
}

fn rows_of(raw: &mut Raw, name: &str, table: &Table) -> Vec<BTreeMap<String, String>> {
    let columns: Vec<&String> = table.columns.keys().collect();
    let of_column: Vec<Vec<String>> = columns.iter().map(|column| values_of(raw, name, column, table)).collect();
    let count = of_column.first().map_or(0, Vec::len);
    let row =
        |at: usize| columns.iter().zip(&of_column).map(move |(name, values)| ((*name).clone(), values[at].clone()));
    (0..count).map(|at| row(at).collect()).collect()
}

fn values_of(raw: &mut Raw, name: &str, column: &str, table: &Table) -> Vec<String> {
    #[derive(QueryableByName)]
    struct Value {
        #[diesel(sql_type = Text)]
        value: String,
    }
    let order = table.primary_key.iter().map(|key| format!("\"{key}\"")).collect::<Vec<_>>().join(", ");
    let sql = format!("SELECT coalesce(CAST(\"{column}\" AS TEXT), 'NULL') AS value FROM \"{name}\" ORDER BY {order}");
    let values: QueryResult<Vec<Value>> = match raw {
        Raw::Sqlite(c) => diesel::sql_query(&sql).load(c),
        Raw::Postgres(c) => diesel::sql_query(&sql).load(c),
    };
    values.unwrap_or_else(|error| panic!("{sql}: {error}")).into_iter().map(|value| value.value).collect()
}
