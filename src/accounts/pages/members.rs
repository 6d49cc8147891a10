//! The team of a company: members, their roles, invitations; and which company one acts for.

use actix_web::web::{Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, get, post};
use askama::Template;

use super::session_cookie::{with_session, without_session};
use crate::accounts::actions::{self, MemberKeys, NewInvitee};
use crate::accounts::audit::AuthEvent;
use crate::accounts::trail::{record, user_agent};
use crate::accounts::{Invitation, Member};
use crate::actor::{Actor, Permission, Role};
use crate::app::App;
use crate::error::{FieldCode, Problem, Result};
use crate::ids::{CompanyId, InvitationId, UserId};
use crate::locale::{self, Language, Message};
use crate::web::actor::AuthenticatedActor;
use crate::web::answer::{html, refused_html, see_other};
use crate::web::envelope::page_of;
use crate::web::input::{FormData, Id};
use crate::web::layout::{ConfirmPage, Form, NoticeKind, Page, Section};
use crate::web::run;

fn fields() -> Form {
    Form::new(&[("email", "accounts-email"), ("role", "accounts-role")])
}

#[derive(Template)]
#[template(path = "accounts/templates/members.html")]
struct MembersPage {
    page: Page,
    form: Form,
    /// Everybody, and whether it is the viewer.
    members: Vec<(Member, bool)>,
    invitations: Vec<Invitation>,
    may_write: bool,
}

/// The roles with what each may do.
fn roles() -> Vec<(&'static str, &'static str)> {
    vec![
        ("owner", locale::text(Language::English, "accounts-role-owner-may")),
        ("trader", locale::text(Language::English, "accounts-role-trader-may")),
        ("viewer", locale::text(Language::English, "accounts-role-viewer-may")),
    ]
}

fn company_of(actor: &Actor) -> Result<CompanyId> {
    Ok(actor.authorize_draft(Permission::AccountRead)?.company())
}

fn members_page(page: Page, app: &App, actor: &Actor, form: Form) -> Result<MembersPage> {
    let company = company_of(actor)?;
    let may_write = actor.authorize(Permission::AccountWrite).is_ok();
    let invitations = if may_write { actions::list_invitations(app, actor, company)? } else { Vec::new() };
    let people = actions::list_members(app, actor, company)?;
    let members = people.into_iter().map(|member| (member.clone(), actor.user() == Some(member.id))).collect();
    Ok(MembersPage { page: page.under(Section::Account), form, members, invitations, may_write })
}

#[get("/account/members")]
async fn show(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
) -> Result<HttpResponse> {
    let mut page = page_of(&http, locale::text(Language::English, "accounts-team"));
    if http.query_string() == "invited" {
        page = page.with_notice(NoticeKind::Done, locale::text(Language::English, "accounts-invited"));
    }
    let form = fields().with("role", Role::Trader.as_str());
    let view = run(&app, move |app| members_page(page, app, &actor, form)).await?;
    html(&view)
}

fn role_of(form: &FormData) -> Result<Role> {
    form.text("role").and_then(Role::parse).ok_or_else(|| {
        Problem::invalid_field(
            "/role",
            FieldCode::UnknownValue,
            locale::text(Language::English, "accounts-must-be-role"),
        )
    })
}

#[post("/account/members")]
async fn invite(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    form: FormData,
) -> Result<HttpResponse> {
    actor.authorize(Permission::AccountWrite)?;
    let (page, owner) = (page_of(&http, locale::text(Language::English, "accounts-team")), actor.clone());
    let refused = run(&app, move |app| {
        let email = form.text("email").unwrap_or_default().to_owned();
        let made = role_of(&form)
            .and_then(|role| actions::invite(app, &actor, company_of(&actor)?, &NewInvitee { email, role }, None));
        let Err(problem) = made else { return Ok(None) };
        members_page(page, app, &actor, fields().typed(form.typed()).refused(&problem)).map(Some)
    })
    .await?;
    if let Some(page) = refused {
        return refused_html(&page, &page.form);
    }
    record(&http, &app, &owner, AuthEvent::Invited).await;
    Ok(see_other("/account/members?invited"))
}

#[post("/account/members/{id}")]
async fn change_role(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<UserId>,
    form: FormData,
) -> Result<HttpResponse> {
    actor.authorize(Permission::AccountWrite)?;
    let owner = actor.clone();
    run(&app, move |app| actions::change_role(app, &owner, company_of(&owner)?, id, None, role_of(&form)?)).await?;
    record(&http, &app, &actor, AuthEvent::RoleChanged).await;
    Ok(see_other("/account/members"))
}

#[get("/account/members/{id}/remove")]
async fn ask_remove(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<UserId>,
) -> Result<HttpResponse> {
    let leaves = actor.user() == Some(id);
    let member = run(&app, move |app| {
        actor.authorize(if leaves { Permission::AccountRead } else { Permission::AccountWrite })?;
        actions::find_member(app, &actor, company_of(&actor)?, id)
    })
    .await?;
    let (title, button) = if leaves {
        (
            locale::text(Language::English, "accounts-leave-question").to_owned(),
            locale::text(Language::English, "accounts-leave-company"),
        )
    } else {
        let title = Message::new("accounts-remove-member-question").with("name", &member.name).text(Language::English);
        (title, locale::text(Language::English, "accounts-remove-member"))
    };
    let page = ConfirmPage::new(
        page_of(&http, &title).under(Section::Account),
        format!("/account/members/{id}/remove"),
        button,
        "/account/members",
    )
    .happens(locale::text(Language::English, "accounts-remove-member-sessions"))
    .happens(locale::text(Language::English, "accounts-remove-member-keys"))
    .notifies(Message::new("accounts-remove-member-notified").with("name", &member.name).text(Language::English))
    .destructive();
    let page = if leaves {
        page
    } else {
        page.offers("keys", "keep", locale::text(Language::English, "accounts-remove-keep-keys"))
    };
    html(&page)
}

#[post("/account/members/{id}/remove")]
async fn remove(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<UserId>,
    form: FormData,
) -> Result<HttpResponse> {
    let (leaves, who) = (actor.user() == Some(id), actor.clone());
    let keys = if form.text("keys") == Some("keep") { MemberKeys::Keep } else { MemberKeys::End };
    run(&app, move |app| actions::remove_member(app, &who, company_of(&who)?, id, None, keys)).await?;
    record(&http, &app, &actor, AuthEvent::MemberRemoved).await;
    Ok(if leaves { without_session(&app, see_other("/")) } else { see_other("/account/members") })
}

#[post("/account/invitations/{id}/revoke")]
async fn revoke(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<InvitationId>,
    _form: FormData,
) -> Result<HttpResponse> {
    actor.authorize(Permission::AccountWrite)?;
    let owner = actor.clone();
    run(&app, move |app| actions::revoke_invitation(app, &owner, company_of(&owner)?, id)).await?;
    record(&http, &app, &actor, AuthEvent::InvitationRevoked).await;
    Ok(see_other("/account/members"))
}

#[post("/account/act-for")]
async fn act_for(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    form: FormData,
) -> Result<HttpResponse> {
    let agent = user_agent(&http);
    let opened = run(&app, move |app| {
        let company = form.text("company").and_then(|text| text.parse().ok());
        actions::act_for(app, &actor, company.ok_or_else(|| Problem::not_found("company"))?, &agent)
    })
    .await?;
    Ok(with_session(&app, see_other("/"), &opened))
}

pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(show)
        .service(invite)
        .service(ask_remove)
        .service(remove)
        .service(change_role)
        .service(revoke)
        .service(act_for);
}
