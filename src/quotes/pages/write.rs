//! The page on which a supplier writes its quote or a new version of it.

use actix_web::web::{Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, get, post};
use askama::Template;

use super::form::{self, FIELDS, Question, of_version, proposed, questions};
use super::items::{self, FormRow};
use super::views::{self, Fact};
use super::{LANGUAGE, find_to_act};
use crate::actor::Actor;
use crate::app::App;
use crate::documents::pages::{files_of, links, take_files};
use crate::error::{Code, Problem, Result};
use crate::ids::{QuoteId, RfqId};
use crate::listings::Listing;
use crate::locale::{Message, text};
use crate::quotes::eligibility::QuoteEligibility;
use crate::quotes::queries::{self, VisibleQuote};
use crate::quotes::quota::Allocation;
use crate::quotes::{Party, QuoteFields, actions, notifications};
use crate::rfqs::Rfq;
use crate::web::actor::AuthenticatedActor;
use crate::web::answer::{html, refused_html, see_other};
use crate::web::envelope::page_of;
use crate::web::input::{FormData, Id};
use crate::web::layout::{FileLink, Form, Page, PriceLine, Section};
use crate::web::run;
use crate::web::upload::FormWithFiles;

#[derive(Template)]
#[template(path = "quotes/templates/write.html")]
struct WritePage {
    page: Page,
    form: Form,
    rfq_id: RfqId,
    rfq_title: String,
    rfq_facts: Vec<Fact>,
    specification: String,
    quota: Option<Quota>,
    /// From where the form is filled in; empty where from nowhere.
    prefilled: String,
    questions: Vec<Question>,
    /// The items that are asked for; none where the RFQ is for one kind of goods.
    items: Vec<FormRow>,
    /// What the RFQ has attached.
    rfq_files: Vec<FileLink>,
    /// What the quote has attached already.
    files: Vec<FileLink>,
    action: String,
    version: String,
    button: &'static str,
    back: String,
    back_words: &'static str,
}

fn write_page(page: Page, app: &App, actor: &Actor, rfq: &Rfq, form: Form) -> Result<WritePage> {
    Ok(WritePage {
        page: page.under(Section::Selling),
        rfq_files: links(app, &rfq.fields.attachments)?,
        files: files_of(app, actor, &form, "attachments")?,
        form,
        rfq_id: rfq.id,
        rfq_title: notifications::title_of(rfq).to_owned(),
        rfq_facts: views::rfq_facts(rfq, app.clock.now()),
        specification: rfq.fields.specification.clone().unwrap_or_default(),
        quota: None,
        prefilled: String::new(),
        questions: questions(rfq, None),
        items: items::rows(rfq),
        action: format!("/rfqs/{}/quote", rfq.id),
        version: String::new(),
        button: text(LANGUAGE, "quotes-form-review"),
        back: format!("/rfqs/{}", rfq.id),
        back_words: text(LANGUAGE, "quotes-form-rfq"),
    })
}

fn first_page(page: Page, app: &App, actor: &Actor, eligibility: &QuoteEligibility, form: Form) -> Result<WritePage> {
    let mut written = write_page(page, app, actor, &eligibility.rfq, form)?;
    written.quota = Some(Quota::of(eligibility));
    if let Some(listing) = eligibility.listing.as_ref().filter(|_| written.items.is_empty()) {
        written.prefilled = prefilled(&eligibility.rfq, listing);
    }
    Ok(written)
}

/// From where the form is filled in; and why not the price, where that is listed under another term than the buyer asks for.
fn prefilled(rfq: &Rfq, listing: &Listing) -> String {
    let price = listing.fields.price.as_ref().filter(|_| !form::fits_term(rfq, listing));
    let Some(price) = price else {
        return Message::new("quotes-form-prefilled").with("listing", &listing.fields.name).text(LANGUAGE);
    };
    let line = PriceLine::new(price.min, price.max.map(|max| max.amount), Some(price.unit));
    let line = match listing.fields.incoterms.first() {
        Some(offer) => line.under(offer.rule, offer.place.as_deref().unwrap_or_default(), None),
        None => line,
    };
    Message::new("quotes-form-prefilled-other-term")
        .with("listing", &listing.fields.name)
        .with("price", line.to_string())
        .with("term", rfq.fields.incoterm.map_or("", |term| term.as_str()))
        .text(LANGUAGE)
}

/// How full the RFQ is and what is left of the supplier's quota, with the rule: nobody is refused by a rule that was not shown.
struct Quota {
    received: String,
    reserved: String,
    /// Why there is no place; empty when there is one.
    refused: String,
    /// How many open quotes are left this week; empty for the best-matched, who have no limit.
    left: String,
    rule: String,
}

