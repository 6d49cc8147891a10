//! `tradepost check`: checks configuration, database, index, jobs and mail, one line each. It changes nothing, and can run beside a
//! server.

mod parts;
mod result;

use self::result::CheckResult;
use self::result::Outcome::{self, Failed, Note, Passed};
use super::options::Global;
use super::print::print_line;
use super::serve::FolderLock;
use crate::error::{Problem, Result};

pub(super) fn run(global: &Global) -> Result<()> {
    let results = check_all(global);
    results.iter().for_each(|result| print_line(&result.to_string()));
    let failed = results.iter().filter(|result| matches!(result.outcome, Failed(_))).count();
    match failed {
        0 => Ok(()),
        1 => Err(Problem::conflict("1 check failed.")),
        many => Err(Problem::conflict(format!("{many} checks failed."))),
    }
}

fn check_all(global: &Global) -> Vec<CheckResult> {
    let versions = CheckResult::of("versions", Ok::<_, Problem>(Passed(parts::versions())));
    let config = match global.load("data") {
        Ok(config) => config,
        // Every further check needs it.
        Err(problem) => return vec![versions, CheckResult::of("configuration", Err::<Outcome, _>(problem))],
    };
    let server = match FolderLock::try_take(&config.data) {
        Ok(None) => Passed("a server runs on this data folder".to_owned()),
        Ok(Some(_)) => Note("no server runs on this data folder".to_owned()),
        Err(problem) => Failed(problem.to_string()),
    };
    let mut results = vec![
        versions,
        CheckResult::of("configuration", parts::configuration(&config)),
        CheckResult::of("secret key", parts::secret_key(&config)),
        CheckResult::of("data folder", parts::data_folder(&config.data)),
        CheckResult { name: "server", outcome: server },
    ];
    results.extend(parts::database(&config));
    results.push(CheckResult::of("mail", parts::mail(&config)));
    results
}
