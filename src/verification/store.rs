//! Rows of `verification_requests`.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::{NotificationText, Request, RequestState};
use crate::actor::{Moderator, Scope};
use crate::clock::Time;
use crate::companies::Verification;
use crate::error::{Code, Problem, Result};
use crate::ids::{CompanyId, RequestId};
use crate::locale::{Language, text};
use crate::page_rows;
use crate::store::cursor::{ListPage, Paging};
use crate::store::schema::verification_requests;
use crate::store::{Conn, Tx, from_json, from_text, or_duplicate, to_json};

#[derive(Queryable)]
struct RequestRow {
    id: i64,
    company_id: i64,
    level: String,
    state: String,
    content: String,
    reason: Option<String>,
    version: i64,
    created_at: NaiveDateTime,
    decided_at: Option<NaiveDateTime>,
}

impl TryFrom<RequestRow> for Request {
    type Error = Problem;
    fn try_from(row: RequestRow) -> Result<Self> {
        Ok(Self {
            id: RequestId(row.id),
            company: CompanyId(row.company_id),
            level: from_text(&row.level)?,
            state: from_text(&row.state)?,
            content: from_json(&row.content)?,
            reason: row.reason,
            version: row.version,
            created_at: row.created_at.and_utc(),
            decided_at: row.decided_at.map(|at| at.and_utc()),
        })
    }
}

fn all(rows: Vec<RequestRow>) -> Result<Vec<Request>> {
    rows.into_iter().map(Request::try_from).collect()
}

/// Stores a request; a second open one for the level is refused.
pub(super) fn insert(tx: &mut Tx, scope: Scope, level: Verification, content: &NotificationText) -> Result<RequestId> {
    let id: RequestId = tx.make_id();
    let row = (
        verification_requests::id.eq(id.0),
        verification_requests::company_id.eq(scope.company().0),
        verification_requests::level.eq(level.as_str()),
        verification_requests::state.eq(RequestState::Open.as_str()),
        verification_requests::content.eq(to_json(content)?),
        verification_requests::version.eq(1_i64),
        verification_requests::created_at.eq(tx.now_db()),
    );
    // The table's key allows one open request of a company for a level; the database decides between two at once.
    or_duplicate(diesel::insert_into(verification_requests::table).values(row).execute(tx.conn()), || {
        Problem::new(Code::Duplicate, text(Language::English, "verification-open-already"))
    })?;
    Ok(id)
}

/// Writes the decision as the next version, with the content that is kept.
pub(super) fn set_decision(tx: &mut Tx, request: &Request) -> Result<()> {
    diesel::update(verification_requests::table.find(request.id.0))
        .set((
            verification_requests::state.eq(request.state.as_str()),
            verification_requests::content.eq(to_json(&request.content)?),
            verification_requests::reason.eq(&request.reason),
            verification_requests::version.eq(request.version + 1),
            verification_requests::decided_at.eq(request.decided_at.map(|at| at.naive_utc())),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// One request, whoever made it: for moderators, and where access is checked already.
pub(super) fn find(conn: &mut Conn, id: RequestId) -> Result<Option<Request>> {
    let row: Option<RequestRow> = verification_requests::table.find(id.0).first(conn).optional()?;
    row.map(Request::try_from).transpose()
}

/// The newest requests of the company itself, newest first.
pub(super) fn list_own(conn: &mut Conn, scope: Scope, limit: i64) -> Result<Vec<Request>> {
    all(verification_requests::table
        .filter(verification_requests::company_id.eq(scope.company().0))
        .order(verification_requests::id.desc())
        .limit(limit)
        .load(conn)?)
}

/// A page of the requests in the state, newest first.
pub(super) fn list_queue(
    conn: &mut Conn,
    _: Moderator,
    state: RequestState,
    paging: Paging,
) -> Result<ListPage<Request>> {
    let query = verification_requests::table.filter(verification_requests::state.eq(state.as_str())).into_boxed();
    let rows: Vec<RequestRow> = page_rows!(query, verification_requests::id, paging, conn)?;
    Ok(paging.page(all(rows)?, |request| request.id.0))
}

/// How many requests are open, and when the oldest of them was made.
pub(super) fn count_open(conn: &mut Conn) -> Result<(i64, Option<Time>)> {
    let open = || verification_requests::table.filter(verification_requests::state.eq(RequestState::Open.as_str()));
    let count = open().count().get_result(conn)?;
    let oldest: Option<NaiveDateTime> =
        open().order(verification_requests::id).select(verification_requests::created_at).first(conn).optional()?;
    Ok((count, oldest.map(|at| at.and_utc())))
}
