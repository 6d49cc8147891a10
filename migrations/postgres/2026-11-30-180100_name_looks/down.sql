DROP INDEX companies_name_look;
ALTER TABLE companies DROP COLUMN name_look;
