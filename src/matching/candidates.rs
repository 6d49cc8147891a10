//! The candidates for an RFQ: one pass over the index for it or for each of its items, three batch queries, one score for each supplier.

use std::collections::HashMap;

use chrono::{Duration, NaiveDate};

use super::goods::{self, ListingReading, ListingTexts, Reading, Request};
use super::{
    Candidate, CandidateCompany, CandidateListing, GoodsKind, ItemScore, Limits, Requirement, ScoreBreakdown,
    ScoredCandidate, combine, score, store,
};
use crate::app::App;
use crate::clock::Time;
use crate::companies::{self, Certification, Company, CompanyState, Verification};
use crate::error::Result;
use crate::ids::{CompanyId, ListingId, RfqId};
use crate::listings::{self, Listing, ListingState};
use crate::rfqs::Rfq;
use crate::search::{Dim, Filters, Kind, ListingCandidate, SupplierQuery, Synonym};

/// So many listings of a match are named.
const MAX_LISTINGS_NAMED: usize = 3;
/// A request counts as unanswered only after so many days.
const DAYS_TO_ANSWER: i64 = 7;
/// How much listings count as candidates that have the subheading and the heading asked for.
const CODE_BOOSTS: [(usize, f32); 2] = [(6, 1.0), (4, 0.5)];
/// The same for a heading that only the words speak for.
const KIND_BOOST: f32 = 0.4;

/// How many matches an RFQ keeps and how many suppliers it mails, as the configuration says.
pub fn limits(app: &App) -> Limits {
    Limits::from(&app.config.matching)
}

/// An RFQ as it is matched: read once, and compared with every listing.
#[derive(Clone, Debug)]
pub struct MatchRequest {
    /// What the words say.
    pub request: Request,
    /// What the terms say.
    pub requirement: Requirement,
}

impl MatchRequest {
    /// Reads the RFQ.
    pub fn of(rfq: &Rfq, today: NaiveDate) -> Self {
        let fields = &rfq.fields;
        let language = fields.language.map(|language| language.as_str().to_owned());
        let specification = fields.specification.as_deref().unwrap_or_default();
        let request = Request::of(&fields.title, specification, language.as_deref());
        let requirement = Requirement {
            hs_code: fields.hs_code.clone(),
            category: fields.category.clone(),
            quantity: fields.quantity,
            target_price: fields.target_price,
            target_unit: None,
            incoterm: fields.incoterm,
            destination_country: fields.destination_country,
            required_certifications: fields.required_certifications.clone(),
            wanted_supplier_countries: fields.wanted_supplier_countries.clone(),
            wanted_supplier_forms: fields.wanted_supplier_forms.iter().map(|form| form.as_str().to_owned()).collect(),
            lead_time_days: fields.wanted_by.map(|day| Requirement::days_until(today, day)),
            kind: kind_of(&request.title),
        };
        Self { request, requirement }
    }
}

/// A published RFQ as it is matched: as a whole, or each of its items by itself.
#[derive(Clone, Debug)]
pub struct RfqRequest {
    parts: Vec<RequestPart>,
}

/// What is matched by itself.
#[derive(Clone, Debug)]
struct RequestPart {
    /// The number of the item; none for an RFQ without items.
    item: Option<u32>,
    rfq: Rfq,
    wanted: MatchRequest,
}

impl RfqRequest {
    /// Reads the RFQ, or its items.
    pub fn of(rfq: &Rfq, today: NaiveDate) -> Self {
        let part = |item: Option<u32>, rfq: Rfq| RequestPart { item, wanted: MatchRequest::of(&rfq, today), rfq };
        let items = rfq.fields.by_item().into_iter();
        let mut parts: Vec<RequestPart> = items.map(|(item, fields)| part(Some(item), rfq.saying(fields))).collect();
        if parts.is_empty() {
            parts.push(part(None, rfq.clone()));
        }
        Self { parts }
    }

    /// What any part of the RFQ asks for.
    pub fn requirement(&self) -> Requirement {
        let mut parts = self.parts.iter().map(|part| &part.wanted.requirement);
        let first = parts.next().cloned().unwrap_or_default();
        parts.fold(first, |all, one| Requirement {
            hs_code: all.hs_code.clone().or_else(|| one.hs_code.clone()),
            category: all.category.clone().or_else(|| one.category.clone()),
            quantity: all.quantity.or(one.quantity),
            target_price: all.target_price.or(one.target_price),
            ..all
        })
    }

