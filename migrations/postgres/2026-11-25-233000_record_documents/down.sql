DELETE FROM partnership_entries WHERE company_id IS NULL;
ALTER TABLE partnership_entries ALTER COLUMN company_id SET NOT NULL;
DROP INDEX trade_records_grade;
DROP TABLE record_reviews;
DROP TABLE record_documents;
