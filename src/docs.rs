//! Operating Tradepost: installing it, keeping it, bringing it back. For whoever runs the binary; the architecture is on the
//! [first page](crate).
//!
//! One binary serves the site and the API, runs the jobs and keeps the search index. It needs a folder to write to, a way to send
//! mail, and a proxy in front that speaks TLS. `tradepost check` says at any time, in one line for each thing, whether it has what it
//! needs; it exits with 1 when something is wrong.
//!
//! # Installing
//!
//! ```text
//! cargo build --release --locked          # Rust 1.95 and a C compiler; SQLite and the PostgreSQL client library are built in
//! install -m 755 target/release/tradepost /usr/local/bin/
//! useradd --system --home /var/lib/tradepost --create-home tradepost
//! install -d -m 750 -o root -g tradepost /etc/tradepost
//! head -c 32 /dev/urandom | base64 > /etc/tradepost/secret_key
//! chgrp tradepost /etc/tradepost/secret_key && chmod 640 /etc/tradepost/secret_key
//! ```
//!
//! Every setting has a default and is documented in `config/default.toml`. What production cannot guess goes into a file, or into
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
//! `TRADEPOST_ENV=production` turns on the refusals: without an https `public_url`, a secret key of at least 32 characters, SMTP with
//! TLS and rate limits it does not start, and it says which setting is missing. Logs are then JSON lines on standard error.
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
//! As a container, the data folder is the one volume:
//!
//! ```dockerfile
//! FROM rust:1.95-bookworm AS build
//! WORKDIR /src
//! COPY . .
//! RUN cargo build --release --locked
//!
//! FROM debian:bookworm-slim
//! # pg_dump and pg_restore, for `backup` and `restore` on PostgreSQL; not needed with SQLite.
//! RUN apt-get update && apt-get install --yes --no-install-recommends postgresql-client ca-certificates \
//!  && rm -rf /var/lib/apt/lists/* && useradd --system --uid 10001 tradepost && install -d -o tradepost /data
//! COPY --from=build /src/target/release/tradepost /usr/local/bin/
//! USER tradepost
//! ENV TRADEPOST_ENV=production TRADEPOST_DATA=/data TRADEPOST_LISTEN=0.0.0.0:8080
//! VOLUME /data
//! EXPOSE 8080
//! STOPSIGNAL SIGTERM
//! ENTRYPOINT ["tradepost"]
//! CMD ["serve"]
//! ```
//!
//! The first person: `tradepost admin create anna@example.com --company "Delta Import BV"`.
//!
//! # TLS, behind a proxy
//!
//! Tradepost speaks plain HTTP on `server.listen` (127.0.0.1:8080) and expects a proxy that ends TLS in front. The proxy's address stands
//! in `trusted_proxies`; without it every client would have the proxy's address, and share its rate limit. `public_url` is the address
//! that people see: links in mails are built from it and never from what a request says, and with `https://` in it the session
//! cookie is a `__Host-` one and answers carry HSTS. Left empty it is the address that the server listens on, which production refuses.
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
//! SQLite is the default and enough for one machine. For a database of its own, or for several nodes:
//!
//! ```text
//! createdb --encoding UTF8 tradepost
//! TRADEPOST_DATABASE=postgres://tradepost:PASSWORD@db.example/tradepost tradepost serve
//! ```
//!
//! The schema is made at the first start. Version 15 is what the tests run on. The program connects with the user's own rights and needs
//! those of the owner of the tables.
//!
//! # Several nodes
//!
//! On PostgreSQL any number of processes share one database; they need no word with each other. `tradepost serve --no-workers` serves,
//! `tradepost worker` runs jobs, `tradepost serve` does both. Without a worker somewhere nobody is matched, written to or joins: who
//! signs up or forgot a password is answered by a job, so that nobody learns from the time of an answer whether an address has an
//! account. Each process has a data folder of its own with an index of its own, which it fills
//! from the database; all have the same secret key, and with `blobs.folder` one folder for uploaded files that all of them reach. A
//! node is ready (`/readyz` is 200) once the database answers and was not found damaged, the schema is current, the index is less than
//! 30 seconds behind and its node number is its own: that is what a load balancer asks. `/livez` only says that the process answers.
//! Node numbers (0 to 1023) are in every id; a process leases one for a day, extends it every ten minutes, gives it back at its end,
//! and takes another if it could not extend it for a day.
//!
//! One data folder has one process: a second `serve` or `worker` on it refuses to start. `load`, `admin`, `check` and `backup` may run
//! beside it. On SQLite they write in turn: the two empty files beside the database that end in `-next` and `-turn` are locked for it,
//! and can be deleted while nothing runs.
//!
//! # Backup, and the restore drill
//!
//! ```text
//! tradepost backup /backup/2026-11-25            # while it serves
//! tradepost restore /backup/2026-11-25           # into an empty data folder, or an empty database
//! ```
//!
//! A backup is a folder that only its owner can read: the database as it was at one moment (SQLite copies itself with `VACUUM INTO`;
//! PostgreSQL by `pg_dump`, which must be installed), the uploaded files, the secret key if it is in the data folder, the file named by `--config`,
//! and a manifest with the SHA-256 of every file and the number of rows of every table. The copy is opened and checked before the command
//! says that it succeeded; a folder without a manifest is no backup. Of a backup that fails, for want of room for instance, nothing is
//! left; one that is killed leaves its folder, to be removed by hand.
//!
//! `restore` refuses a place in which there is something. With `--replace` it moves what is there into `replaced-TIME` in the data folder
//! (and drops the tables, on PostgreSQL). It compares every checksum before and every table's count after, and gives the database a new
//! epoch, so that every node fills its index anew instead of trusting one of another history. Jobs that were waiting at the moment of the
//! backup run again: a letter that went out after it may come a second time, with the same `Message-ID`.
//!
//! A copy that was never brought back is a hope. So, now and then, and before every upgrade that matters:
//!
//! ```text
//! tradepost backup /backup/drill
//! tradepost --data /tmp/drill restore /backup/drill
//! tradepost --data /tmp/drill check
//! tradepost --data /tmp/drill --listen 127.0.0.1:8099 serve        # then look at it
//! ```
//!
//! The tests do this under writes on both databases.
//!
//! ```text
//! tradepost backup /backup --rotate              # every night
//! ```
//!
//! makes `/backup/20261126T020000Z` and then removes old ones: the newest of each of the last seven days, four weeks and twelve months
//! stay, and so does everything that has another name. What is lost with a machine is what was written since the last backup that left it.
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
//! Migrations run at the start, one after the other, each in a transaction: a process that is killed in the middle leaves the old schema
//! or the new one, and the next start goes on. A SQLite file with rows in it is copied to `backups` in its folder first (the last five are
//! kept). On PostgreSQL one node migrates while the others wait for it, and it gives up after five seconds when a table is in use by a
//! long transaction. `tradepost migrate --status` says where the schema stands. A binary that is older than the schema refuses to start:
//! going back means restoring the backup.
//!
//! A new version may bring another index format; the index is then filled anew at the start, and `/readyz` is 503 until it is. A
//! server that is asked all the same searches what is in the index so far and says so: `incomplete` in the answers of the API, a
//! notice on the pages.
//!
//! # The search index
//!
//! It is a cache in `index` in the data folder; it is never backed up and can be deleted. Its checksums are read at every start and once a
//! day (`search.check_every_h`); what is damaged is filled anew. `tradepost reindex` has the running server fill a second set beside the
//! one that serves and put it in its place; without a server it does so itself.
//!
//! # What things are also called
//!
//! ```text
//! tradepost synonyms import synonyms.txt         # replaces the table; --dry-run only looks at the file
//! tradepost synonyms clear
//! ```
//!
//! A rule a line, as Solr and its kin write them; `#` begins a remark:
//!
//! ```text
//! spanner, wrench
//! cell phone, cellular phone => mobile phone
//! butterfly valve, válvula de mariposa, 蝶阀, hs:848180
//! ```
//!
//! Names with commas between find each other; names left of `=>` find those on the right and not the other way; `hs:` with 2 to 10
//! digits finds the goods of an HS code in every language. A name with a comma in it stands in double quotes. Codes and model numbers
//! have no synonyms. A file with a wrong line changes nothing, and each wrong line is told with its number and what would be right.
//! Servers that run take the table over within seconds, through the change log.
//!
//! A synonym counts less than the word that was typed, and what is found by its HS code alone stands below all that is found by
//! words. `tradepost hs import` brings the same bridge for every description of the nomenclature, to listings in other languages
//! than the reader's: `ball bearings` then finds what a supplier describes in Chinese and classifies under 8482.10. Without it the
//! labels of the chapters serve.
//!
//! # Watching it
//!
//! * `/readyz` and `/livez` on the main address.
//! * `/metrics` for Prometheus, only on `--metrics-listen 127.0.0.1:9090`, which is off without it and must not face the world. Worth an
//!   alarm: `tradepost_oldest_due_job_seconds > 900`, `tradepost_index_lag_seconds > 30`, `tradepost_database_sound == 0` (a SQLite file
//!   is read whole at the start and every night; restore a backup), a growing `tradepost_jobs{state="dead"}`,
//!   `rate(tradepost_requests_total{status=~"5.."}[5m]) > 0`, `process_resident_memory_bytes`.
//! * The log, on standard error: `log.format` is `text` or `json`, `log.requests` says which requests get a line (`all`, `failures`,
//!   `none`), `RUST_LOG=debug` shows every job. A line has the request's id, method, route pattern, status and milliseconds; no path, no
//!   query, no name and no address. A client's error report carries the same id as `instance`.
//! * `tradepost jobs list` shows what waits and what failed for good; `tradepost jobs retry ID` gives it another try.
//!
//! # Secrets
//!
//! All signing keys are derived from one secret key. In development it is made in the data folder (`secret_key`, mode 0600); in production
//! it is named by `secrets.key_file` or `secrets.key`, and every node has the same one. Whoever has it can forge links and read the keys
//! of authenticators in a copy of the database; API keys, sessions, recovery codes and passwords do not depend on it and are stored as
//! hashes.
//!
//! To change it, put the present key into `previous_key_file` and a new one into `key_file`, and restart. With several nodes first name
//! the new key as the previous one everywhere and restart each, so that all of them accept it before the first one uses it.
//!
//! * What was signed or sealed before stays valid: cursors, forms that are open, links in letters that wait, unsubscribe links, the
//!   keys of authenticators. These last are sealed with the new key within a minute of the start, by any process with workers.
//! * The previous key can go once `tradepost check` says of the second factors that the secret key opens all of them, and the
//!   unsubscribe links of letters that were sent before may end: give people 60 days. An old link then says that it is not known.
//! * Where a key went too early, nobody with an authenticator can use its codes; recovery codes go on working, and all is well again
//!   once the old key is back as the previous one. A backup of that time needs the key of that time: the database's copy holds what was
//!   sealed with it, and the key is in the backup only if it lay in the data folder.
//!
//! # Sizing
//!
//! Measured on two cores; read them as ratios.
//!
//! | | 43 000 listings | 1 000 000 listings |
//! |---|---|---|
//! | most memory of a serving process under searches | 140 MB | 655 MB |
//! | most memory of `load`, of `reindex` | 260 MB, 200 MB | 920 MB, 620 MB |
//! | time of `load --publish` with the index | 6 s | 2 to 2.5 min |
//! | time of `reindex` | 4 s | 1.1 to 1.5 min |
//! | a search with one facet, server CPU | 0.3 ms | 0.7 ms |
//! | 32 connections that ask without a pause: slowest hundredth | 10 ms | 18 ms |
//!
//! * A listing of seventy words takes about 2.2 kB in SQLite and 0.9 kB in the index: a million of them 2.2 GB and 0.9 GB.
//! * A backup needs the database's size once more, and for SQLite a restore reads it three times (checksum, copy, integrity). A
//!   database of 1 GB was backed up in 28 s (PostgreSQL) and 49 s (SQLite) while it served, and restored in 19 s and 22 s; the index is
//!   filled after that.
//! * SQLite with `synchronous = FULL`, with which it promises that a power cut takes nothing that was acknowledged, commits about 380
//!   transactions a second on one disk; it is the reason to move to PostgreSQL, not the number of listings. The tests kill processes,
//!   fill disks and damage files; they do not cut the power, for which we rely on SQLite's and PostgreSQL's own tests.
//! * A password hash takes 51 ms and 19 MiB; as many run at once as there are cores (`limits.password_hashes`).
//! * A node of a small platform lives within 256 MiB, threads and all; a test holds it to that. An index that is filled anew takes up to
//!   `search.writer_mib` more for each of its three kinds: 32 is enough where memory is short, and a rebuild then takes longer.
//! * During `reindex` there are two indexes, on disk and, for a moment, in memory.
//! * A PostgreSQL connection pool holds up to `database.connections` for reading and as many for writing, in every process.
