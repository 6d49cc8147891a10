//! What a backup needs of the database: a copy of one moment, what is in it, and a new epoch for the one that comes back.
//!
//! SQLite copies itself (`VACUUM INTO`, by the library that is built in, not by whatever program the machine has) while others
//! write. PostgreSQL's own programs read the moment that [`with_snapshot`] holds open for them, so that the rows that are counted
//! are the rows that are dumped.

use std::collections::BTreeMap;
use std::path::Path;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::Text;

use super::conn::Conn;
use super::copy;
use super::migrate;
use crate::config::Engine;
use crate::error::{Problem, Result};
use crate::on_each;

/// What is in a database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inventory {
    /// The version of the database program.
    pub version: String,
    /// The migrations that were applied, by version, newest first.
    pub migrations: Vec<String>,
    /// The epoch.
    pub epoch: String,
    /// How many rows each table has.
    pub rows: BTreeMap<String, i64>,
}

#[derive(QueryableByName)]
struct Named {
    #[diesel(sql_type = Text)]
    name: String,
}

/// Copies a SQLite database to a new file, verifies the copy and answers what is in it.
pub fn copy_to(engine: &Engine, to: &Path) -> Result<Inventory> {
    engine.look(|conn| match conn {
        Conn::Sqlite(c) => copy::copy_sqlite(c, to),
        Conn::Postgres(_) => Err(Problem::internal("only SQLite is copied as a file")),
    })?;
    take_inventory(&Engine::Sqlite(to.to_owned()))
}

/// Holds one moment of a PostgreSQL database open; `work` gets the name under which other sessions see it, and what is in it.
pub fn with_snapshot<T>(engine: &Engine, work: impl FnOnce(&str, &Inventory) -> Result<T>) -> Result<T> {
    engine.look(|conn| {
        conn.batch_execute(
            // The dump reads this moment for as long as it takes; the limits of other connections would end it after a minute.
            "SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0; \
             BEGIN ISOLATION LEVEL REPEATABLE READ",
        )?;
        let snapshots: Vec<Named> =
            on_each!(conn, |c| diesel::sql_query("SELECT pg_export_snapshot() AS name").load(c))?;
        let snapshot = snapshots.first().ok_or_else(|| Problem::internal("PostgreSQL exported no snapshot"))?;
        let inventory = inventory_of(conn)?;
        // The connection's end is the transaction's.
        work(&snapshot.name, &inventory)
    })
}

/// What is in the database.
pub fn take_inventory(engine: &Engine) -> Result<Inventory> {
    engine.look(inventory_of)
}

/// Reads the whole database for damage, as far as it can tell: on SQLite every page, index and reference.
pub fn verify(engine: &Engine) -> Result<()> {
    match engine {
        Engine::Sqlite(file) => copy::verify_sqlite(file),
        Engine::Postgres(_) => engine.look(|_| Ok(())),
    }
}

/// Whether there is no table in the database.
pub fn is_empty(engine: &Engine) -> Result<bool> {
    match engine {
        Engine::Sqlite(file) => Ok(!file.exists()),
        Engine::Postgres(_) => engine.look(|conn| Ok(tables(conn)?.is_empty())),
    }
}

/// Drops every table of a PostgreSQL database, and every function that the platform's role made for them: a restored copy brings its own.
pub fn drop_tables_and_functions(engine: &Engine) -> Result<()> {
    engine.look(|conn| {
        conn.batch_execute(
            // Every table and not the schema: the role of the platform need not own that.
            "DO $$ DECLARE t text; f regprocedure; BEGIN \
               FOR t IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP \
                 EXECUTE format('DROP TABLE %I CASCADE', t); \
               END LOOP; \
               FOR f IN SELECT oid FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND proowner = current_user::regrole \
                        AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = pg_proc.oid AND d.deptype = 'e') LOOP \
                 EXECUTE format('DROP FUNCTION %s CASCADE', f); \
               END LOOP; \
             END $$",
        )?;
        Ok(())
    })
}

/// Gives the database a new epoch: what an index knows of its earlier life is worthless from now on.
pub fn begin_new_epoch(engine: &Engine) -> Result<()> {
    engine.look(migrate::renew_epoch)
}

fn inventory_of(conn: &mut Conn) -> Result<Inventory> {
    let mut rows = BTreeMap::new();
    for table in tables(conn)? {
        let count = on_each!(conn, |c| diesel_dynamic_schema::table(table.clone()).count().get_result::<i64>(c))?;
        rows.insert(table, count);
    }
    let migrations = migrate::status_of(conn)?.applied;
    Ok(Inventory { version: version(conn)?, migrations, epoch: migrate::epoch_of(conn)?, rows })
}

/// The version of the database program: `3.53.2`, `15.14 (Debian ...)`.
fn version(conn: &mut Conn) -> Result<String> {
    let found: Vec<Named> = match conn {
        Conn::Sqlite(c) => diesel::sql_query("SELECT sqlite_version() AS name").load(c)?,
        Conn::Postgres(c) => diesel::sql_query("SELECT current_setting('server_version') AS name").load(c)?,
    };
    Ok(found.into_iter().map(|row| row.name).collect())
}

fn tables(conn: &mut Conn) -> Result<Vec<String>> {
    let found: Vec<Named> = match conn {
        Conn::Sqlite(c) => diesel::sql_query(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name",
        )
        .load(c)?,
        Conn::Postgres(c) => {
            diesel::sql_query("SELECT tablename::text AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
                .load(c)?
        }
    };
    Ok(found.into_iter().map(|row| row.name).collect())
}
