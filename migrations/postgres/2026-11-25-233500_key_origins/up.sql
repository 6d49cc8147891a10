-- The web origins from which scripts may use an API key.
CREATE TABLE api_key_origins (
    api_key_id BIGINT NOT NULL REFERENCES api_keys (id),
    origin TEXT NOT NULL,
    PRIMARY KEY (api_key_id, origin)
);
CREATE INDEX api_key_origins_origin ON api_key_origins (origin);
