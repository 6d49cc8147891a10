//! The pages before and after a decision on a quote: shortlist, accept, decline, withdraw.

use actix_web::web::{Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, get, post};

use super::{find_to_act, views};
use crate::app::App;
use crate::error::{Problem, Result};
use crate::ids::QuoteId;
use crate::quotes::actions::{self, Decline};
use crate::quotes::queries::{self, VisibleQuote};
use crate::quotes::rules::Award;
use crate::quotes::{Party, notifications};
use crate::web::actor::AuthenticatedActor;
use crate::web::answer::{html, see_other};
use crate::web::envelope::page_of;
use crate::web::input::{FormData, Id, Query};
use crate::web::layout::{ConfirmPage, Page, Section};
use crate::web::run;

/// The sentence that names the buyer to its supplier, or does not.
fn the_buyer(visible: &VisibleQuote) -> String {
    visible.buyer_name.clone().unwrap_or_else(|| "The buyer".to_owned())
}

/// Refuses a page that asks for something that can no longer be done.
fn still(allowed: bool) -> Result<()> {
    let sentence =
        "The quote does not stand where this can be done: it is decided, or its RFQ's quotes are still sealed.";
    if allowed { Ok(()) } else { Err(Problem::conflict(sentence)) }
}

#[get("/quotes/{id}/shortlist")]
async fn confirm_shortlist(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<QuoteId>,
) -> Result<HttpResponse> {
    let visible = find_to_act(&app, &actor, id, Party::Buyer).await?;
    still(views::allowed_actions(&visible).shortlist)?;
    let supplier = &visible.supplier.fields.name;
    let page = page_of(&http, &format!("Shortlist the quote of {supplier}?")).under(Section::Buying);
    let confirm = ConfirmPage::new(page, format!("/quotes/{id}/shortlist"), "Shortlist quote", format!("/quotes/{id}"))
        .happens("The quote is marked as one that you consider. Nothing is agreed yet.")
        .notifies(format!("{supplier}: that you shortlisted its quote"));
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
    split: String,
    off_target: String,
}

#[get("/quotes/{id}/accept")]
async fn confirm_accept(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<QuoteId>,
    Query(choice): Query<Choice>,
) -> Result<HttpResponse> {
    let visible = find_to_act(&app, &actor, id, Party::Buyer).await?;
    still(views::allowed_actions(&visible).decide)?;
    let rfq = visible.quote.rfq;
    let received = run(&app, move |app| queries::list_received(app, &actor, rfq)).await?;
    let others = received.iter().filter(|other| other.quote.id != id && other.quote.state.is_live()).count();
    let page = page_of(&http, &format!("Accept the quote of {}?", visible.supplier.fields.name)).under(Section::Buying);
    let award = if choice.split == "yes" || visible.rfq.split_award { Award::Split } else { Award::Whole };
    html(&accept_page(page, &visible, award, others))
}

fn accept_page(page: Page, visible: &VisibleQuote, award: Award, others: usize) -> ConfirmPage {
    let (quote, supplier) = (&visible.quote, &visible.supplier.fields.name);
    let back = format!("/quotes/{}", quote.id);
    let mut confirm = ConfirmPage::new(page, format!("{back}/accept"), "Accept quote", back)
        .happens(format!(
            "You accept version {}: {}.",
            quote.revision,
            notifications::price_of(&quote.fields, &visible.rfq)
        ))
        .notifies(format!("{supplier}: that you accept, and your company's name"))
        .field("revision", quote.revision.to_string())
        .field("split", if award == Award::Split { "yes" } else { "no" });
    confirm = match award {
        Award::Split => confirm
            .happens("The award is split: the RFQ and the other quotes stay as they are until you close the RFQ."),
        Award::Whole => whole_award(confirm, others),
    };
    confirm.happens("The deal itself is made offline between the two of you; next you can propose a trade partnership.")
}

fn whole_award(confirm: ConfirmPage, others: usize) -> ConfirmPage {
    let confirm = confirm.happens("The RFQ is awarded and takes no more quotes.");
    let words = match others {
        0 => return confirm,
        1 => "1 other supplier".to_owned(),
        _ => format!("{others} other suppliers"),
    };
    confirm
        .happens(format!("Declined: the quotes of {words}."))
        .notifies(format!("{words}: that you accepted another quote, without naming it"))
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
        actions::accept(app, &actor, id, None, seen, award)
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
    still(views::allowed_actions(&visible).decide)?;
    let supplier = &visible.supplier.fields.name;
    let page = page_of(&http, &format!("Decline the quote of {supplier}?")).under(Section::Buying);
    let mut confirm = ConfirmPage::new(page, format!("/quotes/{id}/decline"), "Decline quote", format!("/quotes/{id}"))
        .happens("The quote can no longer be accepted or revised.")
        .notifies(format!("{supplier}: that you decline, with your reason"))
        .asks_reason("Reason, for the supplier (optional)")
        .destructive();
    if choice.off_target == "yes" {
        confirm = confirm
            .happens(
                "It is marked off target: beside what you asked. The supplier may take fewer open seats for 90 days.",
            )
            .field("off_target", "yes");
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
    still(views::allowed_actions(&visible).withdraw)?;
    let page = page_of(&http, "Withdraw your quote?").under(Section::Selling);
    let confirm = ConfirmPage::new(page, format!("/quotes/{id}/withdraw"), "Withdraw quote", format!("/quotes/{id}"))
        .happens("The quote can no longer be accepted, and its seat is free for others.")
        .happens("While the RFQ is open you may quote again, if there is a seat.")
        .notifies(format!("{}: that you took the quote back", the_buyer(&visible)))
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
