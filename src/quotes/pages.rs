//! Pages of quotes: the form, the quote for both sides with its decisions, the supplier's list, the buyer's table and comparison.

mod form;
mod show;

use actix_web::web::{Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, get, post};
use askama::Template;

use self::form::{FIELDS, Question, of_version, proposed, questions};
use self::show::{CompareLine, Fact, May, OwnRow, ReceivedRow, VersionLine};
use super::actions::{self, Refusal};
use super::outlook::{Outlook, outlook};
use super::reading::{self, Shown};
use super::rules::Award;
use super::seats::Seat;
use super::store::Wanted;
use super::{Party, QuoteState, QuoteVersion, notify};
use crate::actor::{Actor, Permission};
use crate::app::App;
use crate::error::{Code, Problem, Result};
use crate::ids::{QuoteId, RfqId};
use crate::money::Currency;
use crate::rfqs::Rfq;
use crate::rfqs::pages::DeskHead;
use crate::rfqs::rules::quotes_are_readable;
use crate::web::actor::Who;
use crate::web::answer::{ListParams, html, refused_html, see_other};
use crate::web::frame::page_of;
use crate::web::input::{FormData, Id, Query};
use crate::web::layout::{ConfirmPage, Form, Page, Pager, Section, When, plain_quantity};
use crate::web::run;

#[derive(Template)]
#[template(path = "quotes/templates/write.html")]
struct WritePage {
    page: Page,
    form: Form,
    rfq_id: RfqId,
    rfq_title: String,
    rfq_facts: Vec<Fact>,
    specification: String,
    seat_words: Vec<String>,
    from_listing: String,
    questions: Vec<Question>,
    action: String,
    version: String,
    button: &'static str,
    back: String,
    back_words: &'static str,
}

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
    may: May,
    state: &'static str,
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
    facts: Vec<Fact>,
    message: String,
    decline_reason: String,
    off_target: bool,
    earlier: Vec<VersionLine>,
}

#[derive(Template)]
#[template(path = "quotes/templates/own.html")]
struct OwnPage {
    page: Page,
    state: String,
    rows: Vec<OwnRow>,
    pager: Pager,
}

#[derive(Template)]
#[template(path = "quotes/templates/received.html")]
struct ReceivedPage {
    page: Page,
    head: DeskHead,
    rows: Vec<ReceivedRow>,
    wanted: String,
    is_sealed: bool,
    may_write: bool,
    matches_href: String,
}

#[derive(Template)]
#[template(path = "quotes/templates/compare.html")]
struct ComparePage {
    page: Page,
    head: DeskHead,
    columns: Vec<Column>,
    lines: Vec<CompareLine>,
    currency: String,
    wanted: String,
    has_rates: bool,
    is_sealed: bool,
    may_write: bool,
    matches_href: String,
}

/// The head of a column of the comparison.
struct Column {
    id: QuoteId,
    supplier: String,
    revision: u32,
    state: &'static str,
    may: May,
}

fn may_write(actor: &Actor) -> bool {
    actor.may(Permission::QuotesWrite).is_ok()
}

fn write_page(page: Page, app: &App, rfq: &Rfq, form: Form) -> WritePage {
    WritePage {
        page: page.under(Section::Selling),
        form,
        rfq_id: rfq.id,
        rfq_title: notify::title_of(rfq).to_owned(),
        rfq_facts: show::rfq_facts(rfq, app.clock.now()),
        specification: rfq.fields.specification.clone().unwrap_or_default(),
        seat_words: Vec::new(),
        from_listing: String::new(),
        questions: questions(rfq, None),
        action: format!("/rfqs/{}/quote", rfq.id),
        version: String::new(),
        button: "Send quote",
        back: format!("/rfqs/{}", rfq.id),
        back_words: "The RFQ",
    }
}

fn first_page(page: Page, app: &App, found: &Outlook, form: Form) -> WritePage {
    let listing = found.listing.as_ref().map(|listing| listing.fields.name.clone());
    let mut written = write_page(page, app, &found.rfq, form);
    written.seat_words = seat_words(found);
    written.from_listing = listing.unwrap_or_default();
    written
}

