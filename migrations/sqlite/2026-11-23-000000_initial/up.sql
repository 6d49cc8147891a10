-- Everything the first version keeps. Times are UTC; ids are made by the application; `content` is the validated JSON document
-- of the thing, and the columns beside it are what queries need. Table by table this file is equal for both databases but for
-- the number of the change log.

CREATE TABLE meta (
    key TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);

-- Which process holds which node number of the id maker.
CREATE TABLE nodes (
    node INTEGER NOT NULL PRIMARY KEY,
    holder TEXT NOT NULL,
    lease_until TIMESTAMP NOT NULL
);

-- The change log that feeds the search index; `seq` is in the order of commit.
CREATE TABLE changes (
    seq INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    entity TEXT NOT NULL,
    entity_id BIGINT NOT NULL,
    op TEXT NOT NULL,
    at TIMESTAMP NOT NULL
);

CREATE TABLE jobs (
    id BIGINT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    dest_key TEXT NOT NULL,
    dedupe_key TEXT UNIQUE,
    payload TEXT NOT NULL,
    priority INTEGER NOT NULL,
    run_at TIMESTAMP NOT NULL,
    attempts INTEGER NOT NULL,
    max_attempts INTEGER NOT NULL,
    locked_by TEXT,
    lease_until TIMESTAMP,
    last_error TEXT,
    created_at TIMESTAMP NOT NULL,
    done_at TIMESTAMP,
    dead_at TIMESTAMP
);
CREATE INDEX jobs_due ON jobs (run_at, id) WHERE done_at IS NULL AND dead_at IS NULL;
CREATE INDEX jobs_done ON jobs (done_at) WHERE done_at IS NOT NULL;

CREATE TABLE idempotency_keys (
    key TEXT NOT NULL PRIMARY KEY,
    fingerprint TEXT NOT NULL,
    resource TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL
);
CREATE INDEX idempotency_keys_age ON idempotency_keys (created_at);

CREATE TABLE people (
    id BIGINT NOT NULL PRIMARY KEY,
    email TEXT NOT NULL,
    email_key TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    platform_role TEXT,
    created_at TIMESTAMP NOT NULL,
    disabled_at TIMESTAMP
);

CREATE TABLE companies (
    id BIGINT NOT NULL PRIMARY KEY,
    ref TEXT UNIQUE,
    name TEXT NOT NULL,
    country TEXT NOT NULL,
    state TEXT NOT NULL,
    verification TEXT NOT NULL,
    content TEXT NOT NULL,
    version BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL
);
CREATE INDEX companies_name ON companies (name);

CREATE TABLE company_members (
    company_id BIGINT NOT NULL REFERENCES companies (id),
    person_id BIGINT NOT NULL REFERENCES people (id),
    role TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (company_id, person_id)
);
CREATE INDEX company_members_person ON company_members (person_id);

-- One identifier belongs to one company: `held` rows are unique; a second claim waits as `claimed` and grants nothing.
CREATE TABLE company_identifiers (
    company_id BIGINT NOT NULL REFERENCES companies (id),
    kind TEXT NOT NULL,
    value TEXT NOT NULL,
    outcome TEXT NOT NULL,
    state TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (company_id, kind, value)
);
CREATE UNIQUE INDEX company_identifiers_held ON company_identifiers (kind, value) WHERE state = 'held';

CREATE TABLE sessions (
    id BIGINT NOT NULL PRIMARY KEY,
    secret_hash TEXT NOT NULL UNIQUE,
    person_id BIGINT NOT NULL REFERENCES people (id),
    company_id BIGINT NOT NULL REFERENCES companies (id),
    csrf TEXT NOT NULL,
    user_agent TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    last_seen_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL
);
CREATE INDEX sessions_person ON sessions (person_id);

CREATE TABLE api_keys (
    id BIGINT NOT NULL PRIMARY KEY,
    company_id BIGINT NOT NULL REFERENCES companies (id),
    created_by BIGINT REFERENCES people (id),
    name TEXT NOT NULL,
    prefix TEXT NOT NULL,
    secret_hash TEXT NOT NULL UNIQUE,
    scopes TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP,
    last_used_at TIMESTAMP,
    revoked_at TIMESTAMP
);
CREATE INDEX api_keys_company ON api_keys (company_id);

-- Streams of mail that a person does not want.
CREATE TABLE mail_refusals (
    person_id BIGINT NOT NULL REFERENCES people (id),
    stream TEXT NOT NULL,
    at TIMESTAMP NOT NULL,
    PRIMARY KEY (person_id, stream)
);

CREATE TABLE hs_lines (
    code TEXT NOT NULL PRIMARY KEY,
    edition TEXT NOT NULL,
    description TEXT NOT NULL,
    parent TEXT NOT NULL,
    level INTEGER NOT NULL
);

CREATE TABLE listings (
    id BIGINT NOT NULL PRIMARY KEY,
    company_id BIGINT NOT NULL REFERENCES companies (id),
    sku TEXT NOT NULL,
    name TEXT NOT NULL,
    state TEXT NOT NULL,
    content TEXT NOT NULL,
    content_hash TEXT NOT NULL,
    version BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    published_at TIMESTAMP,
    expires_at TIMESTAMP,
    UNIQUE (company_id, sku)
);
CREATE INDEX listings_company ON listings (company_id, id);
CREATE INDEX listings_expiry ON listings (expires_at) WHERE state = 'published';

