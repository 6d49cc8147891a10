//! From rows to search documents: what is found, and the ready-made hit that an answer shows.
//!
//! Nothing of a person is in here: no contact, no address, and the buyer's name only where the RFQ shows it.

use std::collections::HashMap;

use serde::Serialize;
use serde_json::Value;

use crate::companies::store::held_numbers;
use crate::companies::{self, Company, CompanyState, Verification};
use crate::discovery::hits::{CompanyBrief, CompanyHit, ListingHit, RfqHit};
use crate::error::Result;
use crate::ids::CompanyId;
use crate::listings::Listing;
use crate::listings::images::ImageUrls;
use crate::money::Money;
use crate::rfqs::rules::visibility::is_listed;
use crate::rfqs::{Rfq, RfqFields};
use crate::search::{Change, CompanyDoc, ListingDoc, RfqDoc};
use crate::store::Conn;
use crate::units::Quantity;

/// How much evidence counts in the ranking, 0 to 10: less than any word of the query.
fn rank_of(verification: Verification) -> u8 {
    match verification {
        Verification::Registered => 0,
        Verification::Identified => 3,
        Verification::Documented => 7,
        Verification::Audited => 10,
    }
}

/// Whether a company is seen by everybody.
pub(super) fn is_shown(company: &Company) -> bool {
    company.state == CompanyState::Active
}

fn text(value: Option<&String>) -> String {
    value.cloned().unwrap_or_default()
}

fn code<T: ToString>(value: Option<&T>) -> String {
    value.map(ToString::to_string).unwrap_or_default()
}

/// The companies of the ids that are shown, by id.
fn shown_companies(conn: &mut Conn, ids: impl Iterator<Item = CompanyId>) -> Result<HashMap<i64, Company>> {
    let mut ids: Vec<i64> = ids.map(|id| id.0).collect();
    ids.sort_unstable();
    ids.dedup();
    let companies = companies::store::load(conn, &ids)?;
    Ok(companies.into_iter().filter(is_shown).map(|company| (company.id.0, company)).collect())
}

/// The documents of the listings that can be found.
pub(super) fn listings(conn: &mut Conn, listings: &[Listing]) -> Result<Vec<Change>> {
    let found = || listings.iter().filter(|listing| listing.state.is_public());
    let companies = shown_companies(conn, found().map(|listing| listing.company))?;
    Ok(found()
        .filter_map(|listing| companies.get(&listing.company.0).map(|company| listing_doc(listing, company)))
        .map(|doc| Change::Listing(Box::new(doc)))
        .collect())
}

fn listing_doc(listing: &Listing, company: &Company) -> ListingDoc {
    let fields = &listing.fields;
    let price = fields.price.as_ref();
    ListingDoc {
        id: listing.id.0,
        company_id: company.id.0,
        sku: fields.sku.clone(),
        name: fields.name.clone(),
        description: text(fields.description.as_ref()),
        brand: text(fields.brand.as_ref()),
        mpn: text(fields.mpn.as_ref()),
        gtin: text(fields.gtin.as_ref()),
        hs_code: code(fields.hs_code.as_ref()),
        category: text(fields.category.as_ref()),
        attributes: fields.attributes.iter().map(|(name, value)| (name.clone(), value.clone())).collect(),
        keywords: fields.keywords.clone(),
        language: code(fields.language.as_ref()),
        origin_country: code(fields.origin_country.as_ref()),
        company_name: company.fields.name.clone(),
        company_country: company.fields.country.to_string(),
        company_form: company.fields.form.to_string(),
        company_verification: company.verification.to_string(),
        verification_rank: rank_of(company.verification),
        certifications: fields.certifications.iter().map(|certificate| certificate.scheme.clone()).collect(),
        incoterms: fields.incoterms.iter().map(|offer| offer.rule.to_string()).collect(),
        currency: price.map(|price| price.min.currency.to_string()).unwrap_or_default(),
        // By the base unit: EUR 5 a kilogram is more than EUR 4 350 a tonne.
        price_min_micros: price.map(|price| price.unit.base_price(price.min.amount).0),
        price_max_micros: price.and_then(|price| Some(price.unit.base_price(price.max.as_ref()?.amount).0)),
        moq_micros: fields.moq.map(|moq| moq.value.0),
        lead_time_days: fields.lead_time_days.map(i64::from),
        published_at_ms: listing.published_at.map_or(0, |time| time.timestamp_millis()),
        hit: stored(&listing_hit(listing, company)),
    }
}

