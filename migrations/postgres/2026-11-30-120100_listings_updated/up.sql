-- Who keeps a copy of a catalogue asks for what was changed since the last time.
CREATE INDEX listings_updated ON listings (company_id, updated_at, id);
