//! Discovery: the search of listings, companies and open RFQs over REST and on the site, and the front page.
//!
//! A search never touches the database: everything that an answer shows is in the index.
//!
//! [`params`] are the parameters of a search, which [`rules`] reads; [`tree`] says how the values of categories and HS codes stand below
//! each other; [`hits`] are the elements of an answer, which the index stores; [`queries`] runs a search for a caller. Among the
//! [`pages`], `search_url` is a search as the address of a page, and `rows` turns hits into rows.

pub mod api;
pub mod hits;
pub mod pages;
pub mod params;
pub mod queries;
pub mod rules;
pub mod tree;
#[cfg(test)]
pub(crate) mod tests;
