//! Answers: a resource with its version, a list with its cursors.

use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpRequest, HttpResponse};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::API;
use super::layout::{Form, Pager};
use crate::actor::Actor;
use crate::app::App;
use crate::error::{FieldCode, Problem, Result};
use crate::locale::{Language, text};
use crate::secrets;
use crate::store::Idempotent;
use crate::store::cursor::{self, ListPage, Paging, Position};
use crate::wire::to_json;

/// A page of a list.
#[derive(Serialize, ToSchema)]
pub struct Page<T: ToSchema> {
    /// The items.
    pub data: Vec<T>,
    /// Whether there are more after these.
    pub has_more: bool,
    /// Send it as `cursor` for what comes after; null at the end.
    pub next_cursor: Option<String>,
    /// Send it as `cursor` for what came before; null at the beginning.
    pub prev_cursor: Option<String>,
}

/// The parameters of every list.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListParams {
    /// How many items, 1 to 100; 25 without it.
    #[param(minimum = 1, maximum = 100)]
    pub limit: Option<u32>,
    /// A cursor of an earlier answer.
    pub cursor: Option<String>,
}

impl ListParams {
    /// The part of the list that is asked for; `list` is the list's name and its parameters, which the cursor is bound to.
    pub fn paging<K: DeserializeOwned>(&self, app: &App, list: &str, actor: &Actor) -> Result<Paging<K>> {
        let limit = limit_of(self.limit)?;
        let position = match self.cursor.as_deref() {
            None => Position::Start,
            Some(text) => cursor::decode(&app.secrets, list, actor, text)?,
        };
        Ok(Paging { limit, position })
    }
}

/// The limit of a list: 1 to 100, 25 when none is asked for.
pub fn limit_of(asked: Option<u32>) -> Result<i64> {
    match asked.unwrap_or(25) {
        limit @ 1..=100 => Ok(i64::from(limit)),
        _ => Err(Problem::invalid_field("/limit", FieldCode::Range, text(Language::English, "errors-limit"))),
    }
}

/// The ETag of a version.
pub fn etag(version: i64) -> String {
    format!("\"v{version}\"")
}

/// 200 with the resource, or 304 when the client has this version already.
pub fn resource<T: Serialize>(request: &HttpRequest, view: &T, version: i64) -> HttpResponse {
    unless_seen(request, view, etag(version))
}

/// The same for a view that also shows what changes without a new version (totals, references): its ETag names the version, for
/// `If-Match`, and what is shown, for `If-None-Match`.
pub fn overview<T: Serialize>(request: &HttpRequest, view: &T, version: i64) -> Result<HttpResponse> {
    let shown = secrets::sha256_hex(to_json(view)?.as_bytes());
    Ok(unless_seen(request, view, format!("\"v{version}.{}\"", &shown[..16])))
}

fn unless_seen<T: Serialize>(request: &HttpRequest, view: &T, tag: String) -> HttpResponse {
    let seen = request.headers().get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    let is_seen = |one: &str| one == "*" || one.trim_start_matches("W/") == tag;
    if seen.is_some_and(|seen| seen.split(',').map(str::trim).any(is_seen)) {
        return HttpResponse::NotModified().insert_header((header::ETAG, tag)).finish();
    }
    HttpResponse::Ok().insert_header((header::ETAG, tag)).json(view)
}

/// 200 with the resource after an action or a change.
pub fn changed<T: Serialize>(view: &T, version: i64) -> HttpResponse {
    HttpResponse::Ok().insert_header((header::ETAG, etag(version))).json(view)
}

/// 201 with the resource that was made; a replay says so. `path` is where it can be read, under the API: its own address, or that of the
/// list that shows it where it has none.
pub fn created<T: Serialize, I>(path: &str, view: &T, version: i64, once: &Idempotent<I>) -> HttpResponse {
    let mut answer = HttpResponse::Created();
    answer.insert_header((header::LOCATION, format!("{API}{path}")));
    answer.insert_header((header::ETAG, etag(version)));
    if matches!(once, Idempotent::Replayed(_)) {
        answer.insert_header(("Idempotent-Replayed", "true"));
    }
    answer.json(view)
}

/// 202 with how far the work is that was asked for; `path` is where to ask for it again, under the API.
pub fn accepted<T: Serialize, I>(path: &str, view: &T, version: i64, once: &Idempotent<I>) -> HttpResponse {
    let mut answer = HttpResponse::Accepted();
    answer.insert_header((header::LOCATION, format!("{API}{path}")));
    answer.insert_header((header::ETAG, etag(version)));
    if matches!(once, Idempotent::Replayed(_)) {
        answer.insert_header(("Idempotent-Replayed", "true"));
    }
    answer.json(view)
}

