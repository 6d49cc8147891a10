//! Matching: pairs an RFQ with the suppliers most able to serve it, and says why.
//!
//! A match is one RFQ and one supplier: a score, its reasons and its gaps. The score is a plain sum. Every [`Reason`] owns a share of
//! it and a [`Gap`] that contradicts takes its share off, no reason uses another's evidence, and nothing is renormalised by what happens
//! to be known or by who else is there; so the shares sum to the score exactly, and without a stated reason the score is lower by exactly
//! its share (a property test holds us to that). A calibration maps the score to the [`probability`] that the supplier sells what is
//! asked for, and by that it is decided who is kept and who is notified.
//!
//! States: `suggested -> notified -> seen -> quoted | dismissed`; a later state is never lost to an earlier event, and a
//! supplier who dismissed a match may still quote. A match that is neither quoted nor dismissed is `lapsed` while nothing speaks for it: the
//! listing was paused, the company suspended, the buyer's condition is not met any more. It comes back with its evidence.
//!
//! An RFQ for several items is matched item by item; a supplier's score is the mean over all of them, to which those that it does not serve add
//! nothing, and whether it is told is decided by the item that fits best.
//!
//! [`goods`] reads what the texts say of goods, [`score`] scores one candidate, [`rules`] selects among the scored, [`display`] rounds: all pure.
//! [`candidates`] makes candidates of what index and database know.
//! Matching runs as a reaction ([`jobs`]) to a published RFQ, against all listings, and to a published listing, against the open RFQs.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::clock::Time;
use crate::event_feed::EventData;
use crate::ids::{CompanyId, ListingId, MatchId, RfqId};
use crate::money::Money;
use crate::reference::codes::{Country, HsCode, Incoterm};
use crate::reference::glossary;
use crate::units::{Quantity, Unit};
use crate::{labelled, wire_enum};

pub mod actions;
pub mod api;
pub mod candidates;
pub mod goods;
pub mod jobs;
mod notifications;
pub mod pages;
pub mod rules;
pub mod score;
pub mod display;
pub mod store;
#[cfg(test)]
mod flow_tests;
#[cfg(test)]
mod tests;

use goods::Likeness;
pub use rules::{Calibration, Limits, Selection, probability, select, why_not};
pub use score::{ItemScore, combine, score, without_evidence};

/// What a buyer asks for, as far as the RFQ says it; absent means that the buyer does not care or did not say.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Requirement {
    /// The HS code of the goods.
    pub hs_code: Option<HsCode>,
    /// The category path, `A / B / C`.
    pub category: Option<String>,
    /// How much is wanted.
    pub quantity: Option<Quantity>,
    /// The price the buyer hopes for, for one `target_unit`.
    pub target_price: Option<Money>,
    /// The unit of the target price; the quantity's unit where absent.
    pub target_unit: Option<Unit>,
    /// The Incoterm asked for.
    pub incoterm: Option<Incoterm>,
    /// Where the goods are to go.
    pub destination_country: Option<Country>,
    /// Certificates the supplier must hold, as the buyer wrote them.
    pub required_certifications: Vec<String>,
    /// The only supplier countries the buyer wants; empty for any.
    pub wanted_supplier_countries: Vec<Country>,
    /// The only company forms the buyer wants (`manufacturer`, ...); empty for any.
    pub wanted_supplier_forms: Vec<String>,
    /// How many days from now the goods are wanted in; see [`Requirement::days_until`].
    pub lead_time_days: Option<u32>,
    /// What its words say the goods are.
    pub kind: Option<GoodsKind>,
}

/// A heading that a name of goods speaks for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GoodsKind {
    /// Four digits.
    pub heading: &'static str,
    /// 0..1: how surely.
    pub score: f64,
}

impl GoodsKind {
    /// The first two digits.
    pub fn chapter(&self) -> &'static str {
        &self.heading[..2]
    }

    /// The heading with what it is called.
    pub fn label(&self) -> String {
        let name = glossary::label(self.heading, "en").unwrap_or_default();
        format!("{name} (HS {})", self.heading)
    }
}

impl Requirement {
    /// The days from `today` until `wanted_by`; 0 once it has passed.
    pub fn days_until(today: NaiveDate, wanted_by: NaiveDate) -> u32 {
        u32::try_from(wanted_by.signed_duration_since(today).num_days()).unwrap_or(0)
    }
}

/// One listing of one supplier, as a candidate for an RFQ.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Candidate {
    /// How well the words of the listing fit those of the title, as the index weighs them: 0..1. What lies outside is cut, and a NaN
    /// counts as 0.
    pub text: f64,
    /// How near the listing's class is to that of the listings that the title finds first: 0..1.
    pub nearness: f64,
    /// How well what both say of the goods agrees.
    pub likeness: Likeness,
    /// How many further listings of the supplier fit.
    pub further: u32,
    /// Who offers.
    pub company: CandidateCompany,
    /// What is offered.
    pub listing: CandidateListing,
}

