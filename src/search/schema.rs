//! The fields of an index. All three kinds share one layout: what a kind does not have stays empty.
//!
//! `all` is the one combined field: the name twice, then the rest, part by part ([`PARTS`]). The cheap pass reads its counts; the
//! re-scoring reads the positions in it, which tell the part that a word stands in by the column `layout`. `codes` and `exact` hold
//! letters and digits only; the fast columns serve filters, facets and sorting. `stored` is the only field that is stored: what a
//! document's stored bytes end with is what [`super::doc_codec`] wrote.

use tantivy::schema::{FAST, Field, IndexRecordOption, NumericOptions, STORED, Schema, TextFieldIndexing, TextOptions};

use super::dims::Dim;

/// Grows with every change of this file or of the analysis; an index of another version is started again.
pub(super) const VERSION: u32 = 9;

/// The parts of a document's words, in the order that they stand in and of the re-scoring's weights: name, brand, model, class,
/// values, attribute names, body. What comes behind them weighs nothing.
pub(super) const PARTS: usize = 7;
/// How many bits of a layout tell the length of each part, in positions; a part that is longer seems to end before.
const LENGTH_BITS: [u32; PARTS] = [8, 7, 7, 8, 10, 10, 14];

/// The ends of the parts (the position behind the last term of each) in one number.
pub(super) fn pack_ends(ends: &[u32; PARTS]) -> u64 {
    let (mut packed, mut shift) = (0, 0);
    for (length, bits) in lengths(ends).into_iter().zip(LENGTH_BITS) {
        packed |= u64::from(length.min((1 << bits) - 1)) << shift;
        shift += bits;
    }
    packed
}

/// The ends that were packed.
pub(super) fn unpack_ends(mut packed: u64) -> [u32; PARTS] {
    let mut end = 0;
    LENGTH_BITS.map(|bits| {
        end += (packed & ((1 << bits) - 1)) as u32;
        packed >>= bits;
        end
    })
}

/// How long the parts with these ends are.
pub(super) fn lengths(ends: &[u32; PARTS]) -> [u32; PARTS] {
    std::array::from_fn(|part| ends[part] - if part == 0 { 0 } else { ends[part - 1].min(ends[part]) })
}

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
    pub name: Field,
    pub layout: Field,
    pub dims: [Field; Dim::COUNT],
    pub numbers: [Field; NUMBERS.len()],
    pub features: Field,
    pub rank: Field,
    pub stored: Field,
}

/// Builds the schema and names its fields.
pub(super) fn build() -> (Schema, Fields) {
    let mut b = Schema::builder();
    let plain = || indexed(IndexRecordOption::Basic, false);
    let whole = || tokenized("raw", IndexRecordOption::Basic, false);
    let fields = Fields {
        id: b.add_i64_field("id", NumericOptions::default().set_indexed().set_fast()),
        digest: b.add_u64_field("digest", FAST),
        all: b.add_text_field("all", indexed(IndexRecordOption::WithFreqsAndPositions, true)),
        words: b.add_text_field("words", plain()),
        codes: b.add_text_field("codes", plain()),
        exact: b.add_text_field("exact", plain()),
        gtin: b.add_text_field("gtin", plain()),
        hs: b.add_text_field("hs", plain()),
        hs_number: b.add_u64_field("hs_number", FAST),
        name: b.add_text_field("name", indexed(IndexRecordOption::WithFreqs, false)),
        layout: b.add_u64_field("layout", FAST),
        dims: std::array::from_fn(|i| {
            let fast = TextOptions::default().set_fast("raw");
            b.add_text_field(&dim_name(i), if Dim::ALL[i].is_looked_up() { whole().set_fast("raw") } else { fast })
        }),
        numbers: NUMBERS.map(|name| b.add_i64_field(name, FAST)),
        // Its name on disk is older than the code's: another one would rebuild every index for nothing.
        features: b.add_u64_field("features", FAST),
        rank: b.add_i64_field("rank", FAST),
        stored: b.add_bytes_field("stored", STORED),
    };
    (b.build(), fields)
}

/// The column's name of the dimension at `index` of [`Dim::ALL`].
pub(super) fn dim_name(index: usize) -> String {
    format!("dim_{}", Dim::TEXTS[index])
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_come_back_unless_a_part_is_longer_than_any_is() {
        for ends in [[0; PARTS], [3, 3, 7, 12, 80, 95, 9_000], [200, 210, 220, 300, 1_300, 1_310, 1_310]] {
            assert_eq!(unpack_ends(pack_ends(&ends)), ends);
        }
        assert_eq!(unpack_ends(pack_ends(&[9_000, 9_001, 9_002, 9_003, 9_004, 9_005, 9_006]))[0], 255);
        assert_eq!(LENGTH_BITS.iter().sum::<u32>(), 64);
    }
}
