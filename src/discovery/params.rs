//! The parameters of each search, as the API documents them. These structs are the only list of the names: what they do not have is not a
//! parameter of the search. What the values may say is in [`rules`](super::rules), which names every wrong one, where serde would stop at
//! the first.

use std::sync::LazyLock;

use utoipa::IntoParams;

use crate::search::Kind;

/// A struct of parameters: its own, and behind them those of every search.
macro_rules! search_parameters {
    ($(#[$doc:meta])* pub struct $name:ident { $($(#[$field_doc:meta])* pub $field:ident: $type:ty,)* }) => {
        $(#[$doc])*
        #[derive(IntoParams)]
        #[into_params(parameter_in = Query)]
        pub struct $name {
            $($(#[$field_doc])* pub $field: $type,)*
            /// Whether to take the words as they are typed, without correcting those that nothing holds.
            pub literal: Option<bool>,
            /// The facets wanted, or `all`.
            pub facets: Option<Vec<String>>,
            /// Whether to mark the words found.
            pub highlight: Option<bool>,
            /// Whether to add what made each score.
            pub explain: Option<bool>,
            /// How many hits, 1 to 100; 25 without it.
            #[param(minimum = 1, maximum = 100)]
            pub limit: Option<u32>,
            /// A cursor of an earlier answer to the same parameters.
            pub cursor: Option<String>,
        }
    };
}

// What two kinds of search both have is written in each: a parameter's text says what it means for that kind of thing (whose country, which
// price), and this text is the API's documentation.
search_parameters! {
    /// The parameters of a search for listings. Several values of one filter (repeated, or with commas between) mean any of them.
    pub struct ListingSearch {
        /// Words, model numbers, GTINs, HS codes; `"..."` keeps words together, `-word` leaves out. Only 512 characters are read.
        pub q: Option<String>,
        /// The first 2 to 10 digits of the HS code, or a section by its Roman number.
        pub hs: Option<Vec<String>>,
        /// HS chapters, two digits.
        pub hs_chapter: Option<Vec<String>>,
        /// A category path, `A / B`, with everything below it; repeated, not with commas.
        pub category: Option<Vec<String>>,
        /// Countries of the supplier, ISO 3166 alpha-2.
        pub country: Option<Vec<String>>,
        /// Countries of origin.
        pub origin: Option<Vec<String>>,
        /// Forms of the supplier: `manufacturer`, `trading_company` ...
        pub form: Option<Vec<String>>,
        /// Verification of the supplier: `registered`, `identified`, `documented`, `audited`.
        pub verification: Option<Vec<String>>,
        /// Schemes of certificates, as the suppliers write them.
        pub certification: Option<Vec<String>>,
        /// Incoterms 2020 rules offered.
        pub incoterm: Option<Vec<String>>,
        /// Currencies of the price, ISO 4217.
        pub currency: Option<Vec<String>>,
        /// The price range must reach up to this decimal; needs `price_currency` or one `currency`.
        pub price_min: Option<String>,
        /// The price range must begin at or below this decimal; needs `price_currency` or one `currency`. Prices compare by the base
        /// unit of what theirs measures (kg, m, m2, l, piece, kWh): 4 350 a tonne is 4.35; a price for a unit that does not convert (a
        /// carton) counts as it is.
        pub price_max: Option<String>,
        /// The currency of the range and of the order by price, ISO 4217; prices in others are converted at the newest rates
        /// loaded, which `price_conversion` of the answer names. Those in a currency without a rate are left out of a range.
        pub price_currency: Option<String>,
        /// The smallest order must not be above this decimal, in the listing's own unit.
        pub moq_max: Option<String>,
        /// The lead time must not be above this, in days.
        pub lead_time_max: Option<u32>,
        /// Languages of the texts, ISO 639-1.
        pub language: Option<Vec<String>>,
        /// Ids of suppliers.
        pub company: Option<Vec<String>>,
        /// `company`: only the best listing of each supplier.
        pub group_by: Option<String>,
        /// `relevance` (the default), `newest`, `price` (by the base unit; amounts as they are, unless `price_currency` is given) or `moq`.
        pub sort: Option<String>,
    }
}

search_parameters! {
    /// The parameters of a search for companies.
    pub struct CompanySearch {
        /// Words of the company's own texts and of what it sells. Only 512 characters are read.
        pub q: Option<String>,
        /// Countries, ISO 3166 alpha-2.
        pub country: Option<Vec<String>>,
        /// Forms: `manufacturer`, `trading_company` ...
        pub form: Option<Vec<String>>,
        /// `registered`, `identified`, `documented`, `audited`.
        pub verification: Option<Vec<String>>,
        /// Schemes of certificates.
        pub certification: Option<Vec<String>>,
        /// Countries that it sells to.
        pub market: Option<Vec<String>>,
        /// Languages that it can be written to in.
        pub language: Option<Vec<String>>,
        /// Ids of companies.
        pub company: Option<Vec<String>>,
        /// `relevance` (the default) or `newest`.
        pub sort: Option<String>,
    }
}

search_parameters! {
    /// The parameters of a search for open RFQs.
    pub struct RfqSearch {
        /// Words of title and specification. Only 512 characters are read.
        pub q: Option<String>,
        /// The first 2 to 10 digits of the HS code, or a section by its Roman number.
        pub hs: Option<Vec<String>>,
        /// HS chapters, two digits.
        pub hs_chapter: Option<Vec<String>>,
        /// A category path with everything below it; repeated, not with commas.
        pub category: Option<Vec<String>>,
        /// Countries of destination, ISO 3166 alpha-2.
        pub country: Option<Vec<String>>,
        /// Certificates that a supplier must hold.
        pub certification: Option<Vec<String>>,
        /// Incoterms 2020 rules wanted.
        pub incoterm: Option<Vec<String>>,
        /// Currencies of the target price.
        pub currency: Option<Vec<String>>,
        /// The target price must be at least this decimal; needs `price_currency` or one `currency`.
        pub price_min: Option<String>,
        /// The target price must be at most this decimal; needs `price_currency` or one `currency`.
        pub price_max: Option<String>,
        /// The currency of the range and of the order by price; prices in others are converted at the newest rates loaded.
        pub price_currency: Option<String>,
        /// Languages of the texts, ISO 639-1.
        pub language: Option<Vec<String>>,
        /// Ids of buyers who show their name.
        pub company: Option<Vec<String>>,
        /// `relevance` (the default), `newest`, `deadline` or `price`.
        pub sort: Option<String>,
    }
}

/// The names of the parameters of each kind of search, in the order of [`Kind::ALL`].
static NAMES: LazyLock<[Vec<String>; Kind::ALL.len()]> =
    LazyLock::new(|| [names_of::<ListingSearch>(), names_of::<CompanySearch>(), names_of::<RfqSearch>()]);

fn names_of<T: IntoParams>() -> Vec<String> {
    T::into_params(|| None).into_iter().map(|parameter| parameter.name).collect()
}

/// The names of the parameters that a search of this kind takes, in the order of the documentation.
pub fn names(kind: Kind) -> &'static [String] {
    &NAMES[kind as usize]
}
