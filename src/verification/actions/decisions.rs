//! A moderator's decision about a request: evidence, level, history and letter in one transaction.

use crate::actor::Actor;
use crate::app::App;
use crate::companies::evidence::{self, Facts};
use crate::companies::{self, Company};
use crate::documents::{Subject, attaching};
use crate::error::{FieldCode, Problem, Result};
use crate::ids::RequestId;
use crate::moderation::Act;
use crate::moderation::actions::{checked_reason, ensure_impartial, note_about_company};
use crate::store::Tx;
use crate::text::Checker;
use crate::verification::rules::{self, Needs};
use crate::verification::{Identity, Request, RequestState, Ruling, Verdict, notifications, store};

/// Decides an open request.
///
/// # Errors
/// `not_found` for who is no moderator; `conflict` when it is decided, when the company is another one now, or when it is the moderator's
/// own; `invalid` naming the fields.
pub fn decide(app: &App, actor: &Actor, id: RequestId, ruling: &Ruling) -> Result<()> {
    let moderator = actor.moderates()?;
    let reason = checked_reason(&ruling.reason)?;
    app.db.write(|tx| {
        let mut request = store::find(tx.conn(), id)?.ok_or_else(|| Problem::not_found("request"))?;
        if request.state != RequestState::Open {
            return Err(Problem::conflict(format!("The request is {}; it was decided already.", request.state)));
        }
        ensure_impartial(moderator, request.company)?;
        let company = companies::store::find(tx.conn(), request.company)?
            .ok_or_else(|| Problem::internal("a request's company is missing"))?;
        let act = match ruling.verdict {
            Verdict::Accept => Act::Verified,
            Verdict::Refuse => Act::RefusedRequest,
        };
        let (level, until) = match ruling.verdict {
            Verdict::Accept => accept(tx, &company, &request, ruling)?,
            Verdict::Refuse => (company.verification, None),
        };
        forget_identity(tx, &company, &mut request)?;
        close(tx, &mut request, ruling.verdict, &reason)?;
        note_about_company(tx, moderator, act, request.company, &reason)?;
        notifications::decided(tx, &request, ruling.verdict, level, until)
    })
}

type Outcome = (companies::Verification, Option<String>);

fn accept(tx: &mut Tx, company: &Company, request: &Request, ruling: &Ruling) -> Result<Outcome> {
    if Identity::from(company) != request.content.of {
        return Err(Problem::conflict(
            "The company changed its name, country or numbers since it asked; refuse the request.",
        ));
    }
    let needs = rules::needs(request.level, company.fields.form)?;
    let asked = &request.content.asked;
    let today = tx.now().date_naive();
    let last = rules::last_day(needs, today, ruling.expires_on, asked.valid_until)
        .map_err(|message| Problem::invalid_field("/expires_on", FieldCode::Range, message))?;
    let facts = facts_of(tx, request, needs, ruling)?;
    let level = evidence::actions::record(tx, company.id, needs.evidence(), &facts, last)?;
    Ok((level, last.map(|day| day.to_string())))
}

/// What everybody may read of what was seen.
fn facts_of(tx: &mut Tx, request: &Request, needs: Needs, ruling: &Ruling) -> Result<Facts> {
    let asked = &request.content.asked;
    let mut documents = ruling.seen.clone();
    let mut checker = Checker::new();
    checker.public_texts("/seen", &mut documents, 20, 200);
    checker.required("/seen", needs != Needs::Documents || !documents.is_empty());
    checker.finish()?;
    let files = attaching::find_attached(tx.conn(), &asked.documents)?;
    let register = asked.register.clone().unwrap_or_default();
    Ok(Facts {
        issuer: if needs == Needs::Register { register.name } else { asked.issuer.clone().unwrap_or_default() },
        entry: Some(register.entry).filter(|entry| needs == Needs::Register && !entry.is_empty()),
        url: register.url,
        dated: register.checked_on.or(asked.dated),
        documents: if needs == Needs::Register { Vec::new() } else { documents },
        sha256: files.into_iter().map(|file| file.blob.sha256).collect(),
    })
}

/// An identity document is looked at once: whatever was decided, the file goes, and the request names it no more.
fn forget_identity(tx: &mut Tx, company: &Company, request: &mut Request) -> Result<()> {
    if rules::needs(request.level, company.fields.form) != Ok(Needs::Identity) {
        return Ok(());
    }
    let documents = std::mem::take(&mut request.content.asked.documents);
    attaching::discard(tx, (Subject::Verification, request.id.0), &documents)
}

fn close(tx: &mut Tx, request: &mut Request, verdict: Verdict, reason: &str) -> Result<()> {
    request.state = if verdict == Verdict::Accept { RequestState::Accepted } else { RequestState::Refused };
    request.reason = Some(reason.to_owned());
    request.decided_at = Some(tx.now());
    store::set_decision(tx, request)
}
