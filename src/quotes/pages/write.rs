//! The page on which a supplier writes its quote or a new version of it.

use actix_web::web::{Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, get, post};
use askama::Template;

use super::find_to_act;
use super::form::{self, FIELDS, Question, of_version, proposed, questions};
use super::show::{self, Fact};
use crate::app::App;
use crate::error::{Code, Problem, Result};
use crate::ids::{QuoteId, RfqId};
use crate::quotes::outlook::{Outlook, outlook};
use crate::quotes::reading::Shown;
use crate::quotes::seats::Seat;
use crate::quotes::{Party, actions, notify};
use crate::rfqs::Rfq;
use crate::web::actor::Who;
use crate::web::answer::{html, refused_html, see_other};
use crate::web::frame::page_of;
use crate::web::input::{FormData, Id};
use crate::web::layout::{Form, Page, Section};
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

/// The routes.
pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(quote_form).service(submit).service(revise_form).service(revise);
}
