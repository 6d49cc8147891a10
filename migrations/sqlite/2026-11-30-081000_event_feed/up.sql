-- What happened, one row for each company concerned, in the order of commit (`seq`, taken under one lock like that of `changes`). `data` holds
-- ids, states and names of fields as JSON, never what somebody typed. No foreign key: checking it would lock a company's row while that lock is held.
CREATE TABLE feed_events (
    seq INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    id BIGINT NOT NULL UNIQUE,
    company_id BIGINT NOT NULL,
    kind TEXT NOT NULL,
    data TEXT NOT NULL,
    at TIMESTAMP NOT NULL
);
CREATE INDEX feed_events_company ON feed_events (company_id, seq);
