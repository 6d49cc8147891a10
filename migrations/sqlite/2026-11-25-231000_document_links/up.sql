-- What a document is attached to: the kind of thing and its id.
CREATE TABLE document_links (
    document_id BIGINT NOT NULL REFERENCES documents (id),
    subject TEXT NOT NULL,
    subject_id BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (document_id, subject, subject_id)
);
CREATE INDEX document_links_subject ON document_links (subject, subject_id);
