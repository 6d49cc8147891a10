//! The elements of an answer: one struct for each kind of document, which `indexing` writes into the index, the API documents and the pages
//! read. What a single search adds (score, marks) is absent in what is stored.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::companies::{Form, Verification};
use crate::listings::{IncotermOffer, PriceFields};
use crate::money::Money;
use crate::reference::codes::{Country, HsCode, Incoterm, Locode};
use crate::rfqs::Frequency;
use crate::units::Quantity;

/// The marked texts of a hit.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct MarkedText {
    /// The name as HTML, escaped, with `<mark>` around the words found.
    #[serde(default)]
    pub name: String,
    /// The part of the description with the most words found; absent where there are none.
    #[serde(default)]
    pub description: Option<String>,
}

/// The company behind a hit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct CompanyBrief {
    /// The company's id, `cmp_...`.
    pub id: String,
    /// Its name.
    pub name: String,
    /// ISO 3166 alpha-2.
    pub country: Country,
    /// Its form.
    #[serde(default)]
    pub form: Option<Form>,
    /// How far its claims were checked.
    #[serde(default)]
    pub verification: Option<Verification>,
}

/// What was found: what is stored of it, and behind that what a search adds.
// Fields and no struct of their own that is flattened: serde reads a flattened one by way of a map of all fields.
macro_rules! hit {
    ($(#[$doc:meta])* pub struct $name:ident { $($(#[$field_doc:meta])* pub $field:ident: $type:ty,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
        pub struct $name {
            $($(#[$field_doc])* pub $field: $type,)*
            /// The higher the better; comparable within one answer only.
            #[serde(default, skip_serializing_if = "is_unscored")]
            pub score: f64,
            /// Present with `highlight=true`.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub highlight: Option<MarkedText>,
            /// What made the score, by name; present with `explain=true`.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            #[schema(value_type = Option<Object>)]
            pub explain: Option<serde_json::Value>,
        }
    };
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_unscored(score: &f64) -> bool {
    *score == 0.0
}

hit! {
    /// A listing that was found.
    pub struct ListingHit {
        /// The listing's id, `lst_...`.
        pub id: String,
        /// The supplier's own number.
        #[serde(default)]
        pub sku: String,
        /// The product's name.
        pub name: String,
        /// Who offers it.
        pub company: CompanyBrief,
        /// The brand.
        #[serde(default)]
        pub brand: Option<String>,
        /// The maker's part number.
        #[serde(default)]
        pub mpn: Option<String>,
        /// The HS code.
        #[serde(default)]
        pub hs_code: Option<HsCode>,
        /// The category path, `A / B / C`.
        #[serde(default)]
        pub category: Option<String>,
        /// The price or range of one unit.
        #[serde(default)]
        pub price: Option<PriceFields>,
        /// The smallest order.
        #[serde(default)]
        pub moq: Option<Quantity>,
        /// Days from order to dispatch.
        #[serde(default)]
        pub lead_time_days: Option<u32>,
        /// The delivery terms offered.
        #[serde(default)]
        pub incoterms: Vec<IncotermOffer>,
        /// Where the goods were made.
        #[serde(default)]
        pub origin_country: Option<Country>,
        /// The schemes of the certificates.
        #[serde(default)]
        pub certifications: Vec<String>,
        /// Where its first picture is: a path on this site, or an address of the supplier's own.
        #[serde(default)]
        pub image_url: Option<String>,
        /// The same for lists, at most 192 pixels a side; null where the supplier sent none to this site.
        #[serde(default)]
        pub small_image_url: Option<String>,
        /// ISO 639-1 of the texts.
        #[serde(default)]
        pub language: Option<String>,
        /// When it was published.
        #[serde(default)]
        pub published_at: Option<DateTime<Utc>>,
        /// How many listings of the company match; present with `group_by=company` where there are several.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub group_count: Option<u64>,
    }
}

hit! {
    /// A company that was found.
    pub struct CompanyHit {
        /// The company itself.
        #[serde(flatten)]
        pub company: CompanyBrief,
        /// Other names it is known by.
        #[serde(default)]
        pub trade_names: Vec<String>,
        /// Its own site.
        #[serde(default)]
        pub website: Option<String>,
        /// The countries it sells to.
        #[serde(default)]
        pub markets: Vec<String>,
        /// The languages it can be written to in.
        #[serde(default)]
        pub languages: Vec<String>,
        /// The schemes of its certificates.
        #[serde(default)]
        pub certifications: Vec<String>,
    }
}

hit! {
    /// An open RFQ that was found.
    pub struct RfqHit {
        /// The RFQ's id, `rfq_...`.
        pub id: String,
        /// What is wanted.
        pub title: String,
        /// Who asks; null where the buyer does not show it.
        #[serde(default)]
        pub buyer: Option<CompanyBrief>,
        /// The HS code.
        #[serde(default)]
        pub hs_code: Option<HsCode>,
        /// The category path, `A / B / C`.
        #[serde(default)]
        pub category: Option<String>,
        /// How many items it is for; 0 where it is for one kind of goods.
        #[serde(default)]
        pub items: usize,
        /// How much is wanted in one delivery.
        #[serde(default)]
        pub quantity: Option<Quantity>,
        /// How often it is wanted.
        #[serde(default)]
        pub frequency: Option<Frequency>,
        /// What the buyer would like to pay for one unit.
        #[serde(default)]
        pub target_price: Option<Money>,
        /// The delivery term wanted.
        #[serde(default)]
        pub incoterm: Option<Incoterm>,
        /// Where the goods go.
        #[serde(default)]
        pub destination_country: Option<Country>,
        /// The town or site.
        #[serde(default)]
        pub destination_place: Option<String>,
        /// The port or place by UN/LOCODE.
        #[serde(default)]
        pub destination_locode: Option<Locode>,
        /// Certificates that a supplier must hold.
        #[serde(default)]
        pub required_certifications: Vec<String>,
        /// The last moment for quotes; null where only the number of quotes closes it.
        #[serde(default)]
        pub deadline: Option<DateTime<Utc>>,
        /// When it was published.
        #[serde(default)]
        pub published_at: Option<DateTime<Utc>>,
        /// ISO 639-1 of the texts.
        #[serde(default)]
        pub language: Option<String>,
    }
}