    /// How many parts are matched by themselves: the items, or one.
    pub fn parts(&self) -> usize {
        self.parts.len()
    }

    /// Scores the suppliers whose listings the index finds for the RFQ, the best first; see [`score_candidates`].
    ///
    /// # Errors
    /// Faults of the index and the database.
    pub fn score(&self, app: &App, among: Among) -> Result<Vec<ScoredCandidate>> {
        let mut by_supplier: HashMap<CompanyId, Vec<ItemScore>> = HashMap::new();
        let limits = limits(app);
        let parts: Vec<(&Rfq, &MatchRequest)> = self.parts.iter().map(|part| (&part.rfq, &part.wanted)).collect();
        for (part, scored) in self.parts.iter().zip(score_parts(app, &parts, among)?) {
            let Some(item) = part.item else { return Ok(scored) };
            for scored in scored {
                let serves = limits.notifies(&scored.breakdown);
                by_supplier.entry(scored.supplier).or_default().push(ItemScore { item, scored, serves });
            }
        }
        let numbers = self.numbers();
        let combined = by_supplier.into_values().filter_map(|scores| combine(&numbers, scores, MAX_LISTINGS_NAMED));
        let mut scored: Vec<ScoredCandidate> = combined.collect();
        sort(&mut scored);
        Ok(scored)
    }

    /// The score of one supplier by `score_alone` of each part.
    pub fn score_by(
        &self,
        limits: &Limits,
        score_alone: impl Fn(&Rfq, &MatchRequest) -> ScoredCandidate,
    ) -> Option<ScoredCandidate> {
        let mut scores = Vec::new();
        for part in &self.parts {
            let scored = score_alone(&part.rfq, &part.wanted);
            let Some(item) = part.item else { return Some(scored) };
            scores.push(ItemScore { item, serves: limits.notifies(&scored.breakdown), scored });
        }
        combine(&self.numbers(), scores, MAX_LISTINGS_NAMED)
    }

    fn numbers(&self) -> Vec<u32> {
        self.parts.iter().filter_map(|part| part.item).collect()
    }
}

/// The best first, equal scores by id, so that the same market gives the same list.
fn sort(scored: &mut [ScoredCandidate]) {
    scored.sort_by(|a, b| b.breakdown.score.total_cmp(&a.breakdown.score).then(a.supplier.cmp(&b.supplier)));
}

fn kind_of(reading: &Reading) -> Option<GoodsKind> {
    reading.kinds.first().map(|kind| GoodsKind { heading: kind.heading, score: f64::from(kind.score) })
}

/// Which suppliers are scored for an RFQ.
#[derive(Clone, Copy, Debug)]
pub enum Among {
    /// All that the buyer would buy from.
    Eligible,
    /// This one, whatever the buyer said of countries and forms.
    Only(CompanyId),
}

/// Scores the suppliers whose listings the index finds for an RFQ without items, the best first. The index alone chooses the listings; what it
/// names and is gone meanwhile is left out.
pub fn score_candidates(app: &App, rfq: &Rfq, wanted: &MatchRequest, among: Among) -> Result<Vec<ScoredCandidate>> {
    Ok(score_parts(app, &[(rfq, wanted)], among)?.pop().unwrap_or_default())
}

