-- The images of a listing, in their order, as one JSON array, and how many bytes they take together.
ALTER TABLE listings ADD COLUMN images TEXT NOT NULL DEFAULT '[]';
ALTER TABLE listings ADD COLUMN image_bytes BIGINT NOT NULL DEFAULT 0;
CREATE INDEX listings_image_bytes ON listings (company_id, image_bytes) WHERE image_bytes > 0;
