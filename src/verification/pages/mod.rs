//! Pages of verification: the evidence and requests of one's own company, and the moderators' queues of requests and of disputed identifiers.

mod claims;
mod own;
mod queue;
mod request;

use actix_web::web::ServiceConfig;

use super::Request;
use super::rules::evidence_label;
use crate::clock::Time;
use crate::companies::evidence::EvidenceItem;
use crate::web::layout::When;

/// A piece of evidence on a page.
struct EvidenceRow {
    what: &'static str,
    issuer: String,
    entry: String,
    url: Option<String>,
    documents: String,
    seen_on: String,
    until: String,
}

impl EvidenceRow {
    fn new(item: &EvidenceItem) -> Self {
        Self {
            what: evidence_label(item.kind),
            issuer: item.facts.issuer.clone(),
            entry: item.facts.entry.clone().unwrap_or_default(),
            url: item.facts.url.clone(),
            documents: item.facts.documents.join(", "),
            seen_on: item.seen_on.to_string(),
            until: item.expires_on.map(|last| last.to_string()).unwrap_or_default(),
        }
    }
}

/// A request on a page.
struct RequestRow {
    level: &'static str,
    state: &'static str,
    reason: String,
    at: When,
}

impl RequestRow {
    fn new(request: &Request, now: Time) -> Self {
        Self {
            level: request.level.as_str(),
            state: request.state.as_str(),
            reason: request.reason.clone().unwrap_or_default(),
            at: When::new(request.created_at, now),
        }
    }
}

/// The routes.
pub fn routes(cfg: &mut ServiceConfig) {
    own::routes(cfg);
    request::routes(cfg);
    claims::routes(cfg);
    queue::routes(cfg);
}
