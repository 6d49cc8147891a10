//! The full-text searches that come with the databases: FTS5 of SQLite and `tsvector` of PostgreSQL, behind the same server, with the same
//! hits, total and facet.

use std::cell::RefCell;
use std::path::Path;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use diesel::{PgConnection, SqliteConnection, sql_query};
use serde_json::json;

use crate::market::{self, Line};
use crate::server::SearchFn;

/// Listings in one transaction and, for PostgreSQL, in one statement.
const BATCH: usize = 1_000;

#[derive(QueryableByName)]
struct Hit {
    #[diesel(sql_type = Text)]
    sku: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    country: String,
}

#[derive(QueryableByName)]
struct Counted {
    #[diesel(sql_type = Text)]
    country: String,
    #[diesel(sql_type = BigInt)]
    count: i64,
}

fn answer(hits: &[Hit], counted: &[Counted]) -> String {
    let data: Vec<_> =
        hits.iter().map(|hit| json!({"id": hit.sku, "name": hit.name, "country": hit.country})).collect();
    let facet: Vec<_> = counted.iter().map(|one| json!({"value": one.country, "count": one.count})).collect();
    let total: i64 = counted.iter().map(|one| one.count).sum();
    json!({"total": total, "data": data, "facets": {"country": facet}}).to_string()
}

fn in_batches(file: &Path, mut take: impl FnMut(&[Line])) {
    let mut batch = Vec::with_capacity(BATCH);
    for line in market::read(file) {
        batch.push(line);
        if batch.len() == BATCH {
            take(&batch);
            batch.clear();
        }
    }
    take(&batch);
}

/// Fills SQLite's.
pub fn build_sqlite(file: &Path, database: &Path) {
    let mut conn = SqliteConnection::establish(&database.to_string_lossy()).unwrap();
    conn.batch_execute(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;
         CREATE TABLE listing (id INTEGER PRIMARY KEY, sku TEXT NOT NULL, country TEXT NOT NULL);
         CREATE VIRTUAL TABLE words USING fts5 (name, description, tokenize = 'porter');",
    )
    .unwrap();
    let mut id = 0;
    in_batches(file, |lines| {
        conn.transaction(|conn| {
            for line in lines {
                id += 1;
                sql_query("INSERT INTO listing VALUES (?, ?, ?)")
                    .bind::<BigInt, _>(id)
                    .bind::<Text, _>(&line.sku)
                    .bind::<Text, _>(&line.origin_country)
                    .execute(conn)?;
                sql_query("INSERT INTO words (rowid, name, description) VALUES (?, ?, ?)")
                    .bind::<BigInt, _>(id)
                    .bind::<Text, _>(&line.name)
                    .bind::<Text, _>(&line.description)
                    .execute(conn)?;
            }
            diesel::QueryResult::Ok(())
        })
        .unwrap();
    });
    conn.batch_execute("INSERT INTO words (words) VALUES ('optimize'); ANALYZE;").unwrap();
}

/// Opens it for one worker.
pub fn open_sqlite(database: &str) -> SearchFn {
    let mut conn = SqliteConnection::establish(database).unwrap();
    conn.batch_execute("PRAGMA mmap_size = 1073741824; PRAGMA cache_size = -65536;").unwrap();
    let conn = RefCell::new(conn);
    Box::new(move |words| {
        let conn = &mut *conn.borrow_mut();
        let asked: Vec<String> = words.split_whitespace().map(|word| format!("\"{word}\"")).collect();
        let asked = asked.join(" AND ");
        let hits: Vec<Hit> = sql_query(
            "SELECT sku, name, country FROM words JOIN listing ON id = words.rowid WHERE words MATCH ? ORDER BY bm25(words, 2.0, 1.0) LIMIT 20",
        )
        .bind::<Text, _>(&asked)
        .load(conn)
        .unwrap();
        let counted: Vec<Counted> = sql_query(
            "SELECT country, count(*) AS count FROM words JOIN listing ON id = words.rowid WHERE words MATCH ? GROUP BY country",
        )
        .bind::<Text, _>(&asked)
        .load(conn)
        .unwrap();
        answer(&hits, &counted)
    })
}

/// Fills PostgreSQL's.
pub fn build_postgres(file: &Path, url: &str) {
    let mut conn = PgConnection::establish(url).unwrap();
    conn.batch_execute(
        "DROP TABLE IF EXISTS bench_listing;
         CREATE TABLE bench_listing (sku TEXT NOT NULL, name TEXT NOT NULL, country TEXT NOT NULL, words TSVECTOR NOT NULL);",
    )
    .unwrap();
    in_batches(file, |lines| {
        let column = |of: fn(&Line) -> &String| lines.iter().map(|line| of(line).clone()).collect::<Vec<String>>();
        sql_query(
            "INSERT INTO bench_listing SELECT sku, name, country,
             setweight(to_tsvector('english', name), 'A') || to_tsvector('english', description)
             FROM unnest($1, $2, $3, $4) AS line (sku, name, country, description)",
        )
        .bind::<diesel::sql_types::Array<Text>, _>(column(|line| &line.sku))
        .bind::<diesel::sql_types::Array<Text>, _>(column(|line| &line.name))
        .bind::<diesel::sql_types::Array<Text>, _>(column(|line| &line.origin_country))
        .bind::<diesel::sql_types::Array<Text>, _>(column(|line| &line.description))
        .execute(&mut conn)
        .unwrap();
    });
    conn.batch_execute("CREATE INDEX bench_words ON bench_listing USING gin (words)").unwrap();
    conn.batch_execute("VACUUM ANALYZE bench_listing").unwrap();
}

/// Opens it for one worker.
pub fn open_postgres(url: &str) -> SearchFn {
    let conn = RefCell::new(PgConnection::establish(url).unwrap());
    Box::new(move |words| {
        let conn = &mut *conn.borrow_mut();
        let hits: Vec<Hit> = sql_query(
            "SELECT sku, name, country FROM bench_listing, plainto_tsquery('english', $1) AS asked
             WHERE words @@ asked ORDER BY ts_rank(words, asked) DESC LIMIT 20",
        )
        .bind::<Text, _>(words)
        .load(conn)
        .unwrap();
        let counted: Vec<Counted> = sql_query(
            "SELECT country, count(*) AS count FROM bench_listing WHERE words @@ plainto_tsquery('english', $1) GROUP BY country",
        )
        .bind::<Text, _>(words)
        .load(conn)
        .unwrap();
        answer(&hits, &counted)
    })
}