/// The supplier of a candidate.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CandidateCompany {
    /// The supplier's country.
    pub country: Option<Country>,
    /// The company's form, like `manufacturer`.
    pub form: Option<String>,
    /// 0 registered, 1 identified, 2 documented, 3 audited; more counts as 3.
    pub verification: u8,
    /// The export markets the company names.
    pub markets: Vec<Country>,
    /// The schemes of the certificates the company holds.
    pub certifications: Vec<String>,
    /// The share of requests the company answered, 0..1; absent where it had none.
    pub response_rate: Option<f64>,
}

/// The terms of the candidate listing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CandidateListing {
    /// The product's name.
    pub name: String,
    /// The HS code.
    pub hs_code: Option<HsCode>,
    /// The category path, `A / B / C`.
    pub category: Option<String>,
    /// The least that is sold.
    pub moq: Option<Quantity>,
    /// The lowest price, for one `price_unit`.
    pub price_min: Option<Money>,
    /// The highest price, where a range is stated.
    pub price_max: Option<Money>,
    /// The unit of the prices.
    pub price_unit: Option<Unit>,
    /// Days from order to dispatch.
    pub lead_time_days: Option<u32>,
    /// The Incoterms offered.
    pub incoterms: Vec<Incoterm>,
    /// The country of origin.
    pub origin: Option<Country>,
    /// The schemes of the product's own certificates.
    pub certifications: Vec<String>,
    /// What its name says the goods are.
    pub kind: Option<GoodsKind>,
}

wire_enum! {
    /// What a share of the score rests on.
    pub enum ReasonKind {
        /// The words of the request and of the listing.
        Terms = "terms",
        /// The names that the trade glossary has for the goods, in any language.
        Goods = "goods",
        /// The HS code, by the digits in common.
        Hs = "hs",
        /// Attribute names, category and name words like those of the listings that the title finds first: what kind of product the
        /// market means by the words.
        Class = "class",
        /// How many of the supplier's listings fit.
        Breadth = "breadth",
        /// The category path, by the steps in common.
        Category = "category",
        /// The supplier names the destination among its markets.
        Destination = "destination",
        /// The minimum order is not above the quantity wanted.
        Moq = "moq",
        /// The price is within the target, or close to it.
        Price = "price",
        /// The goods can be made in time.
        LeadTime = "lead_time",
        /// The required certificates are held.
        Certification = "certification",
        /// The Incoterm asked for is offered.
        Incoterm = "incoterm",
        /// What is known of the supplier before any request: evidence of who it is, and how often it answers.
        Prior = "prior",
    }
}

wire_enum! {
    /// What stands against a match.
    pub enum GapKind {
        /// The minimum order is above the quantity wanted, or cannot be compared with it.
        Moq = "moq",
        /// The price is above the target, or cannot be compared with it.
        Price = "price",
        /// A required certificate is not stated.
        Certification = "certification",
        /// The buyer wants suppliers of other countries.
        SupplierCountry = "supplier_country",
        /// The buyer wants companies of another form.
        SupplierForm = "supplier_form",
        /// The goods cannot be made in time.
        LeadTime = "lead_time",
        /// The HS codes are of different chapters or headings.
        Hs = "hs",
        /// The listing's name speaks for other goods than the code asked for.
        Goods = "goods",
        /// The Incoterm asked for is not among those offered.
        Incoterm = "incoterm",
        /// Items of the RFQ that the supplier has nothing for.
        Items = "items",
    }
}

impl GapKind {
    /// Whether the buyer ruled such suppliers out: they are listed with their gap, and never notified.
    pub fn rules_out(self) -> bool {
        matches!(self, Self::SupplierCountry | Self::SupplierForm)
    }
}

/// One part of a score.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Reason {
    /// What it rests on.
    pub kind: ReasonKind,
    /// A sentence part for people: `HS 730441 agrees in all 6 digits`.
    pub detail: String,
    /// Its part of the score, above 0; a multiple of 2^-20, so that sums of shares are exact.
    pub share: f64,
}

/// One thing that stands against a match.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Gap {
    /// What is missing.
    pub kind: GapKind,
    /// A sentence part for people: `MOQ 5000 kg is above the 2000 kg wanted`.
    pub detail: String,
    /// What it takes off the score, 0 or below; a multiple of 2^-20. 0 where only the share of a reason is not earned.
    #[serde(default)]
    pub share: f64,
}

/// How well a candidate fits a requirement, and why.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ScoreBreakdown {
    /// Exactly the sum of the shares of reasons and gaps: at most 1, and below 0 where more contradicts than speaks for it.
    pub score: f64,
    /// The parts of the score, largest first; at most one of each kind.
    pub reasons: Vec<Reason>,
    /// What stands against it.
    pub gaps: Vec<Gap>,
    /// What is decided by: the score, or that of the item that fits best where the RFQ has several. A supplier of one item of ten is told of it
    /// like any other, and stands behind those who sell more.
    pub fit: f64,
}

impl ScoreBreakdown {
    /// The share of the kind; 0 where it is no reason.
    pub fn share(&self, kind: ReasonKind) -> f64 {
        self.reasons.iter().find(|reason| reason.kind == kind).map_or(0.0, |reason| reason.share)
    }