/// How the seats stand and by which rule, so that nobody is refused by a rule that was not shown.
fn seat_words(found: &Outlook) -> Vec<String> {
    let (rule, request) = (&found.rule, &found.request);
    let taken = request.taken_open + request.taken_reserved;
    let mut words = vec![format!(
        "{taken} of {} seats are taken; {} are kept for the best-matched suppliers for {} hours after publishing. No seat is for sale.",
        rule.max_quotes,
        rule.reserved(),
        rule.reserved_for.num_hours()
    )];
    if !request.is_best_matched {
        words.push(format!(
            "You took {} of the {} open seats that you may take in 7 days ({} less {} for each of {} quotes that buyers marked off target in 90 days).",
            request.open_this_week,
            rule.weekly(request.off_target_marks),
            rule.open_per_week,
            rule.cost_of_a_mark,
            request.off_target_marks
        ));
    }
    if let Seat::Refused(reason) = &found.seat {
        words.push(format!("There is no seat for you at the moment: {reason}"));
    }
    words
}

#[get("/rfqs/{id}/quote")]
async fn quote_form(http: HttpRequest, app: Data<App>, Who(actor): Who, Id(rfq): Id<RfqId>) -> Result<HttpResponse> {
    let found = run(&app, move |app| outlook(app, &actor, rfq)).await?;
    if let Some(standing) = found.standing {
        return Ok(see_other(&format!("/quotes/{standing}")));
    }
    found.rfq.state.open_only()?;
    let form = proposed(&found.rfq, found.listing.as_ref(), app.clock.today());
    html(&first_page(page_of(&http, "Quote on this RFQ"), &app, &found, form))
}

#[post("/rfqs/{id}/quote")]
async fn submit(
    http: HttpRequest,
    app: Data<App>,
    Who(actor): Who,
    Id(rfq): Id<RfqId>,
    form: FormData,
) -> Result<HttpResponse> {
    let typed = form.typed();
    let outcome = run(&app, move |app| {
        let found = outlook(app, &actor, rfq)?;
        let sent = form::read(&form).and_then(|fields| actions::submit(app, &actor, rfq, &fields, None));
        Ok((found, sent))
    });
    let (found, sent) = outcome.await?;
    match sent {
        Ok(once) => Ok(see_other(&format!("/quotes/{}", once.id()))),
        Err(problem) => {
            let form = refused_form(typed, problem)?;
            refused_html(&first_page(page_of(&http, "Quote on this RFQ"), &app, &found, form))
        }
    }
}

/// The form again, for what a person can mend there; other problems have their own page.
fn refused_form(typed: Vec<(String, String)>, problem: Problem) -> Result<Form> {
    match problem.code {
        Code::Invalid | Code::Conflict | Code::Duplicate | Code::Stale => {
            Ok(Form::new(FIELDS).typed(typed).refused(&problem))
        }
        _ => Err(problem),
    }
}

fn revise_page(page: Page, app: &App, shown: &Shown, form: Form) -> WritePage {
    let id = shown.quote.id;
    let mut written = write_page(page, app, &shown.rfq, form);
    written.questions = questions(&shown.rfq, Some(&shown.quote.fields));
    written.action = format!("/quotes/{id}/revise");
    written.version = shown.quote.version.to_string();
    written.button = "Send new version";
    written.back = format!("/quotes/{id}");
    written.back_words = "The quote";
    written
}

async fn find(app: &Data<App>, actor: &Actor, id: QuoteId) -> Result<(Shown, Vec<QuoteVersion>)> {
    let actor = actor.clone();
    run(app, move |app| reading::find_with_versions(app, &actor, id)).await
}

/// The quote for a page before an action: the right to act is checked here, the rest by the action.
async fn find_to_act(app: &Data<App>, actor: &Actor, id: QuoteId, party: Party) -> Result<Shown> {
    actor.may(Permission::QuotesWrite)?;
    let (shown, _) = find(app, actor, id).await?;
    if shown.party == party {
        return Ok(shown);
    }
    let who = if party == Party::Buyer { "the buyer" } else { "the supplier" };
    Err(Problem::forbidden(format!("Only {who} can do this with a quote.")))
}

#[get("/quotes/{id}/revise")]
async fn revise_form(http: HttpRequest, app: Data<App>, Who(actor): Who, Id(id): Id<QuoteId>) -> Result<HttpResponse> {
    let shown = find_to_act(&app, &actor, id, Party::Supplier).await?;
    let form = of_version(&shown.quote.fields, &shown.rfq);
    html(&revise_page(page_of(&http, "New version of your quote"), &app, &shown, form))
}

