//! Rows of `webhook_endpoints` and `webhook_deliveries`.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::{Attempt, Delivery, DeliveryState, DisabledReason, Endpoint, EndpointFields};
use crate::actor::Scope;
use crate::clock::Time;
use crate::error::{Problem, Result};
use crate::ids::{CompanyId, DeliveryId, EventId, WebhookId};
use crate::store::cursor::{ListPage, Paging};
use crate::store::schema::{webhook_deliveries, webhook_endpoints};
use crate::store::{Conn, Tx, from_json, from_text, to_json};
use crate::{on_each, page_rows};

/// So many rows are inserted by one statement, and forgotten by one.
const AT_ONCE: usize = 1_000;

#[derive(Queryable, Selectable)]
#[diesel(table_name = webhook_endpoints)]
struct EndpointRow {
    id: i64,
    company_id: i64,
    content: String,
    secret: String,
    previous_secret: Option<String>,
    previous_until: Option<NaiveDateTime>,
    disabled_reason: Option<String>,
    failing_since: Option<NaiveDateTime>,
    version: i64,
    created_at: NaiveDateTime,
    updated_at: NaiveDateTime,
}

impl TryFrom<EndpointRow> for Endpoint {
    type Error = Problem;
    fn try_from(row: EndpointRow) -> Result<Self> {
        Ok(Self {
            id: WebhookId(row.id),
            company: CompanyId(row.company_id),
            fields: from_json(&row.content)?,
            secret: row.secret,
            previous: row.previous_secret.zip(row.previous_until.map(|until| until.and_utc())),
            disabled_reason: row.disabled_reason.as_deref().map(from_text::<DisabledReason>).transpose()?,
            failing_since: row.failing_since.map(|since| since.and_utc()),
            version: row.version,
            created_at: row.created_at.and_utc(),
            updated_at: row.updated_at.and_utc(),
        })
    }
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = webhook_deliveries)]
struct DeliveryRow {
    id: i64,
    endpoint_id: i64,
    event_id: i64,
    kind: String,
    state: String,
    attempts: i32,
    next_at: Option<NaiveDateTime>,
    status: Option<i32>,
    fault: Option<String>,
    answer: Option<String>,
    took_ms: Option<i64>,
    attempted_at: Option<NaiveDateTime>,
    created_at: NaiveDateTime,
}

impl TryFrom<DeliveryRow> for Delivery {
    type Error = Problem;
    fn try_from(row: DeliveryRow) -> Result<Self> {
        let fault = row.fault.as_deref().map(from_text).transpose()?;
        let last = row.attempted_at.map(|at| Attempt {
            at: at.and_utc(),
            status: row.status.and_then(|status| u16::try_from(status).ok()),
            fault,
            answer: row.answer,
            took_ms: row.took_ms.and_then(|ms| u64::try_from(ms).ok()).unwrap_or(0),
        });
        Ok(Self {
            id: DeliveryId(row.id),
            endpoint: WebhookId(row.endpoint_id),
            event: EventId(row.event_id),
            kind: row.kind,
            state: from_text(&row.state)?,
            attempts: u32::try_from(row.attempts).unwrap_or(0),
            next_at: row.next_at.map(|at| at.and_utc()),
            last,
            created_at: row.created_at.and_utc(),
        })
    }
}

/// The endpoints of a company, oldest first; there are ten at most.
pub fn list(conn: &mut Conn, scope: Scope) -> Result<Vec<Endpoint>> {
    list_of(conn, &[scope.company().0])
}

/// The endpoints of companies.
pub(super) fn list_of(conn: &mut Conn, companies: &[i64]) -> Result<Vec<Endpoint>> {
    let rows: Vec<EndpointRow> = webhook_endpoints::table
        .filter(webhook_endpoints::company_id.eq_any(companies.to_vec()))
        .order(webhook_endpoints::id)
        .select(EndpointRow::as_select())
        .load(conn)?;
    rows.into_iter().map(Endpoint::try_from).collect()
}

