//! The source as the checks read it: without comments and without test code.

use std::path::{Path, PathBuf};

/// A file of the source.
pub struct Source {
    /// Its path below `src/`.
    pub path: String,
    /// Its code, without comments and unit tests.
    pub code: String,
}

impl Source {
    /// The top-level module it belongs to.
    pub fn module(&self) -> &str {
        self.path.split('/').next().unwrap().trim_end_matches(".rs")
    }

    /// Whether it is the room of that name, or part of it where the room has become a folder.
    pub fn is_room(&self, room: &str) -> bool {
        self.path.ends_with(&format!("/{room}.rs")) || self.path.contains(&format!("/{room}/"))
    }

    /// Whether it belongs to one of these top-level modules.
    pub fn is_in(&self, modules: &[&str]) -> bool {
        modules.contains(&self.module())
    }

    /// Whether the word stands in its code, as a word of its own.
    pub fn says(&self, word: &str) -> bool {
        places(&self.code, word).next().is_some()
    }
}

/// Every Rust file of the source that is not only unit tests.
pub fn sources() -> Vec<Source> {
    let files = files_below(&root().join("src"), "rs");
    assert!(files.len() > 100, "the source was not found");
    files
        .into_iter()
        .map(|(path, whole)| Source { code: code_of(&whole), path })
        .filter(|s| !is_test_file(&s.path))
        .collect()
}

/// Whether the file of the source holds nothing but unit tests.
pub fn is_test_file(path: &str) -> bool {
    path.ends_with("/tests.rs") || path.ends_with("_tests.rs") || path.contains("/tests/")
}

/// The folder of the package.
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The files below a folder that end so, with their paths below it.
pub fn files_below(folder: &Path, extension: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(at) = folders.pop() {
        for entry in std::fs::read_dir(&at).unwrap().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|known| known == extension) {
                let name = path.strip_prefix(folder).unwrap().to_string_lossy().into_owned();
                found.push((name, std::fs::read_to_string(&path).unwrap()));
            }
        }
    }
    found.sort();
    found
}

/// Comments stand on lines of their own in this house, and unit tests at the end of a file or in a file of their own.
fn code_of(whole: &str) -> String {
    let mut parts = whole.split("#[cfg(test)]\nmod ");
    let mut before_tests = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        // `mod tests;` is declared among the other modules: what follows it is code.
        let Some(rest) = part.strip_prefix(leading_name(part)).and_then(|rest| rest.strip_prefix(';')) else { break };
        before_tests += rest;
    }
    let is_code = |line: &&str| !line.trim_start().starts_with("//");
    before_tests.lines().filter(is_code).fold(String::new(), |code, line| code + line + "\n")
}

/// Where the word stands in the text, as a word of its own.
pub fn places<'t>(text: &'t str, word: &'t str) -> impl Iterator<Item = usize> + 't {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    let ends_as_word = word.ends_with(is_part);
    text.match_indices(word).map(|(at, _)| at).filter(move |at| {
        let before = text[..*at].chars().next_back();
        let after = text[at + word.len()..].chars().next();
        !(before.is_some_and(is_part) || ends_as_word && after.is_some_and(is_part))
    })
}

/// The name that the text begins with.
pub fn leading_name(text: &str) -> &str {
    let end = text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
    &text[..end]
}

/// The names that follow `prefix` in the text (`crate::` and what it names).
pub fn names_after<'t>(text: &'t str, prefix: &'t str) -> impl Iterator<Item = &'t str> {
    text.match_indices(prefix).map(|(at, _)| leading_name(&text[at + prefix.len()..])).filter(|name| !name.is_empty())
}

/// The text within the bracket that opens at the start of `text`.
pub fn bracketed(text: &str) -> &str {
    let mut depth = 0;
    for (at, c) in text.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => {
                depth -= 1;
                if depth == 0 {
                    return &text[1..at];
                }
            }
            _ => {}
        }
    }
    text
}
