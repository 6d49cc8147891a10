//! Rows that several pages of moderation show.

use crate::clock::Time;
use crate::locale::{Language, text};
use crate::moderation::actions::Case;
use crate::moderation::{Entry, Report};
use crate::web::layout::When;

/// Rows of a page of a list.
pub(super) const ROWS: u32 = 25;

/// An entry of the history on a page.
pub(super) struct EntryRow {
    pub(super) act: &'static str,
    pub(super) about: String,
    pub(super) label: String,
    pub(super) company: String,
    pub(super) company_name: String,
    pub(super) person: String,
    pub(super) reason: String,
    pub(super) at: When,
    pub(super) report: Option<String>,
}

impl EntryRow {
    pub(super) fn new(entry: &Entry, now: Time) -> Self {
        Self {
            act: entry.act.label(Language::English),
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
pub(super) struct ReportRow {
    pub(super) id: String,
    pub(super) about: String,
    pub(super) kind: &'static str,
    pub(super) state: crate::formats::Pill,
    pub(super) words: String,
    pub(super) reason: String,
    pub(super) at: When,
}

impl ReportRow {
    pub(super) fn new(report: &Report, now: Time) -> Self {
        Self {
            id: report.id.to_string(),
            about: report.about.to_string(),
            kind: report.kind.label(Language::English),
            state: report.state.pill(),
            words: report.words.clone(),
            reason: report.reason.clone().unwrap_or_default(),
            at: When::new(report.created_at, now),
        }
    }
}

/// The name of the reporter, for moderators.
pub(super) fn reporter(case: &Case) -> String {
    case.reporter_name.clone().unwrap_or_else(|| text(Language::English, "moderation-the-platform").to_owned())
}
