//! The rules of a file of synonyms, as Solr and its kin write them:
//!
//! ```text
//! # a remark
//! spanner, wrench
//! cell phone, cellular phone => mobile phone
//! butterfly valve, válvula de mariposa, 蝶阀, hs:848180
//! ```
//!
//! Names with commas between are equal: each finds the others. Left of `=>` stand names that find those on the right and not the other
//! way. `hs:` and 2 to 10 digits name the goods of an HS code, so that the names find listings in other languages. A name that holds
//! a comma stands in double quotes, as in CSV, or has a backslash before the comma.

use crate::reference::hs;

/// Most characters of a line.
const MAX_LINE: usize = 2_000;
/// Most names of a rule.
const MAX_NAMES: usize = 50;
/// Most characters of a name.
const MAX_NAME: usize = 80;
/// Most rules of a file.
// All rules are kept in the memory of each process.
const MAX_RULES: usize = 50_000;
/// Faults that are reported of a file; one that is wrong throughout needs no more.
const MOST_FAULTS: usize = 100;

/// What stands between two commas.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Term {
    /// A name.
    Name(String),
    /// The goods of an HS code.
    Hs(String),
}

/// A line of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// The line as it is stored: [`Rule::read`] reads it again.
    pub text: String,
    names: Vec<String>,
    /// What the names find; none where they are equal and find each other.
    found: Option<Vec<Term>>,
    codes: Vec<String>,
}

/// What is wrong with one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Its number, from 1.
    pub line: usize,
    /// What is wrong and what would be right.
    pub message: String,
}

/// Reads a file; lines that are empty or begin with `#` are left out.
///
/// # Errors
/// Every line that is wrong, at most 100.
pub fn read(bytes: &[u8]) -> Result<Vec<Rule>, Vec<Fault>> {
    let (mut rules, mut faults) = (Vec::new(), Vec::new());
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    for (line, bytes) in (1..).zip(bytes.split(|byte| *byte == b'\n')) {
        let read = std::str::from_utf8(bytes).map_err(|_| "is not text in UTF-8".to_owned()).and_then(Rule::read);
        match read {
            Ok(None) => {}
            Ok(Some(_)) if rules.len() == MAX_RULES => {
                faults.push(Fault {
                    line,
                    message: format!("is one rule more than the {MAX_RULES} that a file may have"),
                });
                break;
            }
            Ok(Some(rule)) => rules.push(rule),
            Err(message) => faults.push(Fault { line, message }),
        }
    }
    faults.truncate(MOST_FAULTS);
    if faults.is_empty() { Ok(rules) } else { Err(faults) }
}

impl Rule {
    /// Reads a line; `None` for an empty one or a remark.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read(line: &str) -> Result<Option<Self>, String> {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            return Ok(None);
        }
        if line.chars().count() > MAX_LINE {
            return Err(format!("has more than {MAX_LINE} characters"));
        }
        let rule = match line.split_once("=>") {
            None => Self::equal(line)?,
            Some((left, right)) => Self::one_way(line, left, right)?,
        };
        if rule.names.len() + rule.codes.len() + rule.found.as_ref().map_or(0, Vec::len) > MAX_NAMES {
            return Err(format!("has more than {MAX_NAMES} names"));
        }
        Ok(Some(rule))
    }

    fn equal(line: &str) -> Result<Self, String> {
        let (names, codes) = divide(terms(line)?);
        if names.is_empty() || names.len() + codes.len() < 2 {
            return Err("must hold two names or more with commas between, or a name and hs: with a code".to_owned());
        }
        Ok(Self { text: line.to_owned(), names, found: None, codes })
    }

    fn one_way(line: &str, left: &str, right: &str) -> Result<Self, String> {
        if right.contains("=>") {
            return Err("holds => twice".to_owned());
        }
        let (names, codes) = divide(terms(left)?);
        if names.is_empty() || !codes.is_empty() {
            return Err("must hold names, and no hs:, left of =>".to_owned());
        }
        let found = terms(right)?;
        if found.is_empty() {
            return Err("must hold a name or hs: with a code right of =>".to_owned());
        }
        Ok(Self { text: line.to_owned(), names, found: Some(found), codes: Vec::new() })
    }

    /// Every name in it.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let found = self.found.iter().flatten().filter_map(|term| match term {
            Term::Name(name) => Some(name),
            Term::Hs(_) => None,
        });
        self.names.iter().chain(found).map(String::as_str)
    }

    /// Each name that may be asked for with each thing that it finds.
    pub fn expansions(&self) -> impl Iterator<Item = (&str, Term)> {
        self.names
            .iter()
            .enumerate()
            .flat_map(|(at, name)| self.of(at).into_iter().map(move |found| (name.as_str(), found)))
    }

    fn of(&self, at: usize) -> Vec<Term> {
        let equal = self.names.iter().enumerate().filter(|(other, _)| self.found.is_none() && *other != at);
        let equal = equal.map(|(_, name)| Term::Name(name.clone()));
        let found = self.found.iter().flatten().cloned();
        equal.chain(found).chain(self.codes.iter().cloned().map(Term::Hs)).collect()
    }
}

