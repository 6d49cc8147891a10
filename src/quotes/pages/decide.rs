//! The pages before and after a decision on a quote: shortlist, accept, decline, withdraw.

use actix_web::web::{Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, get, post};

use super::{LANGUAGE, find_to_act, views};
use crate::app::App;
use crate::error::{Problem, Result};
use crate::formats::numbers;
use crate::ids::QuoteId;
use crate::locale::{Message, text};
use crate::quotes::actions::{self, Acceptance, Decline};
use crate::quotes::queries::{self, VisibleQuote};
use crate::quotes::rules::{Award, awarded_by};
use crate::quotes::{Party, notifications};
use crate::web::actor::AuthenticatedActor;
use crate::web::answer::{html, see_other};
use crate::web::envelope::page_of;
use crate::web::input::{FormData, Id, Query};
use crate::web::layout::{ConfirmPage, Page, Section};
use crate::web::run;

/// A sentence about the supplier.
fn about(key: &'static str, supplier: &str) -> String {
    Message::new(key).with("supplier", supplier).text(LANGUAGE)
}

/// The sentence that names the buyer to its supplier, or does not.
fn the_buyer(visible: &VisibleQuote) -> String {
    visible.buyer_name.clone().unwrap_or_else(|| text(LANGUAGE, "quotes-the-buyer").to_owned())
}

/// Refuses a page that asks for something that can no longer be done.
fn still(allowed: bool) -> Result<()> {
    if allowed { Ok(()) } else { Err(Problem::conflict(text(LANGUAGE, "quotes-cannot-be-done"))) }
}

#[get("/quotes/{id}/shortlist")]
async fn confirm_shortlist(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<QuoteId>,
) -> Result<HttpResponse> {
    let visible = find_to_act(&app, &actor, id, Party::Buyer).await?;
    still(views::allowed_actions(&visible, app.clock.today()).shortlist)?;
    let supplier = &visible.supplier.fields.name;
    let page = page_of(&http, &about("quotes-shortlist-title", supplier)).under(Section::Buying);
    let confirm = ConfirmPage::new(
        page,
        format!("/quotes/{id}/shortlist"),
        text(LANGUAGE, "quotes-shortlist-button"),
        format!("/quotes/{id}"),
    )
    .happens(text(LANGUAGE, "quotes-shortlist-happens"))
    .notifies(about("quotes-shortlist-notifies", supplier));
    html(&confirm)
}

#[post("/quotes/{id}/shortlist")]
async fn shortlist(
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<QuoteId>,
    _form: FormData,
) -> Result<HttpResponse> {
    run(&app, move |app| actions::shortlist(app, &actor, id, None)).await?;
    Ok(see_other(&format!("/quotes/{id}")))
}

#[derive(Default, serde::Deserialize)]
#[serde(default)]
struct Choice {
    off_target: String,
}

/// The numbers of the items that were ticked; what is no number is refused as an item that is not there.
fn ticked(form: &FormData) -> Vec<u32> {
    form.all("item").into_iter().map(|typed| typed.parse().unwrap_or(0)).collect()
}

/// What a page before an acceptance needs to know of the other quotes.
struct Others {
    /// How many wait for a decision.
    live: usize,
    /// The items that are awarded to them.
    awarded: Vec<u32>,
}

impl Others {
    fn of(received: &[VisibleQuote], id: QuoteId) -> Self {
        let others = || received.iter().map(|other| &other.quote).filter(|quote| quote.id != id);
        Self {
            live: others().filter(|quote| quote.state.is_live()).count(),
            awarded: others().flat_map(|quote| quote.awarded_items.clone()).collect(),
        }
    }
}

