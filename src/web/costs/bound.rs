//! What bounds a route, and what it costs.

use crate::actor::Actor;

/// Whoever has not confirmed an address counts so many times: a sign-up costs nothing, and what it may spend is little.
const UNCONFIRMED_FACTOR: u32 = 4;

/// What bounds a route beside the number of requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Bound {
    /// Nothing more: it reads one thing or one page of a list, at most 100 rows.
    Reads,
    /// The changes of the company in a day: it writes what is there, or rows that hang on something bounded.
    Changes,
    /// Nothing more: it ends a session, a key or an account, which must never wait for a company's day to be over.
    Endings,
    /// What the query costs, and the queue of dear searches.
    Searches,
    /// One page of what matching has stored, with the listings that it names.
    Matches,
    /// A published release, held in memory.
    Statistics,
    /// The queue for pictures, the company's megapixels a minute and its bytes.
    Pictures,
    /// The queue for documents, the company's number of them and their bytes.
    Documents,
    /// The size of a catalogue file, one import at a time and a company, few that wait.
    Imports,
    /// A few archives a day and company, one at a time.
    Exports,
    /// A file that is streamed as it is read, page by page, and a client that takes it in time.
    Catalogues,
    /// The same for what lies stored, or for one page of addresses.
    Files,
    /// The listings of a company.
    Listings,
    /// The RFQs of a company.
    Rfqs,
    /// The RFQs that a company publishes in a day.
    Postings,
    /// The suppliers that an RFQ invites.
    Invitations,
    /// The seats of an RFQ.
    Quotes,
    /// The questions of a company under one RFQ.
    Questions,
    /// The messages of a company in a day, its conversations in a day and in all.
    Messages,
    /// The same for replies by e-mail, their size, and the operator's secret.
    InboundMail,
    /// The saved searches of a person and a company.
    SavedSearches,
    /// The endpoints of a company, and deliveries that are under way at once.
    Webhooks,
    /// The keys of a company.
    Keys,
    /// E-mails about accounts, by address and company.
    AccountMail,
    /// Attempts to sign in, by address, network and account.
    SignIns,
    /// Password hashes that are computed at once.
    Passwords,
    /// The contact people of a company.
    Contacts,
    /// The requests of a company that wait for a moderator.
    Verification,
    /// What a shipment may carry: references, documents, corrections.
    Shipments,
    /// The size of a body and the rows in it.
    Batches,
    /// The reports of a company in a day.
    Reports,
    /// The contact views of a company in a day and a month.
    Reveals,
    /// A count of its own, by address.
    Health,
    /// Nothing, for it costs nothing.
    Free,
}

/// What a route costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    /// In plain requests, at least 1.
    pub weight: u32,
    /// What bounds it beside.
    pub bound: Bound,
}

impl Bound {
    /// The row of the operator's page that says what it is, by its first cell.
    pub fn row(self) -> &'static str {
        match self {
            Self::Reads | Self::Free | Self::Endings => "requests",
            Self::Changes => "changes",
            Self::Searches => "searches",
            Self::Matches => "matches",
            Self::Statistics => "statistics",
            Self::Pictures => "pictures",
            Self::Documents => "documents",
            Self::Imports => "catalogue files",
            Self::Exports => "exports of everything",
            Self::Catalogues | Self::Files => "downloads",
            Self::Listings => "listings",
            Self::Rfqs | Self::Postings => "RFQs",
            Self::Invitations => "invitations to quote",
            Self::Quotes => "quotes on an RFQ",
            Self::Questions => "questions",
            Self::Messages => "messages",
            Self::InboundMail => "e-mails that come in",
            Self::SavedSearches => "saved searches",
            Self::Webhooks => "webhooks",
            Self::Keys => "API keys",
            Self::AccountMail => "account e-mails",
            Self::SignIns => "sign-ins",
            Self::Passwords => "password hashes",
            Self::Contacts => "contact people",
            Self::Verification => "requests for verification",
            Self::Shipments => "a shipment",
            Self::Batches => "bodies",
            Self::Reports | Self::Reveals => "contact views, reports",
            Self::Health => "health checks",
        }
    }

    /// The settings of `[limits]` that set it; none where it is a constant.
    pub fn settings(self) -> &'static [&'static str] {
        match self {
            Self::Reads | Self::Free | Self::Endings => {
                &["per_key_minute", "per_company_minute", "callers_per_address_minute", "per_address_minute"]
            }
            Self::Changes => &["changes_per_company_day"],
            Self::Searches => &["search_plain_cost", "search_threads", "search_queue"],
            Self::Pictures => &[
                "upload_queue",
                "upload_bytes",
                "megapixels_per_minute",
                "company_image_bytes",
                "unconfirmed_image_bytes",
                "slow_uploads_per_company",
            ],
            Self::Documents => &["upload_queue", "upload_bytes", "documents_per_company", "company_upload_bytes"],
            Self::Imports => &["import_bytes"],
            Self::Exports => &["exports_per_day"],
            Self::Catalogues | Self::Files => &["answer_rate"],
            Self::Listings => &["listings_per_company", "unconfirmed_drafts"],
            Self::Rfqs => &["rfqs_per_company", "unconfirmed_drafts"],
            Self::Postings => &["rfqs_per_day"],
            Self::Invitations => &["invitations_per_rfq"],
            Self::Quotes => &["kept_seat_age_days"],
            Self::Messages => &["messages_per_day", "threads_per_day", "threads_per_company"],
            Self::InboundMail => &["inbound_mail_bytes"],
            Self::SavedSearches => &["saved_searches_per_person", "saved_searches_per_company"],
            Self::SignIns => &["sign_in_minute", "network_failures", "account_failures"],
            Self::Passwords => &["password_hashes", "password_queue"],
            Self::Batches => &["body_bytes"],
            Self::Reports | Self::Reveals => &["reports_per_day", "reveals_per_day", "reveals_per_month"],
            Self::Health => &["health_minute"],
            Self::Matches
            | Self::Statistics
            | Self::Questions
            | Self::Webhooks
            | Self::Keys
            | Self::AccountMail
            | Self::Contacts
            | Self::Verification
            | Self::Shipments => &[],
        }
    }
}

impl Cost {
    /// Of whatever is not in the table: an address where nothing is.
    pub(super) const PLAIN: Self = Self { weight: 1, bound: Bound::Reads };

    /// In plain requests, for who asks.
    pub fn for_actor(self, actor: &Actor) -> u32 {
        let factor = if actor.is_unconfirmed() { UNCONFIRMED_FACTOR } else { 1 };
        self.weight.saturating_mul(factor)
    }
}
