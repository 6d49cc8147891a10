//! All measures of a text: products and threads as one, and each number with its unit.

use super::{Measure, behind_diameter, products, single_at_start, single_measures};

/// All measures of a text in their order: of products (`50 x 30 mm`) and threads the whole, and then each number with a unit in it.
pub(in crate::search) fn measures(text: &str) -> Vec<Measure> {
    let mut found = single_measures(text);
    found.extend(products::products(text));
    found.sort_by_key(|measure| (measure.start, std::cmp::Reverse(measure.end)));
    found
}

/// The measure that the text begins with: a product or a thread, or else one number with its unit.
pub(in crate::search) fn at_start(text: &str) -> Option<Measure> {
    let own = behind_diameter(text);
    let begin = text.len() - own.len();
    products::at_start(text).or_else(|| single_at_start(own).map(|read| Measure { end: read.end + begin, ..read }))
}
