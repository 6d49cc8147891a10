//! Explaining statements: what each reads whole.

use std::collections::{BTreeMap, BTreeSet};

use diesel::connection::SimpleConnection;
use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::Text;
use diesel::sqlite::SqliteConnection;
use serde_json::Value;

use super::SMALL;
use crate::support::{Database, Kind};

/// Plans are made as if each table held a million rows a page, of whose values nothing is known: with the three rows of a test an index
/// that only saves the sort would do as well as the one that finds them.
const AS_IF_LARGE: &str = "UPDATE pg_class SET relpages = 1, reltuples = 1000000 WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace; \
     DELETE FROM pg_statistic WHERE starelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace); \
     SET enable_seqscan = off";

/// The statements that read a whole table, each with its plan; statements that differ only in their values once.
pub fn whole_tables(database: &Database, statements: &BTreeSet<String>) -> Vec<String> {
    let mut one_of_each: BTreeMap<&str, &str> = BTreeMap::new();
    for statement in statements {
        let (sql, binds) = statement.split_once(" -- binds: ").unwrap_or((statement, "[]"));
        let is_asked = !sql.contains("pg_") && sql != "SELECT 1";
        if ["SELECT ", "UPDATE ", "DELETE "].iter().any(|verb| sql.starts_with(verb)) && is_asked {
            one_of_each.insert(sql, binds);
        }
    }
    let filled = one_of_each.into_iter().map(|(sql, binds)| with_values(sql, &values(binds)));
    match database.kind {
        Kind::Sqlite => {
            let path = database.url.trim_start_matches("sqlite://");
            let mut conn = SqliteConnection::establish(path).unwrap();
            let partial = partial_indexes_of_sqlite(&mut conn);
            filled.filter_map(|sql| explain_on_sqlite(&mut conn, &partial, &sql)).collect()
        }
        Kind::Postgres => {
            let mut conn = PgConnection::establish(&database.url).unwrap();
            conn.batch_execute(AS_IF_LARGE).unwrap();
            let partial = partial_indexes_of_postgres(&mut conn);
            filled.filter_map(|sql| explain_on_postgres(&mut conn, &partial, &sql)).collect()
        }
    }
}

#[derive(QueryableByName)]
struct Named {
    #[diesel(sql_type = Text)]
    name: String,
}

#[derive(QueryableByName)]
struct Detail {
    #[diesel(sql_type = Text)]
    detail: String,
}

fn partial_indexes_of_sqlite(conn: &mut SqliteConnection) -> BTreeSet<String> {
    let sql = "SELECT name FROM sqlite_schema WHERE type = 'index' AND sql LIKE '% WHERE %'";
    diesel::sql_query(sql).load::<Named>(conn).unwrap().into_iter().map(|index| index.name).collect()
}

fn partial_indexes_of_postgres(conn: &mut PgConnection) -> BTreeSet<String> {
    let sql = "SELECT c.relname::text AS name FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE i.indpred IS NOT NULL";
    diesel::sql_query(sql).load::<Named>(conn).unwrap().into_iter().map(|index| index.name).collect()
}

/// `SCAN table` goes through all rows, `SCAN table USING INDEX name` through all entries of the index: of a partial one those are few,
/// and with a limit it ends early.
fn explain_on_sqlite(conn: &mut SqliteConnection, partial: &BTreeSet<String>, sql: &str) -> Option<String> {
    let plan: Vec<Detail> = diesel::sql_query(format!("EXPLAIN QUERY PLAN {sql}"))
        .load(conn)
        .unwrap_or_else(|error| panic!("{sql}: {error}"));
    // The rows of a table without an index's name come in the order of its key: without a sort a limit ends that early too.
    let is_sorted = plan.iter().any(|line| line.detail.contains("TEMP B-TREE"));
    let by_key = sql.contains(" ORDER BY ") && sql.contains(" LIMIT ") && !sql.contains(" WHERE ") && !is_sorted;
    let whole = plan.iter().any(|line| {
        let words: Vec<&str> = line.detail.split(' ').collect();
        let ["SCAN", table, rest @ ..] = words.as_slice() else { return false };
        let index = rest.iter().position(|word| *word == "INDEX").and_then(|at| rest.get(at + 1));
        !is_small(table)
            && !by_key
            && !ends_early(sql, index.copied())
            && index.is_none_or(|index| !partial.contains(*index))
    });
    let lines: Vec<String> = plan.into_iter().map(|line| format!("    {}", line.detail)).collect();
    whole.then(|| format!("{sql}\n{}", lines.join("\n")))
}

