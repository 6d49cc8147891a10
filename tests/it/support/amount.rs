//! How much of a thing a test does: little at a desk, a few times as much before a change is merged, and all of it at night.

use std::str::FromStr;

/// So many as the variable says, which the nightly run sets to the full size; else `more` where `CI` is set, and `few` where somebody waits
/// for the tests: as many as make the test able to fail, for a rare failure is found by the many nights.
pub fn amount<N: FromStr>(variable: &str, few: N, more: N) -> N {
    let asked = std::env::var(variable).ok().and_then(|text| text.parse().ok());
    asked.unwrap_or(if std::env::var_os("CI").is_some() { more } else { few })
}
