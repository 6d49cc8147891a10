//! The shape of a database as its own catalogue tells it, in words that both databases share.

use std::collections::{BTreeMap, BTreeSet};

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Nullable, Text};

use super::{REMOVED, RENAMED, Raw};

/// A column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// `smallint integer bigint double text binary boolean date timestamp`.
    pub kind: String,
    pub nullable: bool,
    pub has_default: bool,
}

/// An index; one that belongs to a UNIQUE constraint has no name of its own.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Index {
    pub name: String,
    pub columns: String,
    pub unique: bool,
    pub partial: bool,
}

/// A reference to another table.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ForeignKey {
    pub columns: Vec<String>,
    pub parent: String,
    pub parent_columns: Vec<String>,
    pub on_delete: String,
}

/// A table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    pub columns: BTreeMap<String, Column>,
    pub primary_key: Vec<String>,
    pub indexes: BTreeSet<Index>,
    pub foreign_keys: BTreeSet<ForeignKey>,
}

/// All tables but the list of migrations.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shape {
    pub tables: BTreeMap<String, Table>,
}

#[derive(QueryableByName)]
struct ColumnRow {
    #[diesel(sql_type = Text)]
    table_name: String,
    #[diesel(sql_type = Text)]
    column_name: String,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Bool)]
    nullable: bool,
    #[diesel(sql_type = Bool)]
    has_default: bool,
    #[diesel(sql_type = BigInt)]
    key_place: i64,
}

#[derive(QueryableByName)]
struct IndexRow {
    #[diesel(sql_type = Text)]
    table_name: String,
    #[diesel(sql_type = Text)]
    index_name: String,
    #[diesel(sql_type = Text)]
    columns: String,
    #[diesel(sql_type = Bool)]
    is_unique: bool,
    #[diesel(sql_type = Bool)]
    is_partial: bool,
}

#[derive(QueryableByName)]
struct ReferenceRow {
    #[diesel(sql_type = Text)]
    table_name: String,
    #[diesel(sql_type = Text)]
    columns: String,
    #[diesel(sql_type = Text)]
    parent: String,
    #[diesel(sql_type = Nullable<Text>)]
    parent_columns: Option<String>,
    #[diesel(sql_type = Text)]
    on_delete: String,
}

const SQLITE_COLUMNS: &str = "SELECT m.name AS table_name, c.name AS column_name, lower(c.type) AS kind, \
    NOT c.\"notnull\" AS nullable, c.dflt_value IS NOT NULL AS has_default, c.pk AS key_place \
    FROM sqlite_schema m, pragma_table_info(m.name) c \
    WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' AND m.name NOT LIKE '\\_\\_%' ESCAPE '\\'";

const SQLITE_INDEXES: &str = "SELECT m.name AS table_name, CASE i.origin WHEN 'c' THEN i.name ELSE '' END AS index_name, \
    (SELECT group_concat(coalesce(name, '(expression)'), ',') FROM (SELECT name FROM pragma_index_info(i.name) ORDER BY seqno)) \
    AS columns, i.\"unique\" AS is_unique, i.partial AS is_partial \
    FROM sqlite_schema m, pragma_index_list(m.name) i WHERE m.type = 'table' AND i.origin <> 'pk'";

const SQLITE_REFERENCES: &str = "SELECT m.name AS table_name, group_concat(f.\"from\", ',') AS columns, f.\"table\" AS parent, \
    group_concat(f.\"to\", ',') AS parent_columns, lower(f.on_delete) AS on_delete \
    FROM sqlite_schema m, pragma_foreign_key_list(m.name) f WHERE m.type = 'table' \
    GROUP BY m.name, f.id, f.\"table\", f.on_delete";

const POSTGRES_COLUMNS: &str = "SELECT c.table_name::text, c.column_name::text, c.data_type::text AS kind, \
    c.is_nullable = 'YES' AS nullable, c.column_default IS NOT NULL AS has_default, \
    coalesce((SELECT array_position(x.indkey::int2[], c.ordinal_position::int2) + 1 FROM pg_index x \
      WHERE x.indisprimary AND x.indrelid = format('%I', c.table_name)::regclass), 0)::bigint AS key_place \
    FROM information_schema.columns c WHERE c.table_schema = 'public' AND c.table_name NOT LIKE '\\_\\_%'";