/// 200 with the resource that a creating request added to, because it was there; a replay says so.
pub fn added<T: Serialize, I>(view: &T, version: i64, once: &Idempotent<I>) -> HttpResponse {
    let mut answer = HttpResponse::Ok();
    answer.insert_header((header::ETAG, etag(version)));
    if matches!(once, Idempotent::Replayed(_)) {
        answer.insert_header(("Idempotent-Replayed", "true"));
    }
    answer.json(view)
}

/// 200 with a page of a list and its `Link` header; [`super::paged`] reads the page first, an action that answers a list has its first one.
pub fn list<T: Serialize + ToSchema, K: Serialize>(
    request: &HttpRequest,
    app: &App,
    name: &str,
    actor: &Actor,
    slice: ListPage<T, K>,
) -> Result<HttpResponse> {
    let seal = |position: &Position<K>| cursor::encode(&app.secrets, name, actor, position);
    let next_cursor = slice.next.as_ref().map(seal).transpose()?;
    let prev_cursor = slice.prev.as_ref().map(seal).transpose()?;
    let link = link_header(request, next_cursor.as_deref(), prev_cursor.as_deref());
    let body = Page { has_more: next_cursor.is_some(), data: slice.items, next_cursor, prev_cursor };
    let mut answer = HttpResponse::Ok();
    if let Some(link) = link {
        answer.insert_header((header::LINK, link));
    }
    Ok(answer.json(body))
}

/// The links of a page of the site to the pages beside this one of the list `list`; `path` with the other parameters of its query.
pub fn pager<P: Serialize>(
    app: &App,
    list: &str,
    actor: &Actor,
    path: &str,
    prev: Option<&P>,
    next: Option<&P>,
) -> Result<Pager> {
    let joint = if path.contains('?') { '&' } else { '?' };
    let link = |position: &P| -> Result<String> {
        let cursor = cursor::encode(&app.secrets, list, actor, position)?;
        let query = serde_urlencoded::to_string([("cursor", cursor)]).map_err(Problem::internal)?;
        Ok(format!("{path}{joint}{query}"))
    };
    Ok(Pager { prev: prev.map(link).transpose()?, next: next.map(link).transpose()?, shown: String::new() })
}

/// RFC 8288 links to the pages after and before.
pub fn link_header(request: &HttpRequest, next: Option<&str>, prev: Option<&str>) -> Option<HeaderValue> {
    let others: Vec<(String, String)> = serde_urlencoded::from_str(request.query_string()).unwrap_or_default();
    let link = |rel: &str, cursor: &str| {
        let kept = others.iter().filter(|(name, _)| name != "cursor").cloned();
        let query: Vec<(String, String)> = kept.chain([("cursor".to_owned(), cursor.to_owned())]).collect();
        let query = serde_urlencoded::to_string(query).unwrap_or_default();
        format!("<{}?{query}>; rel=\"{rel}\"", request.path())
    };
    let links: Vec<String> = [next.map(|cursor| link("next", cursor)), prev.map(|cursor| link("prev", cursor))]
        .into_iter()
        .flatten()
        .collect();
    HeaderValue::from_str(&links.join(", ")).ok().filter(|value| !value.is_empty())
}

/// A page of the site.
pub fn html(page: &impl askama::Template) -> Result<HttpResponse> {
    let html = page.render().map_err(|error| Problem::internal(error).during("a page does not render"))?;
    Ok(HttpResponse::Ok().content_type("text/html; charset=utf-8").body(html))
}

/// The same page again: the form was refused, or could not be carried out, and everything typed is still there. The status is 422,
/// or says that the fault was not the sender's.
pub fn refused_html(page: &impl askama::Template, form: &Form) -> Result<HttpResponse> {
    let html = page.render().map_err(|error| Problem::internal(error).during("a page does not render"))?;
    let mut answer = HttpResponse::build(form.status());
    if let Some(seconds) = form.retry_after_s() {
        answer.insert_header((header::RETRY_AFTER, seconds.to_string()));
    }
    Ok(answer.content_type("text/html; charset=utf-8").body(html))
}

/// 303 to a page of the site after a form was carried out.
pub fn see_other(path: &str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((header::LOCATION, path.to_owned())).finish()
}
