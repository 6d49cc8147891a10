-- Verification: what moderators saw of a company, and what companies ask to be verified as.

-- Evidence as everybody may read it; one current row for each kind. `expires_on` is its last day.
CREATE TABLE company_evidence (
    id BIGINT NOT NULL PRIMARY KEY,
    company_id BIGINT NOT NULL REFERENCES companies (id),
    kind TEXT NOT NULL,
    content TEXT NOT NULL,
    seen_on DATE NOT NULL,
    expires_on DATE,
    reminded_days INTEGER,
    ended_at TIMESTAMP,
    ended_because TEXT
);
CREATE INDEX company_evidence_company ON company_evidence (company_id, id);
CREATE UNIQUE INDEX company_evidence_current ON company_evidence (company_id, kind) WHERE ended_at IS NULL;
CREATE INDEX company_evidence_expiry ON company_evidence (expires_on) WHERE ended_at IS NULL;

CREATE TABLE verification_requests (
    id BIGINT NOT NULL PRIMARY KEY,
    company_id BIGINT NOT NULL REFERENCES companies (id),
    level TEXT NOT NULL,
    state TEXT NOT NULL,
    content TEXT NOT NULL,
    reason TEXT,
    version BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    decided_at TIMESTAMP
);
CREATE INDEX verification_requests_state ON verification_requests (state, id);
CREATE INDEX verification_requests_company ON verification_requests (company_id, id);
CREATE UNIQUE INDEX verification_requests_one_open ON verification_requests (company_id, level) WHERE state = 'open';

-- Claims of numbers that another company holds, for the moderators' queue.
CREATE INDEX company_identifiers_claimed ON company_identifiers (created_at) WHERE state = 'claimed';
