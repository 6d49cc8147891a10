-- How far the change log was looked through for saved searches; what changed before there were any is no news.
CREATE TABLE alert_positions (
    name TEXT NOT NULL PRIMARY KEY,
    seq BIGINT NOT NULL
);
INSERT INTO alert_positions (name, seq) SELECT 'matched', COALESCE(MAX(seq), 0) FROM changes;
-- What each listing, company and RFQ was like when it was looked at last: a digest of what makes it news when it changes.
CREATE TABLE alert_things (
    thing_id BIGINT NOT NULL PRIMARY KEY,
    version_class TEXT NOT NULL
);
-- What a saved search has found, once for each class of the thing's versions. `mail_id` is the e-mail it was in.
CREATE TABLE alerts (
    id BIGINT NOT NULL PRIMARY KEY,
    search_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    thing TEXT NOT NULL,
    thing_id BIGINT NOT NULL,
    version_class TEXT NOT NULL,
    reason TEXT NOT NULL,
    title TEXT NOT NULL,
    country TEXT,
    mail_id BIGINT,
    mailed_at TIMESTAMP,
    created_at TIMESTAMP NOT NULL
);
CREATE UNIQUE INDEX alerts_once ON alerts (search_id, thing_id, version_class);
CREATE INDEX alerts_search ON alerts (search_id, id);
CREATE INDEX alerts_waiting ON alerts (user_id, mail_id, id);
CREATE INDEX alerts_search_waiting ON alerts (search_id, mail_id);
CREATE INDEX alerts_mailed ON alerts (user_id, mailed_at);
CREATE INDEX alerts_age ON alerts (created_at);
