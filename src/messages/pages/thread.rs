//! The page of a conversation: what was written, the form for an answer, and what can be done with it.

use actix_web::web::{Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, get, post};
use askama::Template;

use super::{FIELDS, LANGUAGE, ROWS, other_name, refused_form, subject_href, write};
use crate::actor::{Actor, Permission};
use crate::app::App;
use crate::clock::Time;
use crate::documents::pages::{files_of, link, take_files};
use crate::documents::{Document, attachments};
use crate::error::{Problem, Result};
use crate::ids::{ThreadId, UserId};
use crate::locale::{Message as Text, text};
use crate::messages::actions;
use crate::messages::queries;
use crate::messages::rules::title_of;
use crate::messages::views::{ThreadDetail, VisibleMessage};
use crate::web::actor::AuthenticatedActor;
use crate::web::answer::{ListParams, html, pager, refused_html, see_other};
use crate::web::envelope::page_of;
use crate::web::input::{FormData, Id, Query, parse};
use crate::web::layout::{ConfirmPage, FileLink, Form, NoticeKind, Page, Pager, Section, When};
use crate::web::run;
use crate::web::upload::FormWithFiles;

/// A message on the page.
struct MessageRow {
    id: String,
    is_own: bool,
    author: String,
    lines: Vec<String>,
    /// What is hidden from the reader, as a sentence; empty for nothing.
    masked: String,
    files: Vec<FileLink>,
    at: When,
}

impl MessageRow {
    fn new(visible: &VisibleMessage, documents: &[Document], other: &str, now: Time) -> Self {
        let own = || {
            let person = visible.author.clone().unwrap_or_default();
            if person.is_empty() { text(LANGUAGE, "messages-by-us").to_owned() } else { person }
        };
        let attached = documents.iter().filter(|document| visible.message.attachments.contains(&document.id));
        Self {
            id: visible.message.id.to_string(),
            is_own: visible.is_own,
            author: if visible.is_own { own() } else { other.to_owned() },
            lines: visible.text().lines().map(str::to_owned).collect(),
            masked: masked_sentence(visible),
            files: attached.map(link).collect(),
            at: When::new(visible.message.created_at, now),
        }
    }
}

fn masked_sentence(visible: &VisibleMessage) -> String {
    let kinds: Vec<&str> = visible.masked().iter().map(|kind| kind.label(LANGUAGE)).collect();
    if kinds.is_empty() {
        return String::new();
    }
    let key = if visible.is_own { "messages-masked-own" } else { "messages-masked-received" };
    Text::new(key).with("kinds", kinds.join(", ")).text(LANGUAGE)
}

#[derive(Template)]
#[template(path = "messages/templates/thread.html")]
struct ThreadPage {
    page: Page,
    form: Form,
    files: Vec<FileLink>,
    base: String,
    kind: &'static str,
    subject_href: String,
    other: String,
    /// The page of the other company; empty for a buyer whose name is hidden.
    other_href: String,
    is_open: bool,
    /// Why nothing can be written at the moment; empty when it can.
    refusal: String,
    may_write: bool,
    is_archived: bool,
    assignee: String,
    colleagues: Vec<(String, String)>,
    messages: Vec<MessageRow>,
    pager: Pager,
}

fn thread_page(
    page: Page,
    app: &App,
    actor: &Actor,
    id: ThreadId,
    cursor: Option<String>,
    form: Form,
) -> Result<ThreadPage> {
    let detail = queries::find(app, actor, id)?;
    let base = format!("/messages/{id}");
    let paging = ListParams { limit: Some(ROWS), cursor }.paging(app, &base, actor)?;
    let slice = queries::list_messages(app, actor, id, paging)?;
    let pager = pager(app, &base, actor, &base, slice.prev.as_ref(), slice.next.as_ref())?;
    let ids: Vec<_> = slice.items.iter().flat_map(|visible| visible.message.attachments.clone()).collect();
    let documents = attachments::list_attached(app, &ids)?;
    let ThreadDetail { summary, is_open, refusal } = detail;
    let (now, other) = (app.clock.now(), other_name(&summary));
    // The newest is read last, where the form for the answer is.
    let messages = slice.items.iter().rev().map(|visible| MessageRow::new(visible, &documents, &other, now)).collect();
    let kind = summary.thread.subject.kind();
    let colleagues = queries::list_colleagues(app, actor)?;
    let mut page = page.under(Section::Messages);
    page.title = title_of(kind, &summary.thread.title);
    Ok(ThreadPage {
        page,
        files: files_of(app, actor, &form, "attachments")?,
        form,
        kind: kind.label(LANGUAGE),
        subject_href: subject_href(summary.thread.subject, summary.thread.addressee == summary.side.company),
        other,
        other_href: summary.other.map(|other| format!("/companies/{}", other.id)).unwrap_or_default(),
        is_open,
        refusal: refusal.map(|refusal| Problem::from(refusal).detail).unwrap_or_default(),
        may_write: actor.authorize(Permission::MessagesWrite).is_ok(),
        is_archived: summary.side.is_archived,
        assignee: summary.side.assignee.map(|person| person.to_string()).unwrap_or_default(),
        colleagues: colleagues.into_iter().map(|(person, name)| (person.to_string(), name)).collect(),
        messages,
        pager,
        base,
    })
}

