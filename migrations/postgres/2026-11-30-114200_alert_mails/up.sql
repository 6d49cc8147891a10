-- When an e-mail told last what a search has found, where it tells at once.
ALTER TABLE saved_searches ADD COLUMN mailed_at TIMESTAMP;