#[post("/quotes/{id}/revise")]
async fn revise(
    http: HttpRequest,
    app: Data<App>,
    Who(actor): Who,
    Id(id): Id<QuoteId>,
    form: FormData,
) -> Result<HttpResponse> {
    let shown = find_to_act(&app, &actor, id, Party::Supplier).await?;
    let typed = form.typed();
    let sent = run(&app, move |app| {
        let expected = form.text("version").and_then(|version| version.parse().ok());
        actions::revise(app, &actor, id, expected, &form::read(&form)?)
    })
    .await;
    match sent {
        Ok(()) => Ok(see_other(&format!("/quotes/{id}"))),
        Err(problem) => {
            let form = refused_form(typed, problem)?;
            refused_html(&revise_page(page_of(&http, "New version of your quote"), &app, &shown, form))
        }
    }
}

#[get("/quotes/{id}")]
async fn show_quote(http: HttpRequest, app: Data<App>, Who(actor): Who, Id(id): Id<QuoteId>) -> Result<HttpResponse> {
    let (shown, versions) = find(&app, &actor, id).await?;
    html(&quote_page(&http, &app, &actor, &shown, &versions))
}

fn quote_page(http: &HttpRequest, app: &App, actor: &Actor, shown: &Shown, versions: &[QuoteVersion]) -> QuotePage {
    let Shown { quote, rfq, supplier, buyer_name, party, is_readable } = shown;
    let is_buyer = *party == Party::Buyer;
    let (title, section) = if is_buyer {
        (format!("Quote of {}", supplier.fields.name), Section::Buying)
    } else {
        ("Your quote".to_owned(), Section::Selling)
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
        may_write: may_write(actor),
        may: show::may(shown),
        state: quote.state.as_str(),
        revision: quote.revision,
        changed: When::new(quote.updated_at, now),
        price: notify::price_of(&quote.fields, rfq),
        rfq_href: if is_buyer { desk.clone() } else { format!("/rfqs/{}", rfq.id) },
        rfq_title: notify::title_of(rfq).to_owned(),
        desk: format!("{desk}/quotes"),
        supplier_id: supplier.id.to_string(),
        supplier: supplier.fields.name.clone(),
        country: supplier.fields.country.name(),
        verification: supplier.verification.as_str(),
        buyer: buyer_name.clone().unwrap_or_default(),
        facts: if *is_readable { show::quote_facts(&quote.fields, rfq) } else { Vec::new() },
        message: only_read(quote.fields.message.clone()),
        decline_reason: quote.decline_reason.clone().unwrap_or_default(),
        off_target: quote.off_target,
        earlier: show::earlier(versions, rfq, now),
    }
}

/// The sentence that names the buyer to its supplier, or does not.
fn the_buyer(shown: &Shown) -> String {
    shown.buyer_name.clone().unwrap_or_else(|| "The buyer".to_owned())
}

#[get("/quotes/{id}/shortlist")]
async fn confirm_shortlist(
    http: HttpRequest,
    app: Data<App>,
    Who(actor): Who,
    Id(id): Id<QuoteId>,
) -> Result<HttpResponse> {
    let shown = find_to_act(&app, &actor, id, Party::Buyer).await?;
    let supplier = &shown.supplier.fields.name;
    let page = page_of(&http, &format!("Shortlist the quote of {supplier}?")).under(Section::Buying);
    let confirm = ConfirmPage::new(page, format!("/quotes/{id}/shortlist"), "Shortlist quote", format!("/quotes/{id}"))
        .happens("The quote is marked as one that you consider. Nothing is agreed yet.")
        .tells(format!("{supplier}: that you shortlisted its quote"));
    html(&confirm)
}

#[post("/quotes/{id}/shortlist")]
async fn shortlist(app: Data<App>, Who(actor): Who, Id(id): Id<QuoteId>, _form: FormData) -> Result<HttpResponse> {
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
    Who(actor): Who,
    Id(id): Id<QuoteId>,
    Query(choice): Query<Choice>,
) -> Result<HttpResponse> {
    let shown = find_to_act(&app, &actor, id, Party::Buyer).await?;
    let received = run(&app, move |app| reading::list_received(app, &actor, shown.quote.rfq).map(|all| (all, shown)));
    let (received, shown) = received.await?;
    let is_split = choice.split == "yes" || shown.rfq.split_award;
    let others = received.iter().filter(|other| other.quote.id != id && other.quote.state.is_live()).count();
    let supplier = &shown.supplier.fields.name;
    let page = page_of(&http, &format!("Accept the quote of {supplier}?")).under(Section::Buying);
    let price = notify::price_of(&shown.quote.fields, &shown.rfq);
    let mut confirm = ConfirmPage::new(page, format!("/quotes/{id}/accept"), "Accept quote", format!("/quotes/{id}"))
        .happens(format!("You accept version {}: {price}.", shown.quote.revision))
        .tells(format!("{supplier}: that you accept, and your company's name"))
        .field("revision", shown.quote.revision.to_string())
        .field("split", if is_split { "yes" } else { "no" });
    if is_split {
        confirm =
            confirm.happens("The award is split: the RFQ and the other quotes stay as they are until you close it.");
    } else {
        confirm = confirm.happens("The RFQ is awarded and takes no more quotes.");
        if others > 0 {
            let words = if others == 1 { "1 other supplier".to_owned() } else { format!("{others} other suppliers") };
            confirm = confirm
                .happens(format!("The quotes of {words} are declined."))
                .tells(format!("{words}: that you accepted another quote, without naming it"));
        }
    }
    html(
        &confirm.happens(
            "The deal and the shipping stay between the two of you; next you can propose a trade partnership.",
        ),
    )
}

