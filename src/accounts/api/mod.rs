//! REST of accounts: `/me`, API keys, notification preferences.

pub mod members;
pub mod notifications;

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, delete, get, patch, post};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::actions::{self, NewApiKey, Subscription};
use super::audit::AuthEvent;
use super::trail::record;
use super::{ApiKey, rules};
use crate::actor::Permission;
use crate::app::App;
use crate::error::{Problem, Result};
use crate::ids::{ApiKeyId, CompanyId, UserId};
use crate::mail::Stream;
use crate::store::ensure_version;
use crate::web::actor::AuthenticatedActor;
use crate::web::input::{Expected, Id, IdempotencyHeader, Input, Json, Patch};
use crate::web::{answer, run};
use crate::wire;

/// Who is asking and what they may do.
#[derive(Serialize, ToSchema)]
pub struct Me {
    /// The person; null for an API key.
    pub person: Option<MePerson>,
    /// The company that the key or session acts for.
    pub company: CompanyId,
    /// The companies of the person, or the one of the key.
    pub companies: Vec<MeCompany>,
    /// What this key may do; for a person, what their role allows.
    pub scopes: Vec<&'static str>,
}

/// The person as they see themselves.
#[derive(Serialize, ToSchema)]
pub struct MePerson {
    /// The id.
    pub id: UserId,
    /// The name.
    pub name: String,
    /// The address.
    pub email: String,
}

/// A company the caller belongs to.
#[derive(Serialize, ToSchema)]
pub struct MeCompany {
    /// The id.
    pub id: CompanyId,
    /// The name.
    pub name: String,
    /// `owner`, `trader` or `viewer`; null for an API key.
    pub role: Option<&'static str>,
}

/// What the API key or session stands for.
#[utoipa::path(tag = "account", responses((status = 200, body = Me)), security(("api_key" = ["account:read"])))]
#[get("/me")]
async fn me(app: Data<App>, AuthenticatedActor(actor): AuthenticatedActor) -> Result<HttpResponse> {
    let view = run(&app, move |app| {
        let company = actor.authorize(Permission::AccountRead)?.company();
        let (person, memberships) = actions::myself(app, &actor)?;
        let companies = if person.is_some() {
            let of =
                |m: super::Membership| MeCompany { id: m.company, name: m.company_name, role: Some(m.role.as_str()) };
            memberships.into_iter().map(of).collect()
        } else {
            let name = crate::companies::actions::name_of(app, company)?;
            vec![MeCompany { id: company, name, role: None }]
        };
        let allowed =
            |(permission, name): &(Permission, &'static str)| actor.authorize(*permission).is_ok().then_some(*name);
        let scopes = Permission::ALL.iter().filter_map(allowed).collect();
        let person = person.map(|person| MePerson { id: person.id, name: person.name, email: person.email });
        Ok(Me { person, company, companies, scopes })
    })
    .await?;
    Ok(HttpResponse::Ok().json(view))
}

/// An API key to be made.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateApiKey {
    /// What it is for.
    pub name: String,
    /// What it may do: `catalog:read`, `rfqs:write` ...
    pub scopes: Vec<String>,
    /// The web origins whose scripts may use it, like `https://shop.example`; none keeps it out of browsers.
    #[serde(default)]
    pub origins: Vec<String>,
    /// When it ends; never without it.
    #[serde(default)]
    pub expires_at: Option<DateTime<Utc>>,
}

impl Input for CreateApiKey {}

impl TryFrom<&CreateApiKey> for NewApiKey {
    type Error = Problem;
    fn try_from(input: &CreateApiKey) -> Result<Self> {
        let permissions = rules::parse_permissions(&input.scopes)?;
        let origins = input.origins.clone();
        Ok(Self { name: input.name.clone(), permissions, origins, expires_at: input.expires_at })
    }
}

/// An API key.
#[derive(Serialize, ToSchema)]
pub struct ApiKeyView {
    /// The id.
    pub id: ApiKeyId,
    /// What it is for.
    pub name: String,
    /// Its first characters.
    pub prefix: String,
    /// What it may do.
    pub scopes: Vec<&'static str>,
    /// The web origins whose scripts may use it.
    pub origins: Vec<String>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it ends, if ever.
    pub expires_at: Option<DateTime<Utc>>,
    /// When it was last used, to five minutes.
    pub last_used_at: Option<DateTime<Utc>>,
    /// The whole key, in the answer that made it; null ever after.
    pub key: Option<String>,
}

impl From<ApiKey> for ApiKeyView {
    fn from(key: ApiKey) -> Self {
        Self {
            id: key.id,
            name: key.name,
            prefix: key.prefix,
            scopes: key.permissions.iter().map(|permission| permission.as_str()).collect(),
            origins: key.origins,
            created_at: key.created_at,
            expires_at: key.expires_at,
            last_used_at: key.last_used_at,
            key: None,
        }
    }
}

/// All keys of a company.
#[derive(Serialize, ToSchema)]
pub struct ApiKeys {
    /// Newest first.
    pub data: Vec<ApiKeyView>,
}

