-- Catalogue files that companies bring in. `content` is what is to be done with the file and `reading` how it is read (JSON); the numbers say what
-- became of its rows so far: where a run is broken off, the next one goes on behind `done_rows`.
CREATE TABLE imports (
    id BIGINT NOT NULL PRIMARY KEY,
    company_id BIGINT NOT NULL REFERENCES companies (id),
    blob_id BIGINT NOT NULL REFERENCES blobs (id),
    sha256 TEXT NOT NULL,
    bytes BIGINT NOT NULL,
    name TEXT NOT NULL,
    content TEXT NOT NULL,
    state TEXT NOT NULL,
    reading TEXT,
    done_rows BIGINT NOT NULL,
    made BIGINT NOT NULL,
    changed BIGINT NOT NULL,
    same BIGINT NOT NULL,
    refused BIGINT NOT NULL,
    noted BIGINT NOT NULL,
    paused BIGINT NOT NULL,
    problem TEXT,
    version BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    started_at TIMESTAMP,
    finished_at TIMESTAMP
);
CREATE INDEX imports_company ON imports (company_id, id);
CREATE INDEX imports_waiting ON imports (company_id, id) WHERE finished_at IS NULL;
CREATE INDEX imports_age ON imports (created_at, id);
-- Rows that were refused, with their cells, and rows in which something was mended; `faults` is what is to be said of them (JSON).
CREATE TABLE import_rows (
    import_id BIGINT NOT NULL REFERENCES imports (id),
    row_number BIGINT NOT NULL,
    kind TEXT NOT NULL,
    cells TEXT NOT NULL,
    faults TEXT NOT NULL,
    PRIMARY KEY (import_id, row_number)
);
CREATE INDEX import_rows_kind ON import_rows (import_id, kind, row_number);
-- What a company said that columns of a name hold, for its next file.
CREATE TABLE import_columns (
    company_id BIGINT NOT NULL REFERENCES companies (id),
    header TEXT NOT NULL,
    field TEXT NOT NULL,
    PRIMARY KEY (company_id, header)
);
