//! Pages of messages: the conversations of one's company, one of them, a first message, and blocked companies.

mod blocked;
mod thread;
mod write;

use actix_web::web::{Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, get};
use askama::Template;

use super::Subject;
use super::api::filter_of;
use super::queries;
use super::rules::title_of;
use super::views::{ThreadSummary, preview};
use crate::app::App;
use crate::clock::Time;
use crate::error::{Code, Problem, Result};
use crate::locale::{Language, text};
use crate::web::actor::AuthenticatedActor;
use crate::web::answer::{ListParams, html, pager};
use crate::web::envelope::page_of;
use crate::web::input::Query;
use crate::web::layout::{Form, Page, Pager, Section, When};
use crate::web::run;

const LANGUAGE: Language = Language::English;
/// So many conversations, and so many messages of one, stand on a page.
const ROWS: u32 = 25;
const FIELDS: &[(&str, &str)] = &[("text", "messages-text"), ("attachments", "messages-attachments")];

/// A conversation in the list.
struct Row {
    id: String,
    title: String,
    kind: &'static str,
    /// The other company, or the words for a buyer whose name is hidden.
    other: String,
    preview: String,
    is_own: bool,
    is_unread: bool,
    assignee: String,
    at: When,
}

impl Row {
    fn new(summary: ThreadSummary, now: Time) -> Self {
        let kind = summary.thread.subject.kind();
        Self {
            id: summary.thread.id.to_string(),
            title: title_of(kind, &summary.thread.title),
            kind: kind.label(LANGUAGE),
            other: other_name(&summary),
            preview: preview(summary.last.masked_text()),
            is_own: summary.last.sender == summary.side.company,
            is_unread: summary.is_unread,
            assignee: summary.assignee.unwrap_or_default(),
            at: When::new(summary.last.created_at, now),
        }
    }
}

fn other_name(summary: &ThreadSummary) -> String {
    summary
        .other
        .as_ref()
        .map_or_else(|| text(LANGUAGE, "messages-hidden-buyer").to_owned(), |other| other.name.clone())
}

#[derive(Template)]
#[template(path = "messages/templates/list.html")]
struct ThreadsPage {
    page: Page,
    rows: Vec<Row>,
    pager: Pager,
    is_archive: bool,
    words: String,
    /// Why the search was not made.
    refused: String,
}

#[derive(Default, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
struct ThreadsQuery {
    archived: Option<String>,
    q: Option<String>,
    cursor: Option<String>,
}

impl ThreadsQuery {
    fn is_archive(&self) -> bool {
        self.archived.as_deref() == Some("yes")
    }

    /// The address of the list without its cursor.
    fn path(&self) -> Result<String> {
        let mut query: Vec<(&str, &str)> = Vec::new();
        query.extend(self.is_archive().then_some(("archived", "yes")));
        query.extend(self.q.as_deref().filter(|q| !q.is_empty()).map(|q| ("q", q)));
        let query = serde_urlencoded::to_string(query).map_err(Problem::internal)?;
        Ok(if query.is_empty() { "/messages".to_owned() } else { format!("/messages?{query}") })
    }
}

#[get("/messages")]
async fn list(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Query(query): Query<ThreadsQuery>,
) -> Result<HttpResponse> {
    let page = page_of(&http, text(LANGUAGE, "messages-title")).under(Section::Messages);
    let view = run(&app, move |app| {
        let (is_archive, words) = (query.is_archive(), query.q.clone().unwrap_or_default());
        let filter = match filter_of(is_archive, query.q.as_deref()) {
            Ok(filter) => filter,
            // Too short a word finds too much: the page says so instead of being an error.
            Err(problem) if problem.code == Code::Invalid => {
                let refused = text(LANGUAGE, "messages-search-short").to_owned();
                return Ok(ThreadsPage { page, rows: Vec::new(), pager: Pager::default(), is_archive, words, refused });
            }
            Err(problem) => return Err(problem),
        };
        let path = query.path()?;
        let paging = ListParams { limit: Some(ROWS), cursor: query.cursor }.paging(app, &path, &actor)?;
        let slice = queries::list(app, &actor, &filter, paging)?;
        let pager = pager(app, &path, &actor, &path, slice.prev.as_ref(), slice.next.as_ref())?;
        let now = app.clock.now();
        let rows = slice.items.into_iter().map(|summary| Row::new(summary, now)).collect();
        Ok(ThreadsPage { page, rows, pager, is_archive, words, refused: String::new() })
    })
    .await?;
    html(&view)
}

/// The page of what a conversation is about, for the viewer's side.
fn subject_href(subject: Subject, is_addressee: bool) -> String {
    match subject {
        Subject::Listing(id) => format!("/listings/{id}"),
        Subject::Company(id) => format!("/companies/{id}"),
        Subject::Rfq(id) if is_addressee => format!("/desk/buying/rfqs/{id}"),
        Subject::Rfq(id) => format!("/rfqs/{id}"),
        Subject::Quote(id) => format!("/quotes/{id}"),
        Subject::Partnership(id) => format!("/partnerships/{id}"),
        Subject::Record(id) => format!("/records/{id}"),
    }
}

/// The form again, for what a person can mend there; other problems have their own page.
fn refused_form(typed: Vec<(String, String)>, problem: Problem) -> Result<Form> {
    match problem.code {
        Code::Invalid | Code::Conflict | Code::TooManyRequests => Ok(Form::new(FIELDS).typed(typed).refused(&problem)),
        _ => Err(problem),
    }
}

/// The routes.
pub fn routes(cfg: &mut ServiceConfig) {
    // Before the pages of single conversations: `new` would be taken for an id.
    cfg.service(list).configure(write::routes).configure(blocked::routes).configure(thread::routes);
}
