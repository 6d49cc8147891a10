//! The form that proposes a partnership, to the other side of an accepted quote or to any company.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get, post};
use askama::Template;
use serde::Deserialize;

use super::choose::{choices, choose_page};
use crate::actor::{Actor, Permission};
use crate::app::App;
use crate::companies;
use crate::error::{Problem, Result};
use crate::ids::{CompanyId, QuoteId};
use crate::locale::{Language, text};
use crate::partnerships::{PartnershipFields, actions};
use crate::web::actor::AuthenticatedActor;
use crate::web::answer::{html, refused_html, see_other};
use crate::web::envelope::page_of;
use crate::web::input::{FormData, Query};
use crate::web::layout::{Form, Page, Section};
use crate::web::run;

const PROPOSAL_FIELDS: &[(&str, &str)] = &[
    ("role", "partnerships-role"),
    ("supplier", "partnerships-supplier"),
    ("buyer", "partnerships-buyer"),
    ("quote", "partnerships-quote"),
    ("note", "partnerships-note"),
];

#[derive(Template)]
#[template(path = "partnerships/templates/propose.html")]
struct ProposePage {
    page: Page,
    form: Form,
    other: String,
    with: String,
    quote: String,
}

#[derive(Deserialize)]
struct Origin {
    #[serde(default)]
    quote: String,
    #[serde(default)]
    with: String,
}

/// What the page knows of the proposal before anything is typed.
struct Draft {
    fields: PartnershipFields,
    other: CompanyId,
    other_name: String,
}

#[get("/partnerships/propose")]
pub(super) async fn propose_form(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Query(origin): Query<Origin>,
) -> Result<HttpResponse> {
    if origin.quote.is_empty() && origin.with.is_empty() {
        let choices = run(&app, move |app| choices(app, &actor)).await?;
        return html(&choose_page(&http, choices));
    }
    let draft = run(&app, move |app| draft_of(app, &actor, &origin.quote, &origin.with)).await?;
    html(&propose_page(&http, draft, Form::new(PROPOSAL_FIELDS)))
}

fn propose_page(http: &HttpRequest, draft: Draft, form: Form) -> ProposePage {
    let page = page_of(http, text(Language::English, "partnerships-propose-title")).under(Section::Partnerships);
    let role = if draft.other == draft.fields.buyer { "supplier" } else { "buyer" };
    let form = if form.value("role").is_empty() { form.with("role", role) } else { form };
    let quote = draft.fields.quote.map(|quote| quote.to_string()).unwrap_or_default();
    ProposePage { page, form, other: draft.other_name, with: draft.other.to_string(), quote }
}

fn draft_of(app: &App, actor: &Actor, quote: &str, with: &str) -> Result<Draft> {
    let own = actor.authorize(Permission::PartnershipsWrite)?.company();
    let fields = match quote.parse::<QuoteId>() {
        Ok(quote) => actions::proposal_of_quote(app, actor, quote)?,
        Err(_) => {
            let other: CompanyId = with.parse().map_err(|_| Problem::not_found("company"))?;
            PartnershipFields { supplier: other, buyer: own, quote: None, note: None }
        }
    };
    let other = if fields.supplier == own { fields.buyer } else { fields.supplier };
    let other_name = companies::actions::find(app, actor, other)?.fields.name;
    Ok(Draft { fields, other, other_name })
}

#[post("/partnerships/propose")]
pub(super) async fn propose(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    form: FormData,
) -> Result<HttpResponse> {
    let typed = form.typed();
    let (draft, outcome) = run(&app, move |app| {
        let own = actor.authorize(Permission::PartnershipsWrite)?.company();
        let text = |name| form.text(name).unwrap_or_default();
        let draft = draft_of(app, &actor, text("quote"), text("with"))?;
        let (supplier, buyer) = match (draft.fields.quote, text("role")) {
            (Some(_), _) => (draft.fields.supplier, draft.fields.buyer),
            (None, "supplier") => (own, draft.other),
            (None, _) => (draft.other, own),
        };
        let note = form.text("note").map(str::to_owned);
        let fields = PartnershipFields { supplier, buyer, note, quote: draft.fields.quote };
        let outcome = actions::propose(app, &actor, &fields, None);
        Ok((draft, outcome))
    })
    .await?;
    match outcome {
        Ok(once) => Ok(see_other(&format!("/partnerships/{}", once.id()))),
        Err(problem) => {
            let view = propose_page(&http, draft, Form::new(PROPOSAL_FIELDS).typed(typed).refused(&problem));
            refused_html(&view, &view.form)
        }
    }
}