fn divide(terms: Vec<Term>) -> (Vec<String>, Vec<String>) {
    let (mut names, mut codes) = (Vec::new(), Vec::new());
    for term in terms {
        match term {
            Term::Name(name) => names.push(name),
            Term::Hs(code) => codes.push(code),
        }
    }
    (names, codes)
}

/// The terms of one side, each once.
fn terms(text: &str) -> Result<Vec<Term>, String> {
    let mut terms = Vec::new();
    for piece in pieces(text)? {
        let term = term(&piece)?;
        if !terms.contains(&term) {
            terms.push(term);
        }
    }
    Ok(terms)
}

/// Cuts at commas, but not at those in quotes or behind a backslash.
fn pieces(text: &str) -> Result<Vec<String>, String> {
    // A quote opens a name only where it stands right behind the comma.
    let pieces: Vec<&str> = text.split(',').map(str::trim).collect();
    // A control character stands for the comma meanwhile: no file of names has one.
    let text = pieces.join(",").replace("\\,", "\u{1}");
    let mut reader = csv::ReaderBuilder::new().has_headers(false).trim(csv::Trim::All).from_reader(text.as_bytes());
    let Some(record) = reader.records().next() else { return Ok(Vec::new()) };
    let record = record.map_err(|error| format!("cannot be cut at its commas: {error}"))?;
    Ok(record.iter().map(|piece| piece.replace('\u{1}', ",")).filter(|piece| !piece.is_empty()).collect())
}

fn term(text: &str) -> Result<Term, String> {
    let is_code = text.get(..3).is_some_and(|start| start.eq_ignore_ascii_case("hs:"));
    if is_code { hs_code(&text[3..]).map(Term::Hs) } else { name(text).map(Term::Name) }
}

fn hs_code(text: &str) -> Result<String, String> {
    let digits: String = text.chars().filter(|c| !matches!(c, '.' | ' ')).collect();
    let is_code = (2..=10).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    let is_known = is_code && hs::chapter(&digits).is_some();
    is_known.then_some(digits).ok_or_else(|| {
        format!("hs:{} is no beginning of an HS code; it must be 2 to 10 digits, like hs:848180", shown(text.trim()))
    })
}

fn name(text: &str) -> Result<String, String> {
    if text.chars().count() > MAX_NAME {
        return Err(format!("{}: a name has at most {MAX_NAME} characters", shown(text)));
    }
    let mut words = text.split_whitespace().filter(|word| word.chars().any(char::is_alphanumeric)).peekable();
    if words.peek().is_none() {
        return Err(format!("{} holds no word", shown(text)));
    }
    // A synonym of `316L` would let a search for one steel find another.
    if words.all(|word| word.bytes().any(|byte| byte.is_ascii_digit())) {
        return Err(format!("{} is a code or a number, and these are found only as they are written", shown(text)));
    }
    Ok(text.to_owned())
}

fn shown(text: &str) -> String {
    let mut shown: String = text.chars().take(40).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text.chars().count() > 40 {
        shown.push('…');
    }
    format!("'{shown}'")
}
