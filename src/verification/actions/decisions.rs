//! A moderator's decision about a request: evidence, level, history and e-mail in one transaction.

use crate::accounts::actions::{Sender, notify_company};
use crate::actor::Actor;
use crate::app::App;
use crate::companies::evidence::{self, Facts};
use crate::companies::{self, Company, IdentifierState};
use crate::documents::{Subject, attachments, store as documents};
use crate::error::{FieldCode, Problem, Result};
use crate::ids::RequestId;
use crate::locale::{Language, Message, text};
use crate::mail::Stream;
use crate::moderation::Act;
use crate::moderation::actions::{checked_reason, ensure_impartial, record_about_company};
use crate::reference::outcome::Outcome as CheckOutcome;
use crate::store::Tx;
use crate::text::Checker;
use crate::verification::rules::{self, Needs};
use crate::verification::{Decision, Identity, Request, RequestState, Verdict, notifications, store};

/// Decides an open request.
///
/// # Errors
/// `not_found` for who is no moderator; `conflict` when it is decided, when the company has changed since, or when it is the moderator's
/// own; `invalid` naming the fields.
pub fn decide(app: &App, actor: &Actor, id: RequestId, decision: &Decision) -> Result<()> {
    let moderator = actor.as_moderator()?;
    let reason = checked_reason(&decision.reason)?;
    app.db.write(|tx| {
        let mut request = store::find(tx.conn(), id)?.ok_or_else(|| Problem::not_found("request"))?;
        if request.state != RequestState::Open {
            return Err(Problem::conflict(
                Message::new("verification-decided")
                    .with("state", request.state.pill().label(Language::English))
                    .text(Language::English),
            ));
        }
        // Nobody decides about their own company, whatever they would decide.
        ensure_impartial(moderator, request.company)?;
        let company = companies::store::find(tx.conn(), request.company)?
            .ok_or_else(|| Problem::internal("a request's company is missing"))?;
        let act = match decision.verdict {
            Verdict::Accept => Act::Verified,
            Verdict::Refuse => Act::RefusedRequest,
        };
        let (level, until) = match decision.verdict {
            Verdict::Accept => accept(tx, &company, &request, decision)?,
            Verdict::Refuse => (company.verification, None),
        };
        discard_identity_document(tx, &company, &mut request)?;
        close(tx, &mut request, decision.verdict, &reason)?;
        record_about_company(tx, moderator, act, request.company, &reason)?;
        let content = notifications::decided(Language::English, &request, decision.verdict, level, until);
        let event = format!("verification decided {id}");
        notify_company(tx, Sender::Platform, request.company, Stream::Transactional, &event, &content).map(drop)
    })
}

type Outcome = (companies::Verification, Option<String>);

fn accept(tx: &mut Tx, company: &Company, request: &Request, decision: &Decision) -> Result<Outcome> {
    // Evidence about another name or identifier would verify a company that nobody checked.
    if Identity::from(company) != request.content.identity {
        return Err(Problem::conflict(text(Language::English, "verification-company-changed")));
    }
    let needs = rules::needs(request.level, company.fields.form)?;
    if needs == Needs::Register {
        ensure_identifiable(tx, company)?;
    }
    let submitted = &request.content.submitted;
    let today = tx.now().date_naive();
    let last = rules::last_day(needs, today, decision.expires_on, submitted.valid_until)
        .map_err(|message| Problem::invalid_field("/expires_on", FieldCode::Range, message))?;
    let facts = facts_of(tx, request, needs, decision)?;
    let level = evidence::actions::record(tx, company.id, needs.evidence(), &facts, last)?;
    Ok((level, last.map(|day| day.to_string())))
}

/// An entry identifies by a number that no other company holds: who holds it is decided first, of both sides.
fn ensure_identifiable(tx: &mut Tx, company: &Company) -> Result<()> {
    let numbers = companies::store::list_identifiers(tx.conn(), company.id)?;
    let counts = |one: &companies::Identifier| {
        one.outcome == CheckOutcome::Valid && matches!(one.state, IdentifierState::Held | IdentifierState::Stated)
    };
    if numbers.iter().any(counts) {
        return Ok(());
    }
    Err(Problem::conflict(text(Language::English, "verification-claim-first")))
}

/// The public part of the evidence.
fn facts_of(tx: &mut Tx, request: &Request, needs: Needs, decision: &Decision) -> Result<Facts> {
    let submitted = &request.content.submitted;
    let mut documents = decision.seen.clone();
    let mut checker = Checker::new();
    checker.public_texts("/seen", &mut documents, 20, 200);
    checker.required("/seen", needs != Needs::Documents || !documents.is_empty());
    checker.finish()?;
    let files = documents::load(tx.conn(), &submitted.documents)?;
    let register = submitted.register.clone().unwrap_or_default();
    Ok(Facts {
        issuer: if needs == Needs::Register { register.name } else { submitted.issuer.clone().unwrap_or_default() },
        entry: Some(register.entry).filter(|entry| needs == Needs::Register && !entry.is_empty()),
        url: register.url,
        dated: register.checked_on.or(submitted.dated),
        documents: if needs == Needs::Register { Vec::new() } else { documents },
        // The hashes stay when the files go: what was seen can be proved by whoever still has it.
        sha256: files.into_iter().map(|file| file.blob.sha256).collect(),
    })
}

/// An identity document is checked once: whatever was decided, the file is deleted and the request no longer names it.
fn discard_identity_document(tx: &mut Tx, company: &Company, request: &mut Request) -> Result<()> {
    if rules::needs(request.level, company.fields.form) != Ok(Needs::Identity) {
        return Ok(());
    }
    // Also when refused: a copy of somebody's passport is a liability that serves nobody after the decision.
    let documents = std::mem::take(&mut request.content.submitted.documents);
    attachments::discard(tx, (Subject::Verification, request.id.0), &documents)
}

fn close(tx: &mut Tx, request: &mut Request, verdict: Verdict, reason: &str) -> Result<()> {
    request.state = if verdict == Verdict::Accept { RequestState::Accepted } else { RequestState::Refused };
    request.reason = Some(reason.to_owned());
    request.decided_at = Some(tx.now());
    store::set_decision(tx, request)
}
