//! Pages of saved searches: what a person keeps, and one of them with what the last week would have brought.

use actix_web::web::{Data, Path, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, get, post};
use askama::Template;
use serde_json::json;

use super::queries::{self, SavedSearchHit, SavedSearchPreview};
use super::{AlertFrequency, SavedSearch, SavedSearchFields, SearchedKind, actions};
use crate::actor::{Actor, Permission};
use crate::app::App;
use crate::clock::Time;
use crate::discovery::pages::search_url::{SearchUrl, kind_of};
use crate::error::{Code, Problem, Result};
use crate::ids::SavedSearchId;
use crate::locale::{Language, Message, text};
use crate::search::Kind;
use crate::web::actor::AuthenticatedActor;
use crate::web::answer::{ListParams, html, pager, refused_html, see_other};
use crate::web::envelope::page_of;
use crate::web::input::{FormData, Id, Query};
use crate::web::layout::{Form, NoticeKind, Page, Pager, SearchScope, Section, When};
use crate::web::run;

const LANGUAGE: Language = Language::English;
const ROWS: u32 = 25;
const LIST: &str = "saved searches";
const PATH: &str = "/account/saved-searches";

fn fields() -> Form {
    Form::new(&[("name", "alerts-name"), ("frequency", "alerts-how-often"), ("paused", "alerts-pause")])
}

/// The page of results that shows the same search.
fn search_href(search: &SavedSearch) -> String {
    let scope = match search.fields.kind {
        SearchedKind::Listings => SearchScope::Products,
        SearchedKind::Companies => SearchScope::Suppliers,
        SearchedKind::Rfqs => SearchScope::Rfqs,
    };
    format!("/search?scope={}&{}", scope.as_str(), search.fields.query)
}

fn frequencies() -> Vec<(String, String)> {
    AlertFrequency::ALL.iter().map(|one| (one.to_string(), one.label(LANGUAGE).to_owned())).collect()
}

struct SearchRow {
    id: String,
    name: String,
    kind: &'static str,
    frequency: &'static str,
    paused: bool,
    href: String,
    saved: When,
}

impl SearchRow {
    fn new(search: SavedSearch, now: Time) -> Self {
        Self {
            id: search.id.to_string(),
            kind: search.fields.kind.label(LANGUAGE),
            frequency: search.fields.frequency.label(LANGUAGE),
            paused: search.fields.paused,
            href: search_href(&search),
            saved: When::new(search.created_at, now),
            name: search.fields.name,
        }
    }
}

#[derive(Template)]
#[template(path = "alerts/templates/list.html")]
struct SearchesPage {
    page: Page,
    rows: Vec<SearchRow>,
    pager: Pager,
}

struct FoundRow {
    href: String,
    title: String,
    country: String,
    published: Option<When>,
}

impl FoundRow {
    fn new(kind: SearchedKind, found: SavedSearchHit, now: Time) -> Self {
        let place = match kind {
            SearchedKind::Listings => "listings",
            SearchedKind::Companies => "companies",
            SearchedKind::Rfqs => "rfqs",
        };
        Self {
            href: format!("/{place}/{}", found.id),
            title: found.title,
            country: found.country.map(|country| country.name()).unwrap_or_default(),
            published: found.published_at.map(|at| When::new(at, now)),
        }
    }
}

#[derive(Template)]
#[template(path = "alerts/templates/search.html")]
struct SearchPage {
    page: Page,
    form: Form,
    frequencies: Vec<(String, String)>,
    kind: &'static str,
    href: String,
    path: String,
    delete: String,
    may_write: bool,
    counted: String,
    rows: Vec<FoundRow>,
}

fn search_page(page: Page, app: &App, actor: &Actor, id: SavedSearchId, form: Option<Form>) -> Result<SearchPage> {
    let (search, preview) = queries::preview(app, actor, id)?;
    let SavedSearchPreview { total, data, .. } = preview;
    let now = app.clock.now();
    let form = form.unwrap_or_else(|| {
        let form = fields().with("name", &search.fields.name).with("frequency", search.fields.frequency.as_str());
        if search.fields.paused { form.with("paused", "on") } else { form }
    });
    Ok(SearchPage {
        page,
        form,
        frequencies: frequencies(),
        kind: search.fields.kind.label(LANGUAGE),
        href: search_href(&search),
        path: format!("{PATH}/{id}"),
        delete: format!("{PATH}/{id}/delete"),
        may_write: actor.authorize(Permission::AlertsWrite).is_ok(),
        counted: Message::new("alerts-last-week").with("count", total).text(LANGUAGE),
        rows: data.into_iter().map(|found| FoundRow::new(search.fields.kind, found, now)).collect(),
    })
}

fn own_page(http: &HttpRequest, title: &'static str) -> Page {
    page_of(http, text(LANGUAGE, title)).under(Section::Account)
}

#[derive(Default, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
struct SearchesQuery {
    cursor: Option<String>,
    done: Option<String>,
}

/// What was just done, by the query of the address.
fn done_sentence(query: Option<&str>) -> Option<&'static str> {
    match query {
        Some("saved") => Some(text(LANGUAGE, "alerts-saved")),
        Some("changed") => Some(text(LANGUAGE, "alerts-changed")),
        Some("deleted") => Some(text(LANGUAGE, "alerts-deleted")),
        _ => None,
    }
}

