-- A membership grows with every change of its role, so that a change names what it was made of.
ALTER TABLE company_members ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
