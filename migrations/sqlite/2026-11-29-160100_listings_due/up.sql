-- A paused listing has a last day too, and a bound state lets no database use a partial index.
DROP INDEX listings_expiry;
CREATE INDEX listings_due ON listings (state, expires_at, id);
