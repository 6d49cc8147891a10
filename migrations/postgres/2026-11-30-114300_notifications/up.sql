-- What a person is shown on the site of what happened to their company; kept for 90 days. Unread ones of one `gather_key` become one, and
-- `times` says how many it stands for.
CREATE TABLE notifications (
    id BIGINT NOT NULL PRIMARY KEY,
    user_id BIGINT NOT NULL REFERENCES users (id),
    company_id BIGINT NOT NULL REFERENCES companies (id),
    kind TEXT NOT NULL,
    event TEXT NOT NULL,
    gather_key TEXT NOT NULL,
    title TEXT NOT NULL,
    path TEXT NOT NULL,
    times BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    read_at TIMESTAMP
);
CREATE INDEX notifications_event ON notifications (user_id, event);
CREATE INDEX notifications_listed ON notifications (user_id, company_id, id);
CREATE INDEX notifications_unread ON notifications (user_id, company_id, read_at, gather_key);
CREATE INDEX notifications_age ON notifications (created_at);
