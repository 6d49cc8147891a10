DROP TABLE account_tokens;
ALTER TABLE people DROP COLUMN confirmed_at;