fn noticed(page: Page, done: Option<&str>) -> Page {
    match done_sentence(done) {
        Some(sentence) => page.with_notice(NoticeKind::Done, sentence),
        None => page,
    }
}

#[get("/account/saved-searches")]
async fn list_saved_searches(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Query(query): Query<SearchesQuery>,
) -> Result<HttpResponse> {
    let page = noticed(own_page(&http, "alerts-title"), query.done.as_deref());
    let view = run(&app, move |app| {
        let paging = ListParams { limit: Some(ROWS), cursor: query.cursor }.paging(app, LIST, &actor)?;
        let slice = actions::list(app, &actor, paging)?;
        let pager = pager(app, LIST, &actor, PATH, slice.prev.as_ref(), slice.next.as_ref())?;
        let now = app.clock.now();
        let rows = slice.items.into_iter().map(|search| SearchRow::new(search, now)).collect();
        Ok(SearchesPage { page, rows, pager })
    })
    .await?;
    html(&view)
}

/// The search of a page of results, as its form sends it: the parameters of its address and a name.
fn saved(form: &FormData) -> SavedSearchFields {
    let url = SearchUrl::new(&form.0);
    let kind = match kind_of(url.scope()) {
        Kind::Listing => SearchedKind::Listings,
        Kind::Company => SearchedKind::Companies,
        Kind::Rfq => SearchedKind::Rfqs,
    };
    SavedSearchFields {
        name: form.text("name").unwrap_or_default().chars().take(100).collect(),
        kind,
        query: serde_urlencoded::to_string(url.pairs()).unwrap_or_default(),
        ..SavedSearchFields::default()
    }
}

#[post("/account/saved-searches")]
async fn save_search(
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    form: FormData,
) -> Result<HttpResponse> {
    let path = run(&app, move |app| {
        let once = actions::create(app, &actor, saved(&form), None)?;
        Ok(format!("{PATH}/{}?done=saved", once.id()))
    })
    .await?;
    Ok(see_other(&path))
}

#[get("/account/saved-searches/{id}")]
async fn show_saved_search(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<SavedSearchId>,
    Query(query): Query<SearchesQuery>,
) -> Result<HttpResponse> {
    let page = noticed(own_page(&http, "alerts-one"), query.done.as_deref());
    let view = run(&app, move |app| search_page(page, app, &actor, id, None)).await?;
    html(&view)
}

#[post("/account/saved-searches/{id}")]
async fn change_saved_search(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<SavedSearchId>,
    form: FormData,
) -> Result<HttpResponse> {
    let page = own_page(&http, "alerts-one");
    let refused = run(&app, move |app| {
        let patch = json!({
            "name": form.text("name").unwrap_or_default(),
            "frequency": form.text("frequency").unwrap_or_default(),
            "paused": form.is_ticked("paused"),
        });
        match actions::change(app, &actor, id, None, &patch) {
            Ok(_) => Ok(None),
            Err(problem) if may_mend(&problem) => {
                let typed = fields().typed(form.typed()).refused(&problem);
                search_page(page, app, &actor, id, Some(typed)).map(Some)
            }
            Err(problem) => Err(problem),
        }
    })
    .await?;
    match refused {
        None => Ok(see_other(&format!("{PATH}/{id}?done=changed"))),
        Some(view) => refused_html(&view, &view.form),
    }
}

/// Whether a person can mend it in the form.
fn may_mend(problem: &Problem) -> bool {
    matches!(problem.code, Code::Invalid | Code::BadRequest)
}

#[post("/account/saved-searches/{id}/delete")]
async fn delete_saved_search(
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<SavedSearchId>,
    _form: FormData,
) -> Result<HttpResponse> {
    run(&app, move |app| actions::delete(app, &actor, id, None)).await?;
    Ok(see_other(&format!("{PATH}?done=deleted")))
}

#[derive(Template)]
#[template(path = "alerts/templates/unsubscribe.html")]
struct UnsubscribePage {
    page: Page,
    path: String,
    name: String,
    done: bool,
}

/// Asks first: link scanners open every address, and only the form's button changes anything.
#[get("/unsubscribe/search/{token}")]
async fn pause_form(http: HttpRequest, app: Data<App>, token: Path<String>) -> Result<HttpResponse> {
    let path = format!("/unsubscribe/search/{token}");
    let name = run(&app, move |app| actions::find_by_token(app, &token)).await?;
    let page = page_of(&http, text(LANGUAGE, "alerts-unsubscribe-question"));
    html(&UnsubscribePage { page, path, name: name.unwrap_or_default(), done: false })
}

/// The one-click unsubscribe of RFC 8058, for mail programs and for the button.
#[post("/unsubscribe/search/{token}")]
async fn pause_by_link(http: HttpRequest, app: Data<App>, token: Path<String>) -> Result<HttpResponse> {
    let path = format!("/unsubscribe/search/{token}");
    let name = run(&app, move |app| {
        actions::pause_by_token(app, &token)?;
        actions::find_by_token(app, &token)
    })
    .await?;
    let page = page_of(&http, text(LANGUAGE, "alerts-unsubscribed"))
        .with_notice(NoticeKind::Done, text(LANGUAGE, "alerts-unsubscribed-what"));
    html(&UnsubscribePage { page, path, name: name.unwrap_or_default(), done: true })
}

/// The routes.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(list_saved_searches)
        .service(save_search)
        .service(show_saved_search)
        .service(change_saved_search)
        .service(delete_saved_search)
        .service(pause_form)
        .service(pause_by_link);
}
