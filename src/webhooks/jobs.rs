//! The delivery of one event to one endpoint: each try is a job of its own, which enqueues the next.

use std::time::Instant;

use serde::Serialize;

use super::events::DeliverWebhook;
use super::rules::{MOST_BODY, disabled_by, is_success, kept_answer, next_attempt, queue_of, signatures};
use super::{Attempt, Delivery, DeliveryState, DisabledReason, Endpoint, Fault, PING, notifications, store};
use crate::accounts::actions::{Sender, notify_company};
use crate::app::App;
use crate::clock::Time;
use crate::error::{Problem, Result};
use crate::event_feed::{self, EventView};
use crate::ids::{EventId, WebhookId};
use crate::locale::Language;
use crate::mail::Stream;
use crate::outbound::{CallFault, Reply};
use crate::outbox::{Job, JobError, Options, Run, enqueue};
use crate::secrets::Purpose;
use crate::store::{Tx, to_json};

/// A test event.
#[derive(Serialize)]
struct Ping {
    id: EventId,
    #[serde(rename = "type")]
    kind: &'static str,
    timestamp: Time,
    data: PingData,
}

#[derive(Serialize)]
struct PingData {
    webhook_endpoint: WebhookId,
}

impl Job for DeliverWebhook {
    type Context = App;
    const KIND: &'static str = "deliver_webhook";

    fn run(self, app: &App, _: &Run) -> std::result::Result<(), JobError> {
        let Some((delivery, endpoint, body)) = self.prepare(app)? else { return Ok(()) };
        // Nothing is open meanwhile: the server may take 15 seconds.
        let (attempt, retry_after) = post(app, &delivery, &endpoint, &body);
        let spread = rand::random_range(-1.0..=1.0);
        let reason = app.db.write_read_committed(|tx| {
            let after = attempted(&delivery, &attempt, retry_after.as_deref(), spread);
            record(tx, &endpoint, &after)
        })?;
        if let Some(reason) = reason {
            disable(app, endpoint.id, reason)?;
        }
        Ok(())
    }
}

impl DeliverWebhook {
    /// What is to be sent where; none when that is not to be done any more.
    fn prepare(self, app: &App) -> Result<Option<(Delivery, Endpoint, String)>> {
        let (delivery, endpoint) = app.db.read(|conn| {
            let delivery = store::find_delivery(conn, self.delivery)?;
            let endpoint = delivery.as_ref().map(|delivery| store::find_any(conn, delivery.endpoint)).transpose()?;
            Ok((delivery, endpoint.flatten()))
        })?;
        // A try that was recorded before its job was finished is not made again.
        let is_due = |one: &Delivery| one.state == DeliveryState::Pending && one.attempts + 1 == self.attempt;
        let Some(delivery) = delivery.filter(is_due) else { return Ok(None) };
        let Some(endpoint) = endpoint.filter(|endpoint| endpoint.fields.enabled) else {
            end(app, delivery, DeliveryState::Cancelled)?;
            return Ok(None);
        };
        match body_of(app, &delivery, &endpoint)? {
            Some(body) if body.len() <= MOST_BODY => Ok(Some((delivery, endpoint, body))),
            // Too old to be in the feed still.
            _ => {
                end(app, delivery, DeliveryState::Failed)?;
                Ok(None)
            }
        }
    }
}

fn end(app: &App, delivery: Delivery, state: DeliveryState) -> Result<()> {
    app.db.write_read_committed(|tx| store::update_delivery(tx, &Delivery { state, next_at: None, ..delivery.clone() }))
}

/// The same bytes at every try, so that they can be signed anew.
fn body_of(app: &App, delivery: &Delivery, endpoint: &Endpoint) -> Result<Option<String>> {
    if delivery.kind == PING {
        let data = PingData { webhook_endpoint: endpoint.id };
        let ping = Ping { id: delivery.event, kind: PING, timestamp: delivery.created_at, data };
        return to_json(&ping).map(Some);
    }
    let event = app.db.read(|conn| event_feed::store::find_of(conn, endpoint.company, delivery.event))?;
    event.map(|event| to_json(&EventView::from(event))).transpose()
}

/// The secrets that a delivery is signed with at `now`, the present one first.
fn secrets_at(app: &App, endpoint: &Endpoint, now: Time) -> Vec<Vec<u8>> {
    let previous = endpoint.previous.as_ref().filter(|(_, until)| *until > now).map(|(sealed, _)| sealed);
    let open = |sealed: &String| app.secrets.open(Purpose::Webhook, &endpoint.id.to_string(), sealed);
    std::iter::once(&endpoint.secret).chain(previous).filter_map(open).collect()
}

