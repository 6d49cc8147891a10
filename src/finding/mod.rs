//! Finding: the search of listings, companies and open RFQs over REST and on the site, the front page, and the pages that say
//! how ranking, verification and statistics work.
//!
//! A search never touches the database: everything that an answer shows is in the index. Only the desk of a signed-in person,
//! which is the front page for them, reads the tables, once for each thing that may wait.
//!
//! [`rules`] reads the parameters of a search, [`tree`] says how the values of categories and HS codes stand below each other, [`state`]
//! is a search as the address of a page, [`hits`] the elements of an answer, [`answer`] its JSON.

pub mod answer;
pub mod api;
pub mod hits;
pub mod pages;
pub mod rules;
pub mod state;
pub mod store;
pub mod tree;
#[cfg(test)]
mod tests;