const POSTGRES_INDEXES: &str = "SELECT t.relname::text AS table_name, \
    CASE WHEN EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = x.indexrelid AND k.contype = 'u') THEN '' \
      ELSE i.relname::text END AS index_name, \
    (SELECT string_agg(coalesce(a.attname, '(expression)')::text, ',' ORDER BY k.place) \
      FROM unnest(x.indkey::int2[]) WITH ORDINALITY AS k (number, place) \
      LEFT JOIN pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = k.number AND k.number <> 0) AS columns, \
    x.indisunique AS is_unique, x.indpred IS NOT NULL AS is_partial \
    FROM pg_index x JOIN pg_class t ON t.oid = x.indrelid JOIN pg_class i ON i.oid = x.indexrelid \
    WHERE t.relnamespace = 'public'::regnamespace AND NOT x.indisprimary";

const POSTGRES_REFERENCES: &str = "SELECT t.relname::text AS table_name, p.relname::text AS parent, \
    (SELECT string_agg(a.attname::text, ',' ORDER BY k.place) FROM unnest(c.conkey) WITH ORDINALITY AS k (number, place) \
      JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.number) AS columns, \
    (SELECT string_agg(a.attname::text, ',' ORDER BY k.place) FROM unnest(c.confkey) WITH ORDINALITY AS k (number, place) \
      JOIN pg_attribute a ON a.attrelid = c.confrelid AND a.attnum = k.number) AS parent_columns, \
    CASE c.confdeltype WHEN 'a' THEN 'no action' WHEN 'r' THEN 'restrict' WHEN 'c' THEN 'cascade' WHEN 'n' THEN 'set null' \
      ELSE 'set default' END AS on_delete \
    FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid JOIN pg_class p ON p.oid = c.confrelid \
    WHERE c.contype = 'f' AND t.relnamespace = 'public'::regnamespace";

impl Shape {
    pub fn of(raw: &mut Raw) -> Self {
        let (columns, indexes, references): (Vec<ColumnRow>, Vec<IndexRow>, Vec<ReferenceRow>) = match raw {
            Raw::Sqlite(c) => (
                diesel::sql_query(SQLITE_COLUMNS).load(c).unwrap(),
                diesel::sql_query(SQLITE_INDEXES).load(c).unwrap(),
                diesel::sql_query(SQLITE_REFERENCES).load(c).unwrap(),
            ),
            Raw::Postgres(c) => (
                diesel::sql_query(POSTGRES_COLUMNS).load(c).unwrap(),
                diesel::sql_query(POSTGRES_INDEXES).load(c).unwrap(),
                diesel::sql_query(POSTGRES_REFERENCES).load(c).unwrap(),
            ),
        };
        let mut shape = Self::default();
        shape.add_columns(columns);
        for row in indexes {
            let Some(table) = shape.tables.get_mut(&row.table_name) else { continue };
            table.indexes.insert(Index {
                name: row.index_name,
                columns: row.columns,
                unique: row.is_unique,
                partial: row.is_partial,
            });
        }
        shape.add_references(references);
        shape
    }

    fn add_columns(&mut self, rows: Vec<ColumnRow>) {
        let mut keys: BTreeMap<String, BTreeMap<i64, String>> = BTreeMap::new();
        for row in rows {
            if row.key_place > 0 {
                keys.entry(row.table_name.clone()).or_default().insert(row.key_place, row.column_name.clone());
            }
            let column = Column { kind: common_kind(&row.kind), nullable: row.nullable, has_default: row.has_default };
            self.tables.entry(row.table_name).or_default().columns.insert(row.column_name, column);
        }
        for (table, key) in keys {
            self.tables.get_mut(&table).unwrap().primary_key = key.into_values().collect();
        }
    }

    fn add_references(&mut self, rows: Vec<ReferenceRow>) {
        let parts = |text: String| text.split(',').map(str::to_owned).collect::<Vec<_>>();
        for row in rows {
            // A reference without columns is one to the primary key.
            let parent_columns = row.parent_columns.map(parts);
            let parent_columns = parent_columns.unwrap_or_else(|| self.tables[&row.parent].primary_key.clone());
            let key = ForeignKey {
                columns: parts(row.columns),
                parent: row.parent,
                parent_columns,
                on_delete: row.on_delete,
            };
            self.tables.get_mut(&row.table_name).unwrap().foreign_keys.insert(key);
        }
    }

