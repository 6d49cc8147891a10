ALTER TABLE saved_searches DROP COLUMN mailed_at;
