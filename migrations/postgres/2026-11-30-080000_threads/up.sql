-- Conversations: two companies about one thing. `title` is what the thing was called when the conversation began; `rfq_id` is there where the
-- buyer's name may be hidden from the other side.
CREATE TABLE threads (
    id BIGINT NOT NULL PRIMARY KEY,
    subject TEXT NOT NULL,
    subject_id BIGINT NOT NULL,
    title TEXT NOT NULL,
    rfq_id BIGINT REFERENCES rfqs (id),
    opener_id BIGINT NOT NULL REFERENCES companies (id),
    addressee_id BIGINT NOT NULL REFERENCES companies (id),
    first_message_id BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    answered_at TIMESTAMP
);
CREATE INDEX threads_opener ON threads (opener_id, created_at);
CREATE INDEX threads_addressee ON threads (addressee_id, created_at);
-- A conversation as each of the two has it, under the key that keeps it the only one of the two about the thing.
CREATE TABLE thread_sides (
    thread_id BIGINT NOT NULL REFERENCES threads (id),
    company_id BIGINT NOT NULL REFERENCES companies (id),
    other_id BIGINT NOT NULL REFERENCES companies (id),
    subject TEXT NOT NULL,
    subject_id BIGINT NOT NULL,
    last_message_id BIGINT NOT NULL,
    last_received_id BIGINT,
    read_id BIGINT NOT NULL,
    archived BOOLEAN NOT NULL,
    assignee_id BIGINT REFERENCES users (id),
    version BIGINT NOT NULL,
    PRIMARY KEY (thread_id, company_id)
);
CREATE UNIQUE INDEX thread_sides_subject ON thread_sides (company_id, other_id, subject, subject_id);
CREATE INDEX thread_sides_listed ON thread_sides (company_id, archived, last_message_id);
CREATE INDEX thread_sides_received ON thread_sides (company_id, last_received_id);
-- `shown` is the text as the other side reads it while contact data is hidden, where that is another one; `folded` is what is searched.
CREATE TABLE thread_messages (
    id BIGINT NOT NULL PRIMARY KEY,
    thread_id BIGINT NOT NULL REFERENCES threads (id),
    company_id BIGINT NOT NULL REFERENCES companies (id),
    user_id BIGINT REFERENCES users (id),
    text TEXT NOT NULL,
    shown TEXT,
    masked TEXT NOT NULL,
    folded TEXT NOT NULL,
    attachments TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL
);
CREATE INDEX thread_messages_thread ON thread_messages (thread_id, id);
CREATE INDEX thread_messages_sender ON thread_messages (company_id, created_at);
-- How far a person has read a conversation, and the message of which they were mailed last.
CREATE TABLE thread_marks (
    user_id BIGINT NOT NULL REFERENCES users (id),
    thread_id BIGINT NOT NULL REFERENCES threads (id),
    read_id BIGINT NOT NULL,
    mailed_id BIGINT,
    mailed_at TIMESTAMP,
    PRIMARY KEY (user_id, thread_id)
);
-- Companies from which a company takes no messages.
CREATE TABLE company_blocks (
    company_id BIGINT NOT NULL REFERENCES companies (id),
    blocked_id BIGINT NOT NULL REFERENCES companies (id),
    user_id BIGINT REFERENCES users (id),
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (company_id, blocked_id)
);
