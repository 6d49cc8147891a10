//! The candidates for an RFQ: one pass over the index, two batch queries, one score for each supplier.

use std::collections::HashMap;

use chrono::{Duration, NaiveDate};

use super::{
    Candidate, CandidateCompany, CandidateListing, Limits, Requirement, ScoredCandidate, best_candidate, store, words,
};
use crate::app::App;
use crate::clock::Time;
use crate::companies::{self, Certification, Company, CompanyState, Verification};
use crate::error::Result;
use crate::ids::ListingId;
use crate::listings::{self, Listing, ListingState};
use crate::rfqs::Rfq;
use crate::search::{Kind, SupplierCandidate, SupplierQuery, Synonym};

/// How many suppliers are scored for an RFQ.
pub const MAX_SCORED: usize = 200;
/// So many listings of a match are named.
const MAX_LISTINGS_NAMED: usize = 3;
/// How well any candidate fits is read off this many of the first.
const TOP_CANDIDATES: usize = 20;
/// A request counts as unanswered only after so many days.
// A week, so that a weekend and a holiday cost nobody its rate.
const DAYS_TO_ANSWER: i64 = 7;

/// How many matches an RFQ keeps and how many suppliers it mails, as the configuration says.
pub fn limits(app: &App) -> Limits {
    Limits::from(&app.config.matching)
}

/// What the RFQ asks for, as the score takes it.
pub fn requirement(rfq: &Rfq, today: NaiveDate) -> Requirement {
    let fields = &rfq.fields;
    Requirement {
        hs_code: fields.hs_code.clone(),
        category: fields.category.clone(),
        quantity: fields.quantity,
        target_price: fields.target_price,
        // An RFQ's target is for its quantity's unit; only the price's own unit can differ.
        target_unit: None,
        incoterm: fields.incoterm,
        destination_country: fields.destination_country,
        required_certifications: fields.required_certifications.clone(),
        wanted_supplier_countries: fields.wanted_supplier_countries.clone(),
        wanted_supplier_forms: fields.wanted_supplier_forms.iter().map(|form| form.as_str().to_owned()).collect(),
        lead_time_days: fields.wanted_by.map(|day| Requirement::days_until(today, day)),
    }
}

/// Scores the best `most` suppliers that the index knows for the RFQ, in the order of their words. The index alone chooses
/// them; what it names and is gone meanwhile is left out.
pub fn score_candidates(app: &App, rfq: &Rfq, most: usize) -> Result<Vec<ScoredCandidate>> {
    if app.search.count(Kind::Listing) == 0 {
        return Ok(Vec::new());
    }
    let hits = app.search.supplier_candidates(&supplier_query(rfq, most))?;
    let known = CandidateData::load(app, rfq, &hits)?;
    let now = app.clock.now();
    let requirement = requirement(rfq, now.date_naive());
    Ok(hits.iter().filter_map(|hit| known.score(rfq, &requirement, hit, now)).collect())
}

fn supplier_query(rfq: &Rfq, most: usize) -> SupplierQuery {
    let fields = &rfq.fields;
    SupplierQuery {
        title: fields.title.clone(),
        specification: fields.specification.clone().unwrap_or_default(),
        hs_code: fields.hs_code.as_ref().map(|code| code.as_str().to_owned()).unwrap_or_default(),
        category: fields.category.clone().unwrap_or_default(),
        // In the query and not afterwards, or a buyer that also sells would take a place among the candidates.
        exclude_company: Some(rfq.company.0),
        language: fields.language.map(|language| language.as_str().to_owned()),
        limit: most,
        ..SupplierQuery::default()
    }
}

/// What the database knows of the suppliers that the index found.
struct CandidateData {
    companies: HashMap<i64, Company>,
    listings: HashMap<i64, Listing>,
    rates: HashMap<i64, f64>,
    names: Vec<Synonym>,
    confidence: f64,
}

impl CandidateData {
    fn load(app: &App, rfq: &Rfq, hits: &[SupplierCandidate]) -> Result<Self> {
        let suppliers: Vec<i64> = hits.iter().map(|hit| hit.company_id).collect();
        let named: Vec<i64> = hits.iter().flat_map(|c| c.best_listings.iter().map(|(id, _)| *id)).collect();
        let names = app.search.synonyms_in(&rfq.fields.title);
        let until = app.clock.now() - Duration::days(DAYS_TO_ANSWER);
        app.db.read(|conn| {
            let companies = companies::store::load(conn, &suppliers)?;
            let listings = listings::store::load(conn, &named)?;
            let tops = hits.iter().take(TOP_CANDIDATES).filter_map(|c| c.best_listings.first());
            let words =
                listings.iter().filter(|l| tops.clone().any(|(id, _)| *id == l.id.0)).map(|l| words_for(&names, l));
            let coverage = words.map(|words| words::coverage(&rfq.fields.title, &words)).fold(0.0, f64::max);
            Ok(Self {
                confidence: confidence(coverage),
                companies: companies.into_iter().map(|company| (company.id.0, company)).collect(),
                listings: listings.into_iter().map(|listing| (listing.id.0, listing)).collect(),
                rates: store::response_rates(conn, &suppliers, until, rfq.id)?,
                names: names.clone(),
            })
        })
    }

