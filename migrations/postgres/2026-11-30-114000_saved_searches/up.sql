-- Searches that people keep, each for the company that they act for. `query` is the canonical query string of the search; `change_id` is another
-- one after every change, so that whoever has read them all learns what is new.
CREATE TABLE saved_searches (
    id BIGINT NOT NULL PRIMARY KEY,
    company_id BIGINT NOT NULL REFERENCES companies (id),
    user_id BIGINT NOT NULL REFERENCES users (id),
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    query TEXT NOT NULL,
    frequency TEXT NOT NULL,
    paused BOOLEAN NOT NULL,
    version BIGINT NOT NULL,
    change_id BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL
);
CREATE INDEX saved_searches_person ON saved_searches (company_id, user_id, id);
CREATE INDEX saved_searches_changed ON saved_searches (change_id);