    /// Whether the buyer ruled the supplier out.
    pub fn is_ruled_out(&self) -> bool {
        self.gaps.iter().any(|gap| gap.kind.rules_out())
    }
}

wire_enum! {
    /// Where a match stands.
    pub enum MatchState {
        /// Found; nobody was notified.
        Suggested = "suggested",
        /// The supplier was notified by e-mail.
        Notified = "notified",
        /// The supplier opened it.
        Seen = "seen",
        /// The supplier quoted.
        Quoted = "quoted",
        /// The supplier does not want it.
        Dismissed = "dismissed",
        /// Nothing that the supplier offers speaks for it any more: neither side is shown it.
        Lapsed = "lapsed",
    }
}

crate::states!(MatchState, "match-state", {
    Suggested => Quiet,
    Notified => Open,
    Seen => Open,
    Quoted => Open,
    Dismissed => Quiet,
    Lapsed => Quiet,
});

labelled!(MatchState, "match-state");

wire_enum! {
    /// Why a supplier dismisses a match.
    pub enum DismissReason {
        /// The goods are not what the supplier sells.
        NotOurProduct = "not_our_product",
        /// Too little is wanted.
        QuantityTooSmall = "quantity_too_small",
        /// The target price is too low.
        PriceTooLow = "price_too_low",
        /// No free capacity in time.
        NoCapacity = "no_capacity",
        /// The destination is not served.
        DestinationNotServed = "destination_not_served",
        /// The request looks like junk.
        LooksLikeJunk = "looks_like_junk",
        /// Anything else.
        Other = "other",
    }
}

labelled!(DismissReason, "matching-dismiss");
labelled!(ReasonKind, "matching-reason");

/// Why a supplier and an RFQ were brought together, as it is stored.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// The parts of the score, largest first.
    pub reasons: Vec<Reason>,
    /// What stands against it.
    pub gaps: Vec<Gap>,
    /// The supplier's listings that fit best, best first, at most three.
    pub best_listings: Vec<ListingId>,
    /// How the supplier fits each item that it has anything for, in the order of their numbers; empty where the RFQ has no items.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<ItemFit>,
}

impl Evidence {
    /// Whether the match rests on the listing.
    pub fn names(&self, listing: ListingId) -> bool {
        self.best_listings.contains(&listing) || self.items.iter().any(|item| item.listing == Some(listing))
    }

    /// The score of the item that fits best, where there are items.
    fn best_of_items(&self) -> Option<f64> {
        // Those that are served first: what rules an item out stands beside its score.
        let best = |serves| self.items.iter().filter(move |item| item.serves == serves).map(|item| item.score);
        best(true).max_by(f64::total_cmp).or_else(|| best(false).max_by(f64::total_cmp))
    }
}

/// How a supplier fits one item of an RFQ.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ItemFit {
    /// The number of the item.
    pub item: u32,
    /// The score for this item alone, at most 1.
    pub score: f64,
    /// Whether that is good enough for the supplier to count as one that serves it.
    pub serves: bool,
    /// The supplier's listing that fits it best.
    pub listing: Option<ListingId>,
}

/// A match as it is stored: one RFQ and one supplier.
#[derive(Clone, Debug, PartialEq)]
pub struct Match {
    /// The id.
    pub id: MatchId,
    /// What is asked for.
    pub rfq: RfqId,
    /// Who may supply it.
    pub supplier: CompanyId,
    /// Where it stands.
    pub state: MatchState,
    /// 0..1, the sum of the reasons' shares.
    pub score: f64,
    /// Why.
    pub evidence: Evidence,
    /// Why the supplier dismissed it, if it did.
    pub dismissed_reason: Option<DismissReason>,
    /// Grows with every change; the ETag.
    pub version: i64,
    /// When it was found.
    pub created_at: Time,
    /// When it was last changed.
    pub updated_at: Time,
    /// When the supplier was notified by e-mail.
    pub notified_at: Option<Time>,
}

impl Match {
    /// What its probability follows from; see [`ScoreBreakdown::fit`].
    pub fn fit(&self) -> f64 {
        self.evidence.best_of_items().unwrap_or(self.score)
    }

    /// What an event says of it.
    pub fn event_data(&self) -> EventData {
        EventData {
            found: Some(self.id),
            rfq: Some(self.rfq),
            state: Some(self.state.to_string()),
            ..EventData::default()
        }
    }
}

/// A supplier with its score, on its way to become a [`Match`].
#[derive(Clone, Debug, PartialEq)]
pub struct ScoredCandidate {
    /// Who may supply it.
    pub supplier: CompanyId,
    /// The score of its best listing.
    pub breakdown: ScoreBreakdown,
    /// Its listings that fit best, best first, at most three.
    pub best_listings: Vec<ListingId>,
    /// How it fits each item that it has anything for; empty where the RFQ has no items.
    pub items: Vec<ItemFit>,
}

impl ScoredCandidate {
    /// What is stored beside the score.
    pub fn evidence(&self) -> Evidence {
        Evidence {
            reasons: self.breakdown.reasons.clone(),
            gaps: self.breakdown.gaps.clone(),
            best_listings: self.best_listings.clone(),
            items: self.items.clone(),
        }
    }
}
