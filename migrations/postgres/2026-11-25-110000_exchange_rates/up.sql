-- Reference rates by day: how much of a currency one unit of the base is worth, in millionths.
CREATE TABLE exchange_rates (
    day DATE NOT NULL,
    currency TEXT NOT NULL,
    base TEXT NOT NULL,
    source TEXT NOT NULL,
    per_base_micros BIGINT NOT NULL,
    PRIMARY KEY (day, currency)
);
