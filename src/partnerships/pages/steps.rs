//! Confirming, declining, ending and disputing: a page that says what will happen, and the form behind it.

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse, get, post};

use super::Parties;
use crate::actor::{Actor, Permission};
use crate::app::App;
use crate::error::{Problem, Result};
use crate::ids::{PartnershipId, RecordId};
use crate::partnerships::{PartnershipStep, RecordStep, actions, records};
use crate::web::actor::AuthenticatedActor;
use crate::web::answer::{html, see_other};
use crate::web::envelope::page_of;
use crate::web::input::{FormData, Id};
use crate::web::layout::{ConfirmPage, Section};
use crate::web::run;

/// The texts of a confirmation page.
struct Question {
    title: String,
    happens: Vec<String>,
    told: String,
    button: &'static str,
    is_refusal: bool,
    reason_label: &'static str,
}

fn asked_page(http: &HttpRequest, asked: Question, action: String, back: String) -> Result<HttpResponse> {
    let page = page_of(http, &asked.title).under(Section::Partnerships);
    let mut view =
        ConfirmPage::new(page, action, asked.button, back).notifies(asked.told).asks_reason(asked.reason_label);
    view.happens = asked.happens;
    view.destructive = asked.is_refusal;
    html(&view)
}

#[get("/partnerships/{id}/{step:confirm|decline|end}")]
pub(super) async fn ask_partnership(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    path: Path<(String, String)>,
) -> Result<HttpResponse> {
    let (id, step) = path.into_inner();
    let id: PartnershipId = id.parse().map_err(|_| Problem::not_found("partnership"))?;
    let wanted = step.clone();
    let asked = run(&app, move |app| {
        let viewer = actor.authorize(Permission::PartnershipsWrite)?.company();
        let partnership = actions::find(app, &actor, id)?;
        actions::next_state(&partnership, step_named(&wanted), viewer)?;
        let parties = Parties::load(app, partnership.supplier, partnership.buyer)?;
        Ok(ask_of_partnership(&wanted, parties.other_name(viewer)))
    })
    .await?;
    asked_page(&http, asked, format!("/partnerships/{id}/{step}"), format!("/partnerships/{id}"))
}

fn step_named(step: &str) -> PartnershipStep {
    match step {
        "confirm" => PartnershipStep::Confirm,
        "decline" => PartnershipStep::Decline,
        _ => PartnershipStep::End,
    }
}

fn ask_of_partnership(step: &str, other: &str) -> Question {
    match step {
        "confirm" => Question {
            title: format!("Confirm the partnership with {other}?"),
            happens: vec![
                "Both of you confirm that you trade with each other.".to_owned(),
                "Either side can declare shipments; the other confirms or disputes each.".to_owned(),
                "The ledger entry is permanent; nothing in the ledger can be edited.".to_owned(),
            ],
            told: format!("{other}: that you confirmed"),
            button: "Confirm partnership",
            is_refusal: false,
            reason_label: "",
        },
        "decline" => Question {
            title: format!("Decline the partnership with {other}?"),
            happens: vec!["The proposal is closed. Either of you can propose again.".to_owned()],
            told: format!("{other}: that you declined, with your reason"),
            button: "Decline partnership",
            is_refusal: true,
            reason_label: "Reason (optional)",
        },
        _ => Question {
            title: format!("End the partnership with {other}?"),
            happens: vec![
                "No new shipments can be declared under it; mistakes in old ones can still be corrected.".to_owned(),
                "Both of you keep its records and its ledger.".to_owned(),
            ],
            told: format!("{other}: that you ended it, with your reason"),
            button: "End partnership",
            is_refusal: true,
            reason_label: "Reason (optional)",
        },
    }
}

async fn carry_out(
    app: Data<App>,
    actor: Actor,
    id: PartnershipId,
    step: PartnershipStep,
    form: FormData,
) -> Result<HttpResponse> {
    run(&app, move |app| actions::step(app, &actor, id, step, form.text("reason"), None)).await?;
    Ok(see_other(&format!("/partnerships/{id}")))
}

#[post("/partnerships/{id}/confirm")]
pub(super) async fn confirm(
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<PartnershipId>,
    form: FormData,
) -> Result<HttpResponse> {
    carry_out(app, actor, id, PartnershipStep::Confirm, form).await
}

#[post("/partnerships/{id}/decline")]
pub(super) async fn decline(
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<PartnershipId>,
    form: FormData,
) -> Result<HttpResponse> {
    carry_out(app, actor, id, PartnershipStep::Decline, form).await
}

#[post("/partnerships/{id}/end")]
pub(super) async fn end(
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<PartnershipId>,
    form: FormData,
) -> Result<HttpResponse> {
    carry_out(app, actor, id, PartnershipStep::End, form).await
}

#[get("/records/{id}/{step:confirm|dispute}")]
pub(super) async fn ask_record(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    path: Path<(String, String)>,
) -> Result<HttpResponse> {
    let (id, step) = path.into_inner();
    let id: RecordId = id.parse().map_err(|_| Problem::not_found("trade record"))?;
    let wanted = step.clone();
    let asked = run(&app, move |app| {
        let viewer = actor.authorize(Permission::PartnershipsWrite)?.company();
        let record = records::find(app, &actor, id)?.record;
        let wanted_step = if wanted == "dispute" { RecordStep::Dispute } else { RecordStep::Confirm };
        records::step_of(&record, wanted_step, viewer)?;
        let parties = Parties::load(app, record.supplier, record.buyer)?;
        Ok(ask_of_record(&wanted, parties.other_name(viewer), record.fields.supersedes.is_some()))
    })
    .await?;
    asked_page(&http, asked, format!("/records/{id}/{step}"), format!("/records/{id}"))
}

fn ask_of_record(step: &str, other: &str, corrects: bool) -> Question {
    if step == "dispute" {
        return Question {
            title: format!("Dispute the shipment that {other} declared?"),
            happens: vec![
                "It counts neither in your totals nor in the statistics.".to_owned(),
                format!("{other} can correct it; you can still confirm it later."),
            ],
            told: format!("{other}: that you dispute it, with your reason"),
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
        told: format!("{other}: that you confirmed"),
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
