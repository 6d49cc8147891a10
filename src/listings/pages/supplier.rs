//! The public page of a supplier: its profile, what was checked of it, and its catalogue.

use actix_web::web::{Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, get};
use askama::Template;

use super::paragraphs;
use super::public::{CertificateRow, certificate_row, price_line};
use crate::app::App;
use crate::companies::evidence::{self, EvidenceCheck, EvidenceItem};
use crate::companies::{self, Certification, Company, Identifier};
use crate::error::Result;
use crate::ids::CompanyId;
use crate::listings::{Listing, actions};
use crate::locale::{self, Language};
use crate::messages;
use crate::messages::rules::AnsweringHabit;
use crate::web::actor::AuthenticatedActor;
use crate::web::answer::{ListParams, html, pager};
use crate::web::envelope::page_of;
use crate::web::input::{Id, Query};
use crate::web::layout::{Page, Pager, SearchScope, Sharing, hs_dotted, plain_quantity};
use crate::web::run;

/// So many listings stand on one page.
const PAGE: u32 = 25;

struct Offer {
    id: String,
    name: String,
    sku: String,
    hs_code: String,
    price: String,
    moq: String,
}

impl Offer {
    fn new(listing: &Listing) -> Self {
        let fields = &listing.fields;
        Self {
            id: listing.id.to_string(),
            name: fields.name.clone(),
            sku: fields.sku.clone(),
            hs_code: fields.hs_code.as_ref().map(hs_dotted).unwrap_or_default(),
            price: price_line(fields).map(|line| line.to_string()).unwrap_or_default(),
            moq: fields.moq.as_ref().map(plain_quantity).unwrap_or_default(),
        }
    }
}

#[derive(Template)]
#[template(path = "listings/templates/supplier.html")]
pub(super) struct SupplierPage {
    page: Page,
    id: String,
    is_own: bool,
    country: String,
    form: String,
    verification: &'static str,
    /// The month in which evidence was seen last.
    seen_on: String,
    meaning: &'static str,
    checked: Vec<EvidenceCheck>,
    not_checked: Vec<EvidenceCheck>,
    profile: Vec<Vec<String>>,
    facts: Vec<(&'static str, String)>,
    website: String,
    identifiers: Vec<(String, String)>,
    certificates: Vec<CertificateRow>,
    offers: Vec<Offer>,
    pager: Pager,
    /// How it answers messages; empty where too few have written.
    answering: String,
}

/// What the page is made of.
pub(super) struct Supplier {
    pub company: Company,
    pub held: Vec<Identifier>,
    pub seen: Vec<EvidenceItem>,
    pub certificates: Vec<(Certification, Option<String>)>,
    pub offers: Vec<Listing>,
    pub pager: Pager,
    pub is_own: bool,
    pub answering: Option<AnsweringHabit>,
    pub today: chrono::NaiveDate,
}

impl SupplierPage {
    pub(super) fn new(page: Page, supplier: &Supplier) -> Self {
        let company = &supplier.company;
        let (checked, not_checked) = evidence::checks(&supplier.held, &supplier.seen, supplier.today);
        let seen_on = supplier.seen.iter().map(|one| one.seen_on).max();
        let certificate =
            |(one, sha256): &(Certification, Option<String>)| certificate_row(one, sha256.as_deref(), supplier.today);
        let named = |one: &Identifier| (evidence::kind_name(&one.kind).to_owned(), one.value.clone());
        Self {
            page,
            id: company.id.to_string(),
            is_own: supplier.is_own,
            country: company.fields.country.name(),
            form: company.fields.form.label(Language::English).to_owned(),
            verification: company.verification.as_str(),
            seen_on: seen_on.map(|day| day.format("%Y-%m").to_string()).unwrap_or_default(),
            meaning: evidence::meaning(company.verification),
            checked,
            not_checked,
            profile: paragraphs(company.fields.profile.as_deref()),
            facts: facts(company),
            website: company.fields.website.clone().unwrap_or_default(),
            identifiers: supplier.held.iter().map(named).collect(),
            certificates: supplier.certificates.iter().map(certificate).collect(),
            offers: supplier.offers.iter().map(Offer::new).collect(),
            pager: supplier.pager.clone(),
            answering: supplier.answering.map(|habit| habit.sentence(Language::English)).unwrap_or_default(),
        }
    }
}

fn facts(company: &Company) -> Vec<(&'static str, String)> {
    let fields = &company.fields;
    let markets: Vec<String> = fields.markets.iter().map(|country| country.name()).collect();
    let languages: Vec<String> = fields.languages.iter().map(ToString::to_string).collect();
    let all = [
        (locale::text(Language::English, "listings-legal-name"), fields.legal_name.clone().unwrap_or_default()),
        (locale::text(Language::English, "listings-also-known-as"), fields.trade_names.join(", ")),
        (locale::text(Language::English, "listings-country"), fields.country.name()),
        (locale::text(Language::English, "listings-kind-of-company"), fields.form.label(Language::English).to_owned()),
        (
            locale::text(Language::English, "listings-founded"),
            fields.year.map(|year| year.to_string()).unwrap_or_default(),
        ),
        (
            locale::text(Language::English, "listings-staff"),
            fields.staff_band.map(|band| band.as_str().to_owned()).unwrap_or_default(),
        ),
        (locale::text(Language::English, "listings-sells-to"), markets.join(", ")),
        (locale::text(Language::English, "listings-languages"), languages.join(", ")),
    ];
    all.into_iter().filter(|(_, text)| !text.is_empty()).collect()
}

#[get("/companies/{id}")]
async fn show(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<CompanyId>,
    Query(params): Query<ListParams>,
) -> Result<HttpResponse> {
    let site = app.config.server.public_url.clone();
    let supplier = run(&app, move |app| {
        let company = companies::actions::find(app, &actor, id)?;
        let held = companies::actions::held_identifiers(app, id)?;
        let seen = companies::actions::current_evidence(app, id)?;
        let certificates = companies::actions::list_certificates(app, &actor, id)?;
        let list = format!("catalogue {id}");
        let asked = ListParams { limit: params.limit.or(Some(PAGE)), ..params };
        let slice = actions::list_published(app, id, asked.paging(app, &list, &actor)?)?;
        let pager = pager(app, &list, &actor, &format!("/companies/{id}"), slice.prev.as_ref(), slice.next.as_ref())?;
        let is_own = actor.company() == Some(id);
        let answering = messages::queries::answering_habit(app, id)?;
        let today = app.clock.today();
        Ok(Supplier { company, held, seen, certificates, offers: slice.items, pager, is_own, answering, today })
    })
    .await?;
    let fields = &supplier.company.fields;
    let about = fields.profile.clone().unwrap_or_else(|| {
        format!("{}, {}, {}", fields.name, fields.form.label(Language::English), fields.country.name())
    });
    let sharing = Sharing::new(&site, &format!("/companies/{id}"), &about);
    let page = page_of(&http, &fields.name).searching("", SearchScope::Suppliers).shared(sharing);
    html(&SupplierPage::new(page, &supplier))
}

pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(show);
}
