//! The kinds of documents.

/// The kinds of documents; each has an index of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Published listings.
    Listing,
    /// Companies.
    Company,
    /// Open RFQs.
    Rfq,
}

impl Kind {
    /// Every kind.
    pub const ALL: &'static [Kind] = &[Kind::Listing, Kind::Company, Kind::Rfq];

    /// Its folder below the search folder.
    pub fn folder(self) -> &'static str {
        match self {
            Kind::Listing => "listings",
            Kind::Company => "companies",
            Kind::Rfq => "rfqs",
        }
    }
}
