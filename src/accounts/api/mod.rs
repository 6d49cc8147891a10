//! REST of accounts: `/me`, API keys, notification preferences; and the middleware that finds out who is asking.

mod members;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{Error, HttpMessage, HttpRequest, HttpResponse, delete, get, patch, post};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::actions::{self, NewApiKey, Wanted};
use super::events::{self, AuthEvent, NewHappened};
use super::pages::noting::note;
use super::{ApiKey, sessions};
use crate::actor::{Actor, Permission};
use crate::app::App;
use crate::error::{FieldCode, FieldError, Problem, Result};
use crate::ids::{ApiKeyId, CompanyId, PersonId};
use crate::mail::Stream;
use crate::store::ensure_version;
use crate::web::actor::{Credentials, Identity, Refused, Who, credentials};
use crate::web::cors::{self, Listed};
use crate::web::frame::RequestId;
use crate::web::input::{Expected, Id, Input, Json, Once, Patch};
use crate::web::layout::Viewer;
use crate::web::{answer, run};
use crate::wire;

/// The middleware that turns the request's credentials into its [`Identity`].
pub async fn identify<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> std::result::Result<ServiceResponse<B>, Error> {
    let Some(app) = request.app_data::<Data<App>>().cloned() else { return next.call(request).await };
    let identity = match credentials(&request, &app.config) {
        Credentials::None => Identity::anonymous(),
        Credentials::Bearer(token) => {
            let actor = run(&app, move |app| sessions::authenticate_key(app, &token)).await;
            let actor = actor.unwrap_or_else(|problem| {
                request.extensions_mut().insert(Refused(problem));
                Actor::Anonymous
            });
            Identity { actor, viewer: None, csrf: String::new() }
        }
        Credentials::Cookie(secret) => {
            let found = run(&app, move |app| sessions::authenticate_session(app, &secret)).await?;
            found.map_or_else(Identity::anonymous, |signed_in| {
                let viewer = Viewer {
                    person_name: signed_in.person_name,
                    company_name: signed_in.company_name,
                    moderator: signed_in.actor.is_moderator(),
                    suspended: signed_in.actor.is_suspended(),
                    confirmed: signed_in.confirmed,
                };
                Identity { actor: signed_in.actor, viewer: Some(viewer), csrf: signed_in.csrf }
            })
        }
    };
    if let Some(origin) = find_listed(&app, &request, &identity.actor).await? {
        request.extensions_mut().insert(origin);
    }
    let refused = NewHappened::by(&identity.actor, AuthEvent::Refused, "", &request_id(&request));
    request.extensions_mut().insert(identity);
    let answer = next.call(request).await;
    let status = match &answer {
        Ok(answer) => answer.status(),
        Err(error) => error.as_response_error().status_code(),
    };
    if status == StatusCode::FORBIDDEN {
        events::log(&refused);
    }
    answer
}

fn request_id(request: &ServiceRequest) -> String {
    request.extensions().get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default()
}

