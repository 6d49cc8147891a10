//! Questions under an RFQ: suppliers ask, the buyer answers, everyone who sees the RFQ reads both.

use super::notifying;
use crate::actor::{Actor, Permission};
use crate::app::App;
use crate::error::{Problem, Result};
use crate::ids::{QuestionId, RfqId};
use crate::locale::{self, Language, Message};
use crate::rfqs::queries::{absent, own, see};
use crate::rfqs::rules::RfqRefusal;
use crate::rfqs::views::VisibleQuestion;
use crate::rfqs::{RfqState, store};
use crate::store::{IdempotencyKey, Idempotent};
use crate::text::Checker;

/// A company asks at most so many questions under one RFQ.
// More is a conversation, which belongs after the quote; each one is an e-mail to the buyer.
const MAX_QUESTIONS: usize = 20;
/// A question or an answer has at most so many characters.
const MAX_CHARACTERS: usize = 2_000;

fn public(pointer: &str, text: &str) -> Result<String> {
    let mut text = text.to_owned();
    let mut checker = Checker::new();
    checker.public_prose(pointer, &mut text, 1..=MAX_CHARACTERS);
    checker.finish()?;
    Ok(text)
}

/// Asks about an open RFQ of another company. Contact details are refused: everyone reads it. The buyer is notified.
pub fn ask(
    app: &App,
    actor: &Actor,
    id: RfqId,
    text: &str,
    once: Option<&IdempotencyKey>,
) -> Result<Idempotent<QuestionId>> {
    let scope = actor.authorize(Permission::RfqsWrite)?;
    let text = public("/question", text)?;
    app.db.write_idempotent(once, |tx| {
        // In the transaction, so that nobody asks what was closed a moment ago.
        let seen = see(tx.conn(), actor, id)?;
        if seen.rfq.company == scope.company() {
            return Err(Problem::conflict(locale::text(Language::English, "rfqs-ask-own")));
        }
        seen.rfq.state.open_only()?;
        if store::count_asked(tx.conn(), id, scope.company())? >= MAX_QUESTIONS {
            return Err(Problem::conflict(
                Message::new("rfqs-ask-too-many").with("most", MAX_QUESTIONS).text(Language::English),
            ));
        }
        let question = store::insert_question(tx, id, scope.company(), &text)?;
        let asked = store::find_question(tx.conn(), id, question)?.ok_or_else(absent)?;
        notifying::asked(tx, &seen.rfq, &asked)?;
        Ok(question)
    })
}

/// Answers a question under one's own RFQ, once, while it is open or closed. The asker is notified.
pub fn answer_question(
    app: &App,
    actor: &Actor,
    id: RfqId,
    question: QuestionId,
    text: &str,
) -> Result<VisibleQuestion> {
    let scope = actor.authorize(Permission::RfqsWrite)?;
    let text = public("/answer", text)?;
    app.db.write(|tx| {
        let rfq = own(tx.conn(), scope, id)?;
        let known = store::find_question(tx.conn(), id, question)?.ok_or_else(|| Problem::not_found("question"))?;
        // Whoever heard no answer may ask again.
        if known.answer.as_deref() == Some(text.as_str()) {
            return Ok(VisibleQuestion { question: known, own: false });
        }
        if !matches!(rfq.state, RfqState::Open | RfqState::Closed) {
            return Err(RfqRefusal::Over(rfq.state).into());
        }
        // Written once: a price may rest on it. Who was wrong says so in the specification, which every supplier is notified of.
        if known.answered_at.is_some() {
            return Err(Problem::conflict(locale::text(Language::English, "rfqs-answered-already")));
        }
        store::update_answer(tx, question, &text)?;
        let answered = store::find_question(tx.conn(), id, question)?.ok_or_else(absent)?;
        notifying::answered(tx, &rfq, &answered)?;
        Ok(VisibleQuestion { question: answered, own: false })
    })
}
