DROP INDEX listings_due;
CREATE INDEX listings_expiry ON listings (expires_at) WHERE state = 'published';
