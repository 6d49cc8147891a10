//! Violations of the layers that are left, by feature. A line goes when it is mended; none is added.

/// `a uses b`, which stands above it.
pub const UPWARD: &[&str] = &[
    // accounts
    "accounts/events.rs uses app.rs",
    "accounts/events.rs uses mail/mod.rs",
    "accounts/events.rs uses outbox/mod.rs",
    "accounts/events.rs uses outbox/options.rs",
    "accounts/events.rs uses store/tx.rs",
    // config.rs
    "config.rs uses store/conn.rs",
    // discovery
    "discovery/params.rs uses search/kind.rs",
    "discovery/rules.rs uses search/kind.rs",
    "discovery/rules.rs uses search/request.rs",
    "discovery/rules.rs uses search/schema.rs",
    "discovery/tree.rs uses search/answer.rs",
    "discovery/tree.rs uses search/schema.rs",
    // documents
    "documents/access.rs uses store/conn.rs",
    "documents/media.rs uses blobs/incoming.rs",
    "documents/mod.rs uses blobs/mod.rs",
    // listings
    "listings/images/mod.rs uses blobs/mod.rs",
    // mail
    "mail/rules.rs uses mail/transport.rs",
    // partnerships
    "partnerships/records/references.rs uses app.rs",
    "partnerships/records/references.rs uses partnerships/actions.rs",
    "partnerships/records/references.rs uses partnerships/notifications.rs",
    "partnerships/records/references.rs uses partnerships/records/queries.rs",
    "partnerships/records/references.rs uses partnerships/store/mod.rs",
    "partnerships/records/references.rs uses store/conn.rs",
    "partnerships/records/references.rs uses store/idempotency.rs",
    "partnerships/records/references.rs uses store/tx.rs",
    // rates
    "rates/mod.rs uses rates/store.rs",
    "rates/mod.rs uses store/db.rs",
    "rates/mod.rs uses store/tx.rs",
    // synonyms
    "synonyms/rules.rs uses search/synonyms.rs",
];
/// Files that use each other in a circle.
pub const CIRCLES: &[&str] = &[
    // blobs
    "blobs/backend.rs blobs/mod.rs blobs/store.rs",
    // cli
    "cli/admin.rs cli/backup/files.rs cli/backup/manifest.rs cli/backup/mod.rs cli/backup/rotation.rs cli/check/mod.rs cli/check/parts.rs cli/demo/market.rs cli/demo/mod.rs cli/demo/play.rs cli/evaluate/mod.rs cli/hs.rs cli/jobs.rs cli/load/lines.rs cli/load/mod.rs cli/mod.rs cli/openapi.rs cli/progress.rs cli/rates.rs cli/serve.rs cli/synonyms.rs",
    // customs
    "customs/regimes.rs customs/regimes/table.rs",
    "customs/schemes/asia.rs customs/schemes/brazil.rs customs/schemes/china.rs customs/schemes/europe.rs customs/schemes/india.rs customs/schemes/mod.rs customs/schemes/other.rs customs/schemes/us.rs",
    // indexing
    // mail
    "mail/render.rs mail/rules.rs mail/transport.rs",
    // outbox
    // partnerships
    "partnerships/eligibility.rs partnerships/fields.rs partnerships/mod.rs partnerships/rules.rs",
    "partnerships/pages/documents.rs partnerships/pages/mod.rs partnerships/pages/partnership.rs partnerships/pages/record.rs partnerships/pages/record_form.rs partnerships/pages/review.rs partnerships/pages/rows.rs partnerships/pages/steps.rs",
    // store
    "store/migrate/mod.rs store/migrate/run.rs",
];
/// Rooms of the domain that are not pure.
pub const IMPURE: &[&str] = &[
    // accounts
    "accounts/authenticator.rs names rand",
];
