//! One's own company: its level, what was seen of it, what it asked for, and what it can ask for next.

use actix_web::web::{Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, get};
use askama::Template;

use super::{EvidenceRow, RequestRow};
use crate::actor::{Actor, Permission};
use crate::app::App;
use crate::companies::Verification;
use crate::companies::evidence::{self, Finding};
use crate::error::Result;
use crate::verification::rules::{may_ask, needs};
use crate::verification::{RequestState, actions};
use crate::web::actor::Who;
use crate::web::answer::html;
use crate::web::frame::page_of;
use crate::web::layout::{NoticeKind, Page, Section};
use crate::web::run;

/// A level that the company may ask for, or why not yet.
struct Step {
    level: &'static str,
    meaning: &'static str,
    hindrance: String,
}

#[derive(Template)]
#[template(path = "verification/templates/own.html")]
struct OwnPage {
    page: Page,
    id: String,
    level: &'static str,
    meaning: &'static str,
    checked: Vec<Finding>,
    not_checked: Vec<Finding>,
    evidence: Vec<EvidenceRow>,
    requests: Vec<RequestRow>,
    steps: Vec<Step>,
    may_write: bool,
}

fn own_page(app: &App, actor: &Actor, page: Page) -> Result<OwnPage> {
    let scope = actor.may(Permission::AccountRead)?;
    let standing = actions::standing(app, actor, scope.company())?;
    let (now, level) = (app.clock.now(), standing.company.verification);
    let holds_number = actions::holds_number(&standing.held);
    let is_open = |level| standing.requests.iter().any(|one| one.level == level && one.state == RequestState::Open);
    let step = |level: &Verification| {
        let needs = needs(*level, standing.company.fields.form).ok()?;
        let refusal = may_ask(needs, standing.company.verification, holds_number).err();
        let hindrance = if is_open(*level) {
            "Your request waits for a moderator.".to_owned()
        } else {
            refusal.map(|refusal| crate::error::Problem::from(refusal).detail).unwrap_or_default()
        };
        Some(Step { level: level.as_str(), meaning: evidence::meaning(*level), hindrance })
    };
    Ok(OwnPage {
        page,
        id: standing.company.id.to_string(),
        level: level.as_str(),
        meaning: evidence::meaning(level),
        steps: Verification::ALL.iter().filter_map(step).collect(),
        evidence: standing.seen.iter().map(EvidenceRow::new).collect(),
        requests: standing.requests.iter().map(|request| RequestRow::new(request, now)).collect(),
        checked: standing.checked,
        not_checked: standing.not_checked,
        may_write: actor.may(Permission::AccountWrite).is_ok(),
    })
}

#[get("/account/verification")]
async fn own_verification(http: HttpRequest, app: Data<App>, Who(actor): Who) -> Result<HttpResponse> {
    let mut page = page_of(&http, "Verification of your company").under(Section::Account);
    if http.query_string() == "asked" {
        page = page.noting(NoticeKind::Done, "The request is with the moderators; you are told what they decide.");
    }
    let view = run(&app, move |app| own_page(app, &actor, page)).await?;
    html(&view)
}

pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(own_verification);
}
