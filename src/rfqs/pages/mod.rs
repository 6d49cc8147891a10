//! Pages of RFQs: the board and the public page of each, the buyer's desk with the form.

mod board;
mod desk;
mod form;
mod head;
mod steps;
mod words;

pub use head::{DeskHead, DeskTab};

use actix_web::web::ServiceConfig;

use crate::actor::Actor;
use crate::app::App;
use crate::error::Result;
use crate::rfqs::actions::Asked;
use crate::store::cursor::{self, Place};
use crate::web::layout::{Pager, When};

/// A list on a page has so many rows.
const ROWS: u32 = 25;

/// A question on a page.
#[derive(Clone, Debug)]
struct QuestionRow {
    id: String,
    lines: Vec<String>,
    asked: When,
    answer: Option<Vec<String>>,
    answered: Option<When>,
    own: bool,
}

impl QuestionRow {
    fn new(asked: Asked, app: &App) -> Self {
        let now = app.clock.now();
        let Asked { question, own } = asked;
        Self {
            id: question.id.to_string(),
            lines: lines(&question.question),
            asked: When::new(question.asked_at, now),
            answer: question.answer.as_deref().map(lines),
            answered: question.answered_at.map(|at| When::new(at, now)),
            own,
        }
    }
}

/// The lines of a text, so that the page breaks them where the writer did.
fn lines(text: &str) -> Vec<String> {
    text.lines().map(str::to_owned).collect()
}

/// The links to the pages beside this one of the list `name`; `path` with what else is in its query.
fn pager(app: &App, actor: &Actor, name: &str, path: &str, next: Option<Place>, prev: Option<Place>) -> Result<Pager> {
    let joint = if path.contains('?') { '&' } else { '?' };
    let link = |place: Option<Place>| {
        let sealed = place.map(|place| cursor::seal(&app.secrets, name, actor, &place)).transpose()?;
        let query = sealed.map(|cursor| serde_urlencoded::to_string([("cursor", cursor)]).unwrap_or_default());
        Ok::<_, crate::error::Problem>(query.map(|query| format!("{path}{joint}{query}")))
    };
    Ok(Pager { prev: link(prev)?, next: link(next)?, shown: String::new() })
}

/// The routes.
pub fn routes(cfg: &mut ServiceConfig) {
    board::routes(cfg);
    // The form stands at paths that would be read as ids otherwise.
    form::routes(cfg);
    desk::routes(cfg);
    steps::routes(cfg);
}
