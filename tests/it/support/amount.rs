//! How much of a thing a test does: little at a desk, enough to be sure of it before a change is merged, and far more at night.

use std::str::FromStr;

/// So many as the variable says, which the nightly run sets; else `full` where `CI` is set, and `few` where somebody waits for the tests:
/// as many as make the test able to fail, for a rare failure is found by the many runs before it.
pub fn amount<N: FromStr>(variable: &str, few: N, full: N) -> N {
    let asked = std::env::var(variable).ok().and_then(|text| text.parse().ok());
    asked.unwrap_or(if std::env::var_os("CI").is_some() { full } else { few })
}
