//! The page of a first message about a thing.

use actix_web::web::{Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, get, post};
use askama::Template;

use super::{FIELDS, LANGUAGE, refused_form, subject_href};
use crate::actor::{Actor, Permission};
use crate::app::App;
use crate::documents::pages::{files_of, take_files};
use crate::error::{Problem, Result};
use crate::ids::ThreadId;
use crate::locale::text;
use crate::messages::Subject;
use crate::messages::actions::{self, NewMessage};
use crate::messages::queries::{self, Opening};
use crate::web::actor::AuthenticatedActor;
use crate::web::answer::{html, refused_html, see_other};
use crate::web::envelope::page_of;
use crate::web::input::{FormData, Query, parse};
use crate::web::layout::{FileLink, Form, Page, Section};
use crate::web::run;
use crate::web::upload::FormWithFiles;

#[derive(Template)]
#[template(path = "messages/templates/new.html")]
struct FirstPage {
    page: Page,
    form: Form,
    files: Vec<FileLink>,
    about: String,
    back: String,
    title: String,
    other: String,
    is_open: bool,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct AboutQuery {
    about: String,
}

fn subject_of(text: &str) -> Result<Subject> {
    text.parse().map_err(|_| Problem::not_found("subject"))
}

fn first_page(
    page: Page,
    app: &App,
    actor: &Actor,
    subject: Subject,
    opening: Opening,
    form: Form,
) -> Result<FirstPage> {
    Ok(FirstPage {
        page: page.under(Section::Messages),
        files: files_of(app, actor, &form, "attachments")?,
        form,
        about: subject.to_string(),
        back: subject_href(subject, false),
        other: opening.other.map_or_else(|| text(LANGUAGE, "messages-hidden-buyer").to_owned(), |other| other.name),
        title: opening.title,
        is_open: opening.is_open,
    })
}

#[get("/messages/new")]
async fn first_form(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Query(query): Query<AboutQuery>,
) -> Result<HttpResponse> {
    let page = page_of(&http, text(LANGUAGE, "messages-new-title"));
    let found = run(&app, move |app| {
        actor.authorize(Permission::MessagesWrite)?;
        let subject = subject_of(&query.about)?;
        let opening = queries::find_opening(app, &actor, subject)?;
        match opening.thread {
            Some(thread) => Ok(Err(thread)),
            None => first_page(page, app, &actor, subject, opening, Form::new(FIELDS)).map(Ok),
        }
    })
    .await?;
    match found {
        Ok(view) => html(&view),
        // The two write to each other about it already.
        Err(thread) => Ok(see_other(&format!("/messages/{thread}"))),
    }
}

/// The message that the form holds.
pub(super) fn read(form: &FormData) -> Result<NewMessage> {
    let attachments = form.all("attachments").into_iter().map(|id| parse("attachments", id));
    Ok(NewMessage {
        text: form.text("text").unwrap_or_default().to_owned(),
        attachments: attachments.collect::<Result<Vec<_>>>()?,
    })
}

#[post("/messages/new")]
async fn send_first(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    sent: FormWithFiles,
) -> Result<HttpResponse> {
    let page = page_of(&http, text(LANGUAGE, "messages-new-title"));
    let outcome: std::result::Result<ThreadId, FirstPage> = run(&app, move |app| {
        actor.authorize(Permission::MessagesWrite)?;
        let subject = subject_of(sent.form.text("about").unwrap_or_default())?;
        let opening = queries::find_opening(app, &actor, subject)?;
        let (form, kept) = take_files(app, &actor, sent, "attachments");
        let started = kept.and_then(|()| read(&form)).and_then(|new| {
            let made = actions::start(app, &actor, subject, &new, None)?;
            queries::find_written_message(app, &actor, made.id())
        });
        match started {
            Ok(written) => Ok(Ok(written.message.thread)),
            Err(problem) => {
                first_page(page, app, &actor, subject, opening, refused_form(form.typed(), problem)?).map(Err)
            }
        }
    })
    .await?;
    match outcome {
        Ok(thread) => Ok(see_other(&format!("/messages/{thread}?sent"))),
        Err(view) => refused_html(&view, &view.form),
    }
}

pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(first_form).service(send_first);
}
