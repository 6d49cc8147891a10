//! Inverse document frequency of class features: the fewer documents have a feature, the more it says about their class.
//!
//! In a large index nearly every feature occurs, and a table of them all is the fastest. A small one is counted anew with every few
//! documents, and a table of a million features each time (4 MB) would be most of what a small node needs: it lists those that occur.

use rustc_hash::FxHashMap;

use super::analyzers::FEATURES;

/// From so many documents on there is a table of all features.
const MANY: usize = 10_000;

/// How much each feature tells: the logarithm of its idf.
pub(super) enum Idf {
    /// By feature, and that of all others.
    Listed(FxHashMap<u32, f32>, f32),
    /// By feature, all of them.
    Table(Vec<f32>),
}

impl Idf {
    /// As they stand in the parts of an index of so many documents; of each part how many it has, deleted ones too, and the features of all.
    pub fn of<'s>(documents: u64, parts: impl Iterator<Item = (usize, &'s [u32])> + Clone) -> Self {
        let idf = |count: u32| ((documents as f32 + 1.0) / (count as f32 + 1.0)).ln().max(0.0);
        let features = parts.clone().flat_map(|(_, features)| features);
        if parts.map(|(documents, _)| documents).sum::<usize>() < MANY {
            let mut counts: FxHashMap<u32, u32> = FxHashMap::default();
            features.for_each(|feature| *counts.entry(*feature).or_default() += 1);
            return Self::Listed(counts.into_iter().map(|(feature, count)| (feature, idf(count))).collect(), idf(0));
        }
        let mut counts = vec![0_u32; FEATURES];
        for feature in features {
            if let Some(count) = counts.get_mut(*feature as usize) {
                *count += 1;
            }
        }
        Self::Table(counts.into_iter().map(idf).collect())
    }

    /// How much a feature tells.
    pub fn weight(&self, feature: u32) -> f32 {
        match self {
            Self::Listed(known, other) => known.get(&feature).copied().unwrap_or(*other),
            Self::Table(all) => all.get(feature as usize).copied().unwrap_or(0.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_rare_tells_more_in_small_and_large_indexes() {
        for documents in [100, MANY] {
            // Each document bears the features of its number's divisors up to 12.
            let divisors = |doc: usize| (1..=12_u32).filter(move |feature| doc.is_multiple_of(*feature as usize));
            let features: Vec<u32> = (0..documents).flat_map(divisors).collect();
            let (one, other) = features.split_at(features.len() / 3);
            let idf = Idf::of(documents as u64, [(documents / 2, one), (documents - documents / 2, other)].into_iter());
            assert_eq!(matches!(idf, Idf::Table(_)), documents == MANY);
            let one_in = |part: f32| (documents as f32 + 1.0) / ((documents as f32 / part).ceil() + 1.0);
            for (feature, part) in [(1, 1.0), (2, 2.0), (12, 12.0)] {
                assert!((idf.weight(feature) - one_in(part).ln()).abs() < 1e-3, "{documents} {feature}");
            }
            assert!((idf.weight(13) - (documents as f32 + 1.0).ln()).abs() < 1e-3, "one that nothing bears");
        }
    }
}
