//! One's own account: who one is, one's e-mails, the company's API keys.

use actix_web::web::{Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, get, post};
use askama::Template;
use chrono::NaiveDate;

use crate::accounts::actions::{self, NewApiKey, Subscription};
use crate::accounts::audit::AuthEvent;
use crate::accounts::trail::record;
use crate::accounts::{ApiKey, Membership, User, rules};
use crate::actor::{Actor, Permission};
use crate::app::App;
use crate::clock::end_of;
use crate::error::{FieldCode, Problem, Result};
use crate::ids::ApiKeyId;
use crate::locale::{self, Language};
use crate::mail::Stream;
use crate::web::actor::AuthenticatedActor;
use crate::web::answer::{html, refused_html, see_other};
use crate::web::envelope::page_of;
use crate::web::input::{FormData, Id};
use crate::web::layout::{Form, NoticeKind, Page, Section};
use crate::web::run;

fn key_fields() -> Form {
    Form::new(&[
        ("name", "accounts-name"),
        ("scopes", "accounts-permissions"),
        ("origins", "accounts-key-origins"),
        ("expires_at", "accounts-expires-on"),
        ("current_password", "accounts-current-password"),
    ])
}

#[derive(Template)]
#[template(path = "accounts/templates/account.html")]
struct AccountPage {
    page: Page,
    form: Form,
    person: Option<User>,
    /// The companies of the person, and whether they act for it now.
    memberships: Vec<(Membership, bool)>,
    keys: Vec<ApiKey>,
    may_write: bool,
    /// Whether a key is made only with the password.
    needs_password: bool,
    /// The permissions that can be given, each with what it allows.
    scopes: Vec<(&'static str, &'static str)>,
    wants_matches: bool,
    wants_messages: bool,
    wants_alerts: bool,
    made: Option<String>,
}

fn account_page(page: Page, app: &App, actor: &Actor, form: Form, made: Option<String>) -> Result<AccountPage> {
    let (person, memberships) = actions::myself(app, actor)?;
    let of = |membership: Membership| (membership.clone(), actor.company() == Some(membership.company));
    let memberships = memberships.into_iter().map(of).collect();
    let refused = person.as_ref().map(|person| actions::refused_streams(app, person.id)).transpose()?;
    let refused = refused.unwrap_or_default();
    Ok(AccountPage {
        page,
        form,
        wants_matches: !refused.contains(&Stream::Matches),
        wants_messages: !refused.contains(&Stream::Messages),
        wants_alerts: !refused.contains(&Stream::Alerts),
        person,
        memberships,
        keys: actions::list_keys(app, actor)?,
        needs_password: actions::needs_password_for_key(app, actor)?,
        may_write: actor.authorize(Permission::AccountWrite).is_ok(),
        scopes: Permission::ALL.iter().map(|(_, name)| (*name, allowed_by(name))).collect(),
        made,
    })
}

/// What a key with the scope may do, in words.
fn allowed_by(scope: &str) -> &'static str {
    match scope {
        "catalog:read" => locale::text(Language::English, "accounts-scope-catalog-read"),
        "catalog:write" => locale::text(Language::English, "accounts-scope-catalog-write"),
        "rfqs:read" => locale::text(Language::English, "accounts-scope-rfqs-read"),
        "rfqs:write" => locale::text(Language::English, "accounts-scope-rfqs-write"),
        "quotes:read" => locale::text(Language::English, "accounts-scope-quotes-read"),
        "quotes:write" => locale::text(Language::English, "accounts-scope-quotes-write"),
        "messages:read" => locale::text(Language::English, "accounts-scope-messages-read"),
        "messages:write" => locale::text(Language::English, "accounts-scope-messages-write"),
        "partnerships:read" => locale::text(Language::English, "accounts-scope-partnerships-read"),
        "partnerships:write" => locale::text(Language::English, "accounts-scope-partnerships-write"),
        "documents:read" => locale::text(Language::English, "accounts-scope-documents-read"),
        "documents:write" => locale::text(Language::English, "accounts-scope-documents-write"),
        "account:read" => locale::text(Language::English, "accounts-scope-account-read"),
        "account:write" => locale::text(Language::English, "accounts-scope-account-write"),
        "contacts:reveal" => locale::text(Language::English, "accounts-scope-contacts-reveal"),
        "reports:write" => locale::text(Language::English, "accounts-scope-reports-write"),
        "events:read" => locale::text(Language::English, "accounts-scope-events-read"),
        "webhooks:write" => locale::text(Language::English, "accounts-scope-webhooks-write"),
        "alerts:read" => locale::text(Language::English, "accounts-scope-alerts-read"),
        "alerts:write" => locale::text(Language::English, "accounts-scope-alerts-write"),
        // The test of the page fails for a scope that has no words.
        _ => "",
    }
}

