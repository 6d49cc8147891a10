DROP TABLE moderation_entries;
DROP TABLE reports;
DROP INDEX companies_suspended;
ALTER TABLE quotes DROP COLUMN off_target_at;
ALTER TABLE rfqs DROP COLUMN withdrawn_reason;
ALTER TABLE listings DROP COLUMN removed_reason;
ALTER TABLE companies DROP COLUMN suspended_reason;
