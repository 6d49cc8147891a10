//! Pages of listings: the public one, the supplier's public page with its catalogue, and the supplier's own desk.

mod desk;
mod form;
mod public;
mod supplier;

pub use public::price_line;

use actix_web::web::ServiceConfig;

use crate::actor::Actor;
use crate::app::App;
use crate::error::Result;
use crate::store::cursor::{self, Place, Slice};
use crate::web::layout::Pager;

/// The links to the pages beside this one; `base` is the address with its other parameters, ending in `?` or `&`.
fn pager<T>(app: &App, list: &str, actor: &Actor, base: &str, slice: &Slice<T>) -> Result<Pager> {
    let link = |place: &Place| -> Result<String> {
        let cursor = cursor::seal(&app.secrets, list, actor, place)?;
        let query = serde_urlencoded::to_string([("cursor", cursor)]).unwrap_or_default();
        Ok(format!("{base}{query}"))
    };
    let prev = slice.prev.as_ref().map(link).transpose()?;
    let next = slice.next.as_ref().map(link).transpose()?;
    Ok(Pager { prev, next, shown: String::new() })
}

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
    desk::routes(cfg);
    super::images::pages::routes(cfg);
}

#[cfg(test)]
mod tests;
