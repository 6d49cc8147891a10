//! Use cases of webhooks: a company's endpoints, their secrets, and what is sent to them.

use chrono::Duration;

use super::events::DeliverWebhook;
use super::rules::{MOST_ENDPOINTS, MOST_REPLAYED, ROTATION_H, SECRET_BYTES, queue_of, secret_text};
use super::store::{self, NewDelivery};
use super::{Delivery, Endpoint, EndpointFields, PING, fields};
use crate::actor::{Actor, Permission, Scope};
use crate::app::App;
use crate::clock::Time;
use crate::error::{FieldCode, Problem, Result};
use crate::event_feed::{self, EventType};
use crate::ids::{CompanyId, DeliveryId, EventId, WebhookId};
use crate::locale::{Language, Message, text};
use crate::outbound::{CallFault, UrlFault};
use crate::outbox::{Options, enqueue};
use crate::secrets::{Purpose, Sealed, Secrets};
use crate::store::cursor::{ListPage, Paging};
use crate::store::{IdempotencyKey, Idempotent, SWEEP_BATCH, Tx, ensure_version, sweep_rows};
use crate::wire;

/// The log of deliveries is kept so long, in days.
const KEPT_DAYS: i64 = 30;

fn absent() -> Problem {
    Problem::not_found("webhook_endpoint")
}

fn find_in(tx: &mut Tx, scope: Scope, id: WebhookId) -> Result<Endpoint> {
    store::find(tx.conn(), scope, id)?.ok_or_else(absent)
}

/// The endpoints of the actor's company, oldest first; ten at most.
pub fn list(app: &App, actor: &Actor) -> Result<Vec<Endpoint>> {
    let scope = actor.authorize(Permission::WebhooksWrite)?;
    app.db.read(|conn| store::list(conn, scope))
}

/// One endpoint of the actor's company.
pub fn find(app: &App, actor: &Actor, id: WebhookId) -> Result<Endpoint> {
    let scope = actor.authorize(Permission::WebhooksWrite)?;
    app.db.read(|conn| store::find(conn, scope, id))?.ok_or_else(absent)
}

/// An endpoint that was made, with its secret unless it was made by an earlier request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MadeEndpoint {
    /// Which one, and whether now.
    pub once: Idempotent<WebhookId>,
    /// The secret, which is shown this once.
    pub secret: Option<String>,
}

/// Makes an endpoint.
///
/// # Errors
/// `invalid` naming the fields, `/url` where its host has no address or one that is not public; `conflict` when there are ten already.
pub fn create(
    app: &App,
    actor: &Actor,
    mut fields: EndpointFields,
    once: Option<&IdempotencyKey>,
) -> Result<MadeEndpoint> {
    let scope = actor.authorize(Permission::WebhooksWrite)?;
    fields.check()?;
    ensure_public(app, &fields.url)?;
    let secret = rand::random::<[u8; SECRET_BYTES]>();
    let once = app.db.write_idempotent(once, |tx| {
        if i64::try_from(store::list(tx.conn(), scope)?.len()).unwrap_or(i64::MAX) >= MOST_ENDPOINTS {
            let says = Message::new("webhooks-too-many").with("most", MOST_ENDPOINTS);
            return Err(Problem::conflict(says.text(Language::English)));
        }
        let id: WebhookId = tx.make_id();
        store::insert(tx, id, scope, &fields, &seal(&app.secrets, id, &secret)?)?;
        Ok(id)
    })?;
    let secret = matches!(once, Idempotent::Fresh(_)).then(|| secret_text(&secret));
    Ok(MadeEndpoint { once, secret })
}

/// Looks the address up before the transaction, which would wait for it.
fn ensure_public(app: &App, url: &str) -> Result<()> {
    let key = match app.outbound.target(url) {
        Err(UrlFault::Form) => "webhooks-url-form",
        Err(UrlFault::Scheme) => "webhooks-url-scheme",
        Err(UrlFault::Parts) => "webhooks-url-parts",
        Err(UrlFault::Length) => "webhooks-url-length",
        Err(UrlFault::NotPublic) => "webhooks-url-private",
        Ok(target) => match app.outbound.check(&target) {
            Ok(()) => return Ok(()),
            Err(CallFault::NotPublic) => "webhooks-url-private",
            // Not the difference between a name that does not exist and a resolver that does not answer: neither can be delivered to now.
            Err(_) => "webhooks-url-unknown",
        },
    };
    Err(Problem::invalid_field("/url", FieldCode::Format, text(Language::English, key)))
}

