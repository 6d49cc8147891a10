//! Confirming, declining, ending and disputing: a page that says what will happen, and the form behind it.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get, post};

use super::parties;
use crate::actor::Permission;
use crate::app::App;
use crate::error::Result;
use crate::ids::{PartnershipId, RecordId};
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
}

fn asked_page(http: &HttpRequest, asked: Question, action: String, back: String) -> Result<HttpResponse> {
    let page = page_of(http, &asked.title).under(Section::Partnerships);
    let mut view =
        ConfirmPage::new(page, action, asked.button, back).notifies(asked.notified).asks_reason(asked.reason_label);
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
            title: format!("Confirm the partnership with {other}?"),
            happens: vec![
                "Both of you confirm that you trade with each other.".to_owned(),
                "Either side can declare shipments; the other confirms or disputes each.".to_owned(),
                "The ledger entry is permanent; nothing in the ledger can be edited.".to_owned(),
            ],
            notified: format!("{other}: that you confirmed"),
            button: "Confirm partnership",
            is_refusal: false,
            reason_label: "",
        },
        PartnershipStep::Decline => Question {
            title: format!("Decline the partnership with {other}?"),
            happens: vec!["The proposal is closed. Either of you can propose again.".to_owned()],
            notified: format!("{other}: that you declined, with your reason"),
            button: "Decline partnership",
            is_refusal: true,
            reason_label: "Reason (optional)",
        },
        PartnershipStep::End => Question {
            title: format!("End the partnership with {other}?"),
            happens: vec![
                "No new shipments can be declared under it; mistakes in old ones can still be corrected.".to_owned(),
                "Both of you keep its records and its ledger.".to_owned(),
            ],
            notified: format!("{other}: that you ended it, with your reason"),
            button: "End partnership",
            is_refusal: true,
            reason_label: "Reason (optional)",
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
        Ok(ask_of_record(step, seen.other_name(), record.fields.supersedes.is_some()))
    })
    .await?;
    asked_page(&http, asked, format!("/records/{id}/{step}"), format!("/records/{id}"))
}

fn ask_of_record(step: RecordStep, other: &str, corrects: bool) -> Question {
    if step == RecordStep::Dispute {
        return Question {
            title: format!("Dispute the shipment that {other} declared?"),
            happens: vec![
                "It counts neither in your totals nor in the statistics.".to_owned(),
                format!("{other} can correct it; you can still confirm it later."),
            ],
            notified: format!("{other}: that you dispute it, with your reason"),
            button: "Dispute shipment",
            is_refusal: true,
            reason_label: "What is not right",
        };
    }
    let mut happens = vec![
        "Both sides then agree on this shipment: goods, quantity, value, dates.".to_owned(),
        "It counts in your totals, and in the public statistics if its customs reference is in order; no company is named there."
            .to_owned(),
    ];
    if corrects {
        happens.push("The record that it corrects is no longer in force.".to_owned());
    }
    Question {
        title: format!("Confirm the shipment that {other} declared?"),
        happens,
        notified: format!("{other}: that you confirmed"),
        button: "Confirm shipment",
        is_refusal: false,
        reason_label: "",
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
