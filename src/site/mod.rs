//! What the site says about itself, apart from any feature.

pub mod about;
pub mod crawlers;
pub mod operator;
