//! The supplier's own listings: the table, the form and the steps of a listing's life.

use actix_web::web::{Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, get, post};
use askama::Template;
use serde::Deserialize;

use super::form as fields;
use super::public::price_line;
use crate::actor::{Actor, Permission};
use crate::app::App;
use crate::classification::pages::{HsHelp, asks_for_help};
use crate::clock::Time;
use crate::error::{Problem, Result};
use crate::ids::ListingId;
use crate::listings::loading::Publish;
use crate::listings::rules::{ListingStep, OwnFilter};
use crate::listings::{Listing, ListingState, actions};
use crate::locale::{Language, Message, text};
use crate::web::actor::AuthenticatedActor;
use crate::web::answer::{ListParams, html, pager, refused_html, see_other};
use crate::web::envelope::page_of;
use crate::web::input::{FormData, Id, Ids, Query, parse};
use crate::web::layout::{ConfirmPage, Form, NoticeKind, Page, Pager, Section, When, plain_quantity};
use crate::web::run;

const HOME: &str = "/desk/selling/listings";

/// A row of the table of one's own listings.
pub(super) struct Row {
    id: String,
    name: String,
    sku: String,
    state: ListingState,
    price: String,
    moq: String,
    changed: When,
    ends: Option<When>,
    version: i64,
}

impl Row {
    pub(super) fn new(listing: &Listing, now: Time) -> Self {
        let fields = &listing.fields;
        let lives = matches!(listing.state, ListingState::Published | ListingState::Paused);
        let ends = listing.expires_at.filter(|_| lives);
        Self {
            id: listing.id.to_string(),
            name: fields.name.clone(),
            sku: fields.sku.clone(),
            state: listing.state,
            price: price_line(fields).map(|line| line.money()).unwrap_or_default(),
            moq: fields.moq.as_ref().map(plain_quantity).unwrap_or_default(),
            changed: When::new(listing.updated_at, now),
            ends: ends.map(|end| When::new(end, now)),
            version: listing.version,
        }
    }

    /// The steps that its state allows: the last part of the path, and the label of the button.
    fn steps(&self) -> Vec<(&'static str, &'static str)> {
        let publishing = ("publish", text(Language::English, "listings-publish"));
        let renewing = ("renew", text(Language::English, "listings-renew"));
        match self.state {
            ListingState::Draft | ListingState::Paused => vec![publishing],
            ListingState::Published => vec![("pause", text(Language::English, "listings-pause")), renewing],
            ListingState::Expired => vec![renewing],
            ListingState::Removed => Vec::new(),
        }
    }

    fn is_alive(&self) -> bool {
        self.state != ListingState::Removed
    }
}

/// One tab above the table.
pub(super) struct Tab {
    href: String,
    label: String,
    current: bool,
}

#[derive(Template)]
#[template(path = "listings/templates/manage.html")]
pub(super) struct ListingsPage {
    pub(super) page: Page,
    pub(super) tabs: Vec<Tab>,
    pub(super) rows: Vec<Row>,
    pub(super) pager: Pager,
    pub(super) may_write: bool,
    /// Whether there is not a single listing yet.
    pub(super) is_new: bool,
}