impl Quota {
    fn of(eligibility: &QuoteEligibility) -> Self {
        let (rule, usage) = (&eligibility.rule, &eligibility.usage);
        let limit = rule.weekly(usage.off_target_marks);
        let left = Message::new("quotes-quota-left").with("left", limit.saturating_sub(usage.open_this_week));
        let refused = match &eligibility.allocation {
            Allocation::Refused(reason) => Message::new("quotes-quota-refused").with("reason", reason).text(LANGUAGE),
            Allocation::Granted(_) => String::new(),
        };
        Self {
            received: Message::new("quotes-received")
                .with("count", usage.taken_open + usage.taken_reserved)
                .with("seats", rule.max_quotes)
                .text(LANGUAGE),
            reserved: match rule.reserved_for.num_hours() {
                0 => text(LANGUAGE, "quotes-for-invited").to_owned(),
                hours => Message::new("quotes-reserved")
                    .with("reserved", rule.reserved())
                    .with("hours", hours)
                    .text(LANGUAGE),
            },
            refused,
            left: if usage.is_best_matched { String::new() } else { left.text(LANGUAGE) },
            rule: Message::new("quotes-quota-rule")
                .with("limit", limit)
                .with("full", rule.open_per_week)
                .with("cost", rule.off_target_cost)
                .with("marks", usage.off_target_marks)
                .text(LANGUAGE),
        }
    }
}

#[get("/rfqs/{id}/quote")]
async fn quote_form(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(rfq): Id<RfqId>,
) -> Result<HttpResponse> {
    let page = page_of(&http, text(LANGUAGE, "quotes-form-title"));
    let visible = run(&app, move |app| {
        let eligibility = queries::check_eligibility(app, &actor, rfq)?;
        if let Some(active) = eligibility.active {
            return Ok(Err(active));
        }
        eligibility.rfq.state.open_only()?;
        let QuoteEligibility { rfq, listing, item_listings, .. } = &eligibility;
        let form = proposed(rfq, listing.as_ref(), item_listings, app.clock.today());
        let is_filled = items::is_priced(&form);
        let mut written = first_page(page, app, &actor, &eligibility, form)?;
        if is_filled {
            text(LANGUAGE, "quotes-form-prefilled-items").clone_into(&mut written.prefilled);
        }
        Ok(Ok(written))
    })
    .await?;
    match visible {
        Ok(written) => html(&written),
        Err(active) => Ok(see_other(&format!("/quotes/{active}"))),
    }
}

#[post("/rfqs/{id}/quote")]
async fn submit(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(rfq): Id<RfqId>,
    sent: FormWithFiles,
) -> Result<HttpResponse> {
    let page = page_of(&http, text(LANGUAGE, "quotes-form-title"));
    let outcome = run(&app, move |app| {
        let eligibility = queries::check_eligibility(app, &actor, rfq)?;
        let (form, kept) = take_files(app, &actor, sent, "attachments");
        let read = kept.and_then(|()| form::read(&form));
        let typed = || Form::new(FIELDS).typed(form.typed());
        let written = match Step::of(&form) {
            Step::Change => return first_page(page, app, &actor, &eligibility, typed()).map(Written::form),
            Step::Review => read.and_then(|fields| {
                let sends = (format!("/rfqs/{rfq}/quote"), text(LANGUAGE, "quotes-form-send"));
                let review = review_page(page.clone(), app, &actor, &eligibility.rfq, fields, &form, sends);
                review.map(Written::review).map_err(|problem| items::at_rows(problem, &form))
            }),
            Step::Send => read
                .and_then(|fields| {
                    let sent = actions::submit(app, &actor, rfq, &fields, None);
                    sent.map_err(|problem| items::at_rows(problem, &form))
                })
                .map(|once| Written::Sent(once.id())),
        };
        written.or_else(|problem| {
            first_page(page, app, &actor, &eligibility, refused_form(&form, problem)?).map(Written::form)
        })
    });
    outcome.await?.answer()
}

/// What is to be done with the form: the summary of it comes first, and from there it is sent or changed.
#[derive(Clone, Copy)]
enum Step {
    Review,
    Change,
    Send,
}

impl Step {
    fn of(form: &FormData) -> Self {
        // The button that was pressed comes after the form's own hidden field.
        match form.all("step").last().copied() {
            Some("review") => Self::Review,
            Some("change") => Self::Change,
            _ => Self::Send,
        }
    }
}

/// What became of a form.
enum Written {
    Sent(QuoteId),
    Review(Box<ReviewPage>),
    Form(Box<WritePage>),
}

impl Written {
    fn form(page: WritePage) -> Self {
        Self::Form(Box::new(page))
    }

    fn review(page: ReviewPage) -> Self {
        Self::Review(Box::new(page))
    }