#[get("/quotes/{id}/accept")]
async fn confirm_accept(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<QuoteId>,
    Query(choice): Query<Vec<(String, String)>>,
) -> Result<HttpResponse> {
    let choice = FormData(choice);
    let visible = find_to_act(&app, &actor, id, Party::Buyer).await?;
    still(views::allowed_actions(&visible, app.clock.today()).accept)?;
    let rfq = visible.quote.rfq;
    let received = run(&app, move |app| queries::list_received(app, &actor, rfq)).await?;
    let others = Others::of(&received, id);
    let page = page_of(&http, &about("quotes-accept-title", &visible.supplier.fields.name)).under(Section::Buying);
    if !visible.rfq.fields.items.is_empty() {
        return html(&accept_items_page(page, &visible, &ticked(&choice), &others)?);
    }
    let is_split = choice.text("split") == Some("yes") || visible.rfq.split_award;
    let award = if is_split { Award::Split } else { Award::Whole };
    html(&accept_page(page, &visible, award, others.live))
}

/// What accepting these items does, or all of the quote's that are free where none are chosen.
fn accept_items_page(page: Page, visible: &VisibleQuote, chosen: &[u32], others: &Others) -> Result<ConfirmPage> {
    let (quote, rfq, supplier) = (&visible.quote, &visible.rfq, &visible.supplier.fields.name);
    let is_free = |item: &u32| !others.awarded.contains(item) && !quote.awarded_items.contains(item);
    let free: Vec<u32> = quote.fields.item_numbers().into_iter().filter(is_free).collect();
    still(!free.is_empty())?;
    let asked = if chosen.is_empty() { &free } else { chosen };
    let items = awarded_by(asked, &quote.fields.item_numbers(), &others.awarded)?;
    let back = format!("/quotes/{}", quote.id);
    let accepted = Message::new("quotes-accept-items-happens")
        .with("version", quote.revision)
        .with("count", items.len())
        .with("items", numbers(&items))
        .text(LANGUAGE);
    let mut confirm = ConfirmPage::new(page, format!("{back}/accept"), text(LANGUAGE, "quotes-accept-button"), back)
        .happens(accepted)
        .facts(views::quote_facts(&quote.fields.only(&items), rfq))
        .notifies(about("quotes-accept-notifies", supplier))
        .field("revision", quote.revision.to_string());
    for item in &items {
        confirm = confirm.field("item", item.to_string());
    }
    let is_awarded = |number: u32| {
        items.contains(&number) || quote.awarded_items.contains(&number) || others.awarded.contains(&number)
    };
    let left = rfq.fields.items.iter().filter(|item| !is_awarded(item.number())).count();
    confirm = match left {
        0 => whole_award(confirm, others.live),
        _ => confirm.happens(Message::new("quotes-accept-items-left").with("count", left).text(LANGUAGE)),
    };
    Ok(confirm.happens(text(LANGUAGE, "quotes-accept-offline")))
}

fn accept_page(page: Page, visible: &VisibleQuote, award: Award, others: usize) -> ConfirmPage {
    let (quote, supplier) = (&visible.quote, &visible.supplier.fields.name);
    let back = format!("/quotes/{}", quote.id);
    let accepted = Message::new("quotes-accept-happens")
        .with("version", quote.revision)
        .with("price", notifications::price_of(&quote.fields, &visible.rfq))
        .text(LANGUAGE);
    let mut confirm = ConfirmPage::new(page, format!("{back}/accept"), text(LANGUAGE, "quotes-accept-button"), back)
        .happens(accepted)
        .facts(views::quote_facts(&quote.fields, &visible.rfq))
        .notifies(about("quotes-accept-notifies", supplier))
        .field("revision", quote.revision.to_string())
        .field("split", if award == Award::Split { "yes" } else { "no" });
    confirm = match award {
        Award::Split => confirm.happens(text(LANGUAGE, "quotes-accept-split")),
        Award::Whole => whole_award(confirm, others),
    };
    confirm.happens(text(LANGUAGE, "quotes-accept-offline"))
}