#[derive(Template)]
#[template(path = "listings/templates/edit.html")]
pub(super) struct EditPage {
    pub(super) page: Page,
    pub(super) form: Form,
    pub(super) action: String,
    /// The version that the form shows; empty for a new listing.
    pub(super) version: String,
    /// The id of the listing; empty for a new one.
    pub(super) id: String,
    /// Whether the second button, which publishes too, makes sense.
    pub(super) can_publish: bool,
    pub(super) hs: HsHelp,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct ListingsParams {
    state: Option<String>,
    cursor: Option<String>,
    #[serde(default)]
    done: String,
}

fn tabs(app: &App, actor: &Actor, chosen: Option<ListingState>) -> Result<Vec<Tab>> {
    let counts = actions::count_own(app, actor)?;
    let count = |state: ListingState| counts.get(&state).copied().unwrap_or(0);
    let all: i64 = ListingState::ALL.iter().filter(|state| **state != ListingState::Removed).map(|s| count(*s)).sum();
    let first = Tab {
        href: HOME.to_owned(),
        label: Message::new("listings-tab").with("count", all).text(Language::English),
        current: chosen.is_none(),
    };
    let tab = |state: &ListingState| {
        let word = state.label(Language::English);
        let capital = word[..1].to_uppercase() + &word[1..];
        let label = format!("{capital} ({})", count(*state));
        Tab { href: format!("{HOME}?state={state}"), label, current: chosen == Some(*state) }
    };
    Ok(std::iter::once(first).chain(ListingState::ALL.iter().map(tab)).collect())
}

fn listings_page(app: &App, actor: &Actor, page: Page, params: ListingsParams) -> Result<ListingsPage> {
    let state: Option<ListingState> =
        params.state.as_deref().filter(|state| !state.is_empty()).map(|state| parse("state", state)).transpose()?;
    let list = format!("own listings {}", state.map_or("", ListingState::as_str));
    // A table for working through a catalogue: twice the rows of a public list.
    let asked = ListParams { limit: Some(50), cursor: params.cursor };
    let filter = OwnFilter { state, ..OwnFilter::default() };
    let slice = actions::list_own(app, actor, &filter, asked.paging::<i64>(app, &list, actor)?)?;
    let path = state.map_or_else(|| HOME.to_owned(), |state| format!("{HOME}?state={state}"));
    let now = app.clock.now();
    let tabs = tabs(app, actor, state)?;
    Ok(ListingsPage {
        page,
        pager: pager(app, &list, actor, &path, slice.prev.as_ref(), slice.next.as_ref())?,
        is_new: slice.items.is_empty() && state.is_none() && slice.prev.is_none(),
        rows: slice.items.iter().map(|listing| Row::new(listing, now)).collect(),
        tabs,
        may_write: actor.authorize_draft(Permission::CatalogWrite).is_ok(),
    })
}

#[get("/desk/selling/listings")]
async fn list_own(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Query(params): Query<ListingsParams>,
) -> Result<HttpResponse> {
    let mut page = page_of(&http, text(Language::English, "listings-own")).under(Section::Selling);
    if let Some(sentence) = done_sentence(&params.done) {
        page = page.with_notice(NoticeKind::Done, sentence);
    }
    html(&run(&app, move |app| listings_page(app, &actor, page, params)).await?)
}

fn done_sentence(done: &str) -> Option<&'static str> {
    Some(match done {
        "publish" => text(Language::English, "listings-done-publish"),
        "pause" => text(Language::English, "listings-done-pause"),
        "renew" => text(Language::English, "listings-done-renew"),
        "remove" => text(Language::English, "listings-done-remove"),
        "save" => text(Language::English, "listings-done-save"),
        _ => return None,
    })
}

fn edit_page(page: Page, form: Form, hs: HsHelp, listing: Option<&Listing>) -> EditPage {
    let action = listing.map_or_else(|| format!("{HOME}/new"), |listing| format!("{HOME}/{}/edit", listing.id));
    EditPage {
        page: page.under(Section::Selling),
        form,
        action,
        version: listing.map(|listing| listing.version.to_string()).unwrap_or_default(),
        id: listing.map(|listing| listing.id.to_string()).unwrap_or_default(),
        can_publish: listing.is_none_or(|listing| !listing.state.is_public()),
        hs,
    }
}

#[get("/desk/selling/listings/new")]
async fn new_form(http: HttpRequest, AuthenticatedActor(actor): AuthenticatedActor) -> Result<HttpResponse> {
    actor.authorize_draft(Permission::CatalogWrite)?;
    html(&edit_page(page_of(&http, text(Language::English, "listings-new")), fields::blank(), HsHelp::default(), None))
}

fn help_with(app: &App, listing: &Listing) -> HsHelp {
    let code = listing.fields.hs_code.as_ref().map_or("", |code| code.as_str());
    HsHelp::of(app, &listing.fields.name, code)
}

/// What a form was sent for: only to save, or to publish too.
fn wants_publishing(form: &FormData) -> bool {
    form.text("then") == Some("publish")
}

/// A listing that was stored, and why the publishing that was asked for too did not come about.
struct Saved {
    id: ListingId,
    refusal: Option<Problem>,
}

fn publish_too(app: &App, actor: &Actor, id: ListingId, wanted: bool) -> Saved {
    // Two steps on purpose: what was typed is stored even where the company may not publish.
    let refusal = if wanted { actions::publish(app, actor, id, None).err() } else { None };
    Saved { id, refusal }
}

/// After saving: the table, or, where publishing was refused, the saved listing's form with the reason.
async fn after_saving(
    http: &HttpRequest,
    app: &Data<App>,
    actor: Actor,
    saved: Saved,
    wanted: bool,
) -> Result<HttpResponse> {
    let Some(refusal) = saved.refusal else {
        return Ok(see_other(&format!("{HOME}?done={}", if wanted { "publish" } else { "save" })));
    };
    let (listing, hs) = run(app, move |app| {
        let listing = actions::find(app, &actor, saved.id)?.listing;
        let hs = help_with(app, &listing);
        Ok((listing, hs))
    })
    .await?;
    let page = page_of(http, &listing.fields.name)
        .with_notice(NoticeKind::Info, text(Language::English, "listings-saved-only"));
    let view = edit_page(page, fields::filled(&listing.fields).refused(&refusal), hs, Some(&listing));
    refused_html(&view, &view.form)
}

