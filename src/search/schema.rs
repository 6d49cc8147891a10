//! The fields of an index. All three kinds share one layout: what a kind does not have stays empty.
//!
//! `all` is the one combined field that the cheap pass reads (name twice, then the rest); the fields below it hold the same
//! words apart for the re-scoring; `codes` and `exact` hold letters and digits only; the fast columns serve filters, facets
//! and sorting.

use tantivy::schema::{
    FAST, Field, INDEXED, IndexRecordOption, STORED, Schema, SchemaBuilder, TextFieldIndexing, TextOptions,
};

/// Grows with every change of this file or of the analysis; an index of another version is started again.
pub(super) const VERSION: u32 = 4;

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

/// The fields that hold a document's words apart, in the order of the re-scoring's weights.
pub(super) const WORD_FIELDS: [&str; 7] = ["name", "brand", "model", "class", "values", "attribute_names", "body"];

/// The numeric columns, all optional 64-bit integers.
pub(super) const NUMBERS: [&str; 7] =
    ["company_id", "price_min", "price_max", "moq", "lead_time", "published_at", "deadline"];

/// The fields of an index by name.
#[derive(Clone, Debug)]
pub(super) struct Fields {
    pub id: Field,
    pub digest: Field,
    pub all: Field,
    pub words: Field,
    pub codes: Field,
    pub exact: Field,
    pub gtin: Field,
    pub hs: Field,
    pub hs_number: Field,
    pub parts: [Field; WORD_FIELDS.len()],
    pub dims: [Field; Dim::COUNT],
    pub numbers: [Field; NUMBERS.len()],
    pub signs: Field,
    pub rank: Field,
    pub hit: Field,
    pub text_name: Field,
    pub text_body: Field,
}

/// Builds the schema and names its fields.
pub(super) fn build() -> (Schema, Fields) {
    let mut b = Schema::builder();
    let plain = || indexed(IndexRecordOption::Basic, false);
    let whole = || tokenized("raw", IndexRecordOption::Basic, false);
    let counted = || indexed(IndexRecordOption::WithFreqs, true);
    let fields = Fields {
        id: b.add_i64_field("id", INDEXED | FAST),
        digest: b.add_u64_field("digest", FAST),
        all: b.add_text_field("all", indexed(IndexRecordOption::WithFreqsAndPositions, true)),
        words: b.add_text_field("words", plain()),
        codes: b.add_text_field("codes", plain()),
        exact: b.add_text_field("exact", plain()),
        gtin: b.add_text_field("gtin", plain()),
        hs: b.add_text_field("hs", plain()),
        hs_number: b.add_u64_field("hs_number", FAST),
        parts: WORD_FIELDS.map(|name| part(&mut b, name, counted())),
        dims: std::array::from_fn(|i| b.add_text_field(&dim_name(i), whole().set_fast("raw"))),
        numbers: NUMBERS.map(|name| b.add_i64_field(name, FAST)),
        signs: b.add_u64_field("signs", FAST),
        rank: b.add_i64_field("rank", FAST),
        hit: b.add_text_field("hit", STORED),
        text_name: b.add_text_field("text_name", STORED),
        text_body: b.add_text_field("text_body", STORED),
    };
    (b.build(), fields)
}

/// The column's name of the dimension at `index` of [`Dim::ALL`].
pub(super) fn dim_name(index: usize) -> String {
    format!("dim_{}", Dim::TEXTS[index])
}

fn part(b: &mut SchemaBuilder, name: &str, counted: TextOptions) -> Field {
    let options = if name == "name" { indexed(IndexRecordOption::WithFreqsAndPositions, true) } else { counted };
    b.add_text_field(name, options)
}

/// Name of the tokenizer [`super::analyzers::Spaced`].
pub(super) const SPACED: &str = "spaced";

fn indexed(record: IndexRecordOption, norms: bool) -> TextOptions {
    tokenized(SPACED, record, norms)
}

fn tokenized(tokenizer: &str, record: IndexRecordOption, norms: bool) -> TextOptions {
    let indexing = TextFieldIndexing::default().set_tokenizer(tokenizer).set_index_option(record).set_fieldnorms(norms);
    TextOptions::default().set_indexing_options(indexing)
}
