CREATE TABLE mail_bounces (
    address_hash TEXT NOT NULL,
    message_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    at TIMESTAMP NOT NULL,
    PRIMARY KEY (address_hash, message_id)
);
CREATE INDEX mail_bounces_at ON mail_bounces (at);
