//! Pages of RFQs: the public list and page, the buyer's own pages, the form, the steps from draft to end, and the invitations to quote.

mod form;
mod header;
mod invitations;
mod items;
mod lifecycle;
mod own;
mod public;
mod wording;

pub use header::{RfqHeader, RfqTab, RfqTabName};
pub use items::RfqItemLine;

use actix_web::web::ServiceConfig;

use crate::app::App;
use crate::locale::Language;
use crate::rfqs::views::VisibleQuestion;
use crate::web::layout::When;

/// The language of what is written before a page is there.
const LANGUAGE: Language = Language::English;
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
    fn new(asked: VisibleQuestion, app: &App) -> Self {
        let now = app.clock.now();
        let VisibleQuestion { question, own } = asked;
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

/// The routes.
pub fn routes(cfg: &mut ServiceConfig) {
    public::routes(cfg);
    // The form stands at paths that would be read as ids otherwise.
    form::routes(cfg);
    own::routes(cfg);
    lifecycle::routes(cfg);
    invitations::routes(cfg);
}
