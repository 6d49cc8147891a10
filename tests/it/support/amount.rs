//! How much of a thing a test does: little wherever somebody waits for the tests, and all of it at night.

use std::str::FromStr;

/// So many as the variable says, which the nightly run sets to the full size; else `few`: as many as make the test able to fail, for a rare
/// failure is found by the many nights.
pub fn amount<N: FromStr>(variable: &str, few: N) -> N {
    std::env::var(variable).ok().and_then(|text| text.parse().ok()).unwrap_or(few)
}
