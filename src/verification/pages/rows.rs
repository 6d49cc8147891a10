//! Rows that several pages of verification show.

use crate::clock::Time;
use crate::companies::evidence::EvidenceItem;
use crate::verification::Request;
use crate::verification::rules::evidence_label;
use crate::web::layout::When;

/// A piece of evidence on a page.
pub(super) struct EvidenceRow {
    pub(super) what: &'static str,
    pub(super) issuer: String,
    pub(super) entry: String,
    pub(super) url: Option<String>,
    pub(super) documents: String,
    pub(super) seen_on: String,
    pub(super) until: String,
}

impl EvidenceRow {
    pub(super) fn new(item: &EvidenceItem) -> Self {
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
pub(super) struct RequestRow {
    pub(super) level: &'static str,
    pub(super) state: crate::formats::Pill,
    pub(super) reason: String,
    pub(super) at: When,
}

impl RequestRow {
    pub(super) fn new(request: &Request, now: Time) -> Self {
        Self {
            level: request.level.as_str(),
            state: request.state.pill(),
            reason: request.reason.clone().unwrap_or_default(),
            at: When::new(request.created_at, now),
        }
    }
}
