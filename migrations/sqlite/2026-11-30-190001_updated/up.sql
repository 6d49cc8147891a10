-- Who keeps a copy asks for what was changed since the last time.
CREATE INDEX rfqs_updated ON rfqs (company_id, updated_at, id);
CREATE INDEX quotes_updated ON quotes (supplier_id, updated_at, id);
CREATE INDEX matches_updated ON matches (supplier_id, updated_at, id);
CREATE INDEX trade_records_updated ON trade_records (partnership_id, updated_at, id);
