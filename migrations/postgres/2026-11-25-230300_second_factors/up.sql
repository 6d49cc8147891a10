-- The authenticator of a person: its key is sealed with the platform's secret key. Until it is confirmed by a code it protects nothing.
-- `last_step` is the time step of the last code that was taken, so that no code is taken twice.

CREATE TABLE second_factors (
    person_id BIGINT NOT NULL PRIMARY KEY REFERENCES people (id),
    sealed_key TEXT NOT NULL,
    last_step BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    confirmed_at TIMESTAMP
);

-- Codes for the day the authenticator is lost; SHA-256, each good once.
CREATE TABLE recovery_codes (
    person_id BIGINT NOT NULL REFERENCES people (id),
    code_hash TEXT NOT NULL,
    used_at TIMESTAMP,
    PRIMARY KEY (person_id, code_hash)
);
