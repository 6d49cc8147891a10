//! Who writes which table: one `store.rs` each.

use std::collections::{BTreeMap, BTreeSet};

use super::none;
use super::source::{Source, bracketed, leading_name, names_after, places, sources};

const WRITES: [&str; 6] = ["insert_into", "insert_or_ignore_into", "replace_into", "update", "delete", "copy_from"];

/// The tables of `store/schema.rs`.
fn tables() -> BTreeSet<String> {
    let sources = sources();
    let schema = sources.iter().find(|file| file.path == "store/schema.rs").unwrap();
    let tables: BTreeSet<String> = schema
        .code
        .split("diesel::table! {")
        .skip(1)
        .map(|body| {
            let lines = body.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
            leading_name(lines.into_iter().find(|line| !line.starts_with("use ")).unwrap()).to_owned()
        })
        .collect();
    assert!(tables.len() > 20, "the schema was not read: {tables:?}");
    tables
}

/// The room that a file of queries belongs to: `rfqs/store`, `store`, `outbox`.
fn room(file: &Source) -> String {
    if file.is_in(&["store", "outbox"]) { file.module().to_owned() } else { format!("{}/store", file.module()) }
}

/// The tables that the file writes, and the writes whose table is not to be seen.
fn written(file: &Source, tables: &BTreeSet<String>) -> (BTreeSet<String>, Vec<String>) {
    let (mut found, mut unclear) = (BTreeSet::new(), Vec::new());
    for call in WRITES {
        for at in places(&file.code, call) {
            let is_diesel = file.code[..at].ends_with("diesel::") || file.code[..at].ends_with("dsl::");
            let after = &file.code[at + call.len()..];
            if !is_diesel || !after.starts_with('(') {
                continue;
            }
            let argument = bracketed(after).trim();
            match table_of(&file.code, at, argument, tables) {
                Some(table) => drop(found.insert(table)),
                None => unclear.push(format!("{}: which table does {call}({argument}) write?", file.path)),
            }
        }
    }
    (found, unclear)
}

/// The table that the argument begins with, or that the variable or function of that name was made of.
fn table_of(code: &str, at: usize, argument: &str, tables: &BTreeSet<String>) -> Option<String> {
    let name = leading_name(argument.trim_start_matches(['&', '(']).trim_start_matches("schema::"));
    if tables.contains(name) {
        return Some(name.to_owned());
    }
    let made = code[..at].rfind(&format!("let {name} = ")).or_else(|| code.find(&format!("fn {name}<")));
    let made = made.or_else(|| code.find(&format!("fn {name}(")))?;
    let text = &code[made..];
    text.match_indices("::table")
        .map(|(at, _)| last_name(&text[..at]))
        .find(|name| tables.contains(*name))
        .map(str::to_owned)
}

fn last_name(text: &str) -> &str {
    text.rsplit(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default()
}

#[test]
fn every_table_has_one_writer() {
    let tables = tables();
    let mut writers: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut complaints = Vec::new();
    for file in sources() {
        let (found, unclear) = written(&file, &tables);
        complaints.extend(unclear);
        for table in found {
            writers.entry(table).or_default().insert(room(&file));
        }
    }
    for (table, rooms) in &writers {
        if rooms.len() > 1 {
            complaints
                .push(format!("{table} is written in {}", rooms.iter().cloned().collect::<Vec<_>>().join(" and ")));
        }
    }
    complaints.extend(
        tables.iter().filter(|table| !writers.contains_key(*table)).map(|table| format!("nothing writes {table}")),
    );
    none(&complaints);
}

/// The check above sees what it looks for.
#[test]
fn table_writes_are_detected() {
    let tables = BTreeSet::from(["jobs".to_owned(), "nodes".to_owned()]);
    let code = "fn held(job: i64) -> _ { jobs::table.filter(x) }\n let mine = nodes::table.find(1);\n \
        diesel::update(held(job)).execute(c); diesel::delete(mine).execute(c); diesel::insert_into(jobs::table)";
    let file = |code: &str| Source { path: "a/store.rs".to_owned(), code: code.to_owned() };
    assert_eq!(written(&file(code), &tables), (tables.clone(), Vec::new()));
    assert_eq!(written(&file("diesel::update(unknown)"), &tables).1.len(), 1);
    assert_eq!(names_after("use crate::a::b; crate::c", "crate::").collect::<Vec<_>>(), ["a", "c"]);
}
