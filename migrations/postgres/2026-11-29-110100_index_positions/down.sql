ALTER TABLE nodes DROP COLUMN applied_at;
ALTER TABLE nodes DROP COLUMN applied_seq;
