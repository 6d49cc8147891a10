//! Tradepost: a business-to-business, cross-border **information-release** trade platform. Companies publish supplier profiles and listings;
//! buyers post requests for quotation (RFQs); a matching engine pairs each RFQ with the suppliers that fit and notifies them by e-mail; suppliers
//! quote. Deals and customs clearance happen offline; the platform records the trade partnership, the shipments and their customs references,
//! and publishes general-trade statistics.
//!
//! This page is the architecture: the map, the rules that hold everywhere, and three walks through the code.
//!
//! # Bird's eye
//!
//! ```text
//!  HTTP ──> web: who, input ──> api.rs / pages.rs ──> actions.rs ──┬─> rules.rs      (pure decisions)
//!                                                                 └─> store.rs      (rows, in one Tx)
//!                                                                       │ commit: rows + jobs + change log
//!                              ┌────────────────────────────────────────┤
//!                              v                                        v
//!                   outbox: jobs (matching, e-mails)         indexing: change log ──> search (tantivy)
//! ```
//!
//! One binary, one package. The database is SQLite (default) or PostgreSQL; the search index is a cache that each serving process keeps for
//! itself and can lose at any moment.
//!
//! # Code map
//!
//! What stands below may use what stands above it, and nothing else. Within stores, use cases and edges the modules keep the order of the list
//! at the end of this file; domain rooms may use each other, without a circle between files. `tests/it/tidy/rooms.rs` has the table.
//!
//! *Values*, which have no business states: [`hex`], [`markup`] (HTML that is escaped already), [`locale`] (every text that a person reads), [`error`]
//! (what a caller did wrong, one table of codes), [`clock`], [`ids`], [`money`], [`units`], [`wire`] (enums and JSON), [`text`] (public texts
//! hold no contact data), [`secrets`], [`passwords`], [`actor`] (who is asking, as types), [`address`] (from where), [`mod@reference`] (HS,
//! countries, currencies, units, Incoterms, ports), [`formats`] (how values read), [`logging`], [`config`], [`metrics`], [`rates`] (of exchange).
//!
//! *Plumbing*, which knows no business and stands among the stores: [`store`] (two databases, one transaction, the change log, the event log, sweeps), [`outbox`]
//! (jobs), [`work_queue`] (bounded queues for heavy work), [`search`] (the index), [`mail`] (e-mails, and addresses that they bounce from), [`synonyms`] (what things are also called), [`blobs`]
//! (uploaded files), [`outbound`] (calls to addresses that users name), [`spreadsheet`] (workbooks for downloads), [`app`] (the parts in one place).
//!
//! *Business*, a folder for each thing, with the same rooms in each: [`classification`] (which HS codes goods may go under),
//! [`documents`] (what companies upload and attach), [`companies`],
//! [`accounts`], [`webhooks`] (events sent to a company's programs), [`event_feed`] (what happened, for programs), [`listings`], [`imports`] (catalogue files), [`rfqs`],
//! [`matching`], [`quotes`], [`customs`], [`partnerships`], [`retail`] (what companies sell to consumers abroad), [`statistics`], [`messages`] (what companies write to each other), [`moderation`]
//! (reports and what is decided about them), [`verification`] (evidence of companies), [`reveals`] (who may see
//! contacts), [`discovery`] (search as users meet it), [`alerts`] (searches that people keep, and what they find), [`exports`] (everything that a company has, in one archive), [`dashboard`] (what a company
//! has to do), [`site`] (pages about the platform itself and its operator, and what crawlers ask for).
//!
//! *Around them*: [`indexing`] (rows to documents, and whether they still agree), [`web`] (HTTP), [`workers`] (the threads, and the list of all
//! jobs), [`cli`]. Who runs the binary finds what they need in [`docs`].
//!
//! | layer | rooms of a feature |
//! |---|---|
//! | domain: types, states, pure decisions | `mod.rs` (what the thing is, its states, its invariants), `rules.rs`, `fields.rs` (input), `views.rs` (output), `events.rs` (what it announces), and by name: `audit`, `authenticator`, `calendar`, `certifications`, `comparison`, `completeness`, `comtrade`, `cube`, `customs_value`, `disclosure`, `display`, `eligibility`, `figures`, `goods`, `hits`, `identifiers`, `intake`, `ledger`, `media`, `names`, `origins`, `params`, `plausibility`, `price`, `quota`, `readers`, `references`, `regimes`, `release`, `replies`, `report_target`, `retail` (of the statistics), `schemes`, `score`, `sdmx`, `states`, `suppression`, `table`, `tree`, `vintages`, `words` |
//! | the same: the types in which features speak to the plumbing | `blobs/blob`, `blobs/errors`, `mail/email`, `mail/fault`, `search/answer`, `search/dims`, `search/kind`, `search/request` |
//! | stores | `store.rs`: rows and queries, the only diesel of the feature |
//! | use cases: `&App`, `&Actor`, one transaction each | `actions.rs`, `jobs.rs` (how it reacts), `queries.rs` (reads), `notifications.rs` (its e-mails), and by name: `access`, `attachments`, `authentication`, `batch`, `candidates`, `devices`, `loading`, `receiving`, `review`, `scale`, `sessions`, `throttle` |
//! | edges: thin wrappers around actions | `api.rs` (REST), `pages.rs` with `templates/` (HTML), `contents` (what is in an archive, in the shapes of the API), `trail` (what a request did, for the audit trail) |
//!
//! Seams, which name business things and hold no logic: `web/routes.rs` (every route), `web/costs` (what each costs), `store/schema.rs`, `workers.rs` (every job), `app.rs`.
//!
//! # Invariants
//!
//! `tests/it/tidy` checks the first four on every change.
//!
//! 1. A table is written by one `store.rs` only; reads may join any table.
//! 2. A room imports only what the layers above allow, and no files import each other in a circle. A reaction of one feature to another travels
//!    as a job.
//! 3. `diesel` stays in `store.rs` files, [`store`] and [`outbox`]; `actix_web` in `api.rs`, `pages.rs`, [`web`] and `cli/serve.rs`; `tantivy`
//!    in [`search`]; `lettre` in [`mail`]; `object_store` in [`blobs`]; the time comes from [`clock`], ids from [`ids`].
//! 4. Every module opens with what it is, no file is longer than 600 lines, and every text of the catalogue is there and used.
//! 5. Who is asking is a type. Every action takes an [`actor::Actor`]; every query on a company's private rows takes an [`actor::Scope`],
//!    which no request can build. What is not yours answers 404, exactly like what does not exist.
//! 6. Rows are never serialised: each audience has its own output struct.
//! 7. Nothing leaves the process inside a transaction or a request: no mail, no index commit. Jobs run afterwards, at least once, and running
//!    one twice changes nothing.
//! 8. The index is a cache: deleted, it is filled again from the database. Reading from search never touches the database.
//! 9. Contact data is in no listing, index, list, event or e-mail to a third party; a job holds a user's ID, never an address.
//! 10. Money and quantities are exact ([`money::Micros`]) and overflow is an error; times are UTC, truncated to microseconds.
//! 11. An error keeps its causes ([`error::Problem`] has a `source`); they are logged once, at the boundary, with the request ID.
//!
//! # Walk 1: publishing a listing
//!
//! `POST /api/v1/listings/{id}/publish` arrives on a guarded connection ([`web::connection`] closes those that make no progress) and passes the
//! layers of [`web::server`]: the envelope gives it a request ID and logs the cause of what fails, [`accounts::authentication`] turns the bearer
//! key into an [`actor::Actor`], the rate limiter counts it. The handler in `listings/api.rs` calls `listings::actions::publish` off the event loop. The
//! action asks the actor for a scope (`catalog:write`), opens one transaction ([`store::Db::write`]), reads the listing within the scope, lets
//! `rules.rs` decide the transition `draft -> published`, writes the row, records the change and enqueues `ListingPublished`. The transaction
//! writes the buffered change log last and commits; the commit wakes the workers of the process.
//!
//! The indexer ([`indexing`]) reads the change log after its position, loads listing and company in two batch queries, replaces the document and
//! commits the index together with its new position. A search that starts now finds it. A worker claims the job and matches the listing against
//! open RFQs.
//!
//! # Walk 2: an RFQ from posting to quote
//!
//! `POST /rfqs` stores a draft; `GET /rfqs/{id}/completeness` says what each missing field would add. Publishing sets the deadline and the number
//! of quotes and enqueues `RfqPublished`. The job (`matching/jobs.rs`) asks the index for candidates in one pass that keeps the best listing of
//! each supplier, loads these in batch queries, compares what both say of the goods (`matching/goods.rs`), and lets `matching/score.rs` score each: additive, so that the shares of the reasons sum to
//! the score and removing a reason lowers the score by its share. Matches and notifications are written in one transaction. The e-mail is a job
//! of its own with a fixed `Message-ID`; it looks the address up when it is sent.
//!
//! Whoever may see an RFQ is decided in one place ([`rfqs::rules::visibility`]). One that is for invited suppliers stands in no list and no index;
//! matching suggests suppliers to its buyer and tells them nothing, and `rfqs::actions::invitations` writes to those that the buyer picks.
//!
//! An RFQ for several items runs through the same code item by item: `RfqRequest` matches each by itself and `matching/score/items.rs` puts a
//! supplier's scores together; quotes price items, `quotes/comparison/baskets.rs` compares them, and an acceptance awards those that it names.
//!
//! A supplier opens the RFQ and quotes. `quotes::actions` checks the quota (half of the quotes are reserved for the best matches in the first 24
//! hours), stores version 1 and notifies the buyer. Accepting a quote awards and closes the RFQ and declines the others, in one transaction.
//!
//! # Walk 3: a shipment from record to statistic
//!
//! Either side proposes a partnership; it is active when the *other* side confirms. A shipment is declared as a trade record by one side, with
//! customs references whose form and check digits [`customs`] checks (`valid`, `valid_form_only`, `suspicious`, `invalid`; never "verified by
//! customs"). Each step appends an entry to the partnership's ledger, which is a chain of hashes. When the other side confirms the record, its
//! evidence grade rises. [`statistics`] counts a record only when it is B2B, offline, general trade, confirmed by both sides, both of them
//! identified, and carries a well-formed reference that nobody used before. Once a month the sweep makes a release of the closed months: it hides
//! cells that would reveal a company's trade together with those from which they could be computed or estimated, over this release and all before
//! it, proves that, rounds, and lists everything that was not counted by reason. What is sold to consumers ([`retail`]) has no second side:
//! it is cut into tables of its own by the same code, and no sum holds both.

pub mod hex;
pub mod markup;
pub mod locale;
pub mod error;
pub mod clock;
pub mod ids;
pub mod money;
pub mod units;
pub mod wire;
pub mod text;
pub mod secrets;
pub mod passwords;
pub mod actor;
pub mod address;
pub mod reference;
pub mod formats;
pub mod store;
pub mod logging;
pub mod config;
pub mod metrics;
pub mod work_queue;
pub mod outbox;
pub mod search;
pub mod mail;
pub mod rates;
pub mod synonyms;
pub mod blobs;
pub mod outbound;
pub mod spreadsheet;
pub mod app;
pub mod web;
pub mod classification;
pub mod documents;
pub mod companies;
pub mod accounts;
pub mod webhooks;
pub mod event_feed;
pub mod listings;
pub mod imports;
pub mod rfqs;
pub mod matching;
pub mod quotes;
pub mod customs;
pub mod partnerships;
pub mod retail;
pub mod statistics;
pub mod messages;
pub mod moderation;
pub mod verification;
pub mod reveals;
pub mod discovery;
pub mod alerts;
pub mod exports;
pub mod dashboard;
pub mod site;
pub mod indexing;
pub mod workers;
pub mod cli;
pub mod docs;
