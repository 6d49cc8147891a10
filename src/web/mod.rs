//! What every page and every route of the API shares: the frame of the site, its assets and the way in and out of HTTP.

pub mod assets;
pub mod layout;