    /// The score of the supplier's best listing. Its first listing has the supplier's own text score, the others theirs in
    /// proportion: where nothing else is known, suppliers stand in the order of their words.
    fn score(
        &self,
        rfq: &Rfq,
        requirement: &Requirement,
        hit: &SupplierCandidate,
        now: Time,
    ) -> Option<ScoredCandidate> {
        let company = self.companies.get(&hit.company_id).filter(|c| c.state == CompanyState::Active)?;
        let rate = self.rates.get(&hit.company_id).copied();
        let first = hit.best_listings.first().map_or(0.0, |(_, score)| f64::from(*score));
        let mut ids: Vec<ListingId> = Vec::new();
        let mut candidates: Vec<Candidate> = Vec::new();
        for (id, score) in &hit.best_listings {
            let Some(listing) = self.listings.get(id).filter(|l| l.state == ListingState::Published) else { continue };
            // The supplier's own score belongs to its best listing; the others have their part of it, by their words.
            // A first score of nothing has no proportion to give: all stand as they are.
            let part = if first > 0.0 { f64::from(*score) / first } else { 1.0 };
            let text = f64::from(hit.score) * part.min(1.0) * self.confidence;
            ids.push(listing.id);
            candidates.push(candidate(
                rfq,
                company,
                listing,
                CandidateContext { text, rate, today: now.date_naive(), names: &self.names },
            ));
        }
        let (place, breakdown) = best_candidate(requirement, &candidates)?;
        let chosen = ids.remove(place);
        ids.insert(0, chosen);
        Some(ScoredCandidate { supplier: company.id, breakdown, best_listings: ids })
    }
}

/// What is known of a candidate beside company and listing.
#[derive(Clone, Copy, Debug)]
pub struct CandidateContext<'n> {
    /// How well the words fit, 0..1.
    pub text: f64,
    /// The share of requests that the company answered.
    pub rate: Option<f64>,
    /// The day on which certificates must hold.
    pub today: NaiveDate,
    /// The other names of what the title speaks of.
    pub names: &'n [Synonym],
}

/// The listing as a candidate for the RFQ.
pub fn candidate(rfq: &Rfq, company: &Company, listing: &Listing, context: CandidateContext<'_>) -> Candidate {
    let held = |all: &[Certification]| -> Vec<String> {
        all.iter().filter(|one| one.is_valid_on(context.today)).map(|one| one.scheme.clone()).collect()
    };
    Candidate {
        text: context.text,
        matched_words: words::shared(&rfq.fields.title, &words_for(context.names, listing)),
        company: CandidateCompany {
            country: Some(company.fields.country),
            form: Some(company.fields.form.as_str().to_owned()),
            verification: verification_rank(company.verification),
            markets: company.fields.markets.clone(),
            certifications: held(&company.fields.certifications),
            response_rate: context.rate,
        },
        listing: CandidateListing { certifications: held(&listing.fields.certifications), ..terms(rfq, listing) },
    }
}

fn terms(rfq: &Rfq, listing: &Listing) -> CandidateListing {
    let fields = &listing.fields;
    let price = fields.price.as_ref();
    // The price at the quantity that is asked for, in the unit that the price is for; without a common unit the lowest stands.
    let bought = price.zip(rfq.fields.quantity).and_then(|(price, quantity)| quantity.to_unit(price.unit));
    CandidateListing {
        name: fields.name.clone(),
        hs_code: fields.hs_code.clone(),
        category: fields.category.clone(),
        moq: fields.moq,
        price_min: price.map(|price| bought.map_or(price.min, |quantity| price.at_quantity(quantity.value))),
        price_max: price.and_then(|price| price.max),
        price_unit: price.map(|price| price.unit),
        lead_time_days: fields.lead_time_days.map(u32::from),
        incoterms: fields.incoterms.iter().map(|offer| offer.rule).collect(),
        origin: fields.origin_country,
        certifications: Vec::new(),
    }
}

/// The words by which a listing is found: name, keywords, brand, numbers, category and attribute values.
fn words_of(listing: &Listing) -> String {
    let fields = &listing.fields;
    let single =
        [Some(fields.name.as_str()), fields.brand.as_deref(), fields.mpn.as_deref(), fields.category.as_deref()];
    let mut text: Vec<&str> = single.into_iter().flatten().collect();
    text.extend(fields.keywords.iter().map(String::as_str));
    text.extend(fields.attributes.values().map(String::as_str));
    text.join(" ")
}

/// The words of a listing, and those of the request that only call them by another name.
pub fn words_for(names: &[Synonym], listing: &Listing) -> String {
    let own = words_of(listing);
    // Only what covers the listing's own words whole: a synonym of one word of three would lend the request words that are not there.
    let called = names.iter().filter(|name| words::coverage(&name.other, &own) >= 1.0).map(|name| name.said.as_str());
    std::iter::once(own.as_str()).chain(called).collect::<Vec<_>>().join(" ")
}

fn verification_rank(verification: Verification) -> u8 {
    let place = Verification::ALL.iter().position(|level| *level == verification);
    place.and_then(|place| u8::try_from(place).ok()).unwrap_or(0)
}

/// The listings of a match after another one was found to fit better: that one first, at most three.
pub fn listed_first(id: ListingId, others: &[ListingId]) -> Vec<ListingId> {
    let rest = others.iter().copied().filter(|other| *other != id);
    std::iter::once(id).chain(rest).take(MAX_LISTINGS_NAMED).collect()
}

/// How far the words of an RFQ's candidates are trusted, 0.2..1, by the part of its title's words that the best of them covers.
/// The index ranks candidates against each other; so the best of a bad lot would look perfect without this. It is one factor for
/// all candidates of an RFQ and leaves their order as it is.
pub fn confidence(coverage: f64) -> f64 {
    // Not from 0: words of another form or language cover nothing and may still be the right goods.
    0.2 + 0.8 * coverage
}
