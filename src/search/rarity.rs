//! How much a sign tells: the fewer documents bear it, the more.
//!
//! In a large index nearly every sign occurs, and a table of them all is the fastest. A small one is counted anew with every few
//! documents, and a table of a million signs each time would be most of what a small node needs of memory: it lists those that occur.

use rustc_hash::FxHashMap;
use tantivy::columnar::Column;

use super::analyzers::SIGNS;

/// From so many documents on there is a table of all signs.
const MANY: u32 = 10_000;

/// How much each sign tells: the logarithm of its rarity.
pub(super) enum Rarity {
    /// By sign, and that of all others.
    Listed(FxHashMap<u64, f32>, f32),
    /// By sign, all of them.
    Table(Vec<f32>),
}

impl Rarity {
    /// As the signs stand in these columns, in an index of so many documents.
    pub fn of<'c>(documents: u64, columns: impl Iterator<Item = &'c Column<u64>> + Clone) -> Self {
        let rarity = |count: u32| ((documents as f32 + 1.0) / (count as f32 + 1.0)).ln().max(0.0);
        if columns.clone().map(Column::num_docs).sum::<u32>() < MANY {
            let mut counts: FxHashMap<u64, u32> = FxHashMap::default();
            columns.for_each(|column| each(column, |sign| *counts.entry(sign).or_default() += 1));
            return Self::Listed(counts.into_iter().map(|(sign, count)| (sign, rarity(count))).collect(), rarity(0));
        }
        let mut counts = vec![0_u32; SIGNS];
        let mut count = |sign: u64| {
            if let Some(count) = counts.get_mut(sign as usize) {
                *count += 1;
            }
        };
        columns.for_each(|column| each(column, &mut count));
        Self::Table(counts.into_iter().map(rarity).collect())
    }

    /// How much a sign tells.
    pub fn of_sign(&self, sign: u64) -> f32 {
        match self {
            Self::Listed(known, other) => known.get(&sign).copied().unwrap_or(*other),
            Self::Table(all) => all.get(sign as usize).copied().unwrap_or(0.0),
        }
    }
}

/// Calls `seen` with every sign of every document.
fn each(signs: &Column<u64>, mut seen: impl FnMut(u64)) {
    for doc in 0..signs.num_docs() {
        signs.values_for_doc(doc).for_each(&mut seen);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tantivy::columnar::{ColumnType, ColumnarReader, ColumnarWriter, DynamicColumn};

    /// A column in which each of the documents bears the signs of its number's divisors up to 12.
    fn column(documents: u32) -> Column<u64> {
        let mut writer = ColumnarWriter::default();
        writer.record_column_type("signs", ColumnType::U64, false);
        for doc in 0..documents {
            for sign in (1..=12_u32).filter(|sign| doc.is_multiple_of(*sign)) {
                writer.record_numerical(doc, "signs", u64::from(sign));
            }
        }
        let mut bytes = Vec::new();
        writer.serialize(documents, None, &mut bytes).unwrap();
        let columns = ColumnarReader::open(bytes).unwrap().read_columns("signs").unwrap();
        let DynamicColumn::U64(column) = columns[0].open().unwrap() else { panic!("other numbers") };
        column
    }

    #[test]
    fn what_is_rare_tells_more_in_small_and_large_indexes() {
        for documents in [100, MANY] {
            let column = column(documents);
            let rarity = Rarity::of(u64::from(documents), [&column].into_iter());
            assert_eq!(matches!(rarity, Rarity::Table(_)), documents == MANY);
            let one_in = |part: f32| (documents as f32 + 1.0) / ((documents as f32 / part).ceil() + 1.0);
            for (sign, part) in [(1, 1.0), (2, 2.0), (12, 12.0)] {
                assert!((rarity.of_sign(sign) - one_in(part).ln()).abs() < 1e-3, "{documents} {sign}");
            }
            assert!((rarity.of_sign(13) - (documents as f32 + 1.0).ln()).abs() < 1e-3, "one that nothing bears");
        }
    }
}
