-- What one company makes another be mailed, for each reader: what is waiting to be gathered into one e-mail, and how many there were of late.
-- `batch` is the job whose e-mail holds the item; the text is forgotten once that is sent.
CREATE TABLE mail_items (
    id BIGINT NOT NULL PRIMARY KEY,
    user_id BIGINT NOT NULL REFERENCES users (id),
    sender_id BIGINT NOT NULL REFERENCES companies (id),
    gather_key TEXT NOT NULL,
    stream TEXT NOT NULL,
    event TEXT NOT NULL,
    content TEXT NOT NULL,
    batch BIGINT,
    created_at TIMESTAMP NOT NULL,
    UNIQUE (user_id, event)
);
CREATE INDEX mail_items_key ON mail_items (user_id, gather_key, batch);
CREATE INDEX mail_items_reader ON mail_items (user_id, created_at);
CREATE INDEX mail_items_sender ON mail_items (sender_id, created_at);
CREATE INDEX mail_items_batch ON mail_items (batch);
CREATE INDEX mail_items_age ON mail_items (created_at);
