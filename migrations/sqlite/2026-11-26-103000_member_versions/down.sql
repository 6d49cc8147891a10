ALTER TABLE company_members DROP COLUMN version;
