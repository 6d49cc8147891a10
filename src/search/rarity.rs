//! How much a sign tells: the fewer documents bear it, the more.
//!
//! In a large index nearly every sign occurs, and a table of them all is the fastest. A small one is counted anew with every few
//! documents, and a table of a million signs each time would be most of what a small node needs of memory: it lists those that occur.

use rustc_hash::FxHashMap;

use super::analyzers::SIGNS;

/// From so many documents on there is a table of all signs.
const MANY: usize = 10_000;

/// How much each sign tells: the logarithm of its rarity.
pub(super) enum Rarity {
    /// By sign, and that of all others.
    Listed(FxHashMap<u32, f32>, f32),
    /// By sign, all of them.
    Table(Vec<f32>),
}

impl Rarity {
    /// As they stand in the parts of an index of so many documents; of each part how many it has, deleted ones too, and the signs of all.
    pub fn of<'s>(documents: u64, parts: impl Iterator<Item = (usize, &'s [u32])> + Clone) -> Self {
        let rarity = |count: u32| ((documents as f32 + 1.0) / (count as f32 + 1.0)).ln().max(0.0);
        let signs = parts.clone().flat_map(|(_, signs)| signs);
        if parts.map(|(documents, _)| documents).sum::<usize>() < MANY {
            let mut counts: FxHashMap<u32, u32> = FxHashMap::default();
            signs.for_each(|sign| *counts.entry(*sign).or_default() += 1);
            return Self::Listed(counts.into_iter().map(|(sign, count)| (sign, rarity(count))).collect(), rarity(0));
        }
        let mut counts = vec![0_u32; SIGNS];
        for sign in signs {
            if let Some(count) = counts.get_mut(*sign as usize) {
                *count += 1;
            }
        }
        Self::Table(counts.into_iter().map(rarity).collect())
    }

    /// How much a sign tells.
    pub fn of_sign(&self, sign: u32) -> f32 {
        match self {
            Self::Listed(known, other) => known.get(&sign).copied().unwrap_or(*other),
            Self::Table(all) => all.get(sign as usize).copied().unwrap_or(0.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_rare_tells_more_in_small_and_large_indexes() {
        for documents in [100, MANY] {
            // Each document bears the signs of its number's divisors up to 12.
            let divisors = |doc: usize| (1..=12_u32).filter(move |sign| doc.is_multiple_of(*sign as usize));
            let signs: Vec<u32> = (0..documents).flat_map(divisors).collect();
            let (one, other) = signs.split_at(signs.len() / 3);
            let rarity =
                Rarity::of(documents as u64, [(documents / 2, one), (documents - documents / 2, other)].into_iter());
            assert_eq!(matches!(rarity, Rarity::Table(_)), documents == MANY);
            let one_in = |part: f32| (documents as f32 + 1.0) / ((documents as f32 / part).ceil() + 1.0);
            for (sign, part) in [(1, 1.0), (2, 2.0), (12, 12.0)] {
                assert!((rarity.of_sign(sign) - one_in(part).ln()).abs() < 1e-3, "{documents} {sign}");
            }
            assert!((rarity.of_sign(13) - (documents as f32 + 1.0).ln()).abs() < 1e-3, "one that nothing bears");
        }
    }
}
