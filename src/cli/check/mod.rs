//! `tradepost check`: a look at everything that the platform stands on, one line for each thing. It changes nothing, and may run
//! beside a server.

mod parts;

use std::fmt;

use super::serve::FolderLock;
use super::{Global, say};
use crate::error::{Problem, Result};

/// How a thing stands.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Verdict {
    /// As it should be.
    Good(String),
    /// Not wrong, but worth knowing.
    Note(String),
    /// It has to be mended.
    Wrong(String),
}

use Verdict::{Good, Note, Wrong};

/// What was found about one thing.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Finding {
    about: &'static str,
    verdict: Verdict,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (word, text) = match &self.verdict {
            Good(text) => ("ok", text),
            Note(text) => ("note", text),
            Wrong(text) => ("WRONG", text),
        };
        // One line for each thing, whatever a library has to say.
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        write!(f, "{word:<6} {:<14} {text}", self.about)
    }
}

/// A finding of an outcome: what is good, or the reason why it is not.
fn judged(about: &'static str, outcome: std::result::Result<Verdict, impl fmt::Display>) -> Finding {
    Finding { about, verdict: outcome.unwrap_or_else(|reason| Wrong(reason.to_string())) }
}

pub(super) fn carry_out(global: &Global) -> Result<()> {
    let findings = look_around(global);
    findings.iter().for_each(|finding| say(&finding.to_string()));
    let wrong = findings.iter().filter(|finding| matches!(finding.verdict, Wrong(_))).count();
    match wrong {
        0 => Ok(()),
        1 => Err(Problem::conflict("One thing is wrong.")),
        many => Err(Problem::conflict(format!("{many} things are wrong."))),
    }
}

fn look_around(global: &Global) -> Vec<Finding> {
    let versions = judged("versions", Ok::<_, Problem>(Good(parts::versions())));
    let config = match global.load("data") {
        Ok(config) => config,
        Err(problem) => return vec![versions, judged("configuration", Err::<Verdict, _>(problem))],
    };
    let serves = match FolderLock::try_take(&config.data) {
        Ok(None) => Good("a process serves this data folder".to_owned()),
        Ok(Some(_)) => Note("no process serves this data folder".to_owned()),
        Err(problem) => Wrong(problem.to_string()),
    };
    let mut findings = vec![
        versions,
        judged("configuration", parts::configuration(&config)),
        judged("secret key", parts::secret_key(&config)),
        judged("data folder", parts::data_folder(&config.data)),
        Finding { about: "server", verdict: serves },
    ];
    findings.extend(parts::database(&config));
    findings.push(judged("mail", parts::mail(&config)));
    findings
}