fn listing_hit(listing: &Listing, company: &Company) -> ListingHit {
    let fields = &listing.fields;
    let picture = listing.images.first().map(|image| ImageUrls::of(listing.id, image.id));
    let picture = picture.as_ref();
    ListingHit {
        id: listing.id.to_string(),
        sku: fields.sku.clone(),
        name: fields.name.clone(),
        company: company_brief(company),
        brand: fields.brand.clone(),
        mpn: fields.mpn.clone(),
        hs_code: fields.hs_code.clone(),
        category: fields.category.clone(),
        price: fields.price.clone(),
        moq: fields.moq,
        lead_time_days: fields.lead_time_days.map(u32::from),
        incoterms: fields.incoterms.clone(),
        origin_country: fields.origin_country,
        certifications: fields.certifications.iter().map(|certificate| certificate.scheme.clone()).collect(),
        image_url: picture.map(|image| &image.url).or(fields.image_urls.first()).cloned(),
        small_image_url: picture.map(|image| image.small_url.clone()),
        language: code_of(fields.language.as_ref()),
        published_at: listing.published_at,
        score: 0.0,
        highlight: None,
        group_count: None,
        explain: None,
    }
}

fn code_of<T: ToString>(value: Option<&T>) -> Option<String> {
    value.map(ToString::to_string)
}

fn company_brief(company: &Company) -> CompanyBrief {
    CompanyBrief {
        id: company.id.to_string(),
        name: company.fields.name.clone(),
        country: company.fields.country,
        form: Some(company.fields.form),
        verification: Some(company.verification),
    }
}

/// A hit as it is stored. It is made of texts, numbers and lists, so it can always be written.
fn stored(hit: &impl Serialize) -> Value {
    serde_json::to_value(hit).unwrap_or_default()
}

/// The documents of the companies that are shown.
pub(super) fn companies(conn: &mut Conn, companies: &[Company]) -> Result<Vec<Change>> {
    let shown = || companies.iter().filter(|company| is_shown(company));
    let ids: Vec<i64> = shown().map(|company| company.id.0).collect();
    let mut held: HashMap<CompanyId, Vec<String>> = HashMap::new();
    for (company, number) in held_numbers(conn, &ids)? {
        held.entry(company).or_default().push(number);
    }
    Ok(shown().map(|company| company_doc(company, held.remove(&company.id).unwrap_or_default())).collect())
}

/// `held` are the numbers that everybody may see: what is hidden on its page is not found either.
fn company_doc(company: &Company, held: Vec<String>) -> Change {
    let fields = &company.fields;
    let mut trade_names = fields.trade_names.clone();
    trade_names.extend(fields.legal_name.clone());
    let hit = CompanyHit {
        company: company_brief(company),
        trade_names: fields.trade_names.clone(),
        website: fields.website.clone(),
        markets: fields.markets.iter().map(ToString::to_string).collect(),
        languages: fields.languages.iter().map(ToString::to_string).collect(),
        certifications: fields.certifications.iter().map(|certificate| certificate.scheme.clone()).collect(),
        score: 0.0,
        highlight: None,
        explain: None,
    };
    Change::Company(Box::new(CompanyDoc {
        id: company.id.0,
        name: fields.name.clone(),
        trade_names,
        country: fields.country.to_string(),
        form: fields.form.to_string(),
        verification: company.verification.to_string(),
        verification_rank: rank_of(company.verification),
        profile: text(fields.profile.as_ref()),
        certifications: fields.certifications.iter().map(|certificate| certificate.scheme.clone()).collect(),
        markets: fields.markets.iter().map(ToString::to_string).collect(),
        languages: fields.languages.iter().map(ToString::to_string).collect(),
        identifiers: held,
        registered_at_ms: company.created_at.timestamp_millis(),
        hit: stored(&hit),
    }))
}

