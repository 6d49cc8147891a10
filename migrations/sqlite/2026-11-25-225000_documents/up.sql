-- Stored bytes, named by their SHA-256, and how many rows point at them. What nothing uses is doomed first, then its file is deleted,
-- then its row; while it is doomed the same bytes may be stored anew under another id.
CREATE TABLE blobs (
    id BIGINT NOT NULL PRIMARY KEY,
    sha256 TEXT NOT NULL,
    bytes BIGINT NOT NULL,
    uses BIGINT NOT NULL,
    claimed_at TIMESTAMP NOT NULL,
    doomed_at TIMESTAMP
);
CREATE UNIQUE INDEX blobs_live ON blobs (sha256) WHERE doomed_at IS NULL;
CREATE INDEX blobs_unused ON blobs (claimed_at) WHERE uses = 0;

-- Files that companies uploaded. `unattached_since` is null while something has the document attached.
CREATE TABLE documents (
    id BIGINT NOT NULL PRIMARY KEY,
    company_id BIGINT NOT NULL REFERENCES companies (id),
    blob_id BIGINT NOT NULL REFERENCES blobs (id),
    name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    bytes BIGINT NOT NULL,
    sha256 TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    unattached_since TIMESTAMP
);
CREATE INDEX documents_company ON documents (company_id, id);
CREATE INDEX documents_unattached ON documents (unattached_since) WHERE unattached_since IS NOT NULL;
