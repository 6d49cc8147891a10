//! The suppliers that an RFQ invites: the buyer's tab, and what an invited supplier answers.

use actix_web::web::{Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, get, post};
use askama::Template;

use super::{LANGUAGE, ROWS, RfqHeader, RfqTabName};
use crate::actor::{Actor, Permission};
use crate::app::App;
use crate::clock::Time;
use crate::error::{FieldCode, FieldError, Problem, Result};
use crate::formats::Pill;
use crate::ids::{CompanyId, RfqId};
use crate::locale::text;
use crate::rfqs::actions::invitations as actions;
use crate::rfqs::queries::invitations as queries;
use crate::rfqs::views::InvitationWithSupplier;
use crate::rfqs::{InvitationState, RfqState};
use crate::web::actor::AuthenticatedActor;
use crate::web::answer::{ListParams, html, pager, refused_html, see_other};
use crate::web::envelope::page_of;
use crate::web::input::{FormData, Id, Ids, Query};
use crate::web::layout::{Form, NoticeKind, Page, Pager, Section, When};
use crate::web::run;

const INVITE_FIELDS: &[(&str, &str)] = &[("partners", "rfqs-invite-partners"), ("companies", "rfqs-invite-companies")];

#[derive(Template)]
#[template(path = "rfqs/templates/invitations.html")]
struct InvitationsPage {
    page: Page,
    head: RfqHeader,
    form: Form,
    rows: Vec<InvitationRow>,
    pager: Pager,
    /// Companies with which the buyer has partnerships and which are not invited: id and name.
    partners: Vec<(String, String)>,
    is_draft: bool,
    may_invite: bool,
}

/// A supplier that is invited.
struct InvitationRow {
    company: CompanyId,
    name: String,
    country: String,
    verification: &'static str,
    state: Pill,
    since: When,
    /// Whether the invitation can be cancelled.
    may_remove: bool,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct InvitationsQuery {
    cursor: Option<String>,
    done: Option<String>,
}

fn tab_path(id: RfqId) -> String {
    format!("/desk/buying/rfqs/{id}/invitations")
}

fn row(item: InvitationWithSupplier, may_invite: bool, now: Time) -> InvitationRow {
    let InvitationWithSupplier { invitation, supplier } = item;
    InvitationRow {
        company: supplier.id,
        name: supplier.fields.name,
        country: supplier.fields.country.name(),
        verification: supplier.verification.as_str(),
        state: invitation.state.pill(),
        since: When::new(invitation.updated_at, now),
        may_remove: may_invite && invitation.state != InvitationState::Quoted,
    }
}

async fn invitations_page(
    http: &HttpRequest,
    app: &Data<App>,
    actor: Actor,
    id: RfqId,
    cursor: Option<String>,
    form: Form,
) -> Result<InvitationsPage> {
    let page = page_of(http, text(LANGUAGE, "rfqs-tab-invitations")).under(Section::Buying);
    run(app, move |app| {
        let head = RfqHeader::load(app, &actor, id, RfqTabName::Invitations)?;
        let name = format!("invitations of {id}");
        let paging = ListParams { limit: Some(ROWS), cursor }.paging(app, &name, &actor)?;
        let slice = queries::list(app, &actor, id, paging)?;
        let pager = pager(app, &name, &actor, &tab_path(id), slice.prev.as_ref(), slice.next.as_ref())?;
        let may_invite = head.may_change && actor.authorize_draft(Permission::RfqsWrite).is_ok();
        let partners = if may_invite { queries::list_partners_to_invite(app, &actor, id)? } else { Vec::new() };
        let now = app.clock.now();
        Ok(InvitationsPage {
            page,
            form,
            rows: slice.items.into_iter().map(|item| row(item, may_invite, now)).collect(),
            pager,
            partners: partners.into_iter().map(|(company, name)| (company.to_string(), name)).collect(),
            is_draft: head.rfq.state == RfqState::Draft,
            may_invite,
            head,
        })
    })
    .await
}

#[get("/desk/buying/rfqs/{id}/invitations")]
async fn invitations(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<RfqId>,
    Query(query): Query<InvitationsQuery>,
) -> Result<HttpResponse> {
    let mut view = invitations_page(&http, &app, actor, id, query.cursor, Form::new(INVITE_FIELDS)).await?;
    let notice = match query.done.as_deref() {
        Some("invited") if view.is_draft => Some("rfqs-invited-later"),
        Some("invited") => Some("rfqs-invited-now"),
        Some("removed") => Some("rfqs-invitation-removed"),
        _ => None,
    };
    if let Some(key) = notice {
        view.page = view.page.with_notice(NoticeKind::Done, text(LANGUAGE, key));
    }
    html(&view)
}

/// The companies of the form: those that are ticked, and those that are written, by id or by the address of their page.
fn companies_of(form: &FormData) -> Result<Vec<CompanyId>> {
    let ticked = form.all("partners").into_iter();
    let written = form.all("companies").into_iter().flat_map(|typed| typed.split([',', ';', ' ', '\n', '\r', '\t']));
    let named = ticked.chain(written).map(str::trim).filter(|part| !part.is_empty());
    let (mut companies, mut errors) = (Vec::new(), Vec::new());
    for (place, part) in named.enumerate() {
        let id = part.trim_end_matches('/').rsplit('/').next().unwrap_or(part);
        match id.parse() {
            Ok(company) => companies.push(company),
            Err(_) => errors.push(FieldError::new(
                format!("/companies/{place}"),
                FieldCode::UnknownValue,
                text(LANGUAGE, "rfqs-invite-unknown"),
            )),
        }
    }
    if errors.is_empty() { Ok(companies) } else { Err(Problem::invalid(errors)) }
}

#[post("/desk/buying/rfqs/{id}/invitations")]
async fn invite(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<RfqId>,
    form: FormData,
) -> Result<HttpResponse> {
    actor.authorize_draft(Permission::RfqsWrite)?;
    let (typed, writer) = (form.typed(), actor.clone());
    let outcome = match companies_of(&form) {
        Ok(companies) => run(&app, move |app| actions::invite(app, &writer, id, &companies)).await,
        // Whose RFQ it is comes first: nobody learns from a mistake that it exists.
        Err(problem) => run(&app, move |app| queries::list_invited(app, &writer, id)).await.and(Err(problem)),
    };
    match outcome {
        Ok(()) => Ok(see_other(&format!("{}?done=invited", tab_path(id)))),
        Err(problem) if problem.fields.is_empty() => Err(problem),
        Err(problem) => {
            let form = Form::new(INVITE_FIELDS).typed(typed).refused(&problem);
            let view = invitations_page(&http, &app, actor, id, None, form).await?;
            refused_html(&view, &view.form)
        }
    }
}

#[post("/desk/buying/rfqs/{id}/invitations/{company}/remove")]
async fn uninvite(
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Ids(id, company): Ids<RfqId, CompanyId>,
    _form: FormData,
) -> Result<HttpResponse> {
    run(&app, move |app| actions::uninvite(app, &actor, id, company, None)).await?;
    Ok(see_other(&format!("{}?done=removed", tab_path(id))))
}

/// An invited supplier does not want to quote.
#[post("/desk/selling/invitations/{id}/decline")]
async fn decline(
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<RfqId>,
    _form: FormData,
) -> Result<HttpResponse> {
    run(&app, move |app| actions::decline(app, &actor, id)).await?;
    Ok(see_other("/desk/selling"))
}

pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(invitations).service(invite).service(uninvite).service(decline);
}
