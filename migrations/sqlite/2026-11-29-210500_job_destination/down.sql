ALTER TABLE jobs RENAME COLUMN destination TO dest_key;
