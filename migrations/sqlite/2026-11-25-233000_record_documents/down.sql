CREATE TABLE partnership_entries_old (
    partnership_id BIGINT NOT NULL REFERENCES partnerships (id),
    number INTEGER NOT NULL,
    kind TEXT NOT NULL,
    company_id BIGINT NOT NULL REFERENCES companies (id),
    record_id BIGINT,
    content TEXT NOT NULL,
    at TIMESTAMP NOT NULL,
    previous_hash TEXT NOT NULL,
    hash TEXT NOT NULL,
    PRIMARY KEY (partnership_id, number)
);
INSERT INTO partnership_entries_old (partnership_id, number, kind, company_id, record_id, content, at, previous_hash, hash)
    SELECT partnership_id, number, kind, company_id, record_id, content, at, previous_hash, hash FROM partnership_entries
    WHERE company_id IS NOT NULL;
DROP TABLE partnership_entries;
ALTER TABLE partnership_entries_old RENAME TO partnership_entries;
DROP INDEX trade_records_grade;
DROP TABLE record_reviews;
DROP TABLE record_documents;
