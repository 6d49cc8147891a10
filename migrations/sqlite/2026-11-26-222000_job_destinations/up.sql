-- A claim asks each destination by itself: past one that has enough to do nothing is read, however much waits for it.
DROP INDEX jobs_due;
CREATE INDEX jobs_due ON jobs (priority, dest_key, run_at, id, kind) WHERE done_at IS NULL AND dead_at IS NULL;
