//! Questions under an RFQ: suppliers ask, the buyer answers, everyone who sees the RFQ reads both.

use super::{absent, letters, own, see};
use crate::actor::{Actor, Permission};
use crate::app::App;
use crate::error::{Problem, Result};
use crate::ids::{QuestionId, RfqId};

use crate::rfqs::rules::{RfqRefusal, Viewer};
use crate::rfqs::{Question, RfqState, store};
use crate::store::cursor::{Paging, Slice};
use crate::store::{Once, OnceKey};
use crate::text::Checker;

/// A company asks at most so many questions under one RFQ.
const MOST_QUESTIONS: usize = 20;
/// A question or an answer has at most so many characters.
const MOST_CHARACTERS: usize = 2_000;

/// A question as somebody sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The question; its `company` is for no one but the asker.
    pub question: Question,
    /// Whether the viewer's own company asked it.
    pub own: bool,
}

fn public(pointer: &str, text: &str) -> Result<String> {
    let mut text = text.to_owned();
    let mut checker = Checker::new();
    checker.public_prose(pointer, &mut text, 1..=MOST_CHARACTERS);
    checker.finish()?;
    Ok(text)
}

/// Asks about an open RFQ of another company. Contact details are refused: everyone reads it. The buyer is told.
pub fn ask(app: &App, actor: &Actor, id: RfqId, text: &str, once: Option<&OnceKey>) -> Result<Once<QuestionId>> {
    let scope = actor.may(Permission::RfqsWrite)?;
    let text = public("/question", text)?;
    app.db.write_once(once, |tx| {
        let seen = see(tx.conn(), actor, id)?;
        if seen.rfq.company == scope.company() {
            return Err(Problem::conflict("This is your own RFQ; say more in its specification instead."));
        }
        seen.rfq.state.open_only()?;
        if store::count_asked(tx.conn(), id, scope.company())? >= MOST_QUESTIONS {
            return Err(Problem::conflict(format!(
                "Your company asked {MOST_QUESTIONS} questions here, which is the most."
            )));
        }
        let question = store::insert_question(tx, id, scope.company(), &text)?;
        let asked = store::find_question(tx.conn(), id, question)?.ok_or_else(absent)?;
        letters::asked(tx, &seen.rfq, &asked)?;
        Ok(question)
    })
}

/// Answers a question under one's own RFQ, once, while it is open or closed. The asker is told.
pub fn answer_question(app: &App, actor: &Actor, id: RfqId, question: QuestionId, text: &str) -> Result<Asked> {
    let scope = actor.may(Permission::RfqsWrite)?;
    let text = public("/answer", text)?;
    app.db.write(|tx| {
        let rfq = own(tx.conn(), scope, id)?;
        let known = store::find_question(tx.conn(), id, question)?.ok_or_else(|| Problem::not_found("question"))?;
        if !matches!(rfq.state, RfqState::Open | RfqState::Closed) {
            return Err(RfqRefusal::Over(rfq.state).into());
        }
        if known.answered_at.is_some() {
            return Err(Problem::conflict(
                "The question was answered; suppliers rely on the answer, so it stays as it is.",
            ));
        }
        store::update_answer(tx, question, &text)?;
        let answered = store::find_question(tx.conn(), id, question)?.ok_or_else(absent)?;
        letters::answered(tx, &rfq, &answered)?;
        Ok(Asked { question: answered, own: false })
    })
}

/// A page of the questions under an RFQ that the actor may see, newest first.
pub fn list_questions(app: &App, actor: &Actor, id: RfqId, paging: Paging) -> Result<Slice<Asked>> {
    app.db.read(|conn| {
        let seen = see(conn, actor, id)?;
        let own = if seen.viewer == Viewer::Owner { None } else { actor.company() };
        let slice = store::list_questions(conn, id, paging)?;
        Ok(slice.map(|question| Asked { own: own == Some(question.company), question }))
    })
}

/// One question under an RFQ that the actor may see.
pub fn find_question(app: &App, actor: &Actor, id: RfqId, question: QuestionId) -> Result<Asked> {
    app.db.read(|conn| {
        see(conn, actor, id)?;
        let question = store::find_question(conn, id, question)?.ok_or_else(|| Problem::not_found("question"))?;
        Ok(Asked { own: actor.company() == Some(question.company), question })
    })
}