/// The company's API keys.
#[utoipa::path(tag = "account", responses((status = 200, body = ApiKeys)), security(("api_key" = ["account:read"])))]
#[get("/api-keys")]
async fn list_keys(app: Data<App>, AuthenticatedActor(actor): AuthenticatedActor) -> Result<HttpResponse> {
    let keys = run(&app, move |app| actions::list_keys(app, &actor)).await?;
    Ok(HttpResponse::Ok().json(ApiKeys { data: keys.into_iter().map(ApiKeyView::from).collect() }))
}

/// Makes an API key; the answer is the only one that shows it. It ends with the person who made the key that asks.
#[utoipa::path(tag = "account", params(IdempotencyHeader), request_body = CreateApiKey, responses((status = 201, body = ApiKeyView)), security(("api_key" = ["account:write"])))]
#[post("/api-keys")]
async fn create_key(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    once: IdempotencyHeader,
    body: Json<CreateApiKey>,
) -> Result<HttpResponse> {
    let maker = actor.clone();
    let (view, once) = run(&app, move |app| {
        let once = once.over(&body.0);
        let made = actions::create_key(app, &maker, &NewApiKey::try_from(&body.0)?, "", once.as_ref())?;
        let mut view = ApiKeyView::from(made.once.shown(actions::find_made_key(app, &maker, made.once.id()))?);
        view.key = made.secret;
        Ok((view, made.once))
    })
    .await?;
    record(&http, &app, &actor, AuthEvent::KeyMade).await;
    Ok(answer::created("/api-keys", &view, KEY_VERSION, &once))
}

/// A key is never changed, so it has one version.
const KEY_VERSION: i64 = 1;

/// Ends an API key at once.
#[utoipa::path(tag = "account", params(Expected, ("id" = ApiKeyId, Path)), responses((status = 204)), security(("api_key" = ["account:write"])))]
#[delete("/api-keys/{id}")]
async fn revoke_key(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<ApiKeyId>,
    expected: Expected,
) -> Result<HttpResponse> {
    let owner = actor.clone();
    run(&app, move |app| {
        owner.authorize(Permission::AccountWrite)?;
        ensure_version(Some(expected.required()?), KEY_VERSION)?;
        actions::revoke_key(app, &owner, id)
    })
    .await?;
    record(&http, &app, &actor, AuthEvent::KeyRevoked).await;
    Ok(HttpResponse::NoContent().finish())
}

/// Which e-mails a person wants; only a person has preferences, a key has none.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NotificationPreferences {
    /// E-mails about RFQs that match the company's listings.
    pub matches: bool,
    /// E-mails about messages of other companies.
    pub messages: bool,
    /// E-mails about what saved searches find.
    pub alerts: bool,
}

/// Which e-mails the person wants.
///
/// # Errors
/// Faults of the database.
pub fn preferences(app: &App, person: UserId) -> Result<NotificationPreferences> {
    let refused = actions::refused_streams(app, person)?;
    let wants = |stream: Stream| !refused.contains(&stream);
    Ok(NotificationPreferences {
        matches: wants(Stream::Matches),
        messages: wants(Stream::Messages),
        alerts: wants(Stream::Alerts),
    })
}

/// Which e-mails the person wants.
#[utoipa::path(tag = "account", responses((status = 200, body = NotificationPreferences)), security(("api_key" = [])))]
#[get("/notification-preferences")]
async fn get_preferences(app: Data<App>, AuthenticatedActor(actor): AuthenticatedActor) -> Result<HttpResponse> {
    let view = run(&app, move |app| preferences(app, rules::require_user(&actor, Permission::AccountRead)?)).await?;
    Ok(HttpResponse::Ok().json(view))
}

/// Changes which e-mails the person wants.
#[utoipa::path(tag = "account", request_body = NotificationPreferences, responses((status = 200, body = NotificationPreferences)), security(("api_key" = [])))]
#[patch("/notification-preferences")]
async fn patch_preferences(
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Patch(patch): Patch,
) -> Result<HttpResponse> {
    let view = run(&app, move |app| {
        let person = rules::require_user(&actor, Permission::AccountRead)?;
        let wanted: NotificationPreferences = wire::merge_patch(&preferences(app, person)?, patch, &[])?;
        let wanted =
            [(Stream::Matches, wanted.matches), (Stream::Messages, wanted.messages), (Stream::Alerts, wanted.alerts)];
        for (stream, is_wanted) in wanted {
            let choice = if is_wanted { Subscription::On } else { Subscription::Off };
            actions::set_stream(app, person, stream, choice)?;
        }
        preferences(app, person)
    })
    .await?;
    Ok(HttpResponse::Ok().json(view))
}

/// The routes.
pub fn routes(cfg: &mut ServiceConfig) {
    notifications::routes(cfg);
    cfg.service(me)
        .service(list_keys)
        .service(create_key)
        .service(revoke_key)
        .service(get_preferences)
        .service(patch_preferences);
    members::routes(cfg);
}
