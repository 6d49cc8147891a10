//! Choosing whom to propose a partnership to: the other sides of accepted quotes with whom there is none yet.

use actix_web::HttpRequest;
use askama::Template;

use crate::actor::Actor;
use crate::app::App;
use crate::companies;
use crate::error::Result;
use crate::ids::QuoteId;
use crate::locale::{Language, text};
use crate::partnerships::{AcceptedQuote, actions};
use crate::web::envelope::page_of;
use crate::web::layout::{Page, Section};

#[derive(Template)]
#[template(path = "partnerships/templates/choose.html")]
pub(super) struct ChoosePage {
    page: Page,
    rows: Vec<Choice>,
}

/// A company that a quote was accepted from or by.
pub(super) struct Choice {
    quote: QuoteId,
    other: String,
    part: &'static str,
    about: String,
}

/// The choices of the actor's company.
pub(super) fn choices(app: &App, actor: &Actor) -> Result<Vec<Choice>> {
    let (own, accepted) = actions::without_partnership(app, actor)?;
    let ids: Vec<i64> = accepted.iter().flat_map(|one| [one.supplier.0, one.buyer.0]).collect();
    let names = app.db.read(|conn| companies::store::names(conn, &ids))?;
    let choice = |one: AcceptedQuote| {
        let (other, part) = if one.supplier == own {
            (one.buyer, text(Language::English, "partnerships-you-supply"))
        } else {
            (one.supplier, text(Language::English, "partnerships-you-buy"))
        };
        let other = names.get(&other.0).cloned().unwrap_or_default();
        Choice { quote: one.quote, other, part, about: one.rfq_title }
    };
    Ok(accepted.into_iter().map(choice).collect())
}

pub(super) fn choose_page(http: &HttpRequest, rows: Vec<Choice>) -> ChoosePage {
    ChoosePage {
        page: page_of(http, text(Language::English, "partnerships-propose-title")).under(Section::Partnerships),
        rows,
    }
}