#[post("/desk/selling/listings/new")]
async fn create(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    form: FormData,
) -> Result<HttpResponse> {
    actor.authorize_draft(Permission::CatalogWrite)?;
    let (wanted, viewer) = (wants_publishing(&form), actor.clone());
    let (outcome, hs, typed) = run(&app, move |app| {
        let create = || -> Result<Option<Saved>> {
            let id = actions::create(app, &viewer, fields::read(&form)?, Publish::No, None)?.id();
            Ok(Some(publish_too(app, &viewer, id, wanted)))
        };
        let outcome = if asks_for_help(&form) { Ok(None) } else { create() };
        let (hs, typed) = HsHelp::answering(app, &form, "name");
        Ok((outcome, hs, typed))
    })
    .await?;
    let form = Form::new(fields::FIELDS).typed(typed);
    match outcome {
        Ok(Some(saved)) => after_saving(&http, &app, actor, saved, wanted).await,
        Ok(None) => html(&edit_page(page_of(&http, text(Language::English, "listings-new")), form, hs, None)),
        Err(problem) => {
            let view =
                edit_page(page_of(&http, text(Language::English, "listings-new")), form.refused(&problem), hs, None);
            refused_html(&view, &view.form)
        }
    }
}

/// One's own listing that can still be changed.
fn own(app: &App, actor: &Actor, id: ListingId) -> Result<Listing> {
    let scope = actor.authorize_draft(Permission::CatalogWrite)?;
    let listing = actions::find(app, actor, id)?.listing;
    if listing.company != scope.company() {
        return Err(Problem::not_found("listing"));
    }
    listing.state.change()?;
    Ok(listing)
}

#[get("/desk/selling/listings/{id}/edit")]
async fn edit_form(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<ListingId>,
) -> Result<HttpResponse> {
    let (listing, hs) = run(&app, move |app| {
        let listing = own(app, &actor, id)?;
        let hs = help_with(app, &listing);
        Ok((listing, hs))
    })
    .await?;
    html(&edit_page(page_of(&http, &listing.fields.name), fields::filled(&listing.fields), hs, Some(&listing)))
}

#[post("/desk/selling/listings/{id}/edit")]
async fn edit(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<ListingId>,
    form: FormData,
) -> Result<HttpResponse> {
    let (wanted, viewer) = (wants_publishing(&form), actor.clone());
    let seen = form.text("version").and_then(|version| version.parse().ok());
    let (listing, outcome, hs, typed) = run(&app, move |app| {
        let listing = own(app, &viewer, id)?;
        let replace = || -> Result<Option<Saved>> {
            let changed = actions::replace(app, &viewer, id, seen, fields::read(&form)?)?;
            Ok(Some(publish_too(app, &viewer, id, wanted && !changed.state.is_public())))
        };
        let outcome = if asks_for_help(&form) { Ok(None) } else { replace() };
        let (hs, typed) = HsHelp::answering(app, &form, "name");
        Ok((listing, outcome, hs, typed))
    })
    .await?;
    let page = page_of(&http, &listing.fields.name);
    let form = Form::new(fields::FIELDS).typed(typed);
    match outcome {
        Ok(Some(saved)) => after_saving(&http, &app, actor, saved, wanted).await,
        Ok(None) => html(&edit_page(page, form, hs, Some(&listing))),
        Err(problem) => {
            let view = edit_page(page, form.refused(&problem), hs, Some(&listing));
            refused_html(&view, &view.form)
        }
    }
}

fn version_of(form: &FormData) -> Option<i64> {
    form.text("version").and_then(|version| version.parse().ok())
}

#[get("/desk/selling/listings/{id}/remove")]
async fn ask_remove(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<ListingId>,
) -> Result<HttpResponse> {
    let listing = run(&app, move |app| own(app, &actor, id)).await?;
    let page = page_of(
        &http,
        &Message::new("listings-remove-question").with("name", listing.fields.name).text(Language::English),
    )
    .under(Section::Selling);
    let question =
        ConfirmPage::new(page, format!("{HOME}/{id}/remove"), text(Language::English, "listings-remove-listing"), HOME)
            .happens(text(Language::English, "listings-remove-what"))
            .happens(Message::new("listings-remove-kept").with("sku", listing.fields.sku).text(Language::English))
            .field("version", listing.version.to_string())
            .destructive();
    html(&question)
}

#[post("/desk/selling/listings/{id}/{step:publish|pause|renew|remove}")]
async fn take_step(
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Ids(id, step): Ids<ListingId, ListingStep>,
    form: FormData,
) -> Result<HttpResponse> {
    let seen = version_of(&form);
    run(&app, move |app| match step {
        ListingStep::Publish => actions::publish(app, &actor, id, seen).map(drop),
        ListingStep::Pause => actions::pause(app, &actor, id, seen).map(drop),
        ListingStep::Renew => actions::renew(app, &actor, id, seen).map(drop),
        ListingStep::Remove => actions::remove(app, &actor, id, seen).map(drop),
    })
    .await?;
    Ok(see_other(&format!("{HOME}?done={step}")))
}

pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(list_own)
        .service(new_form)
        .service(create)
        .service(edit_form)
        .service(edit)
        .service(ask_remove)
        .service(take_step);
}
