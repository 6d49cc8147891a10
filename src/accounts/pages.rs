//! Pages of accounts: signing up, in and out, one's own account with API keys, the one-click unsubscribe.

use actix_web::cookie::{Cookie, SameSite, time::Duration};
use actix_web::http::header;
use actix_web::web::{Data, Path, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, get, post};
use askama::Template;

use super::actions::{self, NewApiKey, SignUp, Wanted};
use super::sessions::{self, Opened};
use super::{ApiKey, Membership, Person};
use crate::actor::{Actor, Permission};
use crate::app::App;
use crate::companies::Form as CompanyForm;
use crate::error::{Problem, Result};
use crate::ids::ApiKeyId;
use crate::mail::Stream;
use crate::web::actor::{Who, cookie_name};
use crate::web::answer::{html, refused_html, see_other};
use crate::web::frame::page_of;
use crate::web::input::{FormData, Id, Query};
use crate::web::layout::{Form, NoticeKind, Page, Section};
use crate::web::run;
use crate::wire;

const SIGN_IN_FIELDS: &[(&str, &str)] = &[("email", "E-mail"), ("password", "Password")];
const SIGN_UP_FIELDS: &[(&str, &str)] = &[
    ("name", "Your name"),
    ("email", "E-mail"),
    ("password", "Password"),
    ("company", "Company"),
    ("country", "Country"),
    ("form", "Kind of company"),
];
/// The title of the account page.
const ACCOUNT: &str = "Account and company";
const KEY_FIELDS: &[(&str, &str)] = &[("name", "What it is for"), ("scopes", "What it may do")];

#[derive(Template)]
#[template(path = "accounts/templates/sign_in.html")]
struct SignInPage {
    page: Page,
    form: Form,
    next: String,
}

#[derive(Template)]
#[template(path = "accounts/templates/sign_up.html")]
struct SignUpPage {
    page: Page,
    form: Form,
}

#[derive(Template)]
#[template(path = "accounts/templates/account.html")]
struct AccountPage {
    page: Page,
    form: Form,
    person: Option<Person>,
    memberships: Vec<Membership>,
    keys: Vec<ApiKey>,
    may_write: bool,
    scopes: Vec<&'static str>,
    wants_matches: bool,
    made: Option<String>,
}

#[derive(Template)]
#[template(path = "accounts/templates/unsubscribe.html")]
struct UnsubscribePage {
    page: Page,
    token: String,
    done: bool,
}

#[derive(serde::Deserialize)]
struct Next {
    #[serde(default)]
    next: String,
}

/// Only a path of this site is a place to go on to.
fn safe_next(next: &str) -> &str {
    let own = next.starts_with('/') && !next.starts_with("//") && !next.contains(['\\', '\r', '\n']);
    if own { next } else { "/" }
}

#[get("/sign-in")]
async fn sign_in_form(http: HttpRequest, Query(query): Query<Next>) -> Result<HttpResponse> {
    let page = page_of(&http, "Sign in").under(Section::Account);
    html(&SignInPage { page, form: Form::new(SIGN_IN_FIELDS), next: safe_next(&query.next).to_owned() })
}

#[post("/sign-in")]
async fn sign_in(http: HttpRequest, app: Data<App>, form: FormData) -> Result<HttpResponse> {
    let next = safe_next(form.text("next").unwrap_or("/")).to_owned();
    let agent = user_agent(&http);
    let typed = form.typed();
    let outcome = run(&app, move |app| {
        let password = form.0.iter().find(|(name, _)| name == "password").map_or("", |(_, value)| value.as_str());
        sessions::sign_in(app, form.text("email").unwrap_or_default(), password, &agent)
    })
    .await;
    match outcome {
        Ok(opened) => Ok(with_session(&app, see_other(&next), &opened)),
        Err(problem) => {
            let page = page_of(&http, "Sign in").under(Section::Account);
            refused_html(&SignInPage { page, form: Form::new(SIGN_IN_FIELDS).typed(typed).refused(&problem), next })
        }
    }
}

#[get("/sign-up")]
async fn sign_up_form(http: HttpRequest) -> Result<HttpResponse> {
    let page = page_of(&http, "Join Tradepost").under(Section::Account);
    html(&SignUpPage { page, form: Form::new(SIGN_UP_FIELDS) })
}

#[post("/sign-up")]
async fn sign_up(http: HttpRequest, app: Data<App>, form: FormData) -> Result<HttpResponse> {
    let agent = user_agent(&http);
    let typed = form.typed();
    let outcome = run(&app, move |app| {
        let members = form.0.iter().filter(|(name, _)| name != "csrf");
        let value = members.map(|(name, value)| (name.clone(), serde_json::Value::from(value.as_str()))).collect();
        let new: SignUp = wire::read_value(serde_json::Value::Object(value), &[])?;
        actions::sign_up(app, &new, &agent)
    })
    .await;
    match outcome {
        Ok(opened) => Ok(with_session(&app, see_other("/"), &opened)),
        Err(problem) => {
            let page = page_of(&http, "Join Tradepost").under(Section::Account);
            refused_html(&SignUpPage { page, form: Form::new(SIGN_UP_FIELDS).typed(typed).refused(&problem) })
        }
    }
}

#[post("/sign-out")]
async fn sign_out(app: Data<App>, Who(actor): Who, _form: FormData) -> Result<HttpResponse> {
    run(&app, move |app| sessions::sign_out(app, &actor)).await?;
    let mut answer = see_other("/");
    let mut cookie = session_cookie(&app, "", 0);
    cookie.make_removal();
    add_cookie(&mut answer, &cookie);
    Ok(answer)
}

