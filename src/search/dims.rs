//! The dimensions: what can be filtered and counted.

crate::wire_enum! {
    /// What can be filtered and counted; several values of one dimension mean any of them.
    pub enum Dim {
        /// ISO 3166 alpha-2 of the company (listings, companies) or of the destination (RFQs).
        Country = "country",
        /// ISO 3166 alpha-2 of the goods' origin.
        Origin = "origin",
        /// The company's form.
        Form = "form",
        /// How far the company is verified.
        Verification = "verification",
        /// Schemes of certifications, or those that an RFQ requires.
        Certification = "certification",
        /// Incoterms rules.
        Incoterm = "incoterm",
        /// ISO 4217 of the price.
        Currency = "currency",
        /// ISO 639-1 of the text; of a company, the languages spoken.
        Language = "language",
        /// The first two digits of the HS code.
        HsChapter = "hs_chapter",
        /// The HS code as a tree: its section (`XVI`), chapter, heading and subheading.
        Hs = "hs",
        /// Category paths, `A / B / C`; filed under each of its beginnings.
        Category = "category",
        /// The company, by its 64-bit id in decimal.
        Company = "company",
        /// Countries that a company sells to.
        Market = "market",
    }
}

impl Dim {
    /// How many dimensions there are.
    pub const COUNT: usize = Self::ALL.len();

    /// Whether one document may have several values.
    pub(super) fn is_multiple(self) -> bool {
        matches!(self, Self::Certification | Self::Incoterm | Self::Language | Self::Hs | Self::Category | Self::Market)
    }

    /// Whether documents are looked up by its values, not only filtered and counted.
    pub(super) fn is_looked_up(self) -> bool {
        matches!(self, Self::Language | Self::Category)
    }

    /// Whether its values stand above and below each other.
    pub fn is_tree(self) -> bool {
        matches!(self, Self::Category | Self::Hs)
    }

    /// The dimension whose filter it shares: chapters are chosen and counted together with the tree that they stand in.
    pub(super) fn filtered_as(self) -> Self {
        if self == Self::HsChapter { Self::Hs } else { self }
    }

    /// Its place in [`Dim::ALL`].
    pub(super) fn index(self) -> usize {
        self as usize
    }
}

/// Joins a category path's parts in one spelling: `A / B`.
pub(super) fn category_path(text: &str) -> String {
    text.split('/').map(str::trim).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" / ")
}
