-- A claim walks the jobs of one priority in the order of their times, and reads of those that it may not have no more than the index.
-- What was put aside is found without a look at all that was done.
DROP INDEX jobs_due;
CREATE INDEX jobs_due ON jobs (priority, run_at, id, dest_key, kind) WHERE done_at IS NULL AND dead_at IS NULL;
CREATE INDEX jobs_dead ON jobs (id) WHERE dead_at IS NOT NULL;