/// What was just done, by the query of the address.
fn done_sentence(query: &str) -> Option<&'static str> {
    match query {
        "sent" => Some(locale::text(Language::English, "accounts-confirmation-sent-again")),
        _ => None,
    }
}

#[get("/account")]
async fn account(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
) -> Result<HttpResponse> {
    let mut page =
        page_of(&http, locale::text(Language::English, "accounts-account-and-company")).under(Section::Account);
    if let Some(sentence) = done_sentence(http.query_string()) {
        page = page.with_notice(NoticeKind::Done, sentence);
    }
    let view = run(&app, move |app| account_page(page, app, &actor, key_fields(), None)).await?;
    html(&view)
}

/// The key that was typed.
fn typed_key(form: &FormData) -> Result<NewApiKey> {
    let last_day = form.text("expires_at").map(|text| text.parse::<NaiveDate>()).transpose();
    let last_day = last_day.map_err(|_| {
        Problem::invalid_field(
            "/expires_at",
            FieldCode::Format,
            locale::text(Language::English, "accounts-must-be-day"),
        )
    })?;
    Ok(NewApiKey {
        name: form.text("name").unwrap_or_default().to_owned(),
        permissions: rules::parse_permissions(&form.all("scopes"))?,
        origins: form.text("origins").unwrap_or_default().split_whitespace().map(str::to_owned).collect(),
        expires_at: last_day.map(end_of),
    })
}

#[post("/account/api-keys")]
async fn create_key(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    form: FormData,
) -> Result<HttpResponse> {
    let page = page_of(&http, locale::text(Language::English, "accounts-account-and-company")).under(Section::Account);
    let maker = actor.clone();
    let view = run(&app, move |app| {
        actor.authorize(Permission::AccountWrite)?;
        let made = typed_key(&form)
            .and_then(|new| actions::create_key(app, &actor, &new, form.secret("current_password"), None));
        let fields = key_fields();
        match made {
            Ok(made) => account_page(page, app, &actor, fields, made.secret),
            Err(problem) => account_page(page, app, &actor, fields.typed(form.typed()).refused(&problem), None),
        }
    })
    .await?;
    if !view.form.is_valid() {
        return refused_html(&view, &view.form);
    }
    record(&http, &app, &maker, AuthEvent::KeyMade).await;
    html(&view)
}

#[post("/account/api-keys/{id}/revoke")]
async fn revoke_key(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<ApiKeyId>,
    _form: FormData,
) -> Result<HttpResponse> {
    let owner = actor.clone();
    run(&app, move |app| actions::revoke_key(app, &owner, id)).await?;
    record(&http, &app, &actor, AuthEvent::KeyRevoked).await;
    Ok(see_other("/account"))
}

#[post("/account/notifications")]
async fn set_notifications(
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    form: FormData,
) -> Result<HttpResponse> {
    run(&app, move |app| {
        let person = rules::require_user(&actor, Permission::AccountRead)?;
        let streams = [("matches", Stream::Matches), ("messages", Stream::Messages), ("alerts", Stream::Alerts)];
        streams.into_iter().try_for_each(|(name, stream)| {
            let wanted = if form.is_ticked(name) { Subscription::On } else { Subscription::Off };
            actions::set_stream(app, person, stream, wanted)
        })
    })
    .await?;
    Ok(see_other("/account"))
}

pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(account).service(create_key).service(revoke_key).service(set_notifications);
}