/// The same for each part of one RFQ, whose suppliers and listings are loaded together.
fn score_parts(app: &App, parts: &[(&Rfq, &MatchRequest)], among: Among) -> Result<Vec<Vec<ScoredCandidate>>> {
    let Some((first, _)) = parts.first().filter(|_| app.search.count(Kind::Listing) > 0) else {
        return Ok(vec![Vec::new(); parts.len()]);
    };
    let mut found: Vec<Vec<ListingCandidate>> = Vec::with_capacity(parts.len());
    for (rfq, wanted) in parts {
        found.push(app.search.supplier_candidates(&supplier_query(rfq, wanted, among))?);
    }
    let known = CandidateData::load(app, first.id, found.iter().flatten())?;
    let (now, limits) = (app.clock.now(), limits(app));
    let scored = |((rfq, wanted), hits): (&(&Rfq, &MatchRequest), Vec<ListingCandidate>)| {
        let mut by_company: HashMap<i64, Vec<ListingCandidate>> = HashMap::new();
        for hit in hits {
            by_company.entry(hit.company_id).or_default().push(hit);
        }
        let named = Named { wanted, names: app.search.synonyms_in(&rfq.fields.title) };
        let scored = by_company.iter().filter_map(|(company, hits)| known.score(&named, *company, hits, &limits, now));
        let mut scored: Vec<ScoredCandidate> = scored.collect();
        sort(&mut scored);
        scored
    };
    Ok(parts.iter().zip(found).map(scored).collect())
}

/// What a part of an RFQ asks for, and what its goods are also called.
struct Named<'a> {
    wanted: &'a MatchRequest,
    names: Vec<Synonym>,
}

fn supplier_query(rfq: &Rfq, wanted: &MatchRequest, among: Among) -> SupplierQuery {
    let fields = &rfq.fields;
    let texts = |countries: &[crate::reference::codes::Country]| -> Vec<String> {
        countries.iter().map(|country| country.as_str().to_owned()).collect()
    };
    let filters = match among {
        Among::Eligible => Filters::default()
            .with(Dim::Country, texts(&fields.wanted_supplier_countries))
            .with(Dim::Form, wanted.requirement.wanted_supplier_forms.iter().cloned()),
        Among::Only(company) => Filters::default().with(Dim::Company, [company.0.to_string()]),
    };
    SupplierQuery {
        title: fields.title.clone(),
        specification: fields.specification.clone().unwrap_or_default(),
        codes: codes(rfq, &wanted.request),
        other_names: wanted.request.other_names(),
        category: fields.category.clone().unwrap_or_default(),
        filters,
        exclude_company: Some(rfq.company.0),
        language: fields.language.map(|language| language.as_str().to_owned()),
        ..SupplierQuery::default()
    }
}

/// The codes under which the goods may stand: what the RFQ states, and what its words speak for.
fn codes(rfq: &Rfq, request: &Request) -> Vec<(String, f32)> {
    let stated = rfq.fields.hs_code.as_ref().map(|code| code.as_str().to_owned()).unwrap_or_default();
    let mut codes: Vec<(String, f32)> = CODE_BOOSTS
        .iter()
        .filter_map(|(digits, boost)| stated.get(..*digits).map(|code| (code.to_owned(), *boost)))
        .collect();
    for kind in &request.title.kinds {
        if !codes.iter().any(|(code, _)| code == kind.heading) {
            codes.push((kind.heading.to_owned(), KIND_BOOST * kind.score));
        }
    }
    codes
}

/// What the database knows of the suppliers that the index found.
struct CandidateData {
    companies: HashMap<i64, Company>,
    listings: HashMap<i64, Listing>,
    rates: HashMap<i64, f64>,
}

