//! The page of a retail record, and taking one back.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get, post};
use askama::Template;

use super::list::{HOME, LANGUAGE, direction_line, goods_of};
use crate::actor::Permission;
use crate::app::App;
use crate::customs::pages::{evidence_label, outcome_label};
use crate::error::Result;
use crate::formats::Pill;
use crate::ids::RetailRecordId;
use crate::locale::text;
use crate::retail::plausibility::findings;
use crate::retail::rules::{may_correct, may_withdraw, statement};
use crate::retail::{RetailDetail, RetailRecord, actions, queries};
use crate::web::actor::AuthenticatedActor;
use crate::web::answer::{html, see_other};
use crate::web::envelope::page_of;
use crate::web::input::{FormData, Id};
use crate::web::layout::{ConfirmPage, Page, PriceLine, Section, When, grouped, hs_named, plain_quantity};
use crate::web::run;

#[derive(Template)]
#[template(path = "retail/templates/record.html")]
struct RecordView {
    page: Page,
    id: RetailRecordId,
    state: Pill,
    when: When,
    facts: Vec<(String, String)>,
    /// Which table it enters, or why none.
    statistics: String,
    /// What the check of its customs number came to.
    outcome: Option<Pill>,
    check: String,
    findings: Vec<String>,
    supersedes: Option<RetailRecordId>,
    corrected_by: Option<RetailRecordId>,
    may_correct: bool,
    may_withdraw: bool,
}

/// All that was recorded, as label and value; what is empty is not shown.
fn facts_of(record: &RetailRecord) -> Vec<(String, String)> {
    let fields = &record.fields;
    let given = |typed: &Option<String>| typed.clone().unwrap_or_default();
    let declarant = [
        fields.declarant_role.map(|role| role.label(LANGUAGE).to_owned()),
        fields.declarant_name.clone(),
        fields.declarant_number.clone(),
    ];
    let declarant: Vec<String> = declarant.into_iter().flatten().collect();
    let reference = fields.customs_reference.as_ref().zip(record.check.as_ref());
    let number = reference.map(|(typed, check)| format!("{} {}", typed.scheme.info().name, check.display));
    let kind =
        [fields.party_form.label(LANGUAGE), fields.deal_channel.label(LANGUAGE), fields.goods_route.label(LANGUAGE)];
    let facts = [
        ("partnerships-goods", fields.description.clone()),
        ("customs-direction", direction_line(record)),
        ("retail-period", fields.date.map_or_else(|| fields.month(), |date| date.to_string())),
        ("partnerships-hs-code", hs_named(&fields.hs_code, LANGUAGE)),
        ("partnerships-quantity", plain_quantity(&fields.quantity)),
        ("partnerships-net-weight", format!("{}\u{a0}kg", grouped(&fields.net_kg.display(0)))),
        ("partnerships-value", PriceLine::new(fields.value, None, None).money()),
        ("retail-parcels", grouped(&fields.parcels.to_string())),
        ("partnerships-origin", fields.origin_country.map(|country| country.name()).unwrap_or_default()),
        ("partnerships-kind-of-trade", kind.join(", ")),
        ("retail-platform", given(&fields.platform)),
        ("partnerships-declarant", declarant.join(", ")),
        (
            "partnerships-regime",
            fields.regime.as_ref().map(|regime| format!("{regime}, {}", regime.info().meaning)).unwrap_or_default(),
        ),
        ("retail-customs-number", number.unwrap_or_default()),
        ("retail-ioss", given(&fields.ioss)),
        ("retail-reference", given(&fields.reference)),
    ];
    facts.into_iter().map(|(label, value)| (text(LANGUAGE, label).to_owned(), value)).collect()
}

#[get("/retail-records/{id}")]
pub(super) async fn show(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<RetailRecordId>,
) -> Result<HttpResponse> {
    let page = page_of(&http, text(LANGUAGE, "retail-record")).under(Section::Partnerships);
    let view = run(&app, move |app| {
        let RetailDetail { record, corrected_by, counted, is_released } = queries::find(app, &actor, id)?;
        let may_write = actor.authorize(Permission::PartnershipsWrite).is_ok();
        let check = record.check.as_ref();
        let said = check.map(|check| {
            let parts = [outcome_label(check.outcome), evidence_label(check.evidence)];
            let reason = check.reason.as_deref();
            parts.into_iter().chain(reason).collect::<Vec<_>>().join("; ")
        });
        Ok(RecordView {
            page: Page { title: goods_of(&record), ..page },
            id,
            state: record.state.pill(),
            when: When::new(record.created_at, app.clock.now()),
            facts: facts_of(&record),
            statistics: statement(&record.fields, &counted, is_released),
            outcome: check.map(|check| check.outcome.pill()),
            check: said.unwrap_or_default(),
            findings: findings(&record.fields, LANGUAGE).into_iter().map(|found| found.sentence).collect(),
            supersedes: record.fields.supersedes,
            corrected_by,
            may_correct: may_write && may_correct(record.state).is_ok(),
            may_withdraw: may_write && may_withdraw(record.state, is_released).is_ok(),
        })
    })
    .await?;
    html(&view)
}

#[get("/retail-records/{id}/withdraw")]
pub(super) async fn ask_withdraw(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<RetailRecordId>,
) -> Result<HttpResponse> {
    let page = page_of(&http, text(LANGUAGE, "retail-ask-withdraw")).under(Section::Partnerships);
    let detail = run(&app, move |app| queries::find_written(app, &actor, id)).await?;
    may_withdraw(detail.record.state, detail.is_released)?;
    let back = format!("{HOME}/{id}");
    let view = ConfirmPage::new(page, format!("{back}/withdraw"), text(LANGUAGE, "retail-withdraw"), back)
        .happens(text(LANGUAGE, "retail-withdraw-then"))
        .facts(facts_of(&detail.record))
        .destructive();
    html(&view)
}

#[post("/retail-records/{id}/withdraw")]
pub(super) async fn withdraw(
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<RetailRecordId>,
    _form: FormData,
) -> Result<HttpResponse> {
    run(&app, move |app| actions::withdraw(app, &actor, id, None)).await?;
    Ok(see_other(&format!("{HOME}/{id}")))
}
