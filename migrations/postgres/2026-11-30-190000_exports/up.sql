-- Archives of all that a company has here, which its owners ask for. `user_id` is the owner in whose name it is read, `counts` how many lines
-- each kind of thing has (JSON). The archive itself goes at `expires_at`, the row is kept for longer.
CREATE TABLE exports (
    id BIGINT NOT NULL PRIMARY KEY,
    company_id BIGINT NOT NULL REFERENCES companies (id),
    user_id BIGINT NOT NULL REFERENCES users (id),
    state TEXT NOT NULL,
    counts TEXT NOT NULL,
    blob_id BIGINT REFERENCES blobs (id),
    sha256 TEXT,
    bytes BIGINT,
    problem TEXT,
    version BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    started_at TIMESTAMP,
    finished_at TIMESTAMP,
    expires_at TIMESTAMP
);
-- One at a time, whoever hurries.
CREATE UNIQUE INDEX exports_running ON exports (company_id) WHERE finished_at IS NULL;
CREATE INDEX exports_company ON exports (company_id, id);
CREATE INDEX exports_due ON exports (expires_at, id) WHERE blob_id IS NOT NULL;
CREATE INDEX exports_age ON exports (created_at, id);
-- What a company asked under the RFQs of others is its own, too.
CREATE INDEX rfq_questions_company ON rfq_questions (company_id, id);