#[derive(Default, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
struct ThreadQuery {
    cursor: Option<String>,
    sent: Option<String>,
}

#[get("/messages/{id}")]
async fn show(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<ThreadId>,
    Query(query): Query<ThreadQuery>,
) -> Result<HttpResponse> {
    let mut page = page_of(&http, "");
    if query.sent.is_some() {
        page = page.with_notice(NoticeKind::Done, text(LANGUAGE, "messages-sent"));
    }
    let view = run(&app, move |app| {
        let is_unread = queries::find(app, &actor, id)?.summary.is_unread;
        // Seen is read. Only where there is something new: looking at an old conversation writes nothing.
        if is_unread && query.cursor.is_none() {
            actions::read(app, &actor, id)?;
        }
        thread_page(page, app, &actor, id, query.cursor, Form::new(FIELDS))
    })
    .await?;
    html(&view)
}

#[post("/messages/{id}")]
async fn answer(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<ThreadId>,
    sent: FormWithFiles,
) -> Result<HttpResponse> {
    let page = page_of(&http, "");
    let refused = run(&app, move |app| {
        actor.authorize(Permission::MessagesWrite)?;
        queries::find(app, &actor, id)?;
        let (form, kept) = take_files(app, &actor, sent, "attachments");
        let written = kept.and_then(|()| write::read(&form));
        match written.and_then(|new| actions::reply(app, &actor, id, &new, None)) {
            Ok(_) => Ok(None),
            Err(problem) => thread_page(page, app, &actor, id, None, refused_form(form.typed(), problem)?).map(Some),
        }
    })
    .await?;
    match refused {
        None => Ok(see_other(&format!("/messages/{id}?sent"))),
        Some(view) => refused_html(&view, &view.form),
    }
}

#[post("/messages/{id}/archive")]
async fn archive(
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<ThreadId>,
    _form: FormData,
) -> Result<HttpResponse> {
    run(&app, move |app| actions::set_archived(app, &actor, id, None, true)).await?;
    Ok(see_other("/messages"))
}

#[post("/messages/{id}/unarchive")]
async fn unarchive(
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<ThreadId>,
    _form: FormData,
) -> Result<HttpResponse> {
    run(&app, move |app| actions::set_archived(app, &actor, id, None, false)).await?;
    Ok(see_other(&format!("/messages/{id}")))
}

#[post("/messages/{id}/unread")]
async fn unread(
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<ThreadId>,
    _form: FormData,
) -> Result<HttpResponse> {
    run(&app, move |app| actions::mark_unread(app, &actor, id)).await?;
    Ok(see_other("/messages"))
}

#[post("/messages/{id}/assign")]
async fn assign(
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<ThreadId>,
    form: FormData,
) -> Result<HttpResponse> {
    run(&app, move |app| {
        let person: Option<UserId> = form.text("member").map(|member| parse("member", member)).transpose()?;
        actions::assign(app, &actor, id, None, person)
    })
    .await?;
    Ok(see_other(&format!("/messages/{id}")))
}

#[get("/messages/{id}/block")]
async fn confirm_block(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<ThreadId>,
) -> Result<HttpResponse> {
    let page = page_of(&http, "");
    let confirm = run(&app, move |app| {
        actor.authorize(Permission::MessagesWrite)?;
        let summary = queries::find(app, &actor, id)?.summary;
        let hidden = || Problem::conflict(text(LANGUAGE, "messages-block-hidden"));
        let name = summary.other.ok_or_else(hidden)?.name;
        let mut page = page.under(Section::Messages);
        page.title = Text::new("messages-block-question").with("name", &name).text(LANGUAGE);
        let back = format!("/messages/{id}");
        let button = text(LANGUAGE, "messages-block");
        Ok(ConfirmPage::new(page, format!("{back}/block"), button, back)
            .happens(text(LANGUAGE, "messages-block-happens"))
            .happens(text(LANGUAGE, "messages-block-undo"))
            .destructive())
    })
    .await?;
    html(&confirm)
}

#[post("/messages/{id}/block")]
async fn block(
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<ThreadId>,
    _form: FormData,
) -> Result<HttpResponse> {
    run(&app, move |app| actions::block_other(app, &actor, id)).await?;
    Ok(see_other("/account/blocked-companies"))
}

pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(show)
        .service(answer)
        .service(archive)
        .service(unarchive)
        .service(unread)
        .service(assign)
        .service(confirm_block)
        .service(block);
}
