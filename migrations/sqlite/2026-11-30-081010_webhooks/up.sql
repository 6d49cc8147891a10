-- Where a company has its events sent. `content` is what the company says of it (JSON), the secrets are sealed, and the one before is valid
-- beside the present one until `previous_until`. `failing_since` is the first failure since the last success.
CREATE TABLE webhook_endpoints (
    id BIGINT NOT NULL PRIMARY KEY,
    company_id BIGINT NOT NULL REFERENCES companies (id),
    content TEXT NOT NULL,
    secret TEXT NOT NULL,
    previous_secret TEXT,
    previous_until TIMESTAMP,
    disabled_reason TEXT,
    failing_since TIMESTAMP,
    version BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL
);
CREATE INDEX webhook_endpoints_company ON webhook_endpoints (company_id, id);
-- The log of what was sent, with the last answer; kept for 30 days. `event_id` is the id in the feed. No foreign key: a deleted endpoint's log is
-- shown to nobody and goes with its age.
CREATE TABLE webhook_deliveries (
    id BIGINT NOT NULL PRIMARY KEY,
    endpoint_id BIGINT NOT NULL,
    event_id BIGINT NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    next_at TIMESTAMP,
    status INTEGER,
    fault TEXT,
    answer TEXT,
    took_ms BIGINT,
    attempted_at TIMESTAMP,
    created_at TIMESTAMP NOT NULL
);
CREATE INDEX webhook_deliveries_endpoint ON webhook_deliveries (endpoint_id, id);
CREATE INDEX webhook_deliveries_age ON webhook_deliveries (created_at);
