ALTER TABLE jobs RENAME COLUMN dest_key TO destination;
