//! Confirming, declining, ending and disputing: a page that says what will happen, and the form behind it.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get, post};

use super::parties::{self, ForViewer};
use super::rows::Shipment;
use crate::actor::Permission;
use crate::app::App;
use crate::error::Result;
use crate::ids::{PartnershipId, RecordId};
use crate::locale::{Language, Message, text};
use crate::partnerships::{PartnershipStep, RecordStep, actions, records};
use crate::web::actor::AuthenticatedActor;
use crate::web::answer::{html, see_other};
use crate::web::envelope::page_of;
use crate::web::input::{FormData, Id, Ids};
use crate::web::layout::{ConfirmPage, Section};
use crate::web::run;

/// The texts of a confirmation page.
struct Question {
    title: String,
    happens: Vec<String>,
    notified: String,
    button: &'static str,
    is_refusal: bool,
    reason_label: &'static str,
    /// All that is decided on, as label and value.
    facts: Vec<(String, String)>,
}

fn asked_page(http: &HttpRequest, asked: Question, action: String, back: String) -> Result<HttpResponse> {
    let page = page_of(http, &asked.title).under(Section::Partnerships);
    let mut view =
        ConfirmPage::new(page, action, asked.button, back).notifies(asked.notified).asks_reason(asked.reason_label);
    view.facts = asked.facts;
    view.happens = asked.happens;
    view.destructive = asked.is_refusal;
    html(&view)
}

#[get("/partnerships/{id}/{step:confirm|decline|end}")]
pub(super) async fn ask_partnership(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Ids(id, step): Ids<PartnershipId, PartnershipStep>,
) -> Result<HttpResponse> {
    let asked = run(&app, move |app| {
        let seen = parties::partnership(app, &actor, Permission::PartnershipsWrite, id)?;
        actions::next_state(&seen.thing, step, seen.viewer)?;
        Ok(ask_of_partnership(step, seen.other_name()))
    })
    .await?;
    asked_page(&http, asked, format!("/partnerships/{id}/{step}"), format!("/partnerships/{id}"))
}

fn ask_of_partnership(step: PartnershipStep, other: &str) -> Question {
    match step {
        PartnershipStep::Confirm => Question {
            title: Message::new("partnerships-ask-confirm").with("other", other).text(Language::English),
            happens: vec![
                text(Language::English, "partnerships-ask-confirm-both").to_owned(),
                text(Language::English, "partnerships-ask-confirm-then").to_owned(),
                text(Language::English, "partnerships-ask-permanent").to_owned(),
            ],
            notified: Message::new("partnerships-notified-confirmed").with("other", other).text(Language::English),
            button: text(Language::English, "partnerships-confirm-partnership"),
            is_refusal: false,
            reason_label: "",
            facts: Vec::new(),
        },
        PartnershipStep::Decline => Question {
            title: Message::new("partnerships-ask-decline").with("other", other).text(Language::English),
            happens: vec![text(Language::English, "partnerships-ask-decline-then").to_owned()],
            notified: Message::new("partnerships-notified-declined").with("other", other).text(Language::English),
            button: text(Language::English, "partnerships-decline-button"),
            is_refusal: true,
            reason_label: text(Language::English, "partnerships-reason-optional"),
            facts: Vec::new(),
        },
        PartnershipStep::End => Question {
            title: Message::new("partnerships-ask-end").with("other", other).text(Language::English),
            happens: vec![
                text(Language::English, "partnerships-ask-end-then").to_owned(),
                text(Language::English, "partnerships-ask-end-keep").to_owned(),
            ],
            notified: Message::new("partnerships-notified-ended").with("other", other).text(Language::English),
            button: text(Language::English, "partnerships-end"),
            is_refusal: true,
            reason_label: text(Language::English, "partnerships-reason-optional"),
            facts: Vec::new(),
        },
    }
}

#[post("/partnerships/{id}/{step:confirm|decline|end}")]
pub(super) async fn step_partnership(
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Ids(id, step): Ids<PartnershipId, PartnershipStep>,
    form: FormData,
) -> Result<HttpResponse> {
    run(&app, move |app| actions::step(app, &actor, id, step, form.text("reason"), None)).await?;
    Ok(see_other(&format!("/partnerships/{id}")))
}

#[get("/records/{id}/{step:confirm|dispute}")]
pub(super) async fn ask_record(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Ids(id, step): Ids<RecordId, RecordStep>,
) -> Result<HttpResponse> {
    let asked = run(&app, move |app| {
        let seen = parties::record(app, &actor, Permission::PartnershipsWrite, id)?;
        let record = &seen.thing.record;
        records::step_of(record, step, seen.viewer)?;
        let asked = ask_of_record(step, seen.other_name(), record.fields.supersedes.is_some());
        let ForViewer { viewer, thing: detail, parties } = seen;
        let facts = Shipment::new(detail, &parties, viewer, app.clock.now()).confirmed_facts();
        Ok(Question { facts, ..asked })
    })
    .await?;
    asked_page(&http, asked, format!("/records/{id}/{step}"), format!("/records/{id}"))
}

fn ask_of_record(step: RecordStep, other: &str, corrects: bool) -> Question {
    if step == RecordStep::Dispute {
        return Question {
            title: Message::new("partnerships-ask-dispute").with("other", other).text(Language::English),
            happens: vec![
                text(Language::English, "partnerships-ask-dispute-counts").to_owned(),
                Message::new("partnerships-ask-dispute-then").with("other", other).text(Language::English),
            ],
            notified: Message::new("partnerships-notified-disputed").with("other", other).text(Language::English),
            button: text(Language::English, "partnerships-dispute-button"),
            is_refusal: true,
            reason_label: text(Language::English, "partnerships-what-is-wrong"),
            facts: Vec::new(),
        };
    }
    let mut happens = vec![
        text(Language::English, "partnerships-ask-shipment-agree").to_owned(),
        text(Language::English, "partnerships-ask-shipment-counts").to_owned(),
    ];
    if corrects {
        happens.push(text(Language::English, "partnerships-ask-supersedes").to_owned());
    }
    Question {
        title: Message::new("partnerships-ask-shipment").with("other", other).text(Language::English),
        happens,
        notified: Message::new("partnerships-notified-confirmed").with("other", other).text(Language::English),
        button: text(Language::English, "partnerships-confirm-shipment"),
        is_refusal: false,
        reason_label: "",
        facts: Vec::new(),
    }
}

#[post("/records/{id}/confirm")]
pub(super) async fn confirm_record(
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<RecordId>,
    _form: FormData,
) -> Result<HttpResponse> {
    run(&app, move |app| records::confirm(app, &actor, id, None)).await?;
    Ok(see_other(&format!("/records/{id}")))
}

#[post("/records/{id}/dispute")]
pub(super) async fn dispute_record(
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<RecordId>,
    form: FormData,
) -> Result<HttpResponse> {
    run(&app, move |app| records::dispute(app, &actor, id, form.text("reason").unwrap_or_default(), None)).await?;
    Ok(see_other(&format!("/records/{id}")))
}