/// The documents of the RFQs that are open and for everyone.
pub(super) fn rfqs(conn: &mut Conn, rfqs: &[Rfq]) -> Result<Vec<Change>> {
    let open = || rfqs.iter().filter(|rfq| is_listed(rfq.state, rfq.fields.visibility));
    let buyers = shown_companies(conn, open().map(|rfq| rfq.company))?;
    Ok(open()
        .filter_map(|rfq| buyers.get(&rfq.company.0).map(|buyer| rfq_doc(rfq, buyer)))
        .map(|doc| Change::Rfq(Box::new(doc)))
        .collect())
}

fn rfq_doc(rfq: &Rfq, buyer: &Company) -> RfqDoc {
    let fields = &rfq.fields;
    let buyer = fields.show_buyer_name.then_some(buyer);
    RfqDoc {
        id: rfq.id.0,
        company_id: buyer.map_or(0, |buyer| buyer.id.0),
        title: fields.title.clone(),
        specification: specification(rfq),
        hs_code: code(fields.hs_code.as_ref()),
        category: text(fields.category.as_ref()),
        item_titles: fields.items.iter().map(|item| item.title.clone()).collect(),
        item_codes: fields.items.iter().filter_map(|item| item.hs_code.as_ref()).map(ToString::to_string).collect(),
        item_categories: fields.items.iter().filter_map(|item| item.category.clone()).collect(),
        quantity_micros: fields.quantity.map(|quantity| quantity.value.0),
        currency: targets(fields).next().map(|(price, _)| price.currency.to_string()).unwrap_or_default(),
        target_price_micros: targets(fields)
            .map(|(price, quantity)| quantity.map_or(price.amount, |quantity| quantity.unit.base_price(price.amount)).0)
            .min(),
        destination_country: code(fields.destination_country.as_ref()),
        incoterm: code(fields.incoterm.as_ref()),
        required_certifications: fields.required_certifications.clone(),
        language: code(fields.language.as_ref()),
        deadline_ms: rfq.deadline.map(|time| time.timestamp_millis()),
        published_at_ms: rfq.published_at.map_or(0, |time| time.timestamp_millis()),
        hit: stored(&rfq_hit(rfq, buyer)),
    }
}

/// The target prices, each with the quantity that it is for: of the RFQ itself, or of its items, which are in one currency.
fn targets(fields: &RfqFields) -> impl Iterator<Item = (Money, Option<Quantity>)> {
    let own = fields.target_price.map(|price| (price, fields.quantity));
    let of_items = fields.items.iter().filter_map(|item| Some((item.target_price?, item.quantity)));
    own.into_iter().chain(of_items.filter(move |_| own.is_none()))
}

/// What the goods have to be like, those of all items too.
fn specification(rfq: &Rfq) -> String {
    let items = rfq.fields.items.iter().filter_map(|item| item.specification.as_deref());
    rfq.fields.specification.as_deref().into_iter().chain(items).collect::<Vec<_>>().join("\n")
}

fn rfq_hit(rfq: &Rfq, buyer: Option<&Company>) -> RfqHit {
    let fields = &rfq.fields;
    RfqHit {
        id: rfq.id.to_string(),
        title: fields.title.clone(),
        buyer: buyer.map(company_brief),
        hs_code: fields.hs_code.clone(),
        category: fields.category.clone(),
        items: fields.items.len(),
        quantity: fields.quantity,
        frequency: Some(fields.frequency),
        target_price: fields.target_price,
        incoterm: fields.incoterm,
        destination_country: fields.destination_country,
        destination_place: fields.destination_place.clone(),
        destination_locode: fields.destination_locode,
        required_certifications: fields.required_certifications.clone(),
        deadline: rfq.deadline,
        published_at: rfq.published_at,
        language: code_of(fields.language.as_ref()),
        score: 0.0,
        highlight: None,
        explain: None,
    }
}
