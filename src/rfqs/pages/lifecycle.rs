//! The steps of one's own RFQ: publish, close, withdraw, extend, reopen. A page of its own says first what will happen and who is notified.

use actix_web::web::{Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, get, post};

use super::form::{FIELDS, edit_form, moment};
use super::own::{SETTINGS_FIELDS, Tab, own_rfq_page};
use super::{LANGUAGE, wording};
use crate::actor::{Actor, Permission};
use crate::app::App;
use crate::clock::Time;
use crate::error::{FieldCode, Problem, Result};
use crate::ids::RfqId;
use crate::locale::{Language, Message, text};
use crate::rfqs::actions::{self, Invitees, Outcome};
use crate::rfqs::{ClosingFields, MAX_SEATS, Rfq, RfqState, Visibility, queries, rules};
use crate::web::actor::AuthenticatedActor;
use crate::web::answer::{html, refused_html, see_other};
use crate::web::envelope::page_of;
use crate::web::input::{FormData, Id, Query, parse};
use crate::web::layout::{ConfirmPage, Form, Section, absolute};
use crate::web::run;

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct CloseQuery {
    outcome: Option<String>,
}

/// What a confirming page needs to know: the RFQ, how many quotes wait, how many were accepted, how many suppliers are invited.
struct ConfirmContext {
    rfq: Rfq,
    waiting: usize,
    accepted: usize,
    invited: usize,
    now: Time,
}

async fn confirm_context(app: &Data<App>, actor: Actor, id: RfqId) -> Result<ConfirmContext> {
    run(app, move |app| {
        actor.authorize(Permission::RfqsWrite)?;
        let (rfq, counts) = queries::find_own(app, &actor, id)?;
        Ok(ConfirmContext {
            waiting: queries::count_waiting_suppliers(app, id)?,
            accepted: counts.accepted,
            invited: counts.invited,
            rfq,
            now: app.clock.now(),
        })
    })
    .await
}

fn own_path(id: RfqId) -> String {
    format!("/desk/buying/rfqs/{id}")
}

fn confirm(http: &HttpRequest, rfq: &Rfq, title: Message, step: &str, button: &'static str) -> ConfirmPage {
    let title = title.with("title", wording::plain_title(rfq)).text(LANGUAGE);
    let back = own_path(rfq.id);
    ConfirmPage::new(page_of(http, &title).under(Section::Buying), format!("{back}/{step}"), button, back)
        .field("version", rfq.version.to_string())
}

/// Adds the suppliers whose quotes wait, if there are any.
fn notifying(page: ConfirmPage, waiting: usize, what: &'static str) -> ConfirmPage {
    match waiting {
        0 => page,
        _ => page.notifies(Message::new("rfqs-notifies").with("count", waiting).with("what", what).text(LANGUAGE)),
    }
}

fn version_of(form: &FormData) -> Option<i64> {
    form.text("version").and_then(|version| version.parse().ok())
}

#[get("/desk/buying/rfqs/{id}/publish")]
async fn publish_page(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<RfqId>,
) -> Result<HttpResponse> {
    let ConfirmContext { rfq, invited, now, .. } = confirm_context(&app, actor.clone(), id).await?;
    rfq.state.publish()?;
    let checked = rfq.fields.publishable().and_then(|()| rfq.fields.check_dates(None, now));
    let closing = checked.and_then(|()| Ok(rules::closing(now, &rfq.fields.closing)?));
    let closing = match closing {
        Ok(closing) => closing,
        Err(problem) => return edit_again(&http, &app, actor, &rfq, &problem).await,
    };
    let until = Message::new("rfqs-publish-until")
        .with("deadline", absolute(closing.deadline))
        .with("seats", closing.seats)
        .text(LANGUAGE);
    let complete = Message::new("rfqs-publish-completeness").with("score", rfq.completeness).text(LANGUAGE);
    let title = Message::new("rfqs-publish-title");
    let page = confirm(&http, &rfq, title, "publish", text(LANGUAGE, "rfqs-publish-button"))
        .happens(text(LANGUAGE, seen_by(&rfq)))
        .happens(until)
        .happens(complete);
    html(&notifying_suppliers(page, &rfq, invited))
}

fn seen_by(rfq: &Rfq) -> &'static str {
    match (rfq.fields.visibility, rfq.fields.show_buyer_name) {
        (Visibility::Public, true) => "rfqs-publish-public-named",
        (Visibility::Public, false) => "rfqs-publish-public",
        (Visibility::Invited, true) => "rfqs-publish-invited-named",
        (Visibility::Invited, false) => "rfqs-publish-invited",
    }
}

