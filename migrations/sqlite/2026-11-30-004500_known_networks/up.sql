-- From where people signed in of late, so that strangers' wrong passwords do not keep them out. A tag is an HMAC of person and network:
-- no address is kept, and two people of one network are not told by it.
CREATE TABLE known_networks (
    user_id BIGINT NOT NULL REFERENCES users (id),
    tag TEXT NOT NULL,
    last_used_at TIMESTAMP NOT NULL,
    PRIMARY KEY (user_id, tag)
);
CREATE INDEX known_networks_age ON known_networks (last_used_at);
