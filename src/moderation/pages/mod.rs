//! Pages of moderation: the report form, the decisions about one's own company, and the moderators' pages.

mod case;
mod company;
mod own;
mod queue;
mod report;

use actix_web::web::ServiceConfig;

use super::actions::Case;
use super::rules::{act_label, kind_label};
use super::{Entry, Report};
use crate::clock::Time;
use crate::web::layout::When;

/// Rows of a page of a list.
const ROWS: u32 = 25;

/// An entry of the history on a page.
struct EntryRow {
    act: &'static str,
    about: String,
    label: String,
    company: String,
    company_name: String,
    person: String,
    reason: String,
    at: When,
    report: Option<String>,
}

impl EntryRow {
    fn new(entry: &Entry, now: Time) -> Self {
        Self {
            act: act_label(entry.act),
            about: entry.about.to_string(),
            label: String::new(),
            company: entry.company.to_string(),
            company_name: String::new(),
            person: entry.person_name.clone(),
            reason: entry.reason.clone(),
            at: When::new(entry.at, now),
            report: entry.report.map(|report| report.to_string()),
        }
    }
}

/// A report on a page of its reporter, or beside another one of the same target.
struct ReportRow {
    id: String,
    about: String,
    kind: &'static str,
    state: &'static str,
    words: String,
    reason: String,
    at: When,
}

impl ReportRow {
    fn new(report: &Report, now: Time) -> Self {
        Self {
            id: report.id.to_string(),
            about: report.about.to_string(),
            kind: kind_label(report.kind),
            state: report.state.as_str(),
            words: report.words.clone(),
            reason: report.reason.clone().unwrap_or_default(),
            at: When::new(report.created_at, now),
        }
    }
}

/// The name of the reporter, for moderators.
fn reporter(case: &Case) -> String {
    case.reporter_name.clone().unwrap_or_else(|| "the platform".to_owned())
}

/// The routes.
pub fn routes(cfg: &mut ServiceConfig) {
    report::routes(cfg);
    own::routes(cfg);
    queue::routes(cfg);
    case::routes(cfg);
    company::routes(cfg);
}