/// Adds the suppliers who learn that it is published: the best-matched ones of a public RFQ, and those that are invited.
fn notifying_suppliers(page: ConfirmPage, rfq: &Rfq, invited: usize) -> ConfirmPage {
    let page = match (rfq.fields.visibility, rfq.fields.show_buyer_name) {
        (Visibility::Public, true) => page.notifies(text(LANGUAGE, "rfqs-publish-notifies-named")),
        (Visibility::Public, false) => page.notifies(text(LANGUAGE, "rfqs-publish-notifies")),
        (Visibility::Invited, _) => page,
    };
    match invited {
        0 => page,
        _ => page.notifies(Message::new("rfqs-publish-notifies-invited").with("count", invited).text(LANGUAGE)),
    }
}

/// What publishing lacks is shown in the form, where it can be filled in.
async fn edit_again(
    http: &HttpRequest,
    app: &Data<App>,
    actor: Actor,
    rfq: &Rfq,
    problem: &Problem,
) -> Result<HttpResponse> {
    let form = Form::new(FIELDS).typed(super::form::typed(&rfq.fields)).refused(problem);
    let view = edit_form(http, app, actor, rfq.id, Some(form), None).await?;
    refused_html(&view, &view.form)
}

#[post("/desk/buying/rfqs/{id}/publish")]
async fn publish(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<RfqId>,
    form: FormData,
) -> Result<HttpResponse> {
    let expected = version_of(&form);
    let writer = actor.clone();
    match run(&app, move |app| actions::publish(app, &writer, id, expected)).await {
        Ok(()) => Ok(see_other(&own_path(id))),
        Err(problem) if !problem.fields.is_empty() => {
            let reader = actor.clone();
            let (rfq, _) = run(&app, move |app| queries::find_own(app, &reader, id)).await?;
            edit_again(&http, &app, actor, &rfq, &problem).await
        }
        Err(problem) => Err(problem),
    }
}

#[get("/desk/buying/rfqs/{id}/close")]
async fn close_page(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<RfqId>,
    Query(query): Query<CloseQuery>,
) -> Result<HttpResponse> {
    let ConfirmContext { rfq, waiting, accepted, .. } = confirm_context(&app, actor, id).await?;
    let outcome: Option<Outcome> = query.outcome.as_deref().map(|text| parse("outcome", text)).transpose()?;
    let page = match outcome {
        None if accepted == 0 => {
            rfq.state.close()?;
            let page =
                confirm(&http, &rfq, Message::new("rfqs-close-title"), "close", text(LANGUAGE, "rfqs-close-button"))
                    .happens(text(LANGUAGE, "rfqs-close-happens"));
            notifying(page, waiting, text(LANGUAGE, "rfqs-close-notifies"))
        }
        None | Some(Outcome::Awarded) => {
            rfq.state.award()?;
            let page = confirm(&http, &rfq, Message::new("rfqs-end-title"), "close", text(LANGUAGE, "rfqs-end-button"))
                .happens(text(LANGUAGE, "rfqs-end-happens"))
                .field("outcome", Outcome::Awarded.as_str());
            notifying(page, waiting, text(LANGUAGE, "rfqs-end-notifies"))
        }
        Some(Outcome::NotAwarded) => {
            let page = confirm(
                &http,
                &rfq,
                Message::new("rfqs-end-none-title"),
                "close",
                text(LANGUAGE, "rfqs-end-without-award"),
            )
            .happens(text(LANGUAGE, "rfqs-end-none-happens"))
            .field("outcome", Outcome::NotAwarded.as_str())
            .destructive();
            notifying(page, waiting, text(LANGUAGE, "rfqs-end-none-notifies"))
        }
    };
    html(&page)
}

#[post("/desk/buying/rfqs/{id}/close")]
async fn close(
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<RfqId>,
    form: FormData,
) -> Result<HttpResponse> {
    run(&app, move |app| {
        let outcome: Option<Outcome> = form.text("outcome").map(|text| parse("outcome", text)).transpose()?;
        actions::close(app, &actor, id, version_of(&form), None, outcome)
    })
    .await?;
    Ok(see_other(&own_path(id)))
}

