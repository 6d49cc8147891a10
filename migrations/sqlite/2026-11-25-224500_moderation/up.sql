-- Moderation: reports of junk, what was decided, and what a decision leaves on the things themselves.

-- Why a moderator suspended the company, took the listing off, took the RFQ off: shown to the owner.
ALTER TABLE companies ADD COLUMN suspended_reason TEXT;
ALTER TABLE listings ADD COLUMN removed_reason TEXT;
ALTER TABLE rfqs ADD COLUMN withdrawn_reason TEXT;

-- Few companies are suspended, and many lists leave them out.
CREATE INDEX companies_suspended ON companies (id) WHERE suspended_reason IS NOT NULL;

-- When a quote was found off target, by its buyer's refusal or by a moderator.
ALTER TABLE quotes ADD COLUMN off_target_at TIMESTAMP;
UPDATE quotes SET off_target_at = decided_at WHERE off_target;

-- A report of one thing by one company, or by the platform itself (no reporter).
CREATE TABLE reports (
    id BIGINT NOT NULL PRIMARY KEY,
    about TEXT NOT NULL,
    about_id BIGINT NOT NULL,
    company_id BIGINT NOT NULL REFERENCES companies (id),
    reporter_id BIGINT REFERENCES companies (id),
    kind TEXT NOT NULL,
    words TEXT NOT NULL,
    state TEXT NOT NULL,
    decision TEXT,
    reason TEXT,
    version BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    decided_at TIMESTAMP
);
CREATE INDEX reports_state ON reports (state, id);
CREATE INDEX reports_company ON reports (company_id, id);
CREATE INDEX reports_reporter ON reports (reporter_id, id);
CREATE UNIQUE INDEX reports_one_open ON reports (reporter_id, about_id) WHERE state = 'open';

-- The history of moderation; a line is written once and never changed.
CREATE TABLE moderation_entries (
    id BIGINT NOT NULL PRIMARY KEY,
    act TEXT NOT NULL,
    about TEXT NOT NULL,
    about_id BIGINT NOT NULL,
    company_id BIGINT NOT NULL REFERENCES companies (id),
    report_id BIGINT REFERENCES reports (id),
    person_id BIGINT NOT NULL REFERENCES people (id),
    reason TEXT NOT NULL,
    at TIMESTAMP NOT NULL
);
CREATE INDEX moderation_entries_company ON moderation_entries (company_id, id);
