//! Use cases of verification: applying, deciding, disputed identifiers, evidence that ends.

mod claims;
mod decisions;
mod expiry;

pub use claims::{decide_claim, find_claim, list_claims};
pub use decisions::decide;
pub use expiry::end_due;

use super::rules::{self, Needs};
use super::{Identity, NewRequest, NotificationText, Request, RequestState, store};
use crate::actor::{Actor, Permission};
use crate::app::App;
use crate::clock::Time;
use crate::companies::evidence::{self, EvidenceCheck, EvidenceItem};
use crate::companies::{self, Company, Identifier, IdentifierState};
use crate::documents::{Subject, attachments};
use crate::error::{Problem, Result};
use crate::ids::{CompanyId, RequestId};
use crate::reference::outcome::Outcome;
use crate::store::cursor::{ListPage, Paging};
use crate::store::{Conn, IdempotencyKey, Idempotent};

/// A company's level with its evidence and requests.
#[derive(Clone, Debug)]
pub struct VerificationStatus {
    /// The company.
    pub company: Company,
    /// The identifiers that it names, whoever holds them; empty for everybody but its own people.
    pub named: Vec<Identifier>,
    /// The current evidence.
    pub evidence: Vec<EvidenceItem>,
    /// The findings that evidence shows.
    pub checked: Vec<EvidenceCheck>,
    /// The findings that nothing shows yet.
    pub not_checked: Vec<EvidenceCheck>,
    /// Its latest requests; empty for everybody but its own people.
    pub requests: Vec<Request>,
}

/// Requests that a company sees, newest first.
const REQUESTS: i64 = 20;
/// A company never comes near so many: one of a level is open at a time, and each is decided by a person.
const MOST_REQUESTS: i64 = 10_000;

/// A company's verification, as everybody may see it; its own people see their requests too.
pub fn find_status(app: &App, actor: &Actor, id: CompanyId) -> Result<VerificationStatus> {
    let company = companies::actions::find(app, actor, id)?;
    let own = actor.authorize(Permission::AccountRead).ok().filter(|scope| scope.company() == id);
    let today = app.clock.today();
    app.db.read(|conn| {
        let named = companies::store::list_identifiers(conn, id)?;
        let held: Vec<Identifier> = named.iter().filter(|one| one.state == IdentifierState::Held).cloned().collect();
        let current = evidence::store::list_current(conn, id)?;
        let (checked, not_checked) = evidence::checks(&held, &current, today);
        let requests = own.map(|scope| store::list_own(conn, scope, REQUESTS)).transpose()?.unwrap_or_default();
        let named = if own.is_some() { named } else { Vec::new() };
        Ok(VerificationStatus { company, named, evidence: current, checked, not_checked, requests })
    })
}

/// All requests of the actor's company, newest first.
///
/// # Errors
/// 401 and 403.
pub fn list_requests(app: &App, actor: &Actor) -> Result<Vec<Request>> {
    let scope = actor.authorize(Permission::AccountRead)?;
    app.db.read(|conn| store::list_own(conn, scope, MOST_REQUESTS))
}

/// Applies for a level for the actor's own company. The documents named are kept with the request from then on.
///
/// # Errors
/// `not_found` for another company, `invalid` naming the fields, `conflict` while the level before is missing, `duplicate` while a request
/// for the level is open.
pub fn request(
    app: &App,
    actor: &Actor,
    id: CompanyId,
    submitted: &NewRequest,
    once: Option<&IdempotencyKey>,
) -> Result<Idempotent<RequestId>> {
    let scope = actor.authorize(Permission::AccountWrite)?;
    let absent = || Problem::not_found("company");
    if scope.company() != id {
        return Err(absent());
    }
    app.db.write_idempotent(once, |tx| {
        // Read in this transaction: the identity that is stored must be the one that the level is checked against.
        let company = companies::store::find(tx.conn(), id)?.ok_or_else(absent)?;
        let mut submitted = submitted.clone();
        let today = tx.now().date_naive();
        submitted.check(company.fields.form, today)?;
        let needs = rules::needs(submitted.level, company.fields.form)?;
        let named = companies::store::list_identifiers(tx.conn(), id)?;
        rules::may_request(needs, company.verification, can_be_identified(&named))?;
        let content = NotificationText { identity: Identity::from(&company), submitted };
        let made = store::insert(tx, scope, content.submitted.level, &content)?;
        attachments::attach(tx, id, (Subject::Verification, made.0), "/documents", &content.submitted.documents)?;
        Ok(made)
    })
}

/// Whether the actor may read the documents of a request: moderators, beside the company itself.
pub fn may_see_documents(_: &mut Conn, actor: &Actor, _: i64) -> Result<bool> {
    Ok(actor.is_moderator())
}

/// Whether a register entry can be looked up by one of the identifiers that a company names: its check digits hold, and no moderator has
/// refused it. That another company holds it keeps nobody from applying: who came first is not who owns it.
pub fn can_be_identified(named: &[Identifier]) -> bool {
    named.iter().any(|one| one.outcome == Outcome::Valid && one.state != IdentifierState::Refused)
}

/// A request of one's own company that was just made.
pub fn find_made(app: &App, actor: &Actor, id: RequestId) -> Result<Request> {
    let scope = actor.authorize(Permission::AccountWrite)?;
    let found = app.db.read(|conn| store::find(conn, id))?;
    found.filter(|request| request.company == scope.company()).ok_or_else(absent)
}

fn absent() -> Problem {
    Problem::not_found("request")
}

/// A request as moderators see it.
#[derive(Clone, Debug)]
pub struct Case {
    /// The request.
    pub request: Request,
    /// The company, as it is now.
    pub company: Company,
    /// The identifiers that it names, whoever holds them.
    pub named: Vec<Identifier>,
    /// Its current evidence.
    pub evidence: Vec<EvidenceItem>,
    /// What the request has to carry; `None` when the company is now of a form that cannot apply for the level.
    pub needs: Option<Needs>,
}

fn case(conn: &mut Conn, request: Request) -> Result<Case> {
    let missing = || Problem::internal("a request's company is missing");
    let company = companies::store::find(conn, request.company)?.ok_or_else(missing)?;
    let named = companies::store::list_identifiers(conn, company.id)?;
    let current = evidence::store::list_current(conn, company.id)?;
    let needs = rules::needs(request.level, company.fields.form).ok();
    Ok(Case { request, company, named, evidence: current, needs })
}

/// The moderators' queue of requests.
#[derive(Clone, Debug)]
pub struct Queue {
    /// A page of it.
    pub cases: ListPage<Case>,
    /// How many requests are open.
    pub open: i64,
    /// When the oldest of these was made.
    pub oldest: Option<Time>,
}

/// A page of the queue, for moderators.
pub fn list_queue(app: &App, actor: &Actor, state: RequestState, paging: Paging) -> Result<Queue> {
    let moderator = actor.as_moderator()?;
    app.db.read(|conn| {
        let slice = store::list_queue(conn, moderator, state, paging)?;
        let items = slice.items.into_iter().map(|request| case(conn, request)).collect::<Result<Vec<_>>>()?;
        let (open, oldest) = store::count_open(conn)?;
        Ok(Queue { cases: ListPage { items, next: slice.next, prev: slice.prev }, open, oldest })
    })
}

/// One request, for moderators.
pub fn find_case(app: &App, actor: &Actor, id: RequestId) -> Result<Case> {
    actor.as_moderator()?;
    app.db.read(|conn| {
        let request = store::find(conn, id)?.ok_or_else(absent)?;
        case(conn, request)
    })
}
