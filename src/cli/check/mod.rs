//! `tradepost check`: checks configuration, database, index, jobs and mail, one line each. It changes nothing, and can run beside a
//! server.

mod parts;

use std::fmt;

use super::serve::FolderLock;
use super::{Global, print_line};
use crate::error::{Problem, Result};

/// The result of a check.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Outcome {
    /// As it should be.
    Passed(String),
    /// No error, but worth knowing.
    Note(String),
    /// Has to be fixed.
    Failed(String),
}

use Outcome::{Failed, Note, Passed};

/// A check with its result.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Finding {
    name: &'static str,
    outcome: Outcome,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (word, text) = match &self.outcome {
            Passed(text) => ("ok", text),
            Note(text) => ("note", text),
            Failed(text) => ("ERROR", text),
        };
        // One line each: messages of libraries may have several.
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        write!(f, "{word:<6} {:<14} {text}", self.name)
    }
}

/// The finding of a check that fails by an error.
fn finding(name: &'static str, result: std::result::Result<Outcome, impl fmt::Display>) -> Finding {
    Finding { name, outcome: result.unwrap_or_else(|reason| Failed(reason.to_string())) }
}

pub(super) fn run(global: &Global) -> Result<()> {
    let findings = check_all(global);
    findings.iter().for_each(|finding| print_line(&finding.to_string()));
    let failed = findings.iter().filter(|finding| matches!(finding.outcome, Failed(_))).count();
    match failed {
        0 => Ok(()),
        1 => Err(Problem::conflict("1 check failed.")),
        many => Err(Problem::conflict(format!("{many} checks failed."))),
    }
}

fn check_all(global: &Global) -> Vec<Finding> {
    let versions = finding("versions", Ok::<_, Problem>(Passed(parts::versions())));
    let config = match global.load("data") {
        Ok(config) => config,
        // Every further check needs it.
        Err(problem) => return vec![versions, finding("configuration", Err::<Outcome, _>(problem))],
    };
    let server = match FolderLock::try_take(&config.data) {
        Ok(None) => Passed("a server runs on this data folder".to_owned()),
        Ok(Some(_)) => Note("no server runs on this data folder".to_owned()),
        Err(problem) => Failed(problem.to_string()),
    };
    let mut findings = vec![
        versions,
        finding("configuration", parts::configuration(&config)),
        finding("secret key", parts::secret_key(&config)),
        finding("data folder", parts::data_folder(&config.data)),
        Finding { name: "server", outcome: server },
    ];
    findings.extend(parts::database(&config));
    findings.push(finding("mail", parts::mail(&config)));
    findings
}
