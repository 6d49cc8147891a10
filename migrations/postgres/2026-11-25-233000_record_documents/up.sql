-- The documents of a trade record, and what each is.
CREATE TABLE record_documents (
    record_id BIGINT NOT NULL REFERENCES trade_records (id),
    document_id BIGINT NOT NULL REFERENCES documents (id),
    kind TEXT NOT NULL,
    attached_by BIGINT NOT NULL REFERENCES companies (id),
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (record_id, document_id)
);
CREATE INDEX record_documents_document ON record_documents (document_id);

-- A moderator looked at the documents of a record; the newest look counts.
CREATE TABLE record_reviews (
    record_id BIGINT NOT NULL PRIMARY KEY REFERENCES trade_records (id),
    person_id BIGINT NOT NULL REFERENCES people (id),
    note TEXT NOT NULL,
    reviewed_at TIMESTAMP NOT NULL
);
CREATE INDEX trade_records_grade ON trade_records (grade, id);

-- A ledger may hold the word of the platform, which is no company's.
ALTER TABLE partnership_entries ALTER COLUMN company_id DROP NOT NULL;
