//! Disputed identifiers for moderators: the list, and one with its decision.

use actix_web::web::{Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, get, post};
use askama::Template;

use crate::actor::Actor;
use crate::app::App;
use crate::companies::Company;
use crate::companies::evidence::kind_name;
use crate::companies::identifiers::IdentifierKind;
use crate::error::Result;
use crate::ids::CompanyId;
use crate::locale::{self, Language};
use crate::verification::{Claim, Verdict, actions};
use crate::web::actor::AuthenticatedActor;
use crate::web::answer::{html, refused_html, see_other};
use crate::web::envelope::page_of;
use crate::web::input::{FormData, Id, Query, parse};
use crate::web::layout::{Form, Page, Section, When};
use crate::web::run;

const FIELDS: &[(&str, &str)] = &[("verdict", "verification-decision"), ("reason", "verification-reason")];

/// The decisions and their labels in the form.
fn verdicts() -> Vec<(&'static str, &'static str)> {
    vec![
        ("accept", locale::text(Language::English, "verification-claim-accept")),
        ("refuse", locale::text(Language::English, "verification-claim-refuse")),
    ]
}

struct Row {
    href: String,
    number: String,
    claimant: (String, String),
    holder: Option<(String, String)>,
    since: When,
}

#[derive(Template)]
#[template(path = "verification/templates/claims.html")]
struct ClaimsPage {
    page: Page,
    rows: Vec<Row>,
    /// Further claims, which follow when these are decided.
    more: i64,
}

#[derive(Template)]
#[template(path = "verification/templates/claim.html")]
struct ClaimPage {
    page: Page,
    form: Form,
    action: String,
    kind: String,
    value: String,
    number: String,
    claimant: (String, String),
    holder: Option<(String, String)>,
    since: When,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct NumberQuery {
    kind: String,
    value: String,
}

fn number(claim: &Claim) -> String {
    format!("{} {}", kind_name(&claim.kind), claim.value)
}

fn named(company: &Company) -> (String, String) {
    (company.id.to_string(), company.fields.name.clone())
}

fn row(app: &App, claim: &Claim) -> Row {
    let query = serde_urlencoded::to_string([("kind", &claim.kind), ("value", &claim.value)]).unwrap_or_default();
    Row {
        href: format!("/moderation/claims/{}?{query}", claim.claimant.id),
        number: number(claim),
        claimant: named(&claim.claimant),
        holder: claim.holder.as_ref().map(named),
        since: When::new(claim.since, app.clock.now()),
    }
}

fn claim_page(app: &App, actor: &Actor, page: Page, id: CompanyId, of: &NumberQuery, form: Form) -> Result<ClaimPage> {
    actor.as_moderator()?;
    let kind: IdentifierKind = parse("kind", &of.kind)?;
    let claim = actions::find_claim(app, actor, id, kind, &of.value)?;
    Ok(ClaimPage {
        page,
        form,
        action: format!("/moderation/claims/{id}"),
        number: number(&claim),
        claimant: named(&claim.claimant),
        holder: claim.holder.as_ref().map(named),
        since: When::new(claim.since, app.clock.now()),
        kind: claim.kind,
        value: claim.value,
    })
}

#[get("/moderation/claims")]
async fn show_claims(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
) -> Result<HttpResponse> {
    let page = page_of(&http, locale::text(Language::English, "verification-claims-title")).under(Section::Moderation);
    let view = run(&app, move |app| {
        let (claims, open) = actions::list_claims(app, &actor)?;
        let more = open - i64::try_from(claims.len()).unwrap_or(open);
        Ok(ClaimsPage { page, rows: claims.iter().map(|claim| row(app, claim)).collect(), more })
    })
    .await?;
    html(&view)
}

#[get("/moderation/claims/{id}")]
async fn show_claim(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<CompanyId>,
    Query(query): Query<NumberQuery>,
) -> Result<HttpResponse> {
    let page = page_of(&http, locale::text(Language::English, "verification-claim-title")).under(Section::Moderation);
    let view = run(&app, move |app| claim_page(app, &actor, page, id, &query, Form::new(FIELDS))).await?;
    html(&view)
}

#[post("/moderation/claims/{id}")]
async fn decide_claim(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<CompanyId>,
    form: FormData,
) -> Result<HttpResponse> {
    actor.as_moderator()?;
    let text = |name: &str| form.text(name).unwrap_or_default().to_owned();
    let of = NumberQuery { kind: text("kind"), value: text("value") };
    let (moderator, typed) = (actor.clone(), form.typed());
    let (verdict, reason) = (text("verdict"), text("reason"));
    let number = NumberQuery { kind: of.kind.clone(), value: of.value.clone() };
    let outcome = run(&app, move |app| {
        let kind: IdentifierKind = parse("kind", &number.kind)?;
        let verdict: Verdict = parse("verdict", &verdict)?;
        actions::decide_claim(app, &moderator, id, kind, &number.value, verdict, &reason)
    })
    .await;
    let Err(problem) = outcome else { return Ok(see_other("/moderation/claims")) };
    let page = page_of(&http, locale::text(Language::English, "verification-claim-title")).under(Section::Moderation);
    let form = Form::new(FIELDS).typed(typed).refused(&problem);
    let view = run(&app, move |app| claim_page(app, &actor, page, id, &of, form)).await?;
    refused_html(&view, &view.form)
}

pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(show_claims).service(show_claim).service(decide_claim);
}