fn whole_award(confirm: ConfirmPage, others: usize) -> ConfirmPage {
    let confirm = confirm.happens(text(LANGUAGE, "quotes-accept-whole"));
    if others == 0 {
        return confirm;
    }
    confirm
        .happens(Message::new("quotes-accept-declines").with("count", others).text(LANGUAGE))
        .notifies(Message::new("quotes-accept-others").with("count", others).text(LANGUAGE))
}

#[post("/quotes/{id}/accept")]
async fn accept(
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<QuoteId>,
    form: FormData,
) -> Result<HttpResponse> {
    run(&app, move |app| {
        let seen = form.text("revision").and_then(|revision| revision.parse().ok());
        let award = form.text("split").map(|split| if split == "yes" { Award::Split } else { Award::Whole });
        actions::accept(app, &actor, id, None, &Acceptance { seen, award, items: ticked(&form) })
    })
    .await?;
    Ok(see_other(&format!("/quotes/{id}")))
}

#[get("/quotes/{id}/decline")]
async fn confirm_decline(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<QuoteId>,
    Query(choice): Query<Choice>,
) -> Result<HttpResponse> {
    let visible = find_to_act(&app, &actor, id, Party::Buyer).await?;
    still(views::allowed_actions(&visible, app.clock.today()).decide)?;
    let supplier = &visible.supplier.fields.name;
    let page = page_of(&http, &about("quotes-decline-title", supplier)).under(Section::Buying);
    let mut confirm = ConfirmPage::new(
        page,
        format!("/quotes/{id}/decline"),
        text(LANGUAGE, "quotes-decline-button"),
        format!("/quotes/{id}"),
    )
    .happens(text(LANGUAGE, "quotes-decline-happens"))
    .notifies(about("quotes-decline-notifies", supplier))
    .asks_reason(text(LANGUAGE, "quotes-decline-reason"))
    .destructive();
    if choice.off_target == "yes" {
        confirm = confirm.happens(text(LANGUAGE, "quotes-decline-marks")).field("off_target", "yes");
    }
    html(&confirm)
}

#[post("/quotes/{id}/decline")]
async fn decline(
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<QuoteId>,
    form: FormData,
) -> Result<HttpResponse> {
    run(&app, move |app| {
        let reason = form.text("reason").map(str::to_owned);
        actions::decline(app, &actor, id, None, &Decline { reason, off_target: form.is_ticked("off_target") })
    })
    .await?;
    Ok(see_other(&format!("/quotes/{id}")))
}

#[get("/quotes/{id}/withdraw")]
async fn confirm_withdraw(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<QuoteId>,
) -> Result<HttpResponse> {
    let visible = find_to_act(&app, &actor, id, Party::Supplier).await?;
    still(views::allowed_actions(&visible, app.clock.today()).withdraw)?;
    let page = page_of(&http, text(LANGUAGE, "quotes-withdraw-title")).under(Section::Selling);
    let confirm = ConfirmPage::new(
        page,
        format!("/quotes/{id}/withdraw"),
        text(LANGUAGE, "quotes-withdraw-button"),
        format!("/quotes/{id}"),
    )
    .happens(text(LANGUAGE, "quotes-withdraw-happens"))
    .happens(text(LANGUAGE, "quotes-withdraw-again"))
    .notifies(Message::new("quotes-withdraw-notifies").with("buyer", the_buyer(&visible)).text(LANGUAGE))
    .destructive();
    html(&confirm)
}

#[post("/quotes/{id}/withdraw")]
async fn withdraw(
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<QuoteId>,
    _form: FormData,
) -> Result<HttpResponse> {
    run(&app, move |app| actions::withdraw(app, &actor, id, None)).await?;
    Ok(see_other(&format!("/quotes/{id}")))
}

/// The routes.
pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(confirm_shortlist)
        .service(shortlist)
        .service(confirm_accept)
        .service(accept)
        .service(confirm_decline)
        .service(decline)
        .service(confirm_withdraw)
        .service(withdraw);
}
