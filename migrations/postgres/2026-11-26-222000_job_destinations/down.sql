DROP INDEX jobs_due;
CREATE INDEX jobs_due ON jobs (priority, run_at, id, dest_key, kind) WHERE done_at IS NULL AND dead_at IS NULL;