#[get("/desk/buying/rfqs/{id}/withdraw")]
async fn withdraw_page(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<RfqId>,
) -> Result<HttpResponse> {
    let ConfirmContext { rfq, waiting, .. } = confirm_context(&app, actor, id).await?;
    rfq.state.withdraw()?;
    let page =
        confirm(&http, &rfq, Message::new("rfqs-withdraw-title"), "withdraw", text(LANGUAGE, "rfqs-withdraw-button"))
            .destructive();
    let page = match rfq.state {
        RfqState::Draft => page.happens(text(LANGUAGE, "rfqs-withdraw-draft")),
        _ => page.happens(text(LANGUAGE, "rfqs-withdraw-happens")).happens(text(LANGUAGE, "rfqs-withdraw-quotes")),
    };
    html(&notifying(page, waiting, text(LANGUAGE, "rfqs-withdraw-notifies")))
}

#[post("/desk/buying/rfqs/{id}/withdraw")]
async fn withdraw(
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<RfqId>,
    form: FormData,
) -> Result<HttpResponse> {
    run(&app, move |app| actions::withdraw(app, &actor, id, version_of(&form))).await?;
    Ok(see_other(&own_path(id)))
}

#[post("/desk/buying/rfqs/{id}/extend")]
async fn extend(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<RfqId>,
    form: FormData,
) -> Result<HttpResponse> {
    let typed = form.typed();
    let writer = actor.clone();
    let outcome = run(&app, move |app| {
        let deadline = read_deadline(form.text("deadline"))?;
        actions::extend(app, &writer, id, version_of(&form), deadline)
    })
    .await;
    after_setting(&http, &app, actor, id, typed, outcome).await
}

#[post("/desk/buying/rfqs/{id}/reopen")]
async fn reopen(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<RfqId>,
    form: FormData,
) -> Result<HttpResponse> {
    let (typed, writer) = (form.typed(), actor.clone());
    let outcome = run(&app, move |app| {
        let deadline = form.text("deadline").map(|typed| read_deadline(Some(typed))).transpose()?;
        let max_quotes = form.text("max_quotes").map(str::parse::<u8>).transpose();
        let wrong = |_| {
            Problem::invalid_field(
                "/max_quotes",
                FieldCode::Range,
                Message::new("rfqs-seats-range").with("most", MAX_SEATS).text(Language::English),
            )
        };
        let wanted = ClosingFields { deadline, max_quotes: max_quotes.map_err(wrong)? };
        actions::reopen(app, &writer, id, version_of(&form), &wanted)
    })
    .await;
    after_setting(&http, &app, actor, id, typed, outcome).await
}

/// Back to the RFQ, or the settings again with what is wrong.
async fn after_setting(
    http: &HttpRequest,
    app: &Data<App>,
    actor: Actor,
    id: RfqId,
    typed: Vec<(String, String)>,
    outcome: Result<()>,
) -> Result<HttpResponse> {
    match outcome {
        Ok(()) => Ok(see_other(&own_path(id))),
        Err(problem) if problem.fields.is_empty() => Err(problem),
        Err(problem) => {
            let form = Form::new(SETTINGS_FIELDS).typed(typed).refused(&problem);
            let view = own_rfq_page(http, app, actor, id, Tab::Settings, form).await?;
            refused_html(&view, &view.form)
        }
    }
}

fn read_deadline(typed: Option<&str>) -> Result<Time> {
    let wrong = |message: &str| Problem::invalid_field("/deadline", FieldCode::Format, message);
    let typed = typed.ok_or_else(|| Problem::invalid(vec![crate::error::FieldError::required("/deadline")]))?;
    moment(typed).parse().map_err(|_| wrong(text(Language::English, "rfqs-date-and-time")))
}

/// A draft that says the same; the buyer goes on with its form.
#[post("/desk/buying/rfqs/{id}/copy")]
async fn copy_rfq(
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<RfqId>,
    form: FormData,
) -> Result<HttpResponse> {
    let invitees = if form.is_ticked("invite_quoted") { Invitees::Quoted } else { Invitees::None };
    let made = run(&app, move |app| actions::copy(app, &actor, id, invitees, None)).await?;
    Ok(see_other(&format!("{}/edit", own_path(made.id()))))
}

pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(copy_rfq)
        .service(publish_page)
        .service(publish)
        .service(close_page)
        .service(close)
        .service(withdraw_page)
        .service(withdraw)
        .service(extend)
        .service(reopen);
}