#[post("/quotes/{id}/accept")]
async fn accept(app: Data<App>, Who(actor): Who, Id(id): Id<QuoteId>, form: FormData) -> Result<HttpResponse> {
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
    Who(actor): Who,
    Id(id): Id<QuoteId>,
    Query(choice): Query<Choice>,
) -> Result<HttpResponse> {
    let shown = find_to_act(&app, &actor, id, Party::Buyer).await?;
    let supplier = &shown.supplier.fields.name;
    let page = page_of(&http, &format!("Decline the quote of {supplier}?")).under(Section::Buying);
    let mut confirm = ConfirmPage::new(page, format!("/quotes/{id}/decline"), "Decline quote", format!("/quotes/{id}"))
        .happens("The quote can no longer be accepted or revised.")
        .tells(format!("{supplier}: that you decline, with your reason"))
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
async fn decline(app: Data<App>, Who(actor): Who, Id(id): Id<QuoteId>, form: FormData) -> Result<HttpResponse> {
    run(&app, move |app| {
        let reason = form.text("reason").map(str::to_owned);
        actions::decline(app, &actor, id, None, &Refusal { reason, off_target: form.is_ticked("off_target") })
    })
    .await?;
    Ok(see_other(&format!("/quotes/{id}")))
}

#[get("/quotes/{id}/withdraw")]
async fn confirm_withdraw(
    http: HttpRequest,
    app: Data<App>,
    Who(actor): Who,
    Id(id): Id<QuoteId>,
) -> Result<HttpResponse> {
    let shown = find_to_act(&app, &actor, id, Party::Supplier).await?;
    let page = page_of(&http, "Withdraw your quote?").under(Section::Selling);
    let confirm = ConfirmPage::new(page, format!("/quotes/{id}/withdraw"), "Withdraw quote", format!("/quotes/{id}"))
        .happens("The quote can no longer be accepted, and its seat is free for others.")
        .happens("While the RFQ is open you may quote again, if there is a seat.")
        .tells(format!("{}: that you took the quote back", the_buyer(&shown)))
        .destructive();
    html(&confirm)
}

#[post("/quotes/{id}/withdraw")]
async fn withdraw(app: Data<App>, Who(actor): Who, Id(id): Id<QuoteId>, _form: FormData) -> Result<HttpResponse> {
    run(&app, move |app| actions::withdraw(app, &actor, id, None)).await?;
    Ok(see_other(&format!("/quotes/{id}")))
}

#[derive(Default, serde::Deserialize)]
#[serde(default)]
struct OwnQuery {
    state: String,
    cursor: Option<String>,
}

#[get("/desk/selling/quotes")]
async fn list_own(
    http: HttpRequest,
    app: Data<App>,
    Who(actor): Who,
    Query(query): Query<OwnQuery>,
) -> Result<HttpResponse> {
    let state = QuoteState::parse(&query.state);
    let name = format!("desk quotes {}", state.map_or("", QuoteState::as_str));
    let asked = ListParams { limit: None, cursor: query.cursor };
    let page = page_of(&http, "Your quotes").under(Section::Selling);
    let own = run(&app, move |app| {
        let paging = asked.paging(app, &name, &actor)?;
        let slice = reading::list_own(app, &actor, Wanted { rfq: None, state }, paging)?;
        let href = |place: &crate::store::cursor::Place| -> Result<String> {
            let cursor = crate::store::cursor::seal(&app.secrets, &name, &actor, place)?;
            let state = state.map_or("", QuoteState::as_str);
            let query = [("state", state), ("cursor", cursor.as_str())];
            Ok(format!("/desk/selling/quotes?{}", serde_urlencoded::to_string(query).unwrap_or_default()))
        };
        let pager = Pager {
            prev: slice.prev.as_ref().map(href).transpose()?,
            next: slice.next.as_ref().map(href).transpose()?,
            shown: String::new(),
        };
        let now = app.clock.now();
        let rows = slice.items.iter().map(|shown| OwnRow::new(shown, now)).collect();
        Ok(OwnPage { page, state: state.map_or("", QuoteState::as_str).to_owned(), rows, pager })
    })
    .await?;
    html(&own)
}

fn wanted_words(rfq: &Rfq) -> String {
    rfq.fields.quantity.as_ref().map_or_else(|| "the quantity wanted".to_owned(), plain_quantity)
}

#[get("/desk/buying/rfqs/{id}/quotes")]
async fn list_received(http: HttpRequest, app: Data<App>, Who(actor): Who, Id(id): Id<RfqId>) -> Result<HttpResponse> {
    let page = page_of(&http, "Quotes").under(Section::Buying);
    let received = run(&app, move |app| {
        let head = DeskHead::load(app, &actor, id, "quotes")?;
        let quotes = reading::list_received(app, &actor, id)?;
        let is_sealed = !quotes_are_readable(head.rfq.state, head.rfq.fields.sealed);
        let comparison = if is_sealed { None } else { Some(reading::compare_for_rfq(app, &actor, id, None)?) };
        Ok(ReceivedPage {
            page: Page { title: format!("Quotes on {}", head.title), ..page },
            rows: show::received(&quotes, comparison.as_ref()),
            wanted: wanted_words(&head.rfq),
            is_sealed,
            may_write: may_write(&actor),
            matches_href: format!("/desk/buying/rfqs/{id}/matches"),
            head,
        })
    })
    .await?;
    html(&received)
}

#[derive(Default, serde::Deserialize)]
#[serde(default)]
struct CompareQuery {
    currency: String,
}

#[get("/desk/buying/rfqs/{id}/compare")]
async fn show_comparison(
    http: HttpRequest,
    app: Data<App>,
    Who(actor): Who,
    Id(id): Id<RfqId>,
    Query(query): Query<CompareQuery>,
) -> Result<HttpResponse> {
    let page = page_of(&http, "Compare quotes").under(Section::Buying);
    let currency = query.currency.parse::<Currency>().ok();
    let compared = run(&app, move |app| compare_page(app, &actor, id, page, currency)).await?;
    html(&compared)
}

fn compare_page(app: &App, actor: &Actor, id: RfqId, page: Page, currency: Option<Currency>) -> Result<ComparePage> {
    let head = DeskHead::load(app, actor, id, "compare")?;
    let is_sealed = !quotes_are_readable(head.rfq.state, head.rfq.fields.sealed);
    let mut compared = ComparePage {
        page: Page { title: format!("Compare quotes on {}", head.title), ..page },
        columns: Vec::new(),
        lines: Vec::new(),
        currency: String::new(),
        wanted: wanted_words(&head.rfq),
        has_rates: false,
        is_sealed,
        may_write: may_write(actor),
        matches_href: format!("/desk/buying/rfqs/{id}/matches"),
        head,
    };
    if is_sealed {
        return Ok(compared);
    }
    let quotes = reading::list_received(app, actor, id)?;
    let comparison = reading::compare_for_rfq(app, actor, id, currency)?;
    let find = |quote: QuoteId| quotes.iter().find(|shown| shown.quote.id == quote);
    let columns = comparison.quotes.iter().filter_map(|column| find(column.quote));
    compared.columns = columns.map(column_head).collect();
    compared.lines = show::compare_lines(&comparison, &quotes);
    compared.currency = comparison.currency.to_string();
    compared.wanted = plain_quantity(&comparison.wanted);
    compared.has_rates = comparison.rate_date.is_some();
    Ok(compared)
}

fn column_head(shown: &Shown) -> Column {
    Column {
        id: shown.quote.id,
        supplier: shown.supplier.fields.name.clone(),
        revision: shown.quote.revision,
        state: shown.quote.state.as_str(),
        may: show::may(shown),
    }
}

/// The routes.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(quote_form)
        .service(submit)
        .service(revise_form)
        .service(revise)
        .service(confirm_shortlist)
        .service(shortlist)
        .service(confirm_accept)
        .service(accept)
        .service(confirm_decline)
        .service(decline)
        .service(confirm_withdraw)
        .service(withdraw)
        .service(show_quote)
        .service(list_own)
        .service(list_received)
        .service(show_comparison);
}
