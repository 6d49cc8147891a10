//! Recording events, in the transaction of what happened, where they are also sent to webhooks; and reading a company's own.

use chrono::Duration;

use super::{Event, EventData, EventType, store};
use crate::actor::{Actor, Permission};
use crate::app::App;
use crate::error::{Code, FieldCode, Problem, Result};
use crate::ids::{CompanyId, EventId};
use crate::locale::{Language, text};
use crate::store::event_log::KEPT_DAYS;
use crate::store::{NewEvent, Tx, to_json};
use crate::webhooks::actions::enqueue_deliveries;

/// Records that something happened, for each of the companies concerned.
pub fn record(tx: &mut Tx, kind: EventType, data: &EventData, companies: &[CompanyId]) -> Result<()> {
    let mut companies = companies.to_vec();
    companies.sort_unstable();
    // One row each: a company may be concerned in two ways.
    companies.dedup();
    let events: Vec<(CompanyId, EventData)> = companies.into_iter().map(|company| (company, data.clone())).collect();
    record_all(tx, kind, &events)
}

/// The same where each company has its own to learn.
pub fn record_all(tx: &mut Tx, kind: EventType, events: &[(CompanyId, EventData)]) -> Result<()> {
    let mut recorded = Vec::with_capacity(events.len());
    for (company, data) in events {
        let id: EventId = tx.make_id();
        let event = NewEvent { id: id.0, company: company.0, kind: kind.as_str(), data: to_json(data)? };
        tx.record_event(event);
        recorded.push((id, kind, *company));
    }
    enqueue_deliveries(tx, &recorded)
}

/// Where a reader of the feed is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum After {
    /// Before the oldest event that is kept.
    Start,
    /// Behind all events that there are.
    Latest,
    /// Behind this one.
    Event(EventId),
}

/// The next events of a feed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Events {
    /// In the order of commit.
    pub events: Vec<Event>,
    /// Whether there are more after these.
    pub has_more: bool,
    /// Where to go on; none while there is no event at all.
    pub next: Option<EventId>,
}

/// The next `limit` events of the actor's company.
///
/// # Errors
/// `gone` when the event to go on after is no longer kept, and what came after it may not be either; `invalid` when it is not one of the
/// company's.
pub fn list(app: &App, actor: &Actor, after: After, limit: i64) -> Result<Events> {
    let scope = actor.authorize(Permission::EventsRead)?;
    app.db.read(|conn| {
        let (seq, known) = match after {
            After::Start => (0, None),
            After::Latest => {
                let next = store::find_last(conn, scope)?;
                return Ok(Events { events: Vec::new(), has_more: false, next });
            }
            After::Event(id) => {
                let seq = store::find_seq(conn, scope, id)?;
                (seq.ok_or_else(|| not_in_feed(app, id))?, Some(id))
            }
        };
        let mut events = store::list_after(conn, scope, seq, limit + 1)?;
        let limit = usize::try_from(limit).unwrap_or(1);
        let has_more = events.len() > limit;
        events.truncate(limit);
        let next = events.last().map(|event| event.id).or(known);
        Ok(Events { events, has_more, next })
    })
}

/// An event that is too old to be kept may have been the company's; a younger one was not.
fn not_in_feed(app: &App, id: EventId) -> Problem {
    if id.made_at() < app.clock.now() - Duration::days(KEPT_DAYS) {
        return Problem::new(Code::Gone, text(Language::English, "events-gone"));
    }
    Problem::invalid_field("/after", FieldCode::UnknownValue, text(Language::English, "events-unknown"))
}
