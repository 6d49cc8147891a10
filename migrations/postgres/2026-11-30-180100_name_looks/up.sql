-- What names have in common that look alike; the sweep fills it for companies that were stored before.
ALTER TABLE companies ADD COLUMN name_look TEXT;
CREATE INDEX companies_name_look ON companies (name_look);