    /// Where the two differ, a line for each place.
    pub fn differences(&self, other: &Self) -> Vec<String> {
        let mut complaints = Vec::new();
        let names: BTreeSet<&String> = self.tables.keys().chain(other.tables.keys()).collect();
        for name in names {
            match (self.tables.get(name), other.tables.get(name)) {
                (Some(ours), Some(theirs)) => ours.compare(name, theirs, &mut complaints),
                (ours, _) => complaints
                    .push(format!("{name} is only in the {}", if ours.is_some() { "first" } else { "second" })),
            }
        }
        complaints
    }

    /// The same tables and columns under the names that these migrations gave them. References are not asked for any more and keep theirs.
    pub fn renamed(&self, applied: &[String]) -> Self {
        let renamed = |(name, table): (&String, &Table)| {
            let column = |column: &String| name_after(applied, name, column);
            let columns = table.columns.iter().map(|(name, held)| (column(name), held.clone())).collect();
            let primary_key = table.primary_key.iter().map(column).collect();
            (table_after(applied, name), Table { columns, primary_key, ..table.clone() })
        };
        Self { tables: self.tables.iter().map(renamed).collect() }
    }

    /// The tables and columns that are still there after the migrations; what is gone must be declared.
    pub fn lasting(&self, after: &Self, applied: &[String]) -> Self {
        let declared = |table: &str, column: &str| {
            let of_applied = REMOVED.iter().filter(|(version, _, _)| applied.iter().any(|known| known == version));
            of_applied.into_iter().any(|(_, gone, part)| *gone == table && (*part == "*" || *part == column))
        };
        let mut lasting = self.clone();
        lasting.tables.retain(|name, table| {
            let now = after.tables.get(name);
            table.columns.retain(|column, _| {
                let stays = now.is_some_and(|now| now.columns.contains_key(column));
                assert!(stays || declared(name, column), "{name}.{column} is gone with its rows' values");
                stays
            });
            now.is_some()
        });
        lasting
    }
}

/// What the migrations call the column of the table.
pub fn name_after(applied: &[String], table: &str, column: &str) -> String {
    let is_applied = |version: &str| applied.iter().any(|known| known == version);
    let renamed = RENAMED.iter().find(|(version, of, old, _)| *of == table && *old == column && is_applied(version));
    renamed.map_or(column, |(_, _, _, new)| new).to_owned()
}

/// What the migrations call the table.
pub fn table_after(applied: &[String], table: &str) -> String {
    Some(name_after(applied, table, "*")).filter(|name| name != "*").unwrap_or_else(|| table.to_owned())
}

impl Table {
    fn compare(&self, name: &str, other: &Self, complaints: &mut Vec<String>) {
        let columns: BTreeSet<&String> = self.columns.keys().chain(other.columns.keys()).collect();
        for column in columns {
            let (ours, theirs) = (self.columns.get(column), other.columns.get(column));
            // The number of the change log is the one column that each database counts in its own way.
            let is_counter = matches!(name, "changes" | "feed_events") && column == "seq";
            if ours != theirs && !is_counter {
                complaints.push(format!("{name}.{column}: {ours:?} and {theirs:?}"));
            }
        }
        let mut compare = |what: &str, ours: String, theirs: String| {
            if ours != theirs {
                complaints.push(format!("{name}, {what}: {ours} and {theirs}"));
            }
        };
        compare("primary key", format!("{:?}", self.primary_key), format!("{:?}", other.primary_key));
        compare("indexes", format!("{:?}", self.indexes), format!("{:?}", other.indexes));
        compare("references", format!("{:?}", self.foreign_keys), format!("{:?}", other.foreign_keys));
    }
}

fn common_kind(kind: &str) -> String {
    match kind {
        "double precision" | "double" | "real" | "float8" => "double",
        "timestamp without time zone" | "timestamp" => "timestamp",
        "bytea" | "blob" => "binary",
        "boolean" | "bool" => "boolean",
        other => other,
    }
    .to_owned()
}

/// Which file each table is in, on PostgreSQL; a rewritten table is in another one.
pub fn files_of_tables(raw: &mut Raw) -> BTreeMap<String, i64> {
    #[derive(QueryableByName)]
    struct Place {
        #[diesel(sql_type = Text)]
        table_name: String,
        #[diesel(sql_type = BigInt)]
        file: i64,
    }
    let Raw::Postgres(c) = raw else { return BTreeMap::new() };
    let places: Vec<Place> = diesel::sql_query(
        "SELECT relname::text AS table_name, pg_relation_filenode(oid)::bigint AS file FROM pg_class \
         WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace",
    )
    .load(c)
    .unwrap();
    places.into_iter().map(|place| (place.table_name, place.file)).collect()
}
