//! Operating Tradepost: installation, backup, upgrade, monitoring. For operators; the architecture is on the [first page](crate).
//!
//! One binary serves the site and the API, runs the jobs and maintains the search index. It needs a writable folder, a mail server, and
//! a TLS proxy in front. `tradepost check` checks all of it, one line each, and exits with 1 on an error.
//!
//! # Installing
//!
//! ```text
//! cargo build --profile dist --locked     # Rust 1.95 and a C compiler; SQLite and the PostgreSQL client library are built in
//! install -m 755 target/dist/tradepost /usr/local/bin/
//! useradd --system --home /var/lib/tradepost --create-home tradepost
//! install -d -m 750 -o root -g tradepost /etc/tradepost
//! head -c 32 /dev/urandom | base64 > /etc/tradepost/secret_key
//! chgrp tradepost /etc/tradepost/secret_key && chmod 640 /etc/tradepost/secret_key
//! ```
//!
//! Every setting has a default and is documented in `config/default.toml`. What production needs to know goes into a file, or into
//! environment variables (`TRADEPOST__SECTION__KEY`):
//!
//! ```toml
//! # /etc/tradepost/tradepost.toml
//! [server]
//! public_url = "https://trade.example"
//! trusted_proxies = ["127.0.0.1"]
//!
//! [secrets]
//! key_file = "/etc/tradepost/secret_key"
//!
//! [mail]
//! from = "Example Trade <no-reply@trade.example>"
//!
//! [mail.smtp]
//! host = "smtp.example"
//! username = "trade"
//! password_file = "/etc/tradepost/smtp_password"
//! ```
//!
//! `TRADEPOST_ENV=production` makes the server refuse to start without an https `public_url`, a secret key of at least 32 characters,
//! SMTP with TLS, and rate limits; the error names the missing setting. Logs are then JSON lines on standard error.
//!
//! ```ini
//! # /etc/systemd/system/tradepost.service
//! [Unit]
//! Description=Tradepost
//! After=network-online.target
//! Wants=network-online.target
//!
//! [Service]
//! User=tradepost
//! Environment=TRADEPOST_ENV=production
//! Environment=TRADEPOST_DATA=/var/lib/tradepost
//! Environment=TRADEPOST_CONFIG=/etc/tradepost/tradepost.toml
//! ExecStart=/usr/local/bin/tradepost serve
//! Restart=on-failure
//! RestartSec=2
//! TimeoutStopSec=40
//! NoNewPrivileges=yes
//! PrivateTmp=yes
//! ProtectSystem=strict
//! ProtectHome=yes
//! ReadWritePaths=/var/lib/tradepost
//!
//! [Install]
//! WantedBy=multi-user.target
//! ```
//!
//! As a container, with the data folder as its only volume:
//!
//! ```dockerfile
//! FROM rust:1.95-bookworm AS build
//! WORKDIR /src
//! COPY . .
//! RUN cargo build --profile dist --locked
//!
//! FROM debian:bookworm-slim
//! # pg_dump and pg_restore, for `backup` and `restore` on PostgreSQL; not needed with SQLite.
//! RUN apt-get update && apt-get install --yes --no-install-recommends postgresql-client ca-certificates \
//!  && rm -rf /var/lib/apt/lists/* && useradd --system --uid 10001 tradepost && install -d -o tradepost /data
//! COPY --from=build /src/target/dist/tradepost /usr/local/bin/
//! USER tradepost
//! ENV TRADEPOST_ENV=production TRADEPOST_DATA=/data TRADEPOST_LISTEN=0.0.0.0:8080
//! VOLUME /data
//! EXPOSE 8080
//! STOPSIGNAL SIGTERM
//! ENTRYPOINT ["tradepost"]
//! CMD ["serve"]
//! ```
//!
//! The first user: `tradepost admin create anna@example.com --company "Delta Import BV" --country NL`.
//!
//! # TLS, behind a proxy
//!
//! Tradepost serves plain HTTP on `server.listen` (127.0.0.1:8080) and expects a proxy in front that terminates TLS. Name the proxy's
//! address in `trusted_proxies`; without it every client has the proxy's address and shares its rate limit. `public_url` is the public
//! address: links in e-mails are built from it and never from a request, and with `https://` the session cookie is a `__Host-` one and
//! responses carry HSTS. Empty, it is the address that the server listens on, which production refuses.
//!
//! ```text
//! server {
//!     listen 443 ssl;
//!     server_name trade.example;
//!     client_max_body_size 110m;                     # imports may have 100 MiB
//!     location / {
//!         proxy_pass http://127.0.0.1:8080;
//!         proxy_set_header Host $host;
//!         proxy_set_header X-Forwarded-For $remote_addr;
//!         proxy_set_header X-Request-Id $request_id; # the same id in both logs
//!     }
//! }
//! ```
//!
//! # PostgreSQL
//!
//! SQLite is the default and sufficient for one machine. For a separate database, or for several nodes:
//!
//! ```text
//! createdb --encoding UTF8 tradepost
//! TRADEPOST_DATABASE=postgres://tradepost:PASSWORD@db.example/tradepost tradepost serve
//! ```
//!
//! The schema is created at the first start. The tests run on version 15. The database user must own the tables.
//!
//! # Several nodes
//!
//! On PostgreSQL any number of processes share one database; they do not talk to each other. `tradepost serve --no-workers` serves,
//! `tradepost worker` runs jobs, `tradepost serve` does both. Without at least one worker there is no matching, no e-mail and no
//! sign-up: sign-ups and password resets are handled by jobs, so that response times do not reveal whether an address has an account.
//! Each process has its own data folder with its own index, which it fills from the database; all have the same secret key, and with
//! `blobs.folder` a shared folder for uploaded files. A node is ready (`/readyz` is 200) once the database answers and is not damaged,
//! the schema is up to date, the index is less than 30 seconds behind, its node number is its own and its SQLite file was neither deleted
//! nor replaced (then nothing is written either): use it for the load balancer.
//! `/livez` only says that the process answers. Node numbers (0 to 1023) are part of every id; a process leases one for a day, extends
//! the lease every ten minutes, releases it at the end, and takes another one if it could not extend it for a day.
//!
//! One process per data folder: a second `serve` or `worker` on it refuses to start. `load`, `admin`, `check` and `backup` can run beside
//! it. On SQLite they write in turn: the two empty files beside the database that end in `-next` and `-turn` are locked for it,
//! and can be deleted while nothing runs.
//!
//! # Replies by e-mail
//!
//! E-mails of conversations can be answered where `[mail.inbound]` names an address and a secret. Each such e-mail goes out with a `Reply-To` of
//! its own below that address, `reply+…@example.com`, signed, which names the conversation and its reader. The mail server hands what comes for
//! these addresses to `POST /api/v1/inbound/mail`, the message as it is, with the secret in the header `Inbound-Secret`; in Postfix or OpenSMTPD as
//! a pipe to `curl --fail-with-body --data-binary @- -H 'Content-Type: message/rfc822' -H "Inbound-Secret: …" '…/inbound/mail?recipient=…'`.
//! An answer of 4xx but 429 is final. A reply is taken only from the address of the person whom the e-mail went to; let the mail server check DMARC
//! and write `Authentication-Results`: `dmarc=fail` is refused. What a program wrote (RFC 3834) is dropped.
//!
//! # What is bounded by what
//!
//! One caller must not cost everyone. Every bound is a setting of `[limits]` in `config/default.toml`, or a constant where noted; production
//! refuses 0. What each route costs, and which of these bounds it, is one table in the code (`src/web/costs`), which a test holds to this one.
//!
//! | what | bound by | over it |
//! |---|---|---|
//! | requests | `per_key_minute` of a key or person, `per_company_minute` of all keys and people of a company, `callers_per_address_minute` of all of them at one address, `per_address_minute` without any. What costs more counts for more: 2 for a statistic or a file, 5 for a picture or a password, 10 for a batch, 20 for a catalogue. Whoever has not confirmed an address counts four times | 429, `Retry-After` |
//! | changes | `changes_per_company_day`: everything but reading and what ends a session, a key or an account, tried or done, by what it costs, so that whatever else is stored grows by so much a day at most | 429, `Retry-After` |
//! | health checks | `health_minute` of an address for `/readyz`; `/livez` and the site's own files are free | 429 |
//! | bodies | `body_bytes`, 100 listings or retail records in a batch, 10 files in a form | 413; 422 |
//! | sign-ins | `sign_in_minute` per address, `network_failures` per network, `account_failures` per account and then a delay of up to 15 minutes; known devices and networks are counted apart, so strangers do not keep the owner out | 429 |
//! | connections | `connections`, `connections_per_address` (at most a fifth); the last fifth of all is for addresses that have fewer than 8; timeouts and minimum throughput of heads, bodies (`body_rate`, `upload_rate`) and answers (`answer_rate`) | closed, or 408 |
//! | pictures | own threads and a queue of `upload_queue`, half of it per company; `megapixels_per_minute` of a company, counted before one is decoded; `upload_bytes`, 10 on a listing, `company_image_bytes` (`unconfirmed_image_bytes` before an address is confirmed); `slow_uploads_per_company` at once below 100 kB/s; a picture whose sender has gone is not read | 503 or 429, `Retry-After`; 413; 422 |
//! | documents | own threads and a queue of `upload_queue`, half of it per company; `upload_bytes`, `documents_per_company`, `company_upload_bytes`; `slow_uploads_per_company` at once below 100 kB/s | 503 or 429, `Retry-After`; 413; 422 |
//! | downloads | streamed page by page as the client takes them, which it must by `answer_rate` | cut off |
//! | catalogue files | `import_bytes`; one import of a company at a time, 20 waiting, two in a process; 200 rows or 50 ms to a transaction; the company's listings; 10 000 refused rows are kept; kept for 30 days; a workbook 512 MiB unpacked | 413; 409; only counted |
//! | listings | `listings_per_company`, by hand, in batches and imports; `unconfirmed_drafts` before an address is confirmed | 409 |
//! | RFQs | `rfqs_per_company`, `unconfirmed_drafts` before an address is confirmed; `rfqs_per_day` published, four times as many once identified | 409; 429 |
//! | searches | what each costs is known before it runs (1 for a plain one, about 25 at most) and counts so often as requests; above `search_plain_cost` they have threads and a queue of their own (`search_threads`, `search_queue`), half of it per company or address; a deadline of one second; the first 8 unknown words are looked for in other spellings | 429; 503, `Retry-After` |
//! | matches | stored when an RFQ or a listing is published, `matching.most` of an RFQ; read by pages of 100 | 429 |
//! | exports of everything | `exports_per_day` of a company, one at a time, two in a process; a page of 100 rows to a transaction, straight into a file on disk; kept for `exports.keep_days` | 429; the one under way |
//! | password hashes | `password_hashes` at once, in `password_memory_kib` each; `password_queue` requests that need one, running or waiting | the next ones wait; 503, `Retry-After` |
//! | e-mails that companies cause | gathered for `mail_gather_s`; `mails_per_pair_day` from one company to one person, `mails_per_person_day`, `mails_per_company_day`; eight lanes in turn; links and contact data of strangers are left out | one digest the next morning at 06:00 UTC |
//! | e-mails of saved searches | one of a search in 15 minutes; `mails_per_person_day` of them and of those that companies cause | the digest the next morning at 07:00 UTC |
//! | account e-mails | a lane of their own, before everything else; 3 links for a new password a day for strangers, 3 more for a known device; 50 invitations a company and 20 an address | nothing is sent, or 429 |
//! | invitations to quote | 50 companies in a call, `invitations_per_rfq` on one RFQ; their e-mails are among those that companies cause | 422; 409 |
//! | questions | 20 of a company under one RFQ | 409 |
//! | messages | `messages_per_day` sent and `threads_per_day` conversations begun by a company, four times as many once identified; `threads_per_company` begun in all; what is attached is among the documents | 429; 409 |
//! | e-mails that come in | `inbound_mail_bytes`; the documents' queue; only with the secret of `[mail.inbound]`; they count as messages of their writer's company | 413; 503; 401; 429 |
//! | saved searches | `saved_searches_per_person`, `saved_searches_per_company` | 409 |
//! | webhooks | 10 endpoints of a company; two deliveries at once to a host, `webhooks.in_flight` in a process | 409; they wait |
//! | unconfirmed accounts | what they may have is above; after 30 days the account goes, and with it its listings, pictures and RFQs | forgotten |
//! | API keys | 100 per company; they end with the member who made them | 409 |
//! | contact people | 20 per company | 409 |
//! | requests for verification | one of a company and level at a time, with 10 documents | 409 |
//! | quotes on an RFQ | `max_quotes`, of which withdrawn and irrelevant ones take no seat; half are kept on the first day for matched companies that had a listing that fits before it, and are identified or older than `kept_seat_age_days`; a closed RFQ can be reopened | 409 |
//! | a shipment | 20 customs references, 20 documents, 50 corrections | 409 |
//! | statistics | a shipment above 50 million USD counts once a moderator has reviewed its documents; what is published is held in memory, and counts for 2 or 5 requests | not counted, with the reason; 429 |
//! | register numbers | held only by a company whose register entry a moderator has checked; whoever names one first keeps nothing from its owner | a moderator decides |
//! | names of companies | no characters that nobody sees; names that look like another company's are reported to the moderators | 422; a report |
//! | contact views, reports | `reveals_per_day`, `reveals_per_month`, `reports_per_day` | 429 |
//!
//! `tests/it/abuse` attacks these bounds.
//!
//! # Webhooks
//!
//! Whatever runs jobs posts events to the addresses that companies name: to public addresses alone, over https, each looked up at every
//! delivery. It needs a resolver and a way out to port 443 (or whatever ports the addresses name), and it uses no proxy. `webhooks.in_flight`
//! deliveries are under way at once in a process, two of them to one host. `webhooks.private_addresses = true` lets a test machine call itself;
//! production refuses it.
//!
//! # Backup, and the restore drill
//!
//! ```text
//! tradepost backup /backup/2026-11-25            # while it serves
//! tradepost restore /backup/2026-11-25           # into an empty data folder, or an empty database
//! ```
//!
//! A backup is a folder that only its owner can read: a snapshot of the database (SQLite with `VACUUM INTO`; PostgreSQL with `pg_dump`,
//! which must be installed), the uploaded files, the secret key if it is in the data folder, the file named by `--config`, and a manifest
//! with the SHA-256 of every file and the number of rows of every table. The copy is opened and verified before the command succeeds; a
//! folder without a manifest is not a backup. A backup that fails, on a full disk for instance, leaves nothing; one that is killed leaves
//! its folder, to be deleted by hand.
//!
//! `restore` does not overwrite existing data. With `--replace` it moves existing files into `replaced-TIME` in the data folder (and drops
//! the tables, on PostgreSQL). It compares every checksum before and the rows of every table after, and gives the database a new epoch, so
//! that every node rebuilds its index. Jobs that were open at the time of the backup run again: an e-mail that was sent after it may be
//! sent a second time, with the same `Message-ID`.
//!
//! Test your backups regularly, and before every major upgrade:
//!
//! ```text
//! tradepost backup /backup/drill
//! tradepost --data /tmp/drill restore /backup/drill
//! tradepost --data /tmp/drill check
//! tradepost --data /tmp/drill --listen 127.0.0.1:8099 serve        # then look at it
//! ```
//!
//! The tests do this under concurrent writes on both databases.
//!
//! ```text
//! tradepost backup /backup --rotate              # every night
//! ```
//!
//! creates `/backup/20261126T020000Z` and then deletes old ones: the newest of each of the last seven days, four weeks and twelve months
//! are kept, and so are folders with other names. Copy backups to another machine: everything written since the last copy is lost with a
//! disk.
//!
//! # Upgrading
//!
//! ```text
//! tradepost backup /backup/before-upgrade
//! systemctl stop tradepost                       # at most 35 s: requests under way end first
//! install -m 755 tradepost /usr/local/bin/
//! systemctl start tradepost                      # migrates, then serves
//! ```
//!
//! Migrations run at the start, each in a transaction: a process that is killed leaves the old schema or the new one, and the next start
//! continues. A SQLite file with rows in it is copied to `backups` in its folder first (the last five are
//! kept). On PostgreSQL one node migrates while the others wait for it, and it gives up after five seconds when a table is in use by a
//! long transaction. `tradepost migrate --status` lists applied and pending migrations. A binary that is older than the schema refuses to start:
//! going back means restoring the backup.
//!
//! A new version may have another index format; the index is then rebuilt at the start, and `/readyz` is 503 until it is complete.
//! Meanwhile searches return what is indexed so far and say so: `incomplete` in the API, a notice on the pages.
//!
//! # The search index
//!
//! It is a cache in `index` in the data folder; it is not part of backups and can be deleted. Its checksums are verified at every start and
//! once a day (`search.check_every_h`); a damaged index is rebuilt. `tradepost reindex` makes the running server build a second index
//! while it serves and then switch to it; without a server it rebuilds the index itself.
//!
//! # Synonyms
//!
//! ```text
//! tradepost synonyms import synonyms.txt         # replaces all; --dry-run only checks the file
//! tradepost synonyms clear
//! ```
//!
//! One rule per line in the format of Solr; `#` starts a comment:
//!
//! ```text
//! spanner, wrench
//! cell phone, cellular phone => mobile phone
//! butterfly valve, válvula de mariposa, 蝶阀, hs:848180
//! ```
//!
//! Names separated by commas find each other; names left of `=>` find those on the right, but not the other way; `hs:` with 2 to 10
//! digits finds the goods of an HS code in every language. Quote a name that contains a comma. Codes and model numbers have no synonyms.
//! A file with an invalid line changes nothing, and each invalid line is reported with its number and the reason. Running servers use
//! the new rules within seconds, through the change log.
//!
//! A synonym counts less than the word that was typed, and results found by their HS code alone rank below all others. `tradepost hs
//! import` adds every description of the nomenclature in the same way, for listings in other languages than the reader's: `ball bearings`
//! then finds what a supplier describes in Chinese and classifies under 8482.10. The trade glossary that is built in knows names in eight
//! languages. Of all these the longest name in a query wins; of names of one length, `hs:` of a rule says which goods are meant, else the
//! nomenclature, else the glossary, else a chapter of the HS.
//!
//! The same order holds where HS codes are suggested: in forms, in the answers to `POST /rfqs` and `POST /listings`, and on `/hs`.
//!
//! # Monitoring
//!
//! * `/readyz` and `/livez` on the main address.
//! * `/metrics` for Prometheus, only on `--metrics-listen 127.0.0.1:9090`, off by default; do not expose it to the internet. Alert on: `tradepost_oldest_due_job_seconds > 900`, `tradepost_index_lag_seconds > 30`, `tradepost_database_sound == 0` (a SQLite
//!   file is verified at the start and every night; restore a backup), a growing `tradepost_jobs{state="dead"}`,
//!   `rate(tradepost_requests_total{status=~"5.."}[5m]) > 0`, `process_resident_memory_bytes`,
//!   `rate(tradepost_sweep_failures_total[15m]) > 0` (a sweep cannot process a row and skips it every minute; the log has its id).
//!   `tradepost_transaction_retries_total` shows how often transactions collide, by use case.
//! * The log, on standard error: `log.format` is `text` or `json`, `log.requests` sets which requests are logged (`all`, `failures`,
//!   `none`), `RUST_LOG=debug` logs every job. A line has the request's id, method, route pattern, status and milliseconds; no path, no
//!   query, no name and no address. A client's error report carries the same id as `instance`.
//! * `tradepost jobs list` lists open and dead jobs; `tradepost jobs retry ID` retries a dead one.
//!
//! # Secrets
//!
//! All signing keys are derived from one secret key. In development it is created in the data folder (`secret_key`, mode 0600); in production
//! it is named by `secrets.key_file` or `secrets.key`, and every node has the same one. With it, links can be forged and the keys
//! of authenticators in a copy of the database can be read; API keys, sessions, recovery codes and passwords do not depend on it and are stored as
//! hashes.
//!
//! To rotate it, put the current key into `previous_key_file` and a new one into `key_file`, and restart. With several nodes, first set
//! the new key as the previous one everywhere and restart each, so that all accept it before the first one uses it.
//!
//! * Earlier signatures and encryptions stay valid: cursors, open forms, links in unsent e-mails, unsubscribe links, the keys of
//!   authenticators. The latter are encrypted with the new key within a minute of the start, by any process with workers.
//! * Remove the previous key once `tradepost check` reports that the secret key decrypts all second factors, and after 60 days: older
//!   unsubscribe links then stop working.
//! * If a key was removed too early, authenticator codes fail; recovery codes still work, and everything works again once the old key is
//!   back as the previous one. A backup needs the key of its time, and contains it only if it was in the data folder.
//!
//! # Sizing
//!
//! Measured on two cores; read them as ratios.
//!
//! | | 43 000 listings | 1 000 000 listings |
//! |---|---|---|
//! | peak memory of a serving process under searches | 140 MB | 655 MB |
//! | peak memory of `load`, of `reindex` | 260 MB, 200 MB | 920 MB, 620 MB |
//! | time of `load --publish` with the index | 6 s | 2 to 2.5 min |
//! | time of `reindex` | 4 s | 1.1 to 1.5 min |
//! | a search with one facet, server CPU | 0.3 ms | 0.7 ms |
//! | 32 connections that search without a pause: p99 | 10 ms | 18 ms |
//!
//! * A listing of seventy words takes about 2.2 kB in SQLite and 0.9 kB in the index: a million of them 2.2 GB and 0.9 GB.
//! * A backup needs the database's size once more, and for SQLite a restore reads it three times (checksum, copy, integrity). A
//!   database of 1 GB was backed up in 28 s (PostgreSQL) and 49 s (SQLite) while it served, and restored in 19 s and 22 s; the index is
//!   built after that.
//! * SQLite with `synchronous = FULL`, which keeps every acknowledged write across a power failure, commits about 380 transactions per
//!   second on one disk; that is the reason to move to PostgreSQL, not the number of listings. The tests kill processes,
//!   fill disks and damage files; they do not cut the power, for which we rely on the tests of SQLite and PostgreSQL.
//! * A password hash takes 51 ms and 19 MiB; as many run at once as there are cores (`limits.password_hashes`),
//!   and `limits.password_memory_kib` makes it dearer.
//! * Uploaded pictures are read by one thread per core (`limits.upload_threads`), which take 256 MiB together; 16 more uploads wait
//!   (`limits.upload_queue`), and further ones are refused at once with 503 and `Retry-After`. Documents have as many threads and a queue of
//!   their own. One company gets at most half of the places.
//! * A node of a small platform runs within 320 MiB; a test enforces it. With texts in Chinese it takes 40 MiB more, for the dictionary
//!   that splits them into words. A rebuild of the index takes up to `search.writer_mib` more for
//!   each of its three kinds: 32 is enough where memory is short, and a rebuild then takes longer.
//! * During `reindex` there are two indexes, on disk and, for a moment, in memory.
//! * A PostgreSQL connection pool holds up to `database.connections` for reading and as many for writing, in every process.