/// One endpoint of the scope's company.
pub fn find(conn: &mut Conn, scope: Scope, id: WebhookId) -> Result<Option<Endpoint>> {
    Ok(find_any(conn, id)?.filter(|endpoint| endpoint.company == scope.company()))
}

/// One endpoint, for its deliveries.
pub(super) fn find_any(conn: &mut Conn, id: WebhookId) -> Result<Option<Endpoint>> {
    let row: Option<EndpointRow> =
        webhook_endpoints::table.find(id.0).select(EndpointRow::as_select()).first(conn).optional()?;
    row.map(Endpoint::try_from).transpose()
}

pub(super) fn insert(tx: &mut Tx, id: WebhookId, scope: Scope, fields: &EndpointFields, secret: &str) -> Result<()> {
    let now = tx.now_db();
    let row = (
        webhook_endpoints::id.eq(id.0),
        webhook_endpoints::company_id.eq(scope.company().0),
        webhook_endpoints::content.eq(to_json(fields)?),
        webhook_endpoints::secret.eq(secret),
        webhook_endpoints::version.eq(1_i64),
        webhook_endpoints::created_at.eq(now),
        webhook_endpoints::updated_at.eq(now),
    );
    diesel::insert_into(webhook_endpoints::table).values(row).execute(tx.conn())?;
    Ok(())
}

