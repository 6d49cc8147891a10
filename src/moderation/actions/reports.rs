//! Reporting something, and seeing what was decided about it.

use chrono::Duration;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::targets;
use crate::actor::{Actor, Permission};
use crate::app::App;
use crate::error::{Code, FieldCode, Problem, Result};
use crate::ids::{CompanyId, ReportId};
use crate::locale::{Language, Message, text};
use crate::moderation::store::{self, NewReport as Row};
use crate::moderation::{Report, ReportKind, ReportTarget, TargetId, rules};
use crate::store::cursor::{ListPage, Paging};
use crate::store::{IdempotencyKey, Idempotent, Tx};
use crate::text::Checker;
use crate::{companies, listings, messages, quotes, rfqs};

/// Characters of the reporter's message.
const MAX_WORDS: usize = 4_000;

/// A report to be made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewReport {
    /// The RFQ, the listing, the quote or message that one received, or the company.
    pub about: TargetId,
    /// What is wrong with it. `off_target` is for quotes alone, `price_fishing` for RFQs and companies.
    pub kind: ReportKind,
    /// A message of up to 4 000 characters, read by moderators only; `other` and `false_claim` need them.
    #[serde(default)]
    pub words: String,
}

impl NewReport {
    fn check(&mut self) -> Result<()> {
        let mut checker = Checker::new();
        let kinds = rules::kinds_for(self.about.kind());
        let known: Vec<&str> = kinds.iter().map(|kind| kind.as_str()).collect();
        let message = Message::new("moderation-one-of").with("kinds", known.join(", ")).text(Language::English);
        checker.ensure(kinds.contains(&self.kind), "/kind", FieldCode::Contradiction, &message);
        let least = usize::from(rules::needs_words(self.kind));
        checker.prose("/words", &mut self.words, least..=MAX_WORDS);
        checker.finish()
    }
}

/// Reports something that the actor's company may see and that is not its own.
///
/// # Errors
/// `invalid` naming the fields, `duplicate` while an earlier report of the same target is open, `too_many_requests` over the day's limit.
pub fn report(
    app: &App,
    actor: &Actor,
    mut new: NewReport,
    once: Option<&IdempotencyKey>,
) -> Result<Idempotent<ReportId>> {
    let scope = actor.authorize(Permission::ReportsWrite)?;
    new.check()?;
    let owner = find_owner(app, actor, new.about)?;
    // Not a 404: whoever reports their own has mistaken the link, and should read why.
    if owner == scope.company() {
        return Err(Problem::invalid_field(
            "/about",
            FieldCode::Contradiction,
            text(Language::English, "moderation-not-own"),
        ));
    }
    app.db.write_idempotent(once, |tx| {
        // Counted in the transaction that writes: of two reports at once only one may be the last of the day.
        let since = tx.now() - Duration::days(1);
        let made = store::count_made_since(tx.conn(), scope.company(), since)?;
        if app.config.limits.is_reached(app.config.limits.reports_per_day, made) {
            let message = text(Language::English, "moderation-report-limit");
            let mut problem = Problem::new(Code::TooManyRequests, message);
            // An hour and not a day: the window slides, and the oldest report may leave it soon.
            problem.retry_after_s = Some(3_600);
            return Err(problem);
        }
        let row = Row {
            about: new.about,
            company: owner,
            reporter: Some(scope.company()),
            kind: new.kind,
            words: &new.words,
        };
        store::insert(tx, &row)
    })
}

/// The company that the target belongs to, if the actor may see the target.
fn find_owner(app: &App, actor: &Actor, about: TargetId) -> Result<CompanyId> {
    let found = match about {
        TargetId::Rfq(id) => rfqs::queries::find(app, actor, id).map(|seen| seen.rfq.company),
        TargetId::Listing(id) => listings::actions::find(app, actor, id).map(|offered| offered.listing.company),
        TargetId::Company(id) => companies::actions::find(app, actor, id).map(|company| company.id),
        TargetId::Quote(id) => {
            quotes::queries::find_with_versions(app, actor, id).map(|(visible, _)| visible.quote.supplier)
        }
        TargetId::Message(id) => messages::queries::find_message(app, actor, id).map(|seen| seen.message.sender),
    };
    // The same answer for what is hidden and for what does not exist: a report must not be a way to find out.
    found.map_err(|problem| match problem.code {
        Code::NotFound => {
            Problem::invalid_field("/about", FieldCode::UnknownValue, text(Language::English, "moderation-about-seen"))
        }
        _ => problem,
    })
}

/// The target of a report, for the form.
///
/// # Errors
/// As [`report`], but `not_found` for a target that the actor may not see.
pub fn find_target(app: &App, actor: &Actor, about: TargetId) -> Result<ReportTarget> {
    actor.authorize(Permission::ReportsWrite)?;
    find_owner(app, actor, about).map_err(|problem| match problem.code {
        Code::Invalid => Problem::not_found(about.kind().as_str()),
        _ => problem,
    })?;
    app.db.read(|conn| targets::load(conn, about))
}

/// One report of the actor's own company.
pub fn find_own(app: &App, actor: &Actor, id: ReportId) -> Result<Report> {
    let scope = actor.authorize_any(Permission::READING_REPORTS)?;
    app.db.read(|conn| store::find_own(conn, scope, id))?.ok_or_else(|| Problem::not_found("report"))
}

/// A page of the reports that the actor's company made, newest first.
pub fn list_own(app: &App, actor: &Actor, paging: Paging) -> Result<ListPage<Report>> {
    let scope = actor.authorize_any(Permission::READING_REPORTS)?;
    app.db.read(|conn| store::list_own(conn, scope, paging))
}

/// Reports a company as the platform; does nothing while a report of the kind is open.
pub fn report_by_platform(tx: &mut Tx, company: CompanyId, kind: ReportKind, words: &str) -> Result<()> {
    let about = TargetId::Company(company);
    // One line in the queue is enough: a company at its quota reaches it again every day until somebody decides.
    let is_open = store::list_open_about(tx.conn(), about)?.iter().any(|report| report.kind == kind);
    if is_open {
        return Ok(());
    }
    store::insert(tx, &Row { about, company, reporter: None, kind, words }).map(drop)
}
