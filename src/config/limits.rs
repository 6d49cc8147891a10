//! What callers may have and do: the bounds of `[limits]`.

use serde::Deserialize;

section!(Limits {
    enabled: bool,
    per_key_minute: u32,
    per_company_minute: u32,
    changes_per_company_day: u32,
    megapixels_per_minute: u32,
    callers_per_address_minute: u32,
    per_address_minute: u32,
    sign_in_minute: u32,
    reports_per_day: i64,
    reveals_per_day: i64,
    reveals_per_month: i64,
    health_minute: u32,
    connections: usize,
    connections_per_address: u32,
    slow_uploads_per_company: u32,
    head_ms: u64,
    keep_alive_ms: u64,
    uri_bytes: usize,
    form_fields: usize,
    account_failures: u32,
    network_failures: u32,
    rfqs_per_day: i64,
    kept_seat_age_days: i64,
    listings_per_company: i64,
    rfqs_per_company: i64,
    documents_per_company: i64,
    threads_per_company: i64,
    exports_per_day: i64,
    invitations_per_rfq: i64,
    messages_per_day: i64,
    threads_per_day: i64,
    saved_searches_per_person: i64,
    saved_searches_per_company: i64,
    unconfirmed_drafts: i64,
    unconfirmed_image_bytes: u64,
    mail_gather_s: i64,
    mails_per_person_day: i64,
    mails_per_pair_day: i64,
    mails_per_company_day: i64,
    body_bytes: usize,
    body_ms: u64,
    body_rate: u64,
    answer_rate: u64,
    grace_ms: u64,
    handler_ms: u64,
    upload_bytes: u64,
    import_bytes: u64,
    inbound_mail_bytes: u64,
    upload_ms: u64,
    upload_rate: u64,
    company_upload_bytes: u64,
    company_image_bytes: u64,
    upload_threads: usize,
    upload_queue: usize,
    search_plain_cost: u32,
    search_threads: usize,
    search_queue: usize,
    password_hashes: usize,
    password_memory_kib: u32,
    password_queue: usize,
    session_idle_h: i64,
    session_hours: i64,
});

impl Limits {
    /// What is too low for a single request ever to pass.
    pub(super) fn faults(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        let least = [
            (
                "/limits/changes_per_company_day",
                self.changes_per_company_day,
                100,
                "must be 0 or at least 100: a batch counts for many",
            ),
            (
                "/limits/megapixels_per_minute",
                self.megapixels_per_minute,
                200,
                "must be 0 or at least 200: a large picture of an unconfirmed account counts for so many",
            ),
        ];
        least
            .into_iter()
            .filter(|(_, set, least, _)| (1..*least).contains(set))
            .map(|(pointer, .., message)| (pointer, message))
    }

    /// The limits that are 0, which is none.
    pub(super) fn turned_off(&self) -> Vec<&'static str> {
        let counts = [
            ("per_key_minute", u64::from(self.per_key_minute)),
            ("per_company_minute", u64::from(self.per_company_minute)),
            ("changes_per_company_day", u64::from(self.changes_per_company_day)),
            ("megapixels_per_minute", u64::from(self.megapixels_per_minute)),
            ("callers_per_address_minute", u64::from(self.callers_per_address_minute)),
            ("per_address_minute", u64::from(self.per_address_minute)),
            ("sign_in_minute", u64::from(self.sign_in_minute)),
            ("health_minute", u64::from(self.health_minute)),
            ("account_failures", u64::from(self.account_failures)),
            ("network_failures", u64::from(self.network_failures)),
            ("password_queue", self.password_queue as u64),
            ("connections", self.connections as u64),
            ("connections_per_address", u64::from(self.connections_per_address)),
            ("slow_uploads_per_company", u64::from(self.slow_uploads_per_company)),
            ("head_ms", self.head_ms),
            ("keep_alive_ms", self.keep_alive_ms),
            ("body_ms", self.body_ms),
            ("handler_ms", self.handler_ms),
            ("upload_ms", self.upload_ms),
            ("company_upload_bytes", self.company_upload_bytes),
            ("company_image_bytes", self.company_image_bytes),
            ("mails_per_person_day", self.mails_per_person_day.unsigned_abs()),
            ("mails_per_pair_day", self.mails_per_pair_day.unsigned_abs()),
            ("mails_per_company_day", self.mails_per_company_day.unsigned_abs()),
            ("kept_seat_age_days", self.kept_seat_age_days.unsigned_abs()),
            ("rfqs_per_day", self.rfqs_per_day.unsigned_abs()),
            ("listings_per_company", self.listings_per_company.unsigned_abs()),
            ("rfqs_per_company", self.rfqs_per_company.unsigned_abs()),
            ("documents_per_company", self.documents_per_company.unsigned_abs()),
            ("threads_per_company", self.threads_per_company.unsigned_abs()),
            ("exports_per_day", self.exports_per_day.unsigned_abs()),
            ("invitations_per_rfq", self.invitations_per_rfq.unsigned_abs()),
            ("messages_per_day", self.messages_per_day.unsigned_abs()),
            ("threads_per_day", self.threads_per_day.unsigned_abs()),
            ("saved_searches_per_person", self.saved_searches_per_person.unsigned_abs()),
            ("saved_searches_per_company", self.saved_searches_per_company.unsigned_abs()),
            ("unconfirmed_drafts", self.unconfirmed_drafts.unsigned_abs()),
            ("unconfirmed_image_bytes", self.unconfirmed_image_bytes),
        ];
        counts.into_iter().filter(|(_, limit)| *limit == 0).map(|(name, _)| name).collect()
    }

    /// Whether a count has reached a limit; a limit of 0 is none.
    pub fn is_reached(&self, limit: i64, count: i64) -> bool {
        self.is_on(limit) && count >= limit
    }

    /// Whether the limit holds; one of 0 is none.
    pub fn is_on(&self, limit: i64) -> bool {
        self.enabled && limit > 0
    }
}