fn post(app: &App, delivery: &Delivery, endpoint: &Endpoint, body: &str) -> (Attempt, Option<String>) {
    let (at, begun) = (app.clock.now(), Instant::now());
    let (id, timestamp) = (delivery.event.to_string(), at.timestamp());
    let signature = signatures(&secrets_at(app, endpoint, at), &id, timestamp, body);
    let timestamp = timestamp.to_string();
    let headers = [
        ("webhook-id", id.as_str()),
        ("webhook-timestamp", timestamp.as_str()),
        ("webhook-signature", signature.as_str()),
    ];
    // A stored address that is not one any more was saved under another configuration.
    let target = app.outbound.target(&endpoint.fields.url).map_err(|_| CallFault::NotPublic);
    let reply = target.and_then(|target| app.outbound.post_json(&target, &headers, body));
    let took_ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
    match reply {
        Ok(Reply { status, retry_after, body }) => {
            let answer = Some(kept_answer(&body)).filter(|answer| !answer.is_empty());
            (Attempt { at, status: Some(status), fault: None, answer, took_ms }, retry_after)
        }
        Err(fault) => (Attempt { at, status: None, fault: Some(fault.into()), answer: None, took_ms }, None),
    }
}

impl From<CallFault> for Fault {
    fn from(fault: CallFault) -> Self {
        match fault {
            CallFault::NotPublic => Self::NotPublic,
            CallFault::NoAddress => Self::NoAddress,
            CallFault::Connection => Self::Connection,
            CallFault::Tls => Self::Tls,
            CallFault::Timeout => Self::Timeout,
        }
    }
}

/// The delivery after a try.
fn attempted(delivery: &Delivery, attempt: &Attempt, retry_after: Option<&str>, spread: f64) -> Delivery {
    let attempts = delivery.attempts + 1;
    let next_at = next_attempt(attempts, attempt.at, retry_after, spread);
    let (state, next_at) = match attempt.status {
        Some(status) if is_success(status) => (DeliveryState::Delivered, None),
        // Whoever is gone is not asked again, not even when the endpoint is enabled once more.
        Some(410) => (DeliveryState::Failed, None),
        _ if next_at.is_none() => (DeliveryState::Failed, None),
        _ => (DeliveryState::Pending, next_at),
    };
    Delivery { state, attempts, next_at, last: Some(attempt.clone()), ..delivery.clone() }
}

/// Stores a try and what it says of the endpoint, with the next one; answers why the endpoint is to be disabled, if it is.
fn record(tx: &mut Tx, endpoint: &Endpoint, after: &Delivery) -> Result<Option<DisabledReason>> {
    store::update_delivery(tx, after)?;
    if after.state == DeliveryState::Delivered {
        // Not written at every success: the row is that of the company's settings.
        if endpoint.failing_since.is_some() {
            store::set_failing_since(tx, endpoint.id, None)?;
        }
        return Ok(None);
    }
    if let Some(next) = after.next_at {
        let job = DeliverWebhook { delivery: after.id, attempt: after.attempts + 1 };
        let options = Options { not_before: Some(next), ..Options::once(job.key()).on_queue(queue_of(endpoint)) };
        enqueue(tx, &job, options)?;
    }
    let now = tx.now();
    let since = endpoint.failing_since.unwrap_or(now);
    if endpoint.failing_since.is_none() {
        store::set_failing_since(tx, endpoint.id, Some(now))?;
    }
    Ok(disabled_by(after.last.as_ref().and_then(|last| last.status), since, now))
}

/// Disables an endpoint and notifies its company, once.
fn disable(app: &App, id: WebhookId, reason: DisabledReason) -> Result<()> {
    app.db
        .write(|tx| {
            let Some(mut endpoint) = store::find_any(tx.conn(), id)? else { return Ok(()) };
            if !endpoint.fields.enabled {
                return Ok(());
            }
            endpoint.fields.enabled = false;
            endpoint.disabled_reason = Some(reason);
            store::update(tx, &endpoint)?;
            let content = notifications::disabled(Language::English, &endpoint, reason);
            let event = format!("webhook disabled {id} v{}", endpoint.version);
            notify_company(tx, Sender::Platform, endpoint.company, Stream::Transactional, &event, &content).map(drop)
        })
        .map_err(|problem: Problem| problem.during("disabling a webhook endpoint"))
}
