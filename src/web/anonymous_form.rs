//! Forms for people who are not signed in (signing in and up, a new password): their token is bound to a cookie of its own, because
//! there is no session yet to bind it to.
//!
//! Without it another site's page could sign its visitors in as somebody else where a browser sends no `Sec-Fetch-Site`. Who is
//! signed in uses the session's token on these pages as on all others.

use actix_web::cookie::{Cookie, SameSite};
use actix_web::dev::Payload;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpMessage, HttpRequest, HttpResponse};
use askama::Template;

use super::actor::identity;
use super::envelope::page_of;
use super::input::FormData;
use super::layout::{Form, Page};
use super::{ExtractorFuture, answer};
use crate::app::App;
use crate::config::Config;
use crate::error::{Code, Problem, Result};
use crate::locale::{Language, text};
use crate::secrets::{Purpose, random_token};

/// A form that may be sent without being signed in; its token was checked.
#[derive(Clone, Debug, Default)]
pub struct AnonymousForm(pub FormData);

/// The cookie that was made for this request and goes out with its answer.
#[derive(Clone)]
struct NewCookie(String);

/// The name of the cookie: bound to the host where the site is https.
fn cookie_name(config: &Config) -> &'static str {
    if config.is_https() { "__Host-form" } else { "form" }
}

fn sent_secret(app: &App, http: &HttpRequest) -> Option<String> {
    http.cookie(cookie_name(&app.config)).map(|cookie| cookie.value().to_owned())
}

/// The layout of a page that has such a form. The page's path is left out of its links: it may hold a secret.
pub fn form_page_of(http: &HttpRequest, app: &App, title: &str) -> Page {
    let mut page = page_of(http, title).at("/");
    if page.csrf.is_empty() {
        let secret = sent_secret(app, http).unwrap_or_else(|| {
            let secret = random_token();
            http.extensions_mut().insert(NewCookie(secret.clone()));
            secret
        });
        // The token is made of the cookie and not stored: who only looks at a page costs no row.
        page.csrf = app.secrets.tag(Purpose::Form, &secret);
    }
    page
}

/// 200 with the page, and the cookie that its form needs.
pub fn html(http: &HttpRequest, app: &App, page: &impl Template) -> Result<HttpResponse> {
    answer::html(page).map(|answer| finished(http, app, answer))
}

/// The page again, as [`answer::refused_html`] does it.
pub fn refused_html(http: &HttpRequest, app: &App, page: &impl Template, form: &Form) -> Result<HttpResponse> {
    answer::refused_html(page, form).map(|answer| finished(http, app, answer))
}

/// Such a page holds a token and perhaps a secret address: no cache keeps it, and no link tells where it came from.
fn finished(http: &HttpRequest, app: &App, mut answer: HttpResponse) -> HttpResponse {
    use actix_web::http::header::{CACHE_CONTROL, HeaderValue, REFERRER_POLICY};
    answer.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    answer.headers_mut().insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    let made = http.extensions().get::<NewCookie>().cloned();
    if let Some(NewCookie(secret)) = made {
        let cookie = Cookie::build(cookie_name(&app.config), secret)
            .path("/")
            .http_only(true)
            .secure(app.config.is_https())
            .same_site(SameSite::Lax)
            .finish();
        if let Err(error) = answer.add_cookie(&cookie) {
            log::error!("the form cookie cannot be set: {error}");
        }
    }
    answer
}

impl FromRequest for AnonymousForm {
    type Error = Problem;
    type Future = ExtractorFuture<Self>;

    fn from_request(http: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let http = http.clone();
        let form = FormData::from_request(&http, payload);
        Box::pin(async move {
            let form = form.await?;
            // A signed-in person's token was checked already.
            if identity(&http).csrf.is_empty() {
                let typed = form.text("csrf").unwrap_or_default();
                let is_ours = http.app_data::<Data<App>>().is_some_and(|app| {
                    sent_secret(app, &http).is_some_and(|secret| app.secrets.is_tag(Purpose::Form, &secret, typed))
                });
                if !is_ours {
                    return Err(Problem::new(Code::Forbidden, text(Language::English, "errors-form-cookies")));
                }
            }
            Ok(Self(form))
        })
    }
}