impl CandidateData {
    fn load<'a>(app: &App, rfq: RfqId, hits: impl Iterator<Item = &'a ListingCandidate>) -> Result<Self> {
        let (mut suppliers, mut named): (Vec<i64>, Vec<i64>) = hits.map(|hit| (hit.company_id, hit.id)).unzip();
        for ids in [&mut suppliers, &mut named] {
            ids.sort_unstable();
            ids.dedup();
        }
        let until = app.clock.now() - Duration::days(DAYS_TO_ANSWER);
        let (companies, listings, rates) = app.db.read(|conn| {
            let companies = companies::store::load(conn, &suppliers)?;
            let listings = listings::store::load(conn, &named)?;
            Ok((companies, listings, store::response_rates(conn, &suppliers, until, rfq)?))
        })?;
        Ok(Self {
            companies: companies.into_iter().map(|company| (company.id.0, company)).collect(),
            listings: listings.into_iter().map(|listing| (listing.id.0, listing)).collect(),
            rates,
        })
    }

    /// The score of the supplier's best listing, and of how many others fit.
    fn score(
        &self,
        part: &Named<'_>,
        company: i64,
        hits: &[ListingCandidate],
        limits: &Limits,
        now: Time,
    ) -> Option<ScoredCandidate> {
        let company = self.companies.get(&company).filter(|c| c.state == CompanyState::Active)?;
        let rate = self.rates.get(&company.id.0).copied();
        let context = CandidateContext { rate, today: now.date_naive() };
        let found = hits.iter().filter_map(|hit| {
            let listing = self.listings.get(&hit.id).filter(|l| l.state == ListingState::Published)?;
            let candidate = Candidate {
                text: f64::from(hit.text),
                nearness: f64::from(hit.nearness),
                ..candidate(part.wanted, company, listing, &offer(listing, &part.names), context)
            };
            Some((listing.id, score(&part.wanted.requirement, &candidate), candidate))
        });
        let mut found: Vec<(ListingId, ScoreBreakdown, Candidate)> = found.collect();
        found.sort_by(|a, b| b.1.score.total_cmp(&a.1.score).then(a.0.cmp(&b.0)));
        let fit = found.iter().skip(1).filter(|(_, breakdown, _)| limits.notifies(breakdown)).count();
        let (_, _, best) = found.first_mut()?;
        best.further = u32::try_from(fit).unwrap_or(u32::MAX);
        let breakdown = score(&part.wanted.requirement, best);
        let best_listings = found.iter().map(|(id, ..)| *id).take(MAX_LISTINGS_NAMED).collect();
        Some(ScoredCandidate { supplier: company.id, breakdown, best_listings, items: Vec::new() })
    }
}

/// What is known of a candidate beside company and listing.
#[derive(Clone, Copy, Debug)]
pub struct CandidateContext {
    /// The share of requests that the company answered.
    pub rate: Option<f64>,
    /// The day on which certificates must hold.
    pub today: NaiveDate,
}

/// The listing as a candidate for the RFQ, with what it says of its goods and without what the index says of it.
pub fn candidate(
    wanted: &MatchRequest,
    company: &Company,
    listing: &Listing,
    offer: &ListingReading,
    context: CandidateContext,
) -> Candidate {
    let held = |all: &[Certification]| -> Vec<String> {
        all.iter().filter(|one| one.is_valid_on(context.today)).map(|one| one.scheme.clone()).collect()
    };
    Candidate {
        text: 0.0,
        nearness: 0.0,
        likeness: goods::likeness(&wanted.request, offer),
        further: 0,
        company: CandidateCompany {
            country: Some(company.fields.country),
            form: Some(company.fields.form.as_str().to_owned()),
            verification: verification_rank(company.verification),
            markets: company.fields.markets.clone(),
            certifications: held(&company.fields.certifications),
            response_rate: context.rate,
        },
        listing: CandidateListing {
            certifications: held(&listing.fields.certifications),
            kind: kind_of(&offer.name),
            ..terms(&wanted.requirement, listing)
        },
    }
}

/// What the listing says of its goods: its name, then keywords, brand, numbers, category and attribute values, then its description.
pub fn offer(listing: &Listing, names: &[Synonym]) -> ListingReading {
    let fields = &listing.fields;
    let single = [fields.brand.as_deref(), fields.mpn.as_deref(), fields.category.as_deref()];
    let mut keywords: Vec<&str> = single.into_iter().flatten().collect();
    keywords.extend(fields.keywords.iter().map(String::as_str));
    keywords.extend(fields.attributes.values().map(String::as_str));
    let language = fields.language.map(|language| language.as_str().to_owned());
    let mut offer = ListingReading::of(ListingTexts {
        name: &fields.name,
        keywords: &keywords.join(", "),
        description: fields.description.as_deref().unwrap_or_default(),
        language: language.as_deref(),
    });
    also_called(&mut offer, names);
    offer
}

/// Has the listing count as called by the operator's synonyms of its names too.
pub fn also_called(offer: &mut ListingReading, names: &[Synonym]) {
    for name in names {
        offer.call(&name.said, &name.other);
    }
}

fn terms(requirement: &Requirement, listing: &Listing) -> CandidateListing {
    let fields = &listing.fields;
    let price = fields.price.as_ref();
    let bought = price.zip(requirement.quantity).and_then(|(price, quantity)| quantity.to_unit(price.unit));
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
        kind: None,
    }
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
