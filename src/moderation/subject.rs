//! What moderation is about: an RFQ, a listing, a quote or a company, and what everybody at the table calls it.

use std::fmt;
use std::str::FromStr;

use crate::companies;
use crate::error::{Problem, Result};
use crate::ids::{CompanyId, ListingId, QuoteId, RfqId};
use crate::store::Conn;
use crate::wire_enum;
use crate::{listings, quotes, rfqs};

wire_enum! {
    /// The kinds of things that can be reported.
    pub enum AboutKind {
        /// An RFQ.
        Rfq = "rfq",
        /// A listing.
        Listing = "listing",
        /// A quote.
        Quote = "quote",
        /// A company.
        Company = "company",
    }
}

/// The thing; on the wire its id, whose prefix says the kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum About {
    /// An RFQ.
    Rfq(RfqId),
    /// A listing.
    Listing(ListingId),
    /// A quote.
    Quote(QuoteId),
    /// A company.
    Company(CompanyId),
}

impl About {
    /// What kind of thing it is.
    pub fn kind(self) -> AboutKind {
        match self {
            Self::Rfq(_) => AboutKind::Rfq,
            Self::Listing(_) => AboutKind::Listing,
            Self::Quote(_) => AboutKind::Quote,
            Self::Company(_) => AboutKind::Company,
        }
    }

    /// The id as it is stored.
    pub(super) fn raw(self) -> i64 {
        match self {
            Self::Rfq(id) => id.0,
            Self::Listing(id) => id.0,
            Self::Quote(id) => id.0,
            Self::Company(id) => id.0,
        }
    }

    /// The thing that is stored as kind and id.
    pub(super) fn of(kind: AboutKind, raw: i64) -> Self {
        match kind {
            AboutKind::Rfq => Self::Rfq(RfqId(raw)),
            AboutKind::Listing => Self::Listing(ListingId(raw)),
            AboutKind::Quote => Self::Quote(QuoteId(raw)),
            AboutKind::Company => Self::Company(CompanyId(raw)),
        }
    }
}

impl fmt::Display for About {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rfq(id) => id.fmt(f),
            Self::Listing(id) => id.fmt(f),
            Self::Quote(id) => id.fmt(f),
            Self::Company(id) => id.fmt(f),
        }
    }
}

/// Why a text names nothing that can be reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotReportable;

impl fmt::Display for NotReportable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("must be the id of an RFQ (rfq_), a listing (lst_), a quote (quo_) or a company (cmp_)")
    }
}

impl FromStr for About {
    type Err = NotReportable;
    fn from_str(text: &str) -> std::result::Result<Self, NotReportable> {
        let rfq = || text.parse().map(Self::Rfq);
        let listing = || text.parse().map(Self::Listing);
        let quote = || text.parse().map(Self::Quote);
        let company = || text.parse().map(Self::Company);
        rfq().or_else(|_| listing()).or_else(|_| quote()).or_else(|_| company()).map_err(|_| NotReportable)
    }
}

impl serde::Serialize for About {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for About {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

impl utoipa::PartialSchema for About {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::Type::String)
            .pattern(Some("^(rfq|lst|quo|cmp)_[0-9a-hjkmnp-tv-z]{13}$"))
            .into()
    }
}

impl utoipa::ToSchema for About {}

/// The thing with what moderators, its owner and a reporter call it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// The thing.
    pub about: About,
    /// Whose it is.
    pub owner: CompanyId,
    /// Its title or name.
    pub title: String,
    /// Where it stands.
    pub state: &'static str,
    /// What it says, in its writer's words.
    pub words: String,
}

impl Subject {
    /// The thing in a sentence: `the listing "Brass ball valve"`.
    pub fn called(&self) -> String {
        match self.about {
            About::Rfq(_) => format!("the RFQ \"{}\"", self.title),
            About::Listing(_) => format!("the listing \"{}\"", self.title),
            About::Quote(_) => format!("the quote on \"{}\"", self.title),
            About::Company(_) => format!("the company {}", self.title),
        }
    }

    /// Where its owner finds it.
    pub fn owners_path(&self) -> String {
        match self.about {
            About::Rfq(id) => format!("/desk/buying/rfqs/{id}"),
            About::Listing(id) => format!("/listings/{id}"),
            About::Quote(id) => format!("/quotes/{id}"),
            About::Company(_) => "/account/moderation".to_owned(),
        }
    }

    /// Where everybody else, moderators too, finds it; a quote has no page but its sides'.
    pub fn public_path(&self) -> Option<String> {
        match self.about {
            About::Rfq(id) => Some(format!("/rfqs/{id}")),
            About::Listing(id) => Some(format!("/listings/{id}")),
            About::Company(id) => Some(format!("/companies/{id}")),
            About::Quote(_) => None,
        }
    }
}

/// Reads the thing, whoever asks.
///
/// # Errors
/// `not_found` when it does not exist.
pub(super) fn load(conn: &mut Conn, about: About) -> Result<Subject> {
    let found = match about {
        About::Rfq(id) => rfqs::store::find(conn, id)?.map(|rfq| of_rfq(about, rfq)),
        About::Listing(id) => listings::store::find(conn, id)?.map(|listing| of_listing(about, listing)),
        About::Company(id) => companies::store::find(conn, id)?.map(|company| of_company(about, company)),
        About::Quote(id) => match quotes::store::find(conn, id)? {
            Some(quote) => rfqs::store::find(conn, quote.rfq)?.map(|rfq| of_quote(about, &quote, rfq)),
            None => None,
        },
    };
    found.ok_or_else(|| Problem::not_found(about.kind().as_str()))
}

fn of_rfq(about: About, rfq: rfqs::Rfq) -> Subject {
    let words = rfq.fields.specification.unwrap_or_default();
    Subject { about, owner: rfq.company, title: rfq.fields.title, state: rfq.state.as_str(), words }
}

fn of_listing(about: About, listing: listings::Listing) -> Subject {
    let words = listing.fields.description.unwrap_or_default();
    Subject { about, owner: listing.company, title: listing.fields.name, state: listing.state.as_str(), words }
}

fn of_company(about: About, company: companies::Company) -> Subject {
    let words = company.fields.profile.unwrap_or_default();
    Subject { about, owner: company.id, title: company.fields.name, state: company.state.as_str(), words }
}

fn of_quote(about: About, quote: &quotes::Quote, rfq: rfqs::Rfq) -> Subject {
    let price = format!("{} for each unit, version {}.", quote.fields.unit_price, quote.revision);
    let words = [Some(price), quote.fields.message.clone(), quote.decline_reason.clone()];
    let words = words.into_iter().flatten().collect::<Vec<_>>().join("\n");
    Subject { about, owner: quote.supplier, title: rfq.fields.title, state: quote.state.as_str(), words }
}
