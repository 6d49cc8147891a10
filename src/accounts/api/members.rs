//! REST of a company's people: members and invitations.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, delete, get, patch, post};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::accounts::actions::{self, MemberKeys, NewInvitee};
use crate::accounts::audit::AuthEvent;
use crate::accounts::trail::record;
use crate::accounts::{Invitation, Member};
use crate::actor::{Permission, Role};
use crate::app::App;
use crate::error::Result;
use crate::ids::{CompanyId, InvitationId, UserId};
use crate::store::ensure_version;
use crate::web::actor::AuthenticatedActor;
use crate::web::input::{Expected, Id, IdempotencyHeader, Ids, Input, Json, Patch};
use crate::web::{answer, run};
use crate::wire;

/// One of a company's people, without an address.
#[derive(Serialize, ToSchema)]
pub struct MemberView {
    /// The person.
    pub id: UserId,
    /// The name.
    pub name: String,
    /// `owner`, `trader` or `viewer`.
    pub role: Role,
    /// When they joined the company.
    pub since: DateTime<Utc>,
    /// Grows with every change of the role; the number in the ETag.
    pub version: i64,
}

impl From<Member> for MemberView {
    fn from(member: Member) -> Self {
        let Member { id, name, role, since, version } = member;
        Self { id, name, role, since, version }
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
#[utoipa::path(tag = "companies", params(("id" = CompanyId, Path)), responses((status = 200, body = Members)), security(("api_key" = ["account:read"])))]
#[get("/companies/{id}/members")]
async fn list_members(
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<CompanyId>,
) -> Result<HttpResponse> {
    let members = run(&app, move |app| actions::list_members(app, &actor, id)).await?;
    Ok(HttpResponse::Ok().json(Members { data: members.into_iter().map(MemberView::from).collect() }))
}

/// Invites somebody into one's own company by an e-mail, whose link holds for seven days. The answer is the same whether the address
/// has an account or not.
#[utoipa::path(tag = "companies", params(IdempotencyHeader, ("id" = CompanyId, Path)), request_body = InviteMember, responses((status = 201, body = InvitationView)), security(("api_key" = ["account:write"])))]
#[post("/companies/{id}/members")]
async fn invite_member(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<CompanyId>,
    once: IdempotencyHeader,
    Json(input): Json<InviteMember>,
) -> Result<HttpResponse> {
    let inviter = actor.clone();
    let (view, once) = run(&app, move |app| {
        let key = once.over(&input);
        let new = NewInvitee { email: input.email, role: input.role };
        let made = actions::invite(app, &inviter, id, &new, key.as_ref())?;
        let invitation = made.shown(actions::find_waiting(app, &inviter, id, made.id()))?;
        Ok((InvitationView::from(invitation), made))
    })
    .await?;
    record(&http, &app, &actor, AuthEvent::Invited).await;
    Ok(answer::created(&format!("/companies/{id}/invitations/{}", once.id()), &view, INVITATION_VERSION, &once))
}

/// An invitation waits or is over, and is never changed.
const INVITATION_VERSION: i64 = 1;

/// One of the people of one's own company.
#[utoipa::path(tag = "companies", params(("id" = CompanyId, Path), ("member" = UserId, Path)), responses((status = 200, body = MemberView)), security(("api_key" = ["account:read"])))]
#[get("/companies/{id}/members/{member}")]
async fn get_member(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Ids(company, person): Ids<CompanyId, UserId>,
) -> Result<HttpResponse> {
    let member = run(&app, move |app| actions::find_member(app, &actor, company, person)).await?;
    let version = member.version;
    Ok(answer::resource(&http, &MemberView::from(member), version))
}

/// Gives a member another role; their sessions for the company end. The last owner stays one.
#[utoipa::path(tag = "companies", params(Expected, ("id" = CompanyId, Path), ("member" = UserId, Path)), request_body = MemberRole, responses((status = 200, body = MemberView)), security(("api_key" = ["account:write"])))]
#[patch("/companies/{id}/members/{member}")]
async fn change_member(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Ids(company, person): Ids<CompanyId, UserId>,
    expected: Expected,
    Patch(patch): Patch,
) -> Result<HttpResponse> {
    actor.authorize(Permission::AccountWrite)?;
    let (version, owner) = (expected.required()?, actor.clone());
    let view = run(&app, move |app| {
        let wanted: MemberRole = wire::read_value(patch, &["id", "name", "since", "version"])?;
        actions::change_role(app, &owner, company, person, Some(version), wanted.role).map(MemberView::from)
    })
    .await?;
    if view.version != version {
        record(&http, &app, &actor, AuthEvent::RoleChanged).await;
    }
    Ok(answer::changed(&view, view.version))
}

/// Takes a member out of the company; their sessions for it end at once, and so do the API keys that they made: an owner who wants to keep
/// these takes the member out on the site. The last owner stays.
#[utoipa::path(tag = "companies", params(Expected, ("id" = CompanyId, Path), ("member" = UserId, Path)), responses((status = 204)), security(("api_key" = ["account:write"])))]
#[delete("/companies/{id}/members/{member}")]
async fn remove_member(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Ids(company, person): Ids<CompanyId, UserId>,
    expected: Expected,
) -> Result<HttpResponse> {
    actor.authorize(Permission::AccountWrite)?;
    let (version, owner) = (expected.required()?, actor.clone());
    run(&app, move |app| actions::remove_member(app, &owner, company, person, Some(version), MemberKeys::End)).await?;
    record(&http, &app, &actor, AuthEvent::MemberRemoved).await;
    Ok(HttpResponse::NoContent().finish())
}

/// The invitations that wait, for those who may send them.
#[utoipa::path(tag = "companies", params(("id" = CompanyId, Path)), responses((status = 200, body = Invitations)), security(("api_key" = ["account:write"])))]
#[get("/companies/{id}/invitations")]
async fn list_invitations(
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<CompanyId>,
) -> Result<HttpResponse> {
    let waiting = run(&app, move |app| actions::list_invitations(app, &actor, id)).await?;
    Ok(HttpResponse::Ok().json(Invitations { data: waiting.into_iter().map(InvitationView::from).collect() }))
}

/// An invitation that waits, for those who may send them.
#[utoipa::path(tag = "companies", params(("id" = CompanyId, Path), ("invitation" = InvitationId, Path)), responses((status = 200, body = InvitationView)), security(("api_key" = ["account:write"])))]
#[get("/companies/{id}/invitations/{invitation}")]
async fn get_invitation(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Ids(company, invitation): Ids<CompanyId, InvitationId>,
) -> Result<HttpResponse> {
    let found = run(&app, move |app| actions::find_waiting(app, &actor, company, invitation)).await?;
    Ok(answer::resource(&http, &InvitationView::from(found), INVITATION_VERSION))
}

/// Takes an invitation back.
#[utoipa::path(tag = "companies", params(Expected, ("id" = CompanyId, Path), ("invitation" = InvitationId, Path)), responses((status = 204)), security(("api_key" = ["account:write"])))]
#[delete("/companies/{id}/invitations/{invitation}")]
async fn revoke_invitation(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Ids(company, invitation): Ids<CompanyId, InvitationId>,
    expected: Expected,
) -> Result<HttpResponse> {
    actor.authorize(Permission::AccountWrite)?;
    let (version, owner) = (expected.required()?, actor.clone());
    run(&app, move |app| {
        actions::find_waiting(app, &owner, company, invitation)?;
        ensure_version(Some(version), INVITATION_VERSION)?;
        actions::revoke_invitation(app, &owner, company, invitation)
    })
    .await?;
    record(&http, &app, &actor, AuthEvent::InvitationRevoked).await;
    Ok(HttpResponse::NoContent().finish())
}

pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(list_members)
        .service(invite_member)
        .service(get_member)
        .service(get_invitation)
        .service(change_member)
        .service(remove_member)
        .service(list_invitations)
        .service(revoke_invitation);
}
