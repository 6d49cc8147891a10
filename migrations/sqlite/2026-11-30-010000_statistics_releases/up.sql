-- Releases of the general-trade statistics. Nothing of a release changes: what stands in several has one row, which says from which release on
-- and until which.
CREATE TABLE statistics_releases (
    number INTEGER NOT NULL PRIMARY KEY,
    covers TEXT NOT NULL,
    published_at TIMESTAMP NOT NULL,
    previous_hash TEXT NOT NULL,
    hash TEXT NOT NULL,
    content TEXT NOT NULL
);

-- The records that the releases hold, as they were counted.
CREATE TABLE statistics_facts (
    record_id BIGINT NOT NULL REFERENCES trade_records (id),
    entered INTEGER NOT NULL REFERENCES statistics_releases (number),
    left_in INTEGER REFERENCES statistics_releases (number),
    flow TEXT NOT NULL,
    reporter TEXT NOT NULL,
    partner TEXT NOT NULL,
    heading TEXT NOT NULL,
    year INTEGER NOT NULL,
    month INTEGER NOT NULL,
    value BIGINT NOT NULL,
    net_kg BIGINT NOT NULL,
    supplier_id BIGINT NOT NULL,
    buyer_id BIGINT NOT NULL,
    PRIMARY KEY (record_id, entered)
);

-- The cells of their tables: a dimension that a cell does not name is empty.
CREATE TABLE statistics_cells (
    table_name TEXT NOT NULL,
    flow TEXT NOT NULL,
    reporter TEXT NOT NULL,
    partner TEXT NOT NULL,
    hs TEXT NOT NULL,
    period TEXT NOT NULL,
    from_release INTEGER NOT NULL REFERENCES statistics_releases (number),
    until_release INTEGER REFERENCES statistics_releases (number),
    vintage INTEGER NOT NULL REFERENCES statistics_releases (number),
    hidden TEXT,
    value_units BIGINT NOT NULL,
    net_kg_units BIGINT NOT NULL,
    records TEXT NOT NULL,
    suppliers TEXT NOT NULL,
    buyers TEXT NOT NULL,
    PRIMARY KEY (table_name, flow, reporter, partner, hs, period, from_release)
);