fn explain_on_postgres(conn: &mut PgConnection, partial: &BTreeSet<String>, sql: &str) -> Option<String> {
    #[derive(QueryableByName)]
    struct Plan {
        #[diesel(sql_type = Text, column_name = "QUERY PLAN")]
        plan: String,
    }
    let sql = sql.replace(" FOR UPDATE  SKIP LOCKED", "");
    let rows: Vec<Plan> = diesel::sql_query(format!("EXPLAIN (FORMAT JSON) {sql}"))
        .load(conn)
        .unwrap_or_else(|error| panic!("{sql}: {error}"));
    let plan: Value = serde_json::from_str(&rows[0].plan).unwrap();
    let mut whole = Vec::new();
    walk(&plan[0]["Plan"], &mut |node| {
        let (kind, index) = (node["Node Type"].as_str().unwrap_or_default(), node["Index Name"].as_str());
        let table = node["Relation Name"].as_str().unwrap_or_default();
        let scans_index = (kind.starts_with("Index") || kind == "Bitmap Index Scan") && node["Index Cond"].is_null();
        let is_whole = kind == "Seq Scan"
            || scans_index && !ends_early(&sql, index) && index.is_none_or(|index| !partial.contains(index));
        if is_whole && !is_small(table) {
            whole.push(format!("    {kind} on {table} {}", index.unwrap_or_default()));
        }
    });
    (!whole.is_empty()).then(|| format!("{sql}\n{}", whole.join("\n")))
}

fn walk(node: &Value, look: &mut dyn FnMut(&Value)) {
    look(node);
    node["Plans"].as_array().into_iter().flatten().for_each(|below| walk(below, look));
}

fn is_small(table: &str) -> bool {
    SMALL.contains(&table)
}

/// Whether the rows come from an index in their order and a limit, or the search for the first or last, ends it.
fn ends_early(sql: &str, index: Option<&str>) -> bool {
    index.is_some() && (sql.contains(" LIMIT ") || sql.starts_with("SELECT max(") || sql.starts_with("SELECT min("))
}

/// The statement with its values written into it: only so a partial index is considered.
fn with_values(sql: &str, values: &[String]) -> String {
    let mut filled = String::new();
    let mut rest = sql;
    let mut next = 0;
    while let Some(at) = rest.find(['?', '$']) {
        let (before, mark) = rest.split_at(at);
        filled.push_str(before);
        let digits = mark[1..].chars().take_while(char::is_ascii_digit).count();
        let place = mark[1..=digits].parse::<usize>().map_or(next, |number| number - 1);
        filled.push_str(values.get(place).map_or("NULL", String::as_str));
        next += 1;
        rest = &mark[1 + digits..];
    }
    filled + rest
}

/// The values of a statement as SQL writes them, of the list that diesel prints.
fn values(binds: &str) -> Vec<String> {
    let inner = binds.trim();
    let inner = inner.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(inner);
    let mut values = Vec::new();
    let (mut value, mut quoted, mut escaped, mut depth) = (String::new(), false, false, 0);
    for c in inner.chars() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            '(' | '[' if !quoted => depth += 1,
            ')' | ']' if !quoted => depth -= 1,
            ',' if !quoted && depth == 0 => {
                values.push(literal(value.trim()));
                value.clear();
                continue;
            }
            _ => {}
        }
        value.push(c);
    }
    if !value.trim().is_empty() {
        values.push(literal(value.trim()));
    }
    values
}

fn literal(value: &str) -> String {
    let value = value.strip_prefix("Some(").and_then(|rest| rest.strip_suffix(')')).unwrap_or(value);
    match value {
        // A list, of PostgreSQL's `= ANY`.
        _ if value.starts_with('[') => format!("'{{{}}}'", value.trim_matches(['[', ']'])),
        "None" => "NULL".to_owned(),
        "true" | "false" => value.to_owned(),
        _ if value.parse::<f64>().is_ok() => value.to_owned(),
        _ => format!("'{}'", value.trim_matches('"').replace("\\\"", "\"").replace('\'', "''").replace('T', " ")),
    }
}
