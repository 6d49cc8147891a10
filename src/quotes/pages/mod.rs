//! Pages of quotes: the quote for both sides here, the form in `write`, the decisions in `decide`, the lists in `lists`.

mod decide;
mod lists;
mod form;
mod items;
mod views;
#[cfg(test)]
mod tests;
mod write;

use actix_web::web::{Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, get};
use askama::Template;

use self::views::{AllowedActions, Fact, VersionLine};
use super::queries::{self, VisibleQuote};
use super::{Party, QuoteState, QuoteVersion, notifications};
use crate::actor::{Actor, Permission};
use crate::app::App;
use crate::documents::pages::links;
use crate::error::{Problem, Result};
use crate::ids::{CompanyId, QuoteId};
use crate::locale::{Language, Message, text};
use crate::web::actor::AuthenticatedActor;
use crate::web::answer::html;
use crate::web::envelope::page_of;
use crate::web::input::Id;
use crate::web::layout::{FileLink, Page, Section, When};
use crate::web::run;

/// The language of what is written before a page is there.
const LANGUAGE: Language = Language::English;

#[derive(Template)]
#[template(path = "quotes/templates/quote.html")]
struct QuotePage {
    page: Page,
    id: QuoteId,
    base: String,
    desk: String,
    is_buyer: bool,
    is_readable: bool,
    may_write: bool,
    allowed: AllowedActions,
    /// The items that its buyer may choose among; none where the RFQ has none.
    choices: Vec<items::Choice>,
    /// For which items it was accepted; empty for none.
    accepted: String,
    state: crate::formats::Pill,
    revision: u32,
    changed: When,
    price: String,
    rfq_href: String,
    rfq_title: String,
    supplier_id: String,
    supplier: String,
    country: String,
    verification: &'static str,
    buyer: String,
    /// The side whose contacts the quote opens: its id and the key of the link.
    contacts: Option<(CompanyId, &'static str)>,
    facts: Vec<Fact>,
    message: String,
    files: Vec<FileLink>,
    decline_reason: String,
    off_target: bool,
    earlier: Vec<VersionLine>,
}

/// A shortlisted or accepted quote opens the contacts of each side to the other, where it knows who that is.
fn contacts(visible: &VisibleQuote) -> Option<(CompanyId, &'static str)> {
    let is_open = matches!(visible.quote.state, QuoteState::Shortlisted | QuoteState::Accepted);
    let other = match visible.party {
        Party::Buyer => Some((visible.quote.supplier, "quotes-show-contacts-supplier")),
        _ => visible.buyer_name.as_ref().map(|_| (visible.rfq.company, "quotes-show-contacts-buyer")),
    };
    other.filter(|_| is_open)
}

fn may_write(actor: &Actor) -> bool {
    actor.authorize(Permission::QuotesWrite).is_ok()
}

async fn find(app: &Data<App>, actor: &Actor, id: QuoteId) -> Result<(VisibleQuote, Vec<QuoteVersion>)> {
    let actor = actor.clone();
    run(app, move |app| queries::find_with_versions(app, &actor, id)).await
}

/// The quote for a page before an action: the right to act is checked here, the rest by the action.
async fn find_to_act(app: &Data<App>, actor: &Actor, id: QuoteId, party: Party) -> Result<VisibleQuote> {
    actor.authorize(Permission::QuotesWrite)?;
    let (visible, _) = find(app, actor, id).await?;
    if visible.party == party {
        return Ok(visible);
    }
    let key = if party == Party::Buyer { "quotes-only-buyer" } else { "quotes-only-supplier" };
    Err(Problem::forbidden(text(Language::English, key)))
}

#[get("/quotes/{id}")]
async fn show_quote(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<QuoteId>,
) -> Result<HttpResponse> {
    let (visible, versions) = find(&app, &actor, id).await?;
    // Of a quote that may not be read yet there are no versions, and so no attachments.
    let attached = versions.iter().flat_map(|version| version.fields.attachments.clone()).collect::<Vec<_>>();
    let files = run(&app, move |app| links(app, &attached)).await?;
    html(&quote_page(&http, &app, &actor, &visible, &versions, &files))
}

fn quote_page(
    http: &HttpRequest,
    app: &App,
    actor: &Actor,
    visible: &VisibleQuote,
    versions: &[QuoteVersion],
    files: &[FileLink],
) -> QuotePage {
    let VisibleQuote { quote, rfq, supplier, buyer_name, party, is_readable, awarded } = visible;
    let is_buyer = *party == Party::Buyer;
    let (title, section) = if is_buyer {
        (Message::new("quotes-from").with("supplier", &supplier.fields.name).text(LANGUAGE), Section::Buying)
    } else {
        (text(LANGUAGE, "quotes-yours").to_owned(), Section::Selling)
    };
    let now = app.clock.now();
    let only_read = |text: Option<String>| text.filter(|_| *is_readable).unwrap_or_default();
    let desk = format!("/desk/buying/rfqs/{}", rfq.id);
    QuotePage {
        page: page_of(http, &title).under(section),
        id: quote.id,
        base: format!("/quotes/{}", quote.id),
        is_buyer,
        is_readable: *is_readable,
        contacts: contacts(visible),
        may_write: may_write(actor),
        allowed: views::allowed_actions(visible, now.date_naive()),
        choices: if *is_readable { items::choices(&quote.fields, rfq, awarded) } else { Vec::new() },
        accepted: notifications::accepted_items(quote).unwrap_or_default(),
        state: quote.state.pill(),
        revision: quote.revision,
        changed: When::new(quote.updated_at, now),
        price: notifications::price_of(&notifications::accepted_part(quote).fields, rfq),
        rfq_href: if is_buyer { desk.clone() } else { format!("/rfqs/{}", rfq.id) },
        rfq_title: notifications::title_of(rfq).to_owned(),
        desk: format!("{desk}/quotes"),
        supplier_id: supplier.id.to_string(),
        supplier: supplier.fields.name.clone(),
        country: supplier.fields.country.name(),
        verification: supplier.verification.as_str(),
        buyer: buyer_name.clone().unwrap_or_default(),
        facts: if *is_readable { views::quote_facts(&quote.fields, rfq) } else { Vec::new() },
        message: only_read(quote.fields.message.clone()),
        decline_reason: quote.decline_reason.clone().unwrap_or_default(),
        off_target: quote.off_target,
        files: views::files_of(files, &quote.fields),
        earlier: views::earlier(versions, rfq, files, now),
    }
}

/// The routes.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.configure(write::routes).configure(decide::routes).configure(lists::routes).service(show_quote);
}