CREATE TABLE rfqs (
    id BIGINT NOT NULL PRIMARY KEY,
    company_id BIGINT NOT NULL REFERENCES companies (id),
    ref TEXT,
    title TEXT NOT NULL,
    state TEXT NOT NULL,
    closed_reason TEXT,
    split_award BOOLEAN NOT NULL,
    content TEXT NOT NULL,
    completeness INTEGER NOT NULL,
    max_quotes INTEGER NOT NULL,
    version BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    published_at TIMESTAMP,
    deadline TIMESTAMP,
    matched_at TIMESTAMP,
    UNIQUE (company_id, ref)
);
CREATE INDEX rfqs_company ON rfqs (company_id, id);
CREATE INDEX rfqs_deadline ON rfqs (deadline) WHERE state = 'open';

CREATE TABLE rfq_questions (
    id BIGINT NOT NULL PRIMARY KEY,
    rfq_id BIGINT NOT NULL REFERENCES rfqs (id),
    company_id BIGINT NOT NULL REFERENCES companies (id),
    question TEXT NOT NULL,
    answer TEXT,
    asked_at TIMESTAMP NOT NULL,
    answered_at TIMESTAMP
);
CREATE INDEX rfq_questions_rfq ON rfq_questions (rfq_id, id);

CREATE TABLE matches (
    id BIGINT NOT NULL PRIMARY KEY,
    rfq_id BIGINT NOT NULL REFERENCES rfqs (id),
    supplier_id BIGINT NOT NULL REFERENCES companies (id),
    state TEXT NOT NULL,
    score DOUBLE PRECISION NOT NULL,
    content TEXT NOT NULL,
    dismissed_reason TEXT,
    version BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    notified_at TIMESTAMP,
    UNIQUE (rfq_id, supplier_id)
);
CREATE INDEX matches_supplier ON matches (supplier_id, id);
CREATE INDEX matches_best ON matches (rfq_id, score);

CREATE TABLE quotes (
    id BIGINT NOT NULL PRIMARY KEY,
    rfq_id BIGINT NOT NULL REFERENCES rfqs (id),
    supplier_id BIGINT NOT NULL REFERENCES companies (id),
    buyer_id BIGINT NOT NULL REFERENCES companies (id),
    state TEXT NOT NULL,
    seat TEXT NOT NULL,
    decline_reason TEXT,
    off_target BOOLEAN NOT NULL,
    revision INTEGER NOT NULL,
    content TEXT NOT NULL,
    valid_until DATE,
    version BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    decided_at TIMESTAMP
);
CREATE INDEX quotes_rfq ON quotes (rfq_id, id);
CREATE INDEX quotes_supplier ON quotes (supplier_id, id);
CREATE UNIQUE INDEX quotes_one_live ON quotes (rfq_id, supplier_id) WHERE state <> 'withdrawn';

CREATE TABLE quote_versions (
    quote_id BIGINT NOT NULL REFERENCES quotes (id),
    number INTEGER NOT NULL,
    content TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (quote_id, number)
);

CREATE TABLE partnerships (
    id BIGINT NOT NULL PRIMARY KEY,
    supplier_id BIGINT NOT NULL REFERENCES companies (id),
    buyer_id BIGINT NOT NULL REFERENCES companies (id),
    proposed_by BIGINT NOT NULL REFERENCES companies (id),
    quote_id BIGINT REFERENCES quotes (id),
    state TEXT NOT NULL,
    note TEXT NOT NULL,
    version BIGINT NOT NULL,
    proposed_at TIMESTAMP NOT NULL,
    confirmed_at TIMESTAMP,
    ended_at TIMESTAMP
);
CREATE INDEX partnerships_supplier ON partnerships (supplier_id, id);
CREATE INDEX partnerships_buyer ON partnerships (buyer_id, id);
CREATE UNIQUE INDEX partnerships_one_live ON partnerships (supplier_id, buyer_id) WHERE state IN ('proposed', 'active');

-- The append-only ledger of a partnership; every entry holds the hash of the one before it.
CREATE TABLE partnership_entries (
    partnership_id BIGINT NOT NULL REFERENCES partnerships (id),
    number INTEGER NOT NULL,
    kind TEXT NOT NULL,
    company_id BIGINT NOT NULL REFERENCES companies (id),
    record_id BIGINT,
    content TEXT NOT NULL,
    at TIMESTAMP NOT NULL,
    previous_hash TEXT NOT NULL,
    hash TEXT NOT NULL,
    PRIMARY KEY (partnership_id, number)
);

CREATE TABLE trade_records (
    id BIGINT NOT NULL PRIMARY KEY,
    partnership_id BIGINT NOT NULL REFERENCES partnerships (id),
    supplier_id BIGINT NOT NULL REFERENCES companies (id),
    buyer_id BIGINT NOT NULL REFERENCES companies (id),
    declared_by BIGINT NOT NULL REFERENCES companies (id),
    state TEXT NOT NULL,
    grade TEXT NOT NULL,
    supersedes BIGINT REFERENCES trade_records (id),
    disputed_reason TEXT,
    content TEXT NOT NULL,
    version BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL
);
CREATE INDEX trade_records_partnership ON trade_records (partnership_id, id);

CREATE TABLE customs_references (
    id BIGINT NOT NULL PRIMARY KEY,
    record_id BIGINT NOT NULL REFERENCES trade_records (id),
    declared_by BIGINT NOT NULL REFERENCES companies (id),
    scheme TEXT NOT NULL,
    number TEXT NOT NULL,
    item INTEGER NOT NULL,
    outcome TEXT NOT NULL,
    reason TEXT,
    duplicate_of BIGINT REFERENCES customs_references (id),
    content TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL
);
CREATE INDEX customs_references_record ON customs_references (record_id);
CREATE UNIQUE INDEX customs_references_once ON customs_references (scheme, number, item) WHERE duplicate_of IS NULL;
