//! What every route costs, and what bounds it: one table, which the rate limit reads and a test walks.
//!
//! A route counts as so many plain requests wherever requests are counted (for the key, the person, the company, the address, and the day's
//! changes), and four times as many for whoever has not confirmed an address. Beside that, what it makes or occupies has a [`Bound`] of its own.
//! `tests/it/abuse/costs.rs` holds the table to the routes that there are, and the operator's page (`tradepost::docs`) to the bounds.

mod api;
mod bound;
mod pages;

use std::collections::HashMap;
use std::sync::LazyLock;

use actix_web::http::Method;

use super::API;

pub use bound::{Bound, Cost};

/// Every route, `POST /api/v1/listings/{id}/images`, and what it costs.
pub fn all() -> impl Iterator<Item = (String, Cost)> {
    let cost = |weight, bound| Cost { weight, bound };
    let of_api = api::TABLE.iter().map(move |(call, weight, bound)| {
        let (method, path) = call.split_once(' ').unwrap_or_default();
        (format!("{method} {API}{path}"), cost(*weight, *bound))
    });
    of_api.chain(pages::TABLE.iter().map(move |(call, weight, bound)| ((*call).to_owned(), cost(*weight, *bound))))
}

/// What a call costs; `pattern` is its address with the names of its parts, nothing where there is no such address.
pub fn of(method: &Method, pattern: Option<&str>) -> Cost {
    static COSTS: LazyLock<HashMap<String, Cost>> = LazyLock::new(|| all().collect());
    // Whoever asks for the head of a page has the page made.
    let method = if method == Method::HEAD { &Method::GET } else { method };
    pattern.and_then(|pattern| COSTS.get(&format!("{method} {pattern}")).copied()).unwrap_or(Cost::PLAIN)
}
