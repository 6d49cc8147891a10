//! The form of files: sources, templates, migrations.

use super::none;
use super::source::{files_below, root, sources};

/// The most lines of a file; a longer one becomes a folder.
const MOST_LINES: usize = 600;
/// What the diesel command line writes (`diesel.toml`), which nobody reads from top to bottom and nobody may divide: it would be one file
/// again the next time.
const GENERATED: &str = "store/schema.rs";

#[test]
fn every_file_has_docs_and_is_short() {
    let mut complaints = Vec::new();
    let tests = files_below(&root().join("tests"), "rs");
    let sources = files_below(&root().join("src"), "rs");
    for (path, text) in sources.into_iter().chain(tests) {
        if !text.starts_with("//! ") {
            complaints.push(format!("{path} does not open with //! and what it is"));
        }
        let lines = text.lines().count();
        if lines > MOST_LINES && path != GENERATED {
            complaints.push(format!("{path} has {lines} lines"));
        }
    }
    none(&complaints);
}

/// The file that may be long holds no code of ours.
#[test]
fn generated_file_holds_nothing_but_tables() {
    let sources = files_below(&root().join("src"), "rs");
    let (_, text) = sources.iter().find(|(path, _)| path == GENERATED).unwrap();
    let items = text.lines().filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase()));
    let written: Vec<&str> = items.filter(|line| !line.starts_with("diesel::")).collect();
    assert!(written.is_empty(), "{GENERATED} has {written:?}");
    let toml = std::fs::read_to_string(root().join("diesel.toml")).unwrap();
    assert!(toml.contains(&format!("\"src/{GENERATED}\"")), "diesel.toml names another file");
}

/// The triggers that a migration makes, each with what it is about, or drops; all else of them is written otherwise on each database.
fn triggers(text: &str) -> Vec<&str> {
    let made = text.lines().filter(|line| line.starts_with("CREATE TRIGGER "));
    let dropped = text.lines().filter_map(|line| line.strip_prefix("DROP TRIGGER ")?.split([' ', ';']).next());
    made.chain(dropped).collect()
}

/// The statements of a migration but those that fill a table from JSON columns: its functions have other names on each database.
fn without_json(text: &str) -> String {
    let reads_json = |statement: &&str| statement.contains("INSERT INTO ") && statement.to_lowercase().contains("json");
    text.split(';').filter(|statement| !reads_json(statement)).collect()
}

#[test]
fn both_databases_have_the_same_migrations() {
    let of = |engine: &str| files_below(&root().join("migrations").join(engine), "sql");
    let (sqlite, postgres) = (of("sqlite"), of("postgres"));
    assert!(!sqlite.is_empty());
    let names = |files: &[(String, String)]| files.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
    assert_eq!(names(&sqlite), names(&postgres));
    for ((name, ours), (_, theirs)) in sqlite.iter().zip(&postgres) {
        // Where SQLite has to rebuild a table, PostgreSQL alters it; a test compares what both have in the end.
        if is_rebuild(name) {
            continue;
        }
        assert_eq!(triggers(ours), triggers(theirs), "{name}");
        if !triggers(ours).is_empty() {
            continue;
        }
        let ours = ours.replace("INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT", "BIGSERIAL PRIMARY KEY");
        let (ours, theirs) = (without_json(&ours), without_json(theirs));
        for (line, (ours, theirs)) in ours.lines().zip(theirs.lines()).enumerate() {
            assert_eq!(ours, theirs, "{name}, line {}", line + 1);
        }
        assert_eq!(ours.lines().count(), theirs.lines().count(), "{name}");
        assert!(!name.ends_with("up.sql") || names(&sqlite).contains(&name.replace("up.sql", "down.sql")), "{name}");
    }
}

/// Whether the SQLite migration of that file says that it rebuilds a table.
fn is_rebuild(name: &str) -> bool {
    let folder = root().join("migrations/sqlite").join(name.split('/').next().unwrap());
    std::fs::read_to_string(folder.join("metadata.toml")).is_ok_and(|text| text.contains("run_in_transaction = false"))
}

/// A table that is dropped and made anew would take the rows along that point at it; see `store/migrate`.
#[test]
fn migration_that_rebuilds_a_table_is_marked() {
    let mut complaints = Vec::new();
    for (name, text) in files_below(&root().join("migrations"), "sql") {
        let words: Vec<String> = text
            .lines()
            .filter(|line| !line.trim_start().starts_with("--"))
            .flat_map(str::split_whitespace)
            .map(|word| word.trim_matches([';', '(', ')', '"']).to_ascii_uppercase())
            .collect();
        let has = |word: &str| words.iter().any(|known| known == word);
        for own in ["BEGIN", "COMMIT", "ROLLBACK", "PRAGMA", "VACUUM"] {
            let is_body = own == "BEGIN" && has("TRIGGER");
            if has(own) && !is_body {
                complaints.push(format!("{name} says {own}, which is the runner's business"));
            }
        }
        let renamed = words.windows(2).filter(|pair| pair[0] == "TO").map(|pair| &pair[1]);
        let dropped: Vec<&String> = words
            .windows(3)
            .filter(|three| three[0] == "DROP" && three[1] == "TABLE" && three[2] != "IF")
            .map(|three| &three[2])
            .collect();
        let rebuilt = renamed.filter(|table| dropped.contains(table)).count() > 0;
        let (engine, path) = name.split_once('/').unwrap();
        if rebuilt && engine == "sqlite" && !is_rebuild(path) {
            complaints.push(format!("{name} rebuilds a table without run_in_transaction = false in metadata.toml"));
        }
    }
    none(&complaints);
}

