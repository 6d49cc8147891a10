//! Exports: everything that a company has on the platform in one archive, for its owners to take away.
//!
//! States: `queued -> running -> finished -> expired`, or `failed`. A job reads page after page, as the API shows it to an owner, and writes each
//! line straight into a zip on disk. Invariants:
//!
//! * Each kind of thing has the shape that the API answers: there is no second form of anything.
//! * Nothing stands in it that the owner in whose name it is made could not read themselves, and no secret.
//! * One export of a company is made at a time, and a second request answers with the one that is under way.
//! * A run that is broken off begins anew and leaves nothing: the archive is an unnamed file until it is complete.
//! * Memory is bounded by a page of each list and by some dozen bytes for each RFQ, conversation and file, whatever the company has.
//! * The archive is kept for some days (`exports.keep_days`), and is no more to be had from the moment on at which they end.

pub mod actions;
pub mod api;
pub mod contents;
pub mod events;
mod notifications;
pub mod pages;
pub mod rules;
pub mod store;

use std::collections::BTreeMap;

use crate::blobs::Blob;
use crate::clock::Time;
use crate::ids::{CompanyId, ExportId, UserId};
use crate::{labelled, states, wire_enum};

wire_enum! {
    /// A kind of thing, which has a file of its own in the archive.
    pub enum ExportKind {
        /// The company's profile.
        Company = "company",
        /// Its people.
        Members = "members",
        /// Invitations that wait.
        Invitations = "invitations",
        /// Its contact people.
        Contacts = "contacts",
        /// Its register numbers.
        Identifiers = "identifiers",
        /// Its certificates.
        Certifications = "certifications",
        /// Its requests to be verified.
        VerificationRequests = "verification_requests",
        /// Its catalogue, in the form that an import takes.
        Listings = "listings",
        /// Listings that it removed.
        RemovedListings = "removed_listings",
        /// The images of its listings.
        Images = "images",
        /// Its RFQs.
        Rfqs = "rfqs",
        /// The questions under its RFQs.
        Questions = "questions",
        /// The questions that it asked under the RFQs of others.
        QuestionsAsked = "questions_asked",
        /// The suppliers matched to its RFQs.
        MatchedSuppliers = "matched_suppliers",
        /// The suppliers that its RFQs invite.
        InvitedSuppliers = "invited_suppliers",
        /// The quotes on its RFQs.
        QuotesReceived = "quotes_received",
        /// The quotes that it gave.
        QuotesGiven = "quotes_given",
        /// The RFQs that it is invited to quote on.
        RfqInvitations = "rfq_invitations",
        /// The RFQs that it is matched to.
        Matches = "matches",
        /// Its partnerships.
        Partnerships = "partnerships",
        /// Their ledgers.
        Ledgers = "ledgers",
        /// Their trade records.
        Records = "records",
        /// What it recorded of its sales to consumers.
        RetailRecords = "retail_records",
        /// Its conversations.
        Threads = "threads",
        /// The messages of these.
        Messages = "messages",
        /// Companies from which it takes no messages.
        BlockedCompanies = "blocked_companies",
        /// The saved searches of the owner.
        SavedSearches = "saved_searches",
        /// The notifications of the owner.
        Notifications = "notifications",
        /// Which e-mails the owner wants.
        NotificationPreferences = "notification_preferences",
        /// Its API keys, without the keys.
        ApiKeys = "api_keys",
        /// Its webhook endpoints, without secrets.
        WebhookEndpoints = "webhook_endpoints",
        /// Who viewed its contacts.
        ContactReveals = "contact_reveals",
        /// The reports that it made.
        Reports = "reports",
        /// Its imports.
        Imports = "imports",
        /// Its documents.
        Documents = "documents",
        /// Documents that others attached to what it has with them.
        ReceivedDocuments = "received_documents",
    }
}

labelled!(ExportKind, "exports-kind");

impl ExportKind {
    /// The name of its file in the archive.
    pub fn file(self) -> String {
        // One company is one object, and everything else is lines.
        let form = if self == Self::Company { "json" } else { "ndjson" };
        format!("{self}.{form}")
    }
}

wire_enum! {
    /// How far an export is.
    pub enum ExportState {
        /// It waits for a worker.
        Queued = "queued",
        /// The archive is being written.
        Running = "running",
        /// The archive can be downloaded.
        Finished = "finished",
        /// The archive could not be made.
        Failed = "failed",
        /// The archive was deleted, because its time was over.
        Expired = "expired",
    }
}

states!(ExportState, "exports-state", {
    Queued => Quiet,
    Running => Open,
    Finished => Agreed,
    Failed => Refused,
    Expired => Quiet,
});

/// How many lines each kind of thing has, of those that were written.
pub type Counts = BTreeMap<ExportKind, u64>;

/// An export, and how far it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Export {
    /// The id.
    pub id: ExportId,
    /// Whose it is.
    pub company: CompanyId,
    /// The owner in whose name it is read.
    pub person: UserId,
    /// How far it is, as it is stored; see [`Export::state_at`].
    pub state: ExportState,
    /// What was written so far.
    pub counts: Counts,
    /// Where the archive is, while there is one.
    pub blob: Option<Blob>,
    /// The SHA-256 of the archive, 64 hexadecimal digits; it stays when the archive is gone.
    pub sha256: Option<String>,
    /// How many bytes the archive has.
    pub bytes: Option<u64>,
    /// Why it could not be made.
    pub problem: Option<String>,
    /// Grows with every change; the ETag.
    pub version: i64,
    /// When it was asked for.
    pub created_at: Time,
    /// When a worker began with it.
    pub started_at: Option<Time>,
    /// When it was over.
    pub finished_at: Option<Time>,
    /// From when on the archive is gone.
    pub expires_at: Option<Time>,
}

impl Export {
    /// The state at the moment: an archive is over by the clock, not when a sweep comes by.
    pub fn state_at(&self, now: Time) -> ExportState {
        match self.state {
            ExportState::Finished if self.expires_at.is_some_and(|end| now >= end) => ExportState::Expired,
            state => state,
        }
    }

    /// How much of it is done, 0 to 100: by kinds of things, of which each counts the same.
    pub fn progress(&self) -> u8 {
        match self.state {
            ExportState::Finished | ExportState::Expired => 100,
            _ => u8::try_from(self.counts.len() * 100 / ExportKind::ALL.len()).unwrap_or(100).min(99),
        }
    }
}