/// The origin that the request comes from, where the key lists it whose request this is or is to be.
async fn find_listed(app: &Data<App>, request: &ServiceRequest, actor: &Actor) -> Result<Option<Listed>> {
    let key = match actor {
        Actor::Key { key, .. } => Some(*key),
        _ if cors::is_preflight(request) => None,
        _ => return Ok(None),
    };
    let Some(origin) = cors::origin(request) else { return Ok(None) };
    let asked = origin.clone();
    let listed = run(app, move |app| actions::is_origin_listed(app, key, &asked)).await?;
    Ok(listed.then_some(Listed(origin)))
}

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
    pub id: PersonId,
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
#[utoipa::path(tag = "account", responses((status = 200, body = Me)), security(("api_key" = [])))]
#[get("/me")]
async fn me(app: Data<App>, Who(actor): Who) -> Result<HttpResponse> {
    let view = run(&app, move |app| {
        let company = actor.may(Permission::AccountRead)?.company();
        let (person, memberships) = actions::myself(app, &actor)?;
        let companies = if person.is_some() {
            let of =
                |m: super::Membership| MeCompany { id: m.company, name: m.company_name, role: Some(m.role.as_str()) };
            memberships.into_iter().map(of).collect()
        } else {
            let name = crate::companies::actions::name_of(app, company)?;
            vec![MeCompany { id: company, name, role: None }]
        };
        let allowed = |(permission, name): &(Permission, &'static str)| actor.may(*permission).is_ok().then_some(*name);
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
        let permissions = parse_permissions(&input.scopes)?;
        let origins = input.origins.clone();
        Ok(Self { name: input.name.clone(), permissions, origins, expires_at: input.expires_at })
    }
}

/// The permissions of the names; each unknown one is refused at its place.
pub fn parse_permissions(names: &[impl AsRef<str>]) -> Result<Vec<Permission>> {
    let known: Vec<&str> = Permission::ALL.iter().map(|(_, name)| *name).collect();
    let mut wrong = Vec::new();
    let mut permissions = Vec::new();
    for (index, name) in names.iter().enumerate() {
        match Permission::parse(name.as_ref().trim()) {
            Some(permission) => permissions.push(permission),
            None => {
                let message = format!("must be one of {}", known.join(", "));
                wrong.push(FieldError::new(format!("/scopes/{index}"), FieldCode::UnknownValue, message));
            }
        }
    }
    if wrong.is_empty() { Ok(permissions) } else { Err(Problem::invalid(wrong)) }
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
    /// The whole key: only in the answer that made it.
    #[serde(skip_serializing_if = "Option::is_none")]
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
#[utoipa::path(tag = "account", responses((status = 200, body = ApiKeys)), security(("api_key" = [])))]
#[get("/api-keys")]
async fn list_keys(app: Data<App>, Who(actor): Who) -> Result<HttpResponse> {
    let keys = run(&app, move |app| actions::list_keys(app, &actor)).await?;
    Ok(HttpResponse::Ok().json(ApiKeys { data: keys.into_iter().map(ApiKeyView::from).collect() }))
}

/// Makes an API key; the answer is the only one that shows it.
#[utoipa::path(tag = "account", request_body = CreateApiKey, responses((status = 201, body = ApiKeyView)), security(("api_key" = [])))]
#[post("/api-keys")]
async fn create_key(
    http: HttpRequest,
    app: Data<App>,
    Who(actor): Who,
    once: Once,
    body: Json<CreateApiKey>,
) -> Result<HttpResponse> {
    let maker = actor.clone();
    let (view, once) = run(&app, move |app| {
        let once = once.over(&body.0);
        let made = actions::create_key(app, &maker, &NewApiKey::try_from(&body.0)?, once.as_ref())?;
        let mut view = ApiKeyView::from(made.once.shown(actions::find_made_key(app, &maker, made.once.id()))?);
        view.key = made.secret;
        Ok((view, made.once))
    })
    .await?;
    note(&http, &app, &actor, AuthEvent::KeyMade).await;
    Ok(answer::created(&view, KEY_VERSION, &once))
}

/// A key is never changed, so it has one version.
const KEY_VERSION: i64 = 1;

/// Ends an API key at once.
#[utoipa::path(tag = "account", params(("id" = ApiKeyId, Path)), responses((status = 204)), security(("api_key" = [])))]
#[delete("/api-keys/{id}")]
async fn revoke_key(
    http: HttpRequest,
    app: Data<App>,
    Who(actor): Who,
    Id(id): Id<ApiKeyId>,
    expected: Expected,
) -> Result<HttpResponse> {
    let owner = actor.clone();
    run(&app, move |app| {
        owner.may(Permission::AccountWrite)?;
        ensure_version(Some(expected.required()?), KEY_VERSION)?;
        actions::revoke_key(app, &owner, id)
    })
    .await?;
    note(&http, &app, &actor, AuthEvent::KeyRevoked).await;
    Ok(HttpResponse::NoContent().finish())
}

/// Which letters a person wants; only a person has preferences, a key has none.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NotificationPreferences {
    /// Letters about RFQs that match the company's listings.
    pub matches: bool,
}

fn preferences(app: &App, person: PersonId) -> Result<NotificationPreferences> {
    let refused = actions::refused_streams(app, person)?;
    Ok(NotificationPreferences { matches: !refused.contains(&Stream::Matches) })
}

/// Which letters the person wants.
#[utoipa::path(tag = "account", responses((status = 200, body = NotificationPreferences)), security(("api_key" = [])))]
#[get("/notification-preferences")]
async fn get_preferences(app: Data<App>, Who(actor): Who) -> Result<HttpResponse> {
    let view = run(&app, move |app| preferences(app, actions::member_of(&actor, Permission::AccountRead)?)).await?;
    Ok(HttpResponse::Ok().json(view))
}

/// Changes which letters the person wants.
#[utoipa::path(tag = "account", request_body = NotificationPreferences, responses((status = 200, body = NotificationPreferences)), security(("api_key" = [])))]
#[patch("/notification-preferences")]
async fn patch_preferences(app: Data<App>, Who(actor): Who, Patch(patch): Patch) -> Result<HttpResponse> {
    let view = run(&app, move |app| {
        let person = actions::member_of(&actor, Permission::AccountRead)?;
        let wanted: NotificationPreferences = wire::merge_patch(&preferences(app, person)?, patch, &[])?;
        actions::set_stream(app, person, Stream::Matches, if wanted.matches { Wanted::Yes } else { Wanted::No })?;
        preferences(app, person)
    })
    .await?;
    Ok(HttpResponse::Ok().json(view))
}

/// The routes.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(me)
        .service(list_keys)
        .service(create_key)
        .service(revoke_key)
        .service(get_preferences)
        .service(patch_preferences);
    members::routes(cfg);
}
