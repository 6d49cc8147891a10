//! What programs that read the site for others ask for: `robots.txt`, the sitemaps, and the newest open RFQs as an Atom feed.

pub mod pages;
pub(crate) mod store;
