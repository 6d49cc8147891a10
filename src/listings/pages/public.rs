//! The public page of a listing.

use actix_web::web::{Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, get};
use askama::Template;
use chrono::NaiveDate;

use super::paragraphs;
use crate::actor::Actor;
use crate::app::App;
use crate::clock::Time;
use crate::companies::{Certification, Company};
use crate::error::Result;
use crate::ids::ListingId;
use crate::listings::actions::{self, Offered};
use crate::listings::images::pages::{Picture, pictures};
use crate::listings::{IncotermOffer, Listing, ListingFields};
use crate::locale::{self, Language, grouped};
use crate::money::Money;
use crate::reference::codes::HsCode;
use crate::reference::{glossary, hs};
use crate::web::actor::AuthenticatedActor;
use crate::web::answer::html;
use crate::web::envelope::page_of;
use crate::web::input::Id;
use crate::web::layout::{
    NoticeKind, Page, PriceLine, SearchScope, Section, Sharing, When, days, hs_dotted, moq, payment_options,
    plain_quantity,
};
use crate::web::run;

/// The price of a listing as the trade writes it, under the first of its delivery terms.
pub fn price_line(fields: &ListingFields) -> Option<PriceLine> {
    let price = fields.price.as_ref()?;
    let line = PriceLine::new(price.min, price.max.map(|max| max.amount), Some(price.unit));
    Some(match fields.incoterms.first() {
        Some(offer) => line.under(offer.rule, offer.place.clone().unwrap_or_default(), offer.locode),
        None => line,
    })
}

/// A certificate as a row of a table.
pub(super) struct CertificateRow {
    pub scheme: String,
    pub number: String,
    pub issuer: String,
    pub until: String,
    pub is_over: bool,
    /// The SHA-256 of the copy on file; empty where there is none.
    pub sha256: String,
}

pub(super) fn certificate_row(one: &Certification, sha256: Option<&str>, today: NaiveDate) -> CertificateRow {
    CertificateRow {
        scheme: one.scheme.clone(),
        number: one.number.clone().unwrap_or_default(),
        issuer: one.issuer.clone().unwrap_or_default(),
        until: one.valid_until.map(|day| day.format("%-d %b %Y").to_string()).unwrap_or_default(),
        is_over: !one.is_valid_on(today),
        sha256: sha256.unwrap_or_default().to_owned(),
    }
}

struct TierRow {
    from: String,
    price: String,
}

/// The supplier's box beside a listing.
struct SupplierBox {
    id: String,
    name: String,
    country: String,
    form: String,
    verification: &'static str,
    year: String,
    staff: &'static str,
}

impl SupplierBox {
    fn new(company: &Company) -> Self {
        Self {
            id: company.id.to_string(),
            name: company.fields.name.clone(),
            country: company.fields.country.name(),
            form: company.fields.form.label(Language::English).to_owned(),
            verification: company.verification.as_str(),
            year: company.fields.year.map(|year| year.to_string()).unwrap_or_default(),
            staff: company.fields.staff_band.map(|band| band.as_str()).unwrap_or_default(),
        }
    }
}

