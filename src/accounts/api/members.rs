//! REST of a company's people: members and invitations.

use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, delete, get, patch, post};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::accounts::actions::{self, NewInvited};
use crate::accounts::{Invitation, Member};
use crate::actor::Role;
use crate::app::App;
use crate::error::{Problem, Result};
use crate::ids::{CompanyId, InvitationId, PersonId};
use crate::web::actor::Who;
use crate::web::input::{Id, Input, Json, Once, Patch};
use crate::web::{answer, run};
use crate::wire;

/// One of a company's people, without an address.
#[derive(Serialize, ToSchema)]
pub struct MemberView {
    /// The person.
    pub id: PersonId,
    /// The name.
    pub name: String,
    /// `owner`, `trader` or `viewer`.
    pub role: Role,
    /// When they joined the company.
    pub since: DateTime<Utc>,
}

impl From<Member> for MemberView {
    fn from(member: Member) -> Self {
        Self { id: member.id, name: member.name, role: member.role, since: member.since }
    }
}

/// The people of a company.
#[derive(Serialize, ToSchema)]
pub struct Members {
    /// Oldest member first.
    pub data: Vec<MemberView>,
}

/// Somebody to be invited.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InviteMember {
    /// Their address.
    pub email: String,
    /// What they will be; an API key invites no owners.
    pub role: Role,
}

impl Input for InviteMember {}

/// An invitation that waits.
#[derive(Serialize, ToSchema)]
pub struct InvitationView {
    /// The id.
    pub id: InvitationId,
    /// The address that was typed.
    pub email: String,
    /// What they will be.
    pub role: Role,
    /// When it was sent.
    pub created_at: DateTime<Utc>,
    /// Until when it can be accepted.
    pub expires_at: DateTime<Utc>,
}

impl From<Invitation> for InvitationView {
    fn from(invitation: Invitation) -> Self {
        let Invitation { id, email, role, created_at, expires_at, .. } = invitation;
        Self { id, email, role, created_at, expires_at }
    }
}

/// The invitations that wait.
#[derive(Serialize, ToSchema)]
pub struct Invitations {
    /// Newest first.
    pub data: Vec<InvitationView>,
}

/// Another role for a member.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MemberRole {
    /// `owner`, `trader` or `viewer`; an API key makes no owners.
    pub role: Role,
}

/// The people of one's own company, without addresses.
#[utoipa::path(tag = "companies", params(("id" = CompanyId, Path)), responses((status = 200, body = Members)), security(("api_key" = [])))]
#[get("/companies/{id}/members")]
async fn list_members(app: Data<App>, Who(actor): Who, Id(id): Id<CompanyId>) -> Result<HttpResponse> {
    let members = run(&app, move |app| actions::list_members(app, &actor, id)).await?;
    Ok(HttpResponse::Ok().json(Members { data: members.into_iter().map(MemberView::from).collect() }))
}

/// Invites somebody into one's own company by a letter, whose link holds for seven days. The answer is the same whether the address
/// has an account or not.
#[utoipa::path(tag = "companies", params(("id" = CompanyId, Path)), request_body = InviteMember, responses((status = 201, body = InvitationView)), security(("api_key" = [])))]
#[post("/companies/{id}/members")]
async fn invite_member(
    app: Data<App>,
    Who(actor): Who,
    Id(id): Id<CompanyId>,
    once: Once,
    Json(input): Json<InviteMember>,
) -> Result<HttpResponse> {
    let (view, once) = run(&app, move |app| {
        let key = once.over(&input);
        let new = NewInvited { email: input.email, role: input.role };
        let made = actions::invite(app, &actor, id, &new, key.as_ref())?;
        let waiting = actions::list_invitations(app, &actor, id)?;
        let view = waiting.into_iter().find(|one| one.id == made.id()).map(InvitationView::from);
        Ok((view.ok_or_else(|| Problem::not_found("invitation"))?, made))
    })
    .await?;
    Ok(answer::created(&view, 1, &once))
}

/// Gives a member another role; their sessions for the company end. The last owner stays one.
#[utoipa::path(tag = "companies", params(("id" = CompanyId, Path), ("member" = PersonId, Path)), request_body = MemberRole, responses((status = 200, body = MemberView)), security(("api_key" = [])))]
#[patch("/companies/{id}/members/{member}")]
async fn change_member(
    app: Data<App>,
    Who(actor): Who,
    path: Path<(String, String)>,
    Patch(patch): Patch,
) -> Result<HttpResponse> {
    let (company, person) = ids::<PersonId>(&path, "member")?;
    let view = run(&app, move |app| {
        let wanted: MemberRole = wire::read_value(patch, &["id", "name", "since"])?;
        actions::change_role(app, &actor, company, person, wanted.role).map(MemberView::from)
    })
    .await?;
    Ok(HttpResponse::Ok().json(view))
}

/// Takes a member out of the company; their sessions for it end at once. The last owner stays.
#[utoipa::path(tag = "companies", params(("id" = CompanyId, Path), ("member" = PersonId, Path)), responses((status = 204)), security(("api_key" = [])))]
#[delete("/companies/{id}/members/{member}")]
async fn remove_member(app: Data<App>, Who(actor): Who, path: Path<(String, String)>) -> Result<HttpResponse> {
    let (company, person) = ids::<PersonId>(&path, "member")?;
    run(&app, move |app| actions::remove_member(app, &actor, company, person)).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// The invitations that wait, for those who may send them.
#[utoipa::path(tag = "companies", params(("id" = CompanyId, Path)), responses((status = 200, body = Invitations)), security(("api_key" = [])))]
#[get("/companies/{id}/invitations")]
async fn list_invitations(app: Data<App>, Who(actor): Who, Id(id): Id<CompanyId>) -> Result<HttpResponse> {
    let waiting = run(&app, move |app| actions::list_invitations(app, &actor, id)).await?;
    Ok(HttpResponse::Ok().json(Invitations { data: waiting.into_iter().map(InvitationView::from).collect() }))
}

/// Takes an invitation back.
#[utoipa::path(tag = "companies", params(("id" = CompanyId, Path), ("invitation" = InvitationId, Path)), responses((status = 204)), security(("api_key" = [])))]
#[delete("/companies/{id}/invitations/{invitation}")]
async fn revoke_invitation(app: Data<App>, Who(actor): Who, path: Path<(String, String)>) -> Result<HttpResponse> {
    let (company, invitation) = ids::<InvitationId>(&path, "invitation")?;
    run(&app, move |app| actions::revoke_invitation(app, &actor, company, invitation)).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Company and thing of a path; what is no id names nothing.
fn ids<I: std::str::FromStr>(path: &(String, String), what: &str) -> Result<(CompanyId, I)> {
    let company = path.0.parse().map_err(|_| Problem::not_found("company"))?;
    Ok((company, path.1.parse().map_err(|_| Problem::not_found(what))?))
}

pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(list_members)
        .service(invite_member)
        .service(change_member)
        .service(remove_member)
        .service(list_invitations)
        .service(revoke_invitation);
}
