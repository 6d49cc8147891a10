DROP INDEX listings_image_bytes;
ALTER TABLE listings DROP COLUMN image_bytes;
ALTER TABLE listings DROP COLUMN images;
