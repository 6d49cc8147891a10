-- How far the search index of each process has followed the change log, so that the log is purged behind the slowest of them.
ALTER TABLE nodes ADD COLUMN applied_seq BIGINT;
ALTER TABLE nodes ADD COLUMN applied_at TIMESTAMP;
