//! Pages of listings: the public one, the supplier's public page with its catalogue, and the pages on which a supplier manages them.

mod form;
mod manage;
mod public;
mod supplier;

pub use public::price_line;

use actix_web::web::ServiceConfig;

/// A text of several paragraphs: between them an empty line, within them single lines.
fn paragraphs(text: Option<&str>) -> Vec<Vec<String>> {
    let mut all = vec![Vec::new()];
    for line in text.unwrap_or_default().lines() {
        match (line.trim().is_empty(), all.last_mut()) {
            (false, Some(last)) => last.push(line.to_owned()),
            _ => all.push(Vec::new()),
        }
    }
    all.retain(|paragraph| !paragraph.is_empty());
    all
}

/// The routes.
pub fn routes(cfg: &mut ServiceConfig) {
    public::routes(cfg);
    supplier::routes(cfg);
    manage::routes(cfg);
    super::images::pages::routes(cfg);
}

#[cfg(test)]
mod tests;
