-- What companies sell across a border to consumers. A row is never changed but for its state: a correction is a row of its own. The line of the
-- customs declaration and the seller's own reference are in force on one row of a company at a time.
CREATE TABLE retail_records (
    id BIGINT NOT NULL PRIMARY KEY,
    company_id BIGINT NOT NULL REFERENCES companies (id),
    state TEXT NOT NULL,
    direction TEXT NOT NULL,
    party_form TEXT NOT NULL,
    month TEXT NOT NULL,
    reference TEXT,
    line_system TEXT,
    line_number TEXT,
    line_item INTEGER,
    supersedes BIGINT REFERENCES retail_records (id),
    content TEXT NOT NULL,
    version BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL
);
CREATE INDEX retail_records_company ON retail_records (company_id, id);
CREATE INDEX retail_records_supersedes ON retail_records (supersedes) WHERE supersedes IS NOT NULL;
CREATE INDEX retail_records_reference ON retail_records (company_id, reference);
CREATE INDEX retail_records_line ON retail_records (company_id, line_number);
CREATE UNIQUE INDEX retail_records_reference_once ON retail_records (company_id, reference)
    WHERE state = 'recorded' AND reference IS NOT NULL;
CREATE UNIQUE INDEX retail_records_line_once ON retail_records (company_id, line_system, line_number, line_item)
    WHERE state = 'recorded' AND line_number IS NOT NULL;

-- The retail records that the releases of the statistics hold, as they were counted. They have cells of their own, whose table names begin with
-- the form of the parties.
CREATE TABLE statistics_retail_facts (
    record_id BIGINT NOT NULL REFERENCES retail_records (id),
    entered INTEGER NOT NULL REFERENCES statistics_releases (number),
    left_in INTEGER REFERENCES statistics_releases (number),
    party_form TEXT NOT NULL,
    flow TEXT NOT NULL,
    reporter TEXT NOT NULL,
    consumer TEXT NOT NULL,
    chapter TEXT NOT NULL,
    year INTEGER NOT NULL,
    month INTEGER NOT NULL,
    value BIGINT NOT NULL,
    net_kg BIGINT NOT NULL,
    seller_id BIGINT NOT NULL,
    PRIMARY KEY (record_id, entered)
);
