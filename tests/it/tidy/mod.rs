//! The invariants of the architecture (see the documentation of the crate), read from the source.

mod catalogue;
mod files;
mod imports;
mod literal_text;
mod rooms;
mod source;
mod supply;
mod tables;
mod unit;

use rooms::SEAMS;
use source::{Source, bracketed, leading_name, names_after, places, root, sources};

/// What is used only in some places: the word, where it may stand, and the words for that.
type Confinement = (&'static str, fn(&Source) -> bool, &'static str);

const CONFINED: &[Confinement] = &[
    ("diesel::", |file| file.is_room("store") || file.is_in(&["store", "outbox"]), "a store.rs, store/ or outbox/"),
    ("actix_web::", is_web, "an api.rs, a pages.rs, web/ or cli/serve.rs"),
    ("actix_http::", |file| file.is_in(&["web"]), "web/"),
    ("actix_server::", |file| file.is_in(&["web"]), "web/"),
    (
        "tokio::",
        |file| file.is_in(&["web", "blobs", "work_queue"]) || file.path == "store/event_signal.rs",
        "web/, blobs/, work_queue.rs and store/event_signal.rs",
    ),
    ("ureq::", |file| file.is_in(&["outbound", "cli"]), "outbound/, and cli/, which calls itself"),
    ("ipnet::", |file| file.is_in(&["address"]), "address.rs"),
    ("tantivy::", |file| file.is_in(&["search"]), "search/"),
    ("tantivy_jieba::", |file| file.is_in(&["search"]), "search/"),
    ("object_store::", |file| file.is_in(&["blobs"]), "blobs/"),
    ("actix_multipart::", |file| file.is_in(&["web"]), "web/"),
    ("lettre::", |file| file.is_in(&["mail"]), "mail/"),
    ("Utc::now", |file| file.is_in(&["clock"]), "clock.rs"),
    ("Local::now", |file| file.is_in(&["clock"]), "clock.rs"),
    ("SystemTime", |file| file.is_in(&["clock"]), "clock.rs"),
    ("IdMaker::new", |file| file.is_in(&["ids", "app"]), "ids.rs and app.rs, which makes the one of the process"),
    ("env::var", |file| file.is_in(&["config", "cli"]), "config.rs and cli/"),
    ("process::exit", |file| file.is_in(&["main"]), "main.rs"),
];

fn is_web(file: &Source) -> bool {
    ["api", "pages", "trail"].iter().any(|room| file.is_room(room))
        || file.is_in(&["web"])
        || file.path == "cli/serve.rs"
}

/// Fails with all complaints at once.
#[track_caller]
fn none(complaints: &[String]) {
    assert!(complaints.is_empty(), "\n  {}\n", complaints.join("\n  "));
}

/// The modules in the order of `lib.rs`.
fn modules() -> Vec<String> {
    let lib = std::fs::read_to_string(root().join("src/lib.rs")).unwrap();
    let modules: Vec<String> = names_after(&lib, "\npub mod ").map(str::to_owned).collect();
    assert!(modules.len() > 20, "lib.rs was not read");
    modules
}

/// Features call each other's actions, rules and types. A page may stand in the frame of another feature's page, and an archive holds things in the
/// shapes in which the API shows them.
#[test]
fn features_never_call_each_others_rest_or_pages() {
    let modules = modules();
    let mut complaints = Vec::new();
    for file in sources().iter().filter(|file| !SEAMS.iter().any(|(seam, _)| *seam == file.path)) {
        for (room, may) in [("api", file.is_room("contents")), ("pages", file.is_room("pages"))] {
            for at in places(&file.code, room).filter(|at| file.code[..*at].ends_with("::")) {
                let before = &file.code[..at - 2];
                let name = before.rsplit(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default();
                let is_foreign = name != file.module() && modules.iter().any(|known| known == name);
                if is_foreign && !may {
                    complaints.push(format!("{} calls {name}::{room}", file.path));
                }
            }
        }
    }
    none(&complaints);
}

#[test]
fn confined_crates_stay_in_their_modules() {
    let mut complaints = Vec::new();
    for file in sources() {
        for (word, may, place) in CONFINED {
            if file.says(word) && !may(&file) {
                complaints.push(format!("{} uses {word}, which belongs into {place}", file.path));
            }
        }
    }
    none(&complaints);
}

/// SQL text is written out, never put together.
#[test]
fn no_sql_is_concatenated() {
    let mut complaints = Vec::new();
    for file in sources() {
        for call in ["sql_query", "batch_execute", "sql"] {
            for at in places(&file.code, call) {
                let after = &file.code[at + call.len()..];
                if !after.starts_with('(') {
                    continue;
                }
                let argument = bracketed(after).trim();
                let name = leading_name(argument);
                let is_constant = name.len() > 1 && name.chars().all(|c| c.is_ascii_uppercase() || c == '_');
                let is_literal = argument.starts_with('"') && !argument.contains("format!");
                if !is_literal && !is_constant && !is_local_text(&file.code[..at], name) {
                    complaints.push(format!("{}: {call}({argument})", file.path));
                }
            }
        }
    }
    none(&complaints);
}

/// Whether the nearest `let name` before the place is a text written out, or a choice of such.
fn is_local_text(before: &str, name: &str) -> bool {
    let Some(at) = before.rfind(&format!("let {name} = ")) else { return false };
    let value = before[at..].split(";\n").next().unwrap_or_default();
    value.contains('"') && !value.contains("format!")
}

/// The codes are one table, which is also their documentation; none is there that nothing answers with.
#[test]
fn every_error_code_is_used() {
    let sources = sources();
    let error = sources.iter().find(|file| file.path == "error.rs").unwrap();
    let others: Vec<&Source> = sources.iter().filter(|file| file.path != "error.rs").collect();
    let made_here = |name: &str| places(&error.code, name).any(|at| error.code[..at].ends_with("Code::"));
    let mut complaints = Vec::new();
    for code in tradepost::error::Code::ALL {
        let name = format!("{code:?}");
        let word = format!("Code::{name}");
        // One use is its line in the table itself or in a `match` over all; a constructor of `Problem` is a use.
        let used =
            others.iter().any(|file| file.says(&word)) || places(&error.code, &word).count() > 0 && made_here(&name);
        if !used {
            complaints.push(format!("nothing answers with {name}"));
        }
    }
    none(&complaints);
}

/// A permission that nothing asks for would be offered on pages and allow nothing.
#[test]
fn every_permission_gates_something() {
    let sources = sources();
    let others: Vec<&Source> = sources.iter().filter(|file| file.path != "actor.rs").collect();
    let is_idle = |permission: &tradepost::actor::Permission| {
        let word = format!("Permission::{permission:?}");
        !others.iter().any(|file| file.says(&word))
    };
    let idle = tradepost::actor::Permission::ALL.iter().filter(|(permission, _)| is_idle(permission));
    let complaints: Vec<String> = idle.map(|(_, name)| format!("nothing asks for {name}")).collect();
    none(&complaints);
}
