-- Who was asked to join a company. The link is in a letter; only the SHA-256 of its secret is here. A row ends by being accepted, by
-- being taken back, or by a newer one for the same address and company.

CREATE TABLE invitations (
    id BIGINT NOT NULL PRIMARY KEY,
    company_id BIGINT NOT NULL REFERENCES companies (id),
    email TEXT NOT NULL,
    email_key TEXT NOT NULL,
    role TEXT NOT NULL,
    invited_by BIGINT REFERENCES people (id),
    secret_hash TEXT NOT NULL UNIQUE,
    created_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL,
    accepted_at TIMESTAMP,
    ended_at TIMESTAMP
);
CREATE INDEX invitations_company ON invitations (company_id, email_key);