/// Writes the endpoint as its next version.
pub(super) fn update(tx: &mut Tx, endpoint: &Endpoint) -> Result<()> {
    let now = tx.now_db();
    let previous = endpoint.previous.as_ref();
    diesel::update(webhook_endpoints::table.find(endpoint.id.0))
        .set((
            webhook_endpoints::content.eq(to_json(&endpoint.fields)?),
            webhook_endpoints::secret.eq(&endpoint.secret),
            webhook_endpoints::previous_secret.eq(previous.map(|(secret, _)| secret)),
            webhook_endpoints::previous_until.eq(previous.map(|(_, until)| until.naive_utc())),
            webhook_endpoints::disabled_reason.eq(endpoint.disabled_reason.map(DisabledReason::as_str)),
            webhook_endpoints::failing_since.eq(endpoint.failing_since.map(|since| since.naive_utc())),
            webhook_endpoints::version.eq(endpoint.version + 1),
            webhook_endpoints::updated_at.eq(now),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Remembers since when there are only failures, or that there was a success.
pub(super) fn set_failing_since(tx: &mut Tx, id: WebhookId, since: Option<Time>) -> Result<()> {
    diesel::update(webhook_endpoints::table.find(id.0))
        .set(webhook_endpoints::failing_since.eq(since.map(|since| since.naive_utc())))
        .execute(tx.conn())?;
    Ok(())
}

pub(super) fn delete(tx: &mut Tx, id: WebhookId) -> Result<()> {
    diesel::delete(webhook_endpoints::table.find(id.0)).execute(tx.conn())?;
    Ok(())
}

/// The endpoints behind this one, whatever company has them, to seal their secrets anew.
pub(super) fn list_after(conn: &mut Conn, after: WebhookId, most: i64) -> Result<Vec<Endpoint>> {
    let rows: Vec<EndpointRow> = webhook_endpoints::table
        .filter(webhook_endpoints::id.gt(after.0))
        .order(webhook_endpoints::id)
        .limit(most)
        .select(EndpointRow::as_select())
        .load(conn)?;
    rows.into_iter().map(Endpoint::try_from).collect()
}

/// Puts the same secrets there, sealed anew, unless they were rotated meanwhile.
pub(super) fn reseal(tx: &mut Tx, before: &Endpoint, secret: &str, previous: Option<&str>) -> Result<()> {
    let same = webhook_endpoints::table.find(before.id.0).filter(webhook_endpoints::secret.eq(before.secret.clone()));
    diesel::update(same)
        .set((webhook_endpoints::secret.eq(secret), webhook_endpoints::previous_secret.eq(previous)))
        .execute(tx.conn())?;
    Ok(())
}

/// A delivery to be made.
pub(super) struct NewDelivery {
    pub id: DeliveryId,
    pub endpoint: WebhookId,
    pub event: EventId,
    pub kind: String,
}

#[derive(Insertable)]
#[diesel(table_name = webhook_deliveries)]
struct NewDeliveryRow {
    id: i64,
    endpoint_id: i64,
    event_id: i64,
    kind: String,
    state: &'static str,
    attempts: i32,
    next_at: NaiveDateTime,
    created_at: NaiveDateTime,
}

pub(super) fn insert_deliveries(tx: &mut Tx, deliveries: &[NewDelivery]) -> Result<()> {
    let now = tx.now_db();
    for part in deliveries.chunks(AT_ONCE) {
        let row = |new: &NewDelivery| NewDeliveryRow {
            id: new.id.0,
            endpoint_id: new.endpoint.0,
            event_id: new.event.0,
            kind: new.kind.clone(),
            state: DeliveryState::Pending.as_str(),
            attempts: 0,
            next_at: now,
            created_at: now,
        };
        let rows: Vec<NewDeliveryRow> = part.iter().map(row).collect();
        on_each!(tx.conn(), |c| diesel::insert_into(webhook_deliveries::table).values(rows).execute(c))?;
    }
    Ok(())
}

pub(super) fn find_delivery(conn: &mut Conn, id: DeliveryId) -> Result<Option<Delivery>> {
    let row: Option<DeliveryRow> =
        webhook_deliveries::table.find(id.0).select(DeliveryRow::as_select()).first(conn).optional()?;
    row.map(Delivery::try_from).transpose()
}

/// A page of what was sent to an endpoint, newest first. Whoever calls this has found the endpoint in its own company.
pub(super) fn list_deliveries(conn: &mut Conn, endpoint: WebhookId, paging: Paging) -> Result<ListPage<Delivery>> {
    let query = webhook_deliveries::table
        .filter(webhook_deliveries::endpoint_id.eq(endpoint.0))
        .select(DeliveryRow::as_select())
        .into_boxed();
    let rows: Vec<DeliveryRow> = page_rows!(query, webhook_deliveries::id, paging, conn)?;
    let deliveries = rows.into_iter().map(Delivery::try_from).collect::<Result<Vec<_>>>()?;
    Ok(paging.page(deliveries, |delivery| delivery.id.0))
}

/// Writes how a delivery stands after a try, or that it is not tried any more.
pub(super) fn update_delivery(tx: &mut Tx, delivery: &Delivery) -> Result<()> {
    let last = delivery.last.as_ref();
    diesel::update(webhook_deliveries::table.find(delivery.id.0))
        .set((
            webhook_deliveries::state.eq(delivery.state.as_str()),
            webhook_deliveries::attempts.eq(i32::try_from(delivery.attempts).unwrap_or(i32::MAX)),
            webhook_deliveries::next_at.eq(delivery.next_at.map(|at| at.naive_utc())),
            webhook_deliveries::status.eq(last.and_then(|last| last.status).map(i32::from)),
            webhook_deliveries::fault.eq(last.and_then(|last| last.fault).map(super::Fault::as_str)),
            webhook_deliveries::answer.eq(last.and_then(|last| last.answer.as_deref())),
            webhook_deliveries::took_ms.eq(last.map(|last| i64::try_from(last.took_ms).unwrap_or(i64::MAX))),
            webhook_deliveries::attempted_at.eq(last.map(|last| last.at.naive_utc())),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Forgets deliveries that were made before the time, at most 1 000 in one go; answers how many.
pub(super) fn purge_deliveries(tx: &mut Tx, before: Time) -> Result<usize> {
    let ids: Vec<i64> = webhook_deliveries::table
        .filter(webhook_deliveries::created_at.lt(before.naive_utc()))
        .order(webhook_deliveries::created_at)
        .limit(i64::try_from(AT_ONCE).unwrap_or(i64::MAX))
        .select(webhook_deliveries::id)
        .load(tx.conn())?;
    if ids.is_empty() {
        return Ok(0);
    }
    Ok(diesel::delete(webhook_deliveries::table.filter(webhook_deliveries::id.eq_any(ids))).execute(tx.conn())?)
}
