-- An owner is notified of all reveals of a day at once, so the open ones are found by owner.
ALTER TABLE contact_reveals RENAME COLUMN told_at TO notified_at;
DROP INDEX contact_reveals_untold;
CREATE INDEX contact_reveals_unnotified ON contact_reveals (company_id, at) WHERE notified_at IS NULL;
