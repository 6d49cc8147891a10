-- Addresses that were confirmed, and the secrets of letters that prove one. Everybody who could sign in before counts as confirmed.

ALTER TABLE people ADD COLUMN confirmed_at TIMESTAMP;
UPDATE people SET confirmed_at = created_at;

-- A link in a letter: only the SHA-256 of its secret is here. `email` is the address that the link is about; where it replaces an
-- earlier one, that is in `previous_email`. A row ends by use, by a newer one, or by a change of password or address.
CREATE TABLE account_tokens (
    id BIGINT NOT NULL PRIMARY KEY,
    person_id BIGINT NOT NULL REFERENCES people (id),
    purpose TEXT NOT NULL,
    secret_hash TEXT NOT NULL UNIQUE,
    email TEXT NOT NULL,
    previous_email TEXT,
    created_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL,
    ended_at TIMESTAMP
);
CREATE INDEX account_tokens_person ON account_tokens (person_id, purpose);