/// A migration is known by its time alone: of two with the same, the second would never be applied.
#[test]
fn every_migration_has_its_own_timestamp() {
    let files = files_below(&root().join("migrations/sqlite"), "sql");
    let mut times: Vec<&str> =
        files.iter().filter(|(name, _)| name.ends_with("up.sql")).filter_map(|(name, _)| name.get(..17)).collect();
    let all = times.len();
    times.sort_unstable();
    times.dedup();
    assert_eq!(times.len(), all, "two migrations have the same time: {times:?}");
}

/// Pages escape everything and obey the Content-Security-Policy; e-mails need their styles inside.
#[test]
fn templates_escape_every_text() {
    let templates = files_below(&root().join("src"), "html");
    assert!(!templates.is_empty());
    let mut complaints = Vec::new();
    for (path, text) in &templates {
        let mut refuse = |found: bool, what: &str| {
            if found {
                complaints.push(format!("{path} has {what}"));
            }
        };
        let squeezed: String = text.split_whitespace().collect();
        refuse(squeezed.contains("|safe"), "an unescaped value (|safe)");
        refuse(text.contains("escape \"none\"") || text.contains("autoescape false"), "escaping turned off");
        if path.starts_with("mail/") {
            continue;
        }
        refuse(text.contains(" style="), "a style attribute");
        refuse(text.contains("<style"), "a style element");
        refuse(text.split("<script").skip(1).any(|rest| !rest.starts_with(" src=")), "an inline script");
        refuse(has_handler(text), "an event handler attribute");
        refuse(text.contains("javascript:"), "a javascript: address");
        for foreign in ["src=\"http", "src=\"//", "<link rel=\"stylesheet\" href=\"http"] {
            refuse(text.contains(foreign), "something fetched from elsewhere");
        }
    }
    none(&complaints);
}

/// ` onclick=` and its like, inside a tag.
fn has_handler(text: &str) -> bool {
    text.split('<').skip(1).filter_map(|rest| rest.split('>').next()).any(|tag| {
        tag.split_whitespace().any(|part| {
            let name = part.split('=').next().unwrap_or_default();
            part.contains("=\"")
                && name.len() > 2
                && name.starts_with("on")
                && name.chars().all(|c| c.is_ascii_lowercase())
        })
    })
}

/// A test that sleeps until something has happened is slow on a fast machine and fails on a slow one: it waits through `support::wait_for`.
/// What is left is a pace or a moment, and says which.
#[test]
fn every_sleep_of_a_test_is_explained() {
    let mut complaints = Vec::new();
    for (path, text) in files_below(&root().join("tests"), "rs") {
        if path.starts_with("it/support/") || path.starts_with("it/tidy/") {
            continue;
        }
        let lines: Vec<&str> = text.lines().map(str::trim_start).collect();
        for (place, pair) in lines.windows(2).enumerate() {
            if pair[1].contains("thread::sleep(") && !pair[0].starts_with("// ") {
                complaints.push(format!("tests/{path}:{} sleeps without a reason", place + 2));
            }
        }
    }
    none(&complaints);
}

/// What a page is made of in Rust is escaped too.
#[test]
fn no_code_bypasses_escaping() {
    // `HtmlSafe` and `MarkupDisplay` are askama's ways around escaping; the page frame builds one highlighted text itself.
    let allowed = ["markup.rs"];
    let mut complaints = Vec::new();
    for file in sources().iter().filter(|file| !allowed.contains(&file.path.as_str())) {
        for word in ["HtmlSafe", "MarkupDisplay", "filters::Safe", "Unsafe"] {
            if file.says(word) {
                complaints.push(format!("{} uses {word}", file.path));
            }
        }
    }
    none(&complaints);
}

/// Nothing that only makes sense where it was written.
#[test]
fn no_file_names_a_local_path() {
    let mut complaints = Vec::new();
    for extension in ["rs", "html", "txt", "toml", "sql", "css", "js", "md"] {
        for folder in ["src", "config", "migrations"] {
            for (path, text) in files_below(&root().join(folder), extension) {
                for word in ["/work/", "/home/", "/root/", "TODO", "FIXME"] {
                    if text.contains(word) {
                        complaints.push(format!("{folder}/{path} says {word}"));
                    }
                }
            }
        }
    }
    none(&complaints);
}