/// Changes an endpoint by an RFC 7396 patch.
///
/// # Errors
/// `not_found`, `stale`, `invalid` as in [`create`].
pub fn change(
    app: &App,
    actor: &Actor,
    id: WebhookId,
    expected: Option<i64>,
    patch: &serde_json::Value,
) -> Result<Endpoint> {
    let before = find(app, actor, id)?;
    let mut fields: EndpointFields = wire::merge_patch(&before.fields, patch.clone(), fields::READ_ONLY)?;
    fields.check()?;
    if fields.url != before.fields.url {
        ensure_public(app, &fields.url)?;
    }
    let scope = actor.authorize(Permission::WebhooksWrite)?;
    app.db.write(|tx| {
        let mut endpoint = find_in(tx, scope, id)?;
        // That of the read above where the caller names none, so that what was checked is what is written.
        ensure_version(expected.or(Some(before.version)), endpoint.version)?;
        ensure_version(Some(before.version), endpoint.version)?;
        if fields.enabled && !endpoint.fields.enabled {
            (endpoint.disabled_reason, endpoint.failing_since) = (None, None);
        }
        endpoint.fields = fields.clone();
        store::update(tx, &endpoint)?;
        find_in(tx, scope, id)
    })
}

/// Deletes an endpoint; what waits for it is not sent.
pub fn delete(app: &App, actor: &Actor, id: WebhookId, expected: Option<i64>) -> Result<()> {
    let scope = actor.authorize(Permission::WebhooksWrite)?;
    app.db.write(|tx| {
        let endpoint = find_in(tx, scope, id)?;
        ensure_version(expected, endpoint.version)?;
        store::delete(tx, id)
    })
}

/// Gives an endpoint another secret, and answers it; for 24 hours deliveries are signed with both.
pub fn rotate_secret(app: &App, actor: &Actor, id: WebhookId, expected: Option<i64>) -> Result<(Endpoint, String)> {
    let scope = actor.authorize(Permission::WebhooksWrite)?;
    let secret = rand::random::<[u8; SECRET_BYTES]>();
    let endpoint = app.db.write(|tx| {
        let mut endpoint = find_in(tx, scope, id)?;
        ensure_version(expected, endpoint.version)?;
        let until = tx.now() + Duration::hours(ROTATION_H);
        let before = std::mem::replace(&mut endpoint.secret, seal(&app.secrets, id, &secret)?);
        endpoint.previous = Some((before, until));
        store::update(tx, &endpoint)?;
        find_in(tx, scope, id)
    })?;
    Ok((endpoint, secret_text(&secret)))
}

/// A page of what was sent to an endpoint in the last 30 days, newest first.
pub fn list_deliveries(app: &App, actor: &Actor, id: WebhookId, paging: Paging) -> Result<ListPage<Delivery>> {
    let scope = actor.authorize(Permission::WebhooksWrite)?;
    app.db.read(|conn| {
        store::find(conn, scope, id)?.ok_or_else(absent)?;
        store::list_deliveries(conn, id, paging)
    })
}

/// Sends a test event to an endpoint.
///
/// # Errors
/// `not_found`; `conflict` while it is disabled.
pub fn ping(app: &App, actor: &Actor, id: WebhookId) -> Result<Delivery> {
    let scope = actor.authorize(Permission::WebhooksWrite)?;
    app.db.write(|tx| {
        let endpoint = find_enabled(tx, scope, id)?;
        let new = NewDelivery { id: tx.make_id(), endpoint: id, event: tx.make_id(), kind: PING.to_owned() };
        send(tx, &[(&endpoint, &new)])?;
        store::insert_deliveries(tx, std::slice::from_ref(&new))?;
        store::find_delivery(tx.conn(), new.id)?.ok_or_else(|| Problem::internal("a delivery vanished"))
    })
}

/// Which events are sent again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Replay {
    /// One.
    Event(EventId),
    /// All that the endpoint wants, from the one time to before the other.
    Since(Time, Time),
}