    fn answer(self) -> Result<HttpResponse> {
        match self {
            Self::Sent(id) => Ok(see_other(&format!("/quotes/{id}"))),
            Self::Review(page) => html(&*page),
            Self::Form(page) if !page.form.summary().items.is_empty() => refused_html(&*page, &page.form),
            Self::Form(page) => html(&*page),
        }
    }
}

/// The summary of a quote before it is sent: what the buyer will read, with the total.
#[derive(Template)]
#[template(path = "quotes/templates/review.html")]
struct ReviewPage {
    page: Page,
    rfq_title: String,
    facts: Vec<Fact>,
    message: String,
    files: Vec<FileLink>,
    action: String,
    /// What was typed, to be sent again.
    typed: Vec<(String, String)>,
    button: &'static str,
}

/// `action` and `button` are those of the form that sends it.
///
/// # Errors
/// `invalid` for what sending it would refuse of the fields.
fn review_page(
    page: Page,
    app: &App,
    actor: &Actor,
    rfq: &Rfq,
    mut fields: QuoteFields,
    form: &FormData,
    (action, button): (String, &'static str),
) -> Result<ReviewPage> {
    fields.clean()?;
    fields.check(&rfq.fields, app.clock.today())?;
    let typed: Vec<_> = form.typed().into_iter().filter(|(name, _)| name != "step").collect();
    let files = files_of(app, actor, &Form::new(FIELDS).typed(typed.clone()), "attachments")?;
    Ok(ReviewPage {
        action,
        page: Page { title: text(LANGUAGE, "quotes-review-title").to_owned(), ..page.under(Section::Selling) },
        rfq_title: notifications::title_of(rfq).to_owned(),
        facts: views::quote_facts(&fields, rfq),
        message: fields.message.clone().unwrap_or_default(),
        files,
        typed,
        button,
    })
}

/// The form again, for what a person can mend there; other problems have their own page.
fn refused_form(form: &FormData, problem: Problem) -> Result<Form> {
    match problem.code {
        Code::Invalid | Code::Conflict | Code::Duplicate | Code::Stale => {
            Ok(Form::new(FIELDS).typed(form.typed()).refused(&problem))
        }
        _ => Err(problem),
    }
}

fn revise_page(page: Page, app: &App, actor: &Actor, visible: &VisibleQuote, form: Form) -> Result<WritePage> {
    let id = visible.quote.id;
    let mut written = write_page(page, app, actor, &visible.rfq, form)?;
    written.questions = questions(&visible.rfq, Some(&visible.quote.fields));
    written.action = format!("/quotes/{id}/revise");
    written.version = visible.quote.version.to_string();
    written.back = format!("/quotes/{id}");
    written.back_words = text(LANGUAGE, "quotes-form-quote");
    Ok(written)
}

#[get("/quotes/{id}/revise")]
async fn revise_form(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<QuoteId>,
) -> Result<HttpResponse> {
    let page = page_of(&http, text(LANGUAGE, "quotes-form-title-version"));
    let visible = find_to_act(&app, &actor, id, Party::Supplier).await?;
    let written = run(&app, move |app| {
        let form = of_version(&visible.quote.fields, &visible.rfq);
        revise_page(page, app, &actor, &visible, form)
    })
    .await?;
    html(&written)
}

#[post("/quotes/{id}/revise")]
async fn revise(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<QuoteId>,
    sent: FormWithFiles,
) -> Result<HttpResponse> {
    let page = page_of(&http, text(LANGUAGE, "quotes-form-title-version"));
    let visible = find_to_act(&app, &actor, id, Party::Supplier).await?;
    let outcome = run(&app, move |app| {
        let (form, kept) = take_files(app, &actor, sent, "attachments");
        let expected = form.text("version").and_then(|version| version.parse().ok());
        let read = kept.and_then(|()| form::read(&form));
        let typed = || Form::new(FIELDS).typed(form.typed());
        let written = match Step::of(&form) {
            Step::Change => return revise_page(page, app, &actor, &visible, typed()).map(Written::form),
            Step::Review => read.and_then(|fields| {
                let sends = (format!("/quotes/{id}/revise"), text(LANGUAGE, "quotes-form-send-version"));
                let review = review_page(page.clone(), app, &actor, &visible.rfq, fields, &form, sends);
                review.map(Written::review).map_err(|problem| items::at_rows(problem, &form))
            }),
            Step::Send => {
                let revise = |fields: QuoteFields| {
                    let revised = actions::revise(app, &actor, id, expected, &fields);
                    revised.map_err(|problem| items::at_rows(problem, &form))
                };
                read.and_then(revise).map(|()| Written::Sent(id))
            }
        };
        written.or_else(|problem| {
            revise_page(page, app, &actor, &visible, refused_form(&form, problem)?).map(Written::form)
        })
    });
    outcome.await?.answer()
}

/// The routes.
pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(quote_form).service(submit).service(revise_form).service(revise);
}
