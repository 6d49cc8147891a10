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

-- A ledger may hold the word of the platform, which is no company's. SQLite takes no NOT NULL back, so the table is made anew.
CREATE TABLE partnership_entries_new (
    partnership_id BIGINT NOT NULL REFERENCES partnerships (id),
    number INTEGER NOT NULL,
    kind TEXT NOT NULL,
    company_id BIGINT REFERENCES companies (id),
    record_id BIGINT,
    content TEXT NOT NULL,
    at TIMESTAMP NOT NULL,
    previous_hash TEXT NOT NULL,
    hash TEXT NOT NULL,
    PRIMARY KEY (partnership_id, number)
);
INSERT INTO partnership_entries_new (partnership_id, number, kind, company_id, record_id, content, at, previous_hash, hash)
    SELECT partnership_id, number, kind, company_id, record_id, content, at, previous_hash, hash FROM partnership_entries;
DROP TABLE partnership_entries;
ALTER TABLE partnership_entries_new RENAME TO partnership_entries;