/// Sends events of the feed to an endpoint again, each under its own id; answers how many.
///
/// # Errors
/// `not_found`; `conflict` while the endpoint is disabled; `invalid` when the event is not in the company's feed, or more than 1 000 are in the
/// range.
pub fn replay(app: &App, actor: &Actor, id: WebhookId, replay: Replay) -> Result<usize> {
    let scope = actor.authorize(Permission::WebhooksWrite)?;
    app.db.write(|tx| {
        let endpoint = find_enabled(tx, scope, id)?;
        let events = match replay {
            Replay::Event(event) => {
                let found = event_feed::store::find(tx.conn(), scope, event)?;
                let unknown = || {
                    let message = text(Language::English, "events-unknown");
                    Problem::invalid_field("/event", FieldCode::UnknownValue, message)
                };
                vec![found.ok_or_else(unknown)?]
            }
            Replay::Since(since, until) => {
                let found = event_feed::store::list_between(tx.conn(), scope, (since, until), MOST_REPLAYED + 1)?;
                if i64::try_from(found.len()).unwrap_or(i64::MAX) > MOST_REPLAYED {
                    let says = Message::new("webhooks-range").with("most", MOST_REPLAYED).text(Language::English);
                    return Err(Problem::invalid_field("/until", FieldCode::Range, says));
                }
                found.into_iter().filter(|event| endpoint.fields.wants(event.kind)).collect()
            }
        };
        let new = |tx: &Tx, event: &event_feed::Event| NewDelivery {
            id: tx.make_id(),
            endpoint: id,
            event: event.id,
            kind: event.kind.to_string(),
        };
        let deliveries: Vec<NewDelivery> = events.iter().map(|event| new(tx, event)).collect();
        let sent: Vec<(&Endpoint, &NewDelivery)> = deliveries.iter().map(|new| (&endpoint, new)).collect();
        send(tx, &sent)?;
        store::insert_deliveries(tx, &deliveries)?;
        Ok(deliveries.len())
    })
}

fn find_enabled(tx: &mut Tx, scope: Scope, id: WebhookId) -> Result<Endpoint> {
    let endpoint = find_in(tx, scope, id)?;
    if endpoint.fields.enabled {
        return Ok(endpoint);
    }
    Err(Problem::conflict(text(Language::English, "webhooks-is-disabled")))
}

/// Has events sent to the endpoints that want them, in the transaction that records them.
pub fn enqueue_deliveries(tx: &mut Tx, events: &[(EventId, EventType, CompanyId)]) -> Result<()> {
    let mut companies: Vec<i64> = events.iter().map(|(.., company)| company.0).collect();
    companies.sort_unstable();
    companies.dedup();
    if companies.is_empty() {
        return Ok(());
    }
    let endpoints = store::list_of(tx.conn(), &companies)?;
    let (mut deliveries, mut jobs) = (Vec::new(), Vec::new());
    for (event, kind, company) in events {
        for endpoint in endpoints.iter().filter(|one| one.company == *company && one.fields.wants(*kind)) {
            let id: DeliveryId = tx.make_id();
            jobs.push((id, queue_of(endpoint)));
            deliveries.push(NewDelivery { id, endpoint: endpoint.id, event: *event, kind: kind.to_string() });
        }
    }
    store::insert_deliveries(tx, &deliveries)?;
    for (delivery, queue) in jobs {
        let job = DeliverWebhook { delivery, attempt: 1 };
        enqueue(tx, &job, Options::once(job.key()).on_queue(queue))?;
    }
    Ok(())
}

fn send(tx: &mut Tx, deliveries: &[(&Endpoint, &NewDelivery)]) -> Result<()> {
    for (endpoint, new) in deliveries {
        let job = DeliverWebhook { delivery: new.id, attempt: 1 };
        enqueue(tx, &job, Options::once(job.key()).on_queue(queue_of(endpoint)))?;
    }
    Ok(())
}

fn seal(secrets: &Secrets, id: WebhookId, secret: &[u8]) -> Result<String> {
    secrets.seal(Purpose::Webhook, &id.to_string(), secret)
}

/// Seals with the present secret key what was sealed with the previous one, so that that one can go; answers how many endpoints.
pub fn reseal(app: &App) -> Result<usize> {
    if !app.secrets.has_previous() {
        return Ok(0);
    }
    sweep_rows(
        &app.db,
        "sealing webhook secrets anew",
        |conn, after: Option<&Endpoint>| store::list_after(conn, after.map_or(WebhookId(0), |one| one.id), SWEEP_BATCH),
        |endpoint| endpoint.id,
        |endpoint| {
            let context = endpoint.id.to_string();
            let open = |sealed: &str| app.secrets.open_with_key_age(Purpose::Webhook, &context, sealed);
            let Some((secret, Sealed::Previous)) = open(&endpoint.secret) else { return Ok(false) };
            let anew = seal(&app.secrets, endpoint.id, &secret)?;
            let before = endpoint.previous.as_ref().and_then(|(sealed, _)| open(sealed));
            let before = before.map(|(plain, _)| seal(&app.secrets, endpoint.id, &plain)).transpose()?;
            app.db.write(|tx| store::reseal(tx, endpoint, &anew, before.as_deref()))?;
            Ok(true)
        },
    )
}

/// Forgets deliveries that are older than 30 days; answers how many.
pub fn purge(app: &App) -> Result<usize> {
    let before = app.clock.now() - Duration::days(KEPT_DAYS);
    let mut total = 0;
    loop {
        match app.db.write_read_committed(|tx| store::purge_deliveries(tx, before))? {
            0 => return Ok(total),
            purged => total += purged,
        }
    }
}