fn user_agent(http: &HttpRequest) -> String {
    let agent = http.headers().get(header::USER_AGENT).and_then(|value| value.to_str().ok());
    agent.unwrap_or_default().to_owned()
}

fn session_cookie<'c>(app: &App, secret: &str, max_age_s: i64) -> Cookie<'c> {
    Cookie::build(cookie_name(&app.config), secret.to_owned())
        .path("/")
        .http_only(true)
        .secure(app.config.is_https())
        .same_site(SameSite::Lax)
        .max_age(Duration::seconds(max_age_s))
        .finish()
}

fn add_cookie(answer: &mut HttpResponse, cookie: &Cookie) {
    if let Err(error) = answer.add_cookie(cookie) {
        log::error!("the session cookie cannot be set: {error}");
    }
}

fn with_session(app: &App, mut answer: HttpResponse, opened: &Opened) -> HttpResponse {
    add_cookie(&mut answer, &session_cookie(app, &opened.secret, opened.max_age_s));
    answer
}

fn account_page(page: Page, app: &App, actor: &Actor, form: Form, made: Option<String>) -> Result<AccountPage> {
    let (person, memberships) = actions::myself(app, actor)?;
    let refused = person.as_ref().map(|person| actions::refused_streams(app, person.id)).transpose()?;
    Ok(AccountPage {
        page,
        form,
        wants_matches: !refused.unwrap_or_default().contains(&Stream::Matches),
        person,
        memberships,
        keys: actions::list_keys(app, actor)?,
        may_write: actor.may(Permission::AccountWrite).is_ok(),
        scopes: Permission::ALL.iter().map(|(_, name)| *name).collect(),
        made,
    })
}

#[get("/account")]
async fn account(http: HttpRequest, app: Data<App>, Who(actor): Who) -> Result<HttpResponse> {
    let page = page_of(&http, ACCOUNT).under(Section::Account);
    let view = run(&app, move |app| account_page(page, app, &actor, Form::new(KEY_FIELDS), None)).await?;
    html(&view)
}

#[post("/account/api-keys")]
async fn create_key(http: HttpRequest, app: Data<App>, Who(actor): Who, form: FormData) -> Result<HttpResponse> {
    let page = page_of(&http, ACCOUNT).under(Section::Account);
    let view = run(&app, move |app| {
        actor.may(Permission::AccountWrite)?;
        let made = super::api::parse_permissions(&form.all("scopes")).and_then(|permissions| {
            let name = form.text("name").unwrap_or_default().to_owned();
            actions::create_key(
                app,
                &actor,
                &NewApiKey { name, permissions, origins: Vec::new(), expires_at: None },
                None,
            )
        });
        let fields = Form::new(KEY_FIELDS);
        match made {
            Ok(made) => account_page(page, app, &actor, fields, made.secret),
            Err(problem) => account_page(page, app, &actor, fields.typed(form.typed()).refused(&problem), None),
        }
    })
    .await?;
    if view.form.is_valid() { html(&view) } else { refused_html(&view) }
}

#[post("/account/api-keys/{id}/revoke")]
async fn revoke_key(app: Data<App>, Who(actor): Who, Id(id): Id<ApiKeyId>, _form: FormData) -> Result<HttpResponse> {
    run(&app, move |app| actions::revoke_key(app, &actor, id)).await?;
    Ok(see_other("/account"))
}

#[post("/account/notifications")]
async fn set_notifications(app: Data<App>, Who(actor): Who, form: FormData) -> Result<HttpResponse> {
    run(&app, move |app| {
        actor.may(Permission::AccountRead)?;
        let person = actor.person().ok_or_else(|| Problem::not_found("account"))?;
        let wanted = if form.is_ticked("matches") { Wanted::Yes } else { Wanted::No };
        actions::set_stream(app, person, Stream::Matches, wanted)
    })
    .await?;
    Ok(see_other("/account"))
}

#[get("/unsubscribe/{token}")]
async fn unsubscribe_form(http: HttpRequest, app: Data<App>, token: Path<String>) -> Result<HttpResponse> {
    // Link scanners open every address: only the POST below changes anything.
    actions::read_unsubscribe_token(&app, &token)?;
    let page = page_of(&http, "No more of these letters?");
    html(&UnsubscribePage { page, token: token.into_inner(), done: false })
}

#[post("/unsubscribe/{token}")]
async fn unsubscribe(http: HttpRequest, app: Data<App>, token: Path<String>) -> Result<HttpResponse> {
    let token = token.into_inner();
    let used = token.clone();
    run(&app, move |app| {
        let (person, stream) = actions::read_unsubscribe_token(app, &used)?;
        actions::set_stream(app, person, stream, Wanted::No)
    })
    .await?;
    let page =
        page_of(&http, "You will get no more of these letters").noting(NoticeKind::Done, "The change holds at once.");
    html(&UnsubscribePage { page, token, done: true })
}

/// The company forms to choose from at sign-up.
fn company_forms() -> Vec<(&'static str, String)> {
    CompanyForm::ALL.iter().map(|form| (form.as_str(), form.as_str().replace('_', " "))).collect()
}

/// The routes.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(sign_in_form)
        .service(sign_in)
        .service(sign_up_form)
        .service(sign_up)
        .service(sign_out)
        .service(account)
        .service(create_key)
        .service(revoke_key)
        .service(set_notifications)
        .service(unsubscribe_form)
        .service(unsubscribe);
}
