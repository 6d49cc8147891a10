//! The page on which a supplier writes its quote or a new version of it.

use actix_web::web::{Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, get, post};
use askama::Template;

use super::form::{self, FIELDS, Question, of_version, proposed, questions};
use super::views::{self, Fact};
use super::{LANGUAGE, find_to_act};
use crate::actor::Actor;
use crate::app::App;
use crate::documents::pages::{files_of, links, take_files};
use crate::error::{Code, Problem, Result};
use crate::ids::{QuoteId, RfqId};
use crate::locale::{Message, text};
use crate::quotes::eligibility::QuoteEligibility;
use crate::quotes::queries::{self, VisibleQuote};
use crate::quotes::quota::Allocation;
use crate::quotes::{Party, actions, notifications};
use crate::rfqs::Rfq;
use crate::web::actor::AuthenticatedActor;
use crate::web::answer::{html, refused_html, see_other};
use crate::web::envelope::page_of;
use crate::web::input::Id;
use crate::web::layout::{FileLink, Form, Page, Section};
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
    from_listing: String,
    questions: Vec<Question>,
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
        from_listing: String::new(),
        questions: questions(rfq, None),
        action: format!("/rfqs/{}/quote", rfq.id),
        version: String::new(),
        button: text(LANGUAGE, "quotes-form-send"),
        back: format!("/rfqs/{}", rfq.id),
        back_words: text(LANGUAGE, "quotes-form-rfq"),
    })
}

fn first_page(page: Page, app: &App, actor: &Actor, eligibility: &QuoteEligibility, form: Form) -> Result<WritePage> {
    let listing = eligibility.listing.as_ref().map(|listing| listing.fields.name.clone());
    let mut written = write_page(page, app, actor, &eligibility.rfq, form)?;
    written.quota = Some(Quota::of(eligibility));
    written.from_listing = listing.unwrap_or_default();
    Ok(written)
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
            reserved: Message::new("quotes-reserved")
                .with("reserved", rule.reserved())
                .with("hours", rule.reserved_for.num_hours())
                .text(LANGUAGE),
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
        let form = proposed(&eligibility.rfq, eligibility.listing.as_ref(), app.clock.today());
        first_page(page, app, &actor, &eligibility, form).map(Ok)
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
        match read.and_then(|fields| actions::submit(app, &actor, rfq, &fields, None)) {
            Ok(once) => Ok(Ok(once.id())),
            Err(problem) => first_page(page, app, &actor, &eligibility, refused_form(form.typed(), problem)?).map(Err),
        }
    });
    match outcome.await? {
        Ok(id) => Ok(see_other(&format!("/quotes/{id}"))),
        Err(written) => refused_html(&written, &written.form),
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

fn revise_page(page: Page, app: &App, actor: &Actor, visible: &VisibleQuote, form: Form) -> Result<WritePage> {
    let id = visible.quote.id;
    let mut written = write_page(page, app, actor, &visible.rfq, form)?;
    written.questions = questions(&visible.rfq, Some(&visible.quote.fields));
    written.action = format!("/quotes/{id}/revise");
    written.version = visible.quote.version.to_string();
    written.button = text(LANGUAGE, "quotes-form-send-version");
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
    let refused = run(&app, move |app| {
        let (form, kept) = take_files(app, &actor, sent, "attachments");
        let expected = form.text("version").and_then(|version| version.parse().ok());
        let read = kept.and_then(|()| form::read(&form));
        match read.and_then(|fields| actions::revise(app, &actor, id, expected, &fields)) {
            Ok(()) => Ok(None),
            Err(problem) => revise_page(page, app, &actor, &visible, refused_form(form.typed(), problem)?).map(Some),
        }
    })
    .await?;
    match refused {
        None => Ok(see_other(&format!("/quotes/{id}"))),
        Some(written) => refused_html(&written, &written.form),
    }
}

/// The routes.
pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(quote_form).service(submit).service(revise_form).service(revise);
}
