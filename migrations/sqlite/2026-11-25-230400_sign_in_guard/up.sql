-- Failed sign-ins, by account (a hash of the address that was typed, known or not) and by network. Kept in the database so that a
-- restart forgives nothing and all nodes count together. `blocked_until` is when the next try is looked at.

CREATE TABLE throttles (
    key TEXT NOT NULL PRIMARY KEY,
    failures INTEGER NOT NULL,
    blocked_until TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL
);

-- What happened to accounts: who, what, when, on which device and under which request id. No addresses and no secrets.
CREATE TABLE auth_events (
    id BIGINT NOT NULL PRIMARY KEY,
    person_id BIGINT REFERENCES people (id),
    company_id BIGINT REFERENCES companies (id),
    kind TEXT NOT NULL,
    device TEXT NOT NULL,
    request_id TEXT NOT NULL,
    at TIMESTAMP NOT NULL
);
CREATE INDEX auth_events_person ON auth_events (person_id, id);
CREATE INDEX auth_events_age ON auth_events (at);
