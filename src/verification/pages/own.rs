//! One's own company: its level, its evidence, its requests, and the levels that it can apply for.

use actix_web::web::{Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, get};
use askama::Template;

use super::rows::{EvidenceRow, RequestRow};
use crate::actor::{Actor, Permission};
use crate::app::App;
use crate::companies::Verification;
use crate::companies::evidence::{self, EvidenceCheck};
use crate::error::Result;
use crate::formats::Pill;
use crate::locale::{Language, text};
use crate::verification::rules::{level_name, may_request, needs};
use crate::verification::{RequestState, actions};
use crate::web::actor::AuthenticatedActor;
use crate::web::answer::html;
use crate::web::envelope::page_of;
use crate::web::layout::{NoticeKind, Page, Section};
use crate::web::run;

/// A level that the company may apply for, or what it has to do first.
struct Step {
    level: &'static str,
    name: &'static str,
    meaning: &'static str,
    obstacle: String,
}

#[derive(Template)]
#[template(path = "verification/templates/own.html")]
struct OwnPage {
    page: Page,
    id: String,
    level: &'static str,
    meaning: &'static str,
    checked: Vec<EvidenceCheck>,
    not_checked: Vec<EvidenceCheck>,
    evidence: Vec<EvidenceRow>,
    /// Each identifier with how it stands.
    identifiers: Vec<(String, Pill)>,
    requests: Vec<RequestRow>,
    steps: Vec<Step>,
    may_write: bool,
}

fn own_page(app: &App, actor: &Actor, page: Page) -> Result<OwnPage> {
    let scope = actor.authorize(Permission::AccountRead)?;
    let status = actions::find_status(app, actor, scope.company())?;
    let (now, level) = (app.clock.now(), status.company.verification);
    let can_be_identified = actions::can_be_identified(&status.named);
    let is_open = |level| status.requests.iter().any(|one| one.level == level && one.state == RequestState::Open);
    let step = |level: &Verification| {
        let needs = needs(*level, status.company.fields.form).ok()?;
        let refusal = may_request(needs, status.company.verification, can_be_identified).err();
        let obstacle = if is_open(*level) {
            text(Language::English, "verification-applied").to_owned()
        } else {
            refusal.map(|refusal| crate::error::Problem::from(refusal).detail).unwrap_or_default()
        };
        Some(Step { level: level.as_str(), name: level_name(*level), meaning: evidence::meaning(*level), obstacle })
    };
    Ok(OwnPage {
        page,
        id: status.company.id.to_string(),
        level: level.as_str(),
        meaning: evidence::meaning(level),
        steps: Verification::ALL.iter().filter_map(step).collect(),
        identifiers: status
            .named
            .iter()
            .map(|one| (format!("{} {}", evidence::kind_name(&one.kind), one.value), one.state.pill()))
            .collect(),
        evidence: status.evidence.iter().map(EvidenceRow::new).collect(),
        requests: status.requests.iter().map(|request| RequestRow::new(request, now)).collect(),
        checked: status.checked,
        not_checked: status.not_checked,
        may_write: actor.authorize(Permission::AccountWrite).is_ok(),
    })
}

#[get("/account/verification")]
async fn own_verification(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
) -> Result<HttpResponse> {
    let mut page = page_of(&http, text(Language::English, "verification-own-title")).under(Section::Account);
    if http.query_string() == "asked" {
        page = page.with_notice(NoticeKind::Done, text(Language::English, "verification-applied-next"));
    }
    let view = run(&app, move |app| own_page(app, &actor, page)).await?;
    html(&view)
}

pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(own_verification);
}