#[derive(Template)]
#[template(path = "listings/templates/listing.html")]
pub(super) struct ListingPage {
    page: Page,
    id: String,
    sku: String,
    mpn: String,
    gtin: String,
    state: crate::formats::Pill,
    /// Whether the viewer's own company offers it.
    is_own: bool,
    is_public: bool,
    price: String,
    terms: String,
    unit: &'static str,
    moq: String,
    lead_time: String,
    supply: String,
    tiers: Vec<TierRow>,
    facts: Vec<(&'static str, String)>,
    hs_code: String,
    hs_label: &'static str,
    hs_heading: String,
    /// The code that the label is of.
    hs_known: &'static str,
    attributes: Vec<(String, String)>,
    incoterms: Vec<String>,
    payment_terms: Vec<String>,
    certificates: Vec<CertificateRow>,
    description: Vec<Vec<String>>,
    images: Vec<Picture>,
    /// Addresses on the supplier's own servers.
    pictures: Vec<String>,
    language: String,
    updated: When,
    expires: Option<When>,
    /// Why a moderator took it off.
    removed_reason: Option<String>,
    supplier: SupplierBox,
}

impl ListingPage {
    pub(super) fn new(page: Page, offered: &Offered, actor: &Actor, now: Time) -> Self {
        let Offered { listing, company } = offered;
        let fields = &listing.fields;
        let line = price_line(fields);
        let hs_code = fields.hs_code.as_ref();
        Self {
            id: listing.id.to_string(),
            sku: fields.sku.clone(),
            mpn: fields.mpn.clone().unwrap_or_default(),
            gtin: fields.gtin.clone().unwrap_or_default(),
            state: listing.state.pill(),
            is_own: actor.company() == Some(listing.company),
            is_public: listing.state.is_public(),
            price: line.as_ref().map(PriceLine::money).unwrap_or_default(),
            terms: line.as_ref().map(PriceLine::terms).unwrap_or_default(),
            unit: fields.price.as_ref().map(|price| price.unit.label()).unwrap_or_default(),
            moq: fields.moq.as_ref().map(moq).unwrap_or_default(),
            lead_time: fields.lead_time_days.map(|count| days(count.into())).unwrap_or_default(),
            supply: fields.supply_per_month.as_ref().map(plain_quantity).unwrap_or_default(),
            tiers: tier_rows(fields),
            facts: facts(fields),
            hs_code: hs_code.map(hs_dotted).unwrap_or_default(),
            hs_label: hs_code.and_then(|code| hs::label(code.as_str(), Language::English.tag())).unwrap_or_default(),
            hs_heading: hs_code.and_then(HsCode::heading).unwrap_or_default().to_owned(),
            hs_known: hs_code.and_then(|code| glossary::nearest_code(code.as_str())).unwrap_or_default(),
            attributes: fields.attributes.iter().map(|(name, value)| (name.clone(), value.clone())).collect(),
            incoterms: fields.incoterms.iter().map(delivery).collect(),
            payment_terms: payment_terms(fields),
            certificates: fields
                .certifications
                .iter()
                .map(|one| certificate_row(one, None, now.date_naive()))
                .collect(),
            description: paragraphs(fields.description.as_deref()),
            images: pictures(listing.id, &listing.images),
            pictures: fields.image_urls.clone(),
            language: fields.language_or_english().to_string(),
            updated: When::new(listing.updated_at, now),
            expires: expiry(listing, now),
            removed_reason: listing.removed_reason.clone(),
            supplier: SupplierBox::new(company),
            page,
        }
    }
}

fn expiry(listing: &Listing, now: Time) -> Option<When> {
    listing.expires_at.filter(|_| listing.state.is_public()).map(|end| When::new(end, now))
}

fn tier_rows(fields: &ListingFields) -> Vec<TierRow> {
    let Some(price) = &fields.price else { return Vec::new() };
    let amount = |money: Money| grouped(&money.amount.display(usize::from(money.currency.minor_digits())));
    let row = |tier: &crate::listings::PriceTier| TierRow {
        from: format!("{}\u{a0}{}", grouped(&tier.from.display(0)), price.unit.label()),
        price: format!("{} {}", tier.amount.currency, amount(tier.amount)),
    };
    price.tiers.iter().map(row).collect()
}

fn delivery(offer: &IncotermOffer) -> String {
    let place = offer.place.as_deref().unwrap_or_default();
    let port = offer.locode.map(|code| if place.is_empty() { code.to_string() } else { format!("({code})") });
    let parts = [offer.rule.as_str().to_owned(), place.to_owned(), port.unwrap_or_default()];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

fn payment_terms(fields: &ListingFields) -> Vec<String> {
    let options = payment_options();
    let words =
        |code: String| options.iter().find(|(value, _)| *value == code).map_or(code, |(_, words)| words.clone());
    fields.payment_terms.iter().map(|term| words(term.to_string())).collect()
}

fn facts(fields: &ListingFields) -> Vec<(&'static str, String)> {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let all = [
        (locale::text(Language::English, "listings-brand"), text(&fields.brand)),
        (locale::text(Language::English, "listings-category"), text(&fields.category)),
        (
            locale::text(Language::English, "listings-origin"),
            fields.origin_country.map(|country| country.name()).unwrap_or_default(),
        ),
        (locale::text(Language::English, "listings-packaging"), text(&fields.packaging)),
        (locale::text(Language::English, "listings-keywords-fact"), fields.keywords.join(", ")),
    ];
    all.into_iter().filter(|(_, text)| !text.is_empty()).collect()
}

/// Price, supplier and the first words of the description, as search engines show them.
fn sharing(site: &str, offered: &Offered) -> Sharing {
    let Offered { listing, company } = offered;
    let price = price_line(&listing.fields).map(|line| line.to_string());
    let supplier = format!("{}, {}", company.fields.name, company.fields.country.name());
    let parts = [price, Some(supplier), listing.fields.description.clone()];
    let description = parts.into_iter().flatten().collect::<Vec<_>>().join(". ");
    let image = pictures(listing.id, &listing.images).into_iter().next();
    Sharing { kind: "product", ..Sharing::new(site, &format!("/listings/{}", listing.id), &description) }
        .with_image(site, image.as_ref().map(|image| image.url.as_str()))
}

#[get("/listings/{id}")]
async fn show(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<ListingId>,
) -> Result<HttpResponse> {
    let (viewer, now) = (actor.clone(), app.clock.now());
    let offered = run(&app, move |app| actions::find(app, &viewer, id)).await?;
    let mut page = page_of(&http, &offered.listing.fields.name).searching("", SearchScope::Products);
    if offered.listing.state.is_public() {
        page = page.shared(sharing(&app.config.server.public_url, &offered));
    } else {
        page = page
            .under(Section::Selling)
            .with_notice(NoticeKind::Info, locale::text(Language::English, "listings-not-public"));
    }
    html(&ListingPage::new(page, &offered, &actor, now))
}

pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(show);
}
