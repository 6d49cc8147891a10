-- What both sides of a partnership confirmed, by year, currency and direction. A sum of many amounts does not fit a BIGINT of millionths:
-- it stands in whole units and millionths.
CREATE TABLE partnership_totals (
    partnership_id BIGINT NOT NULL REFERENCES partnerships (id),
    year INTEGER NOT NULL,
    currency TEXT NOT NULL,
    direction TEXT NOT NULL,
    records BIGINT NOT NULL,
    value_units BIGINT NOT NULL,
    value_micros BIGINT NOT NULL,
    net_kg_units BIGINT NOT NULL,
    net_kg_micros BIGINT NOT NULL,
    PRIMARY KEY (partnership_id, year, currency, direction)
);

-- Amounts are stored with six decimals each, so the text without its point is the count of millionths.
INSERT INTO partnership_totals
    (partnership_id, year, currency, direction, records, value_units, value_micros, net_kg_units, net_kg_micros)
SELECT partnership_id, year, currency, direction, count(*),
    sum(value / 1000000)::bigint + sum(value % 1000000)::bigint / 1000000, sum(value % 1000000)::bigint % 1000000,
    sum(net_kg / 1000000)::bigint + sum(net_kg % 1000000)::bigint / 1000000, sum(net_kg % 1000000)::bigint % 1000000
FROM (
    SELECT partnership_id,
        substr(coalesce(content::json ->> 'released_on', content::json ->> 'declared_on',
            content::json ->> 'invoice_date'), 1, 4)::integer AS year,
        content::json #>> '{value,currency}' AS currency,
        content::json ->> 'direction' AS direction,
        replace(content::json #>> '{value,amount}', '.', '')::bigint AS value,
        replace(content::json ->> 'net_kg', '.', '')::bigint AS net_kg
    FROM trade_records WHERE state = 'confirmed'
) AS confirmed
GROUP BY partnership_id, year, currency, direction;

-- Whether another record carries the same line of a declaration is asked for each reference that is added or shown.
CREATE INDEX customs_references_number ON customs_references (number);
