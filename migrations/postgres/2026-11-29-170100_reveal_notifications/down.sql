DROP INDEX contact_reveals_unnotified;
ALTER TABLE contact_reveals RENAME COLUMN notified_at TO told_at;
CREATE INDEX contact_reveals_untold ON contact_reveals (at) WHERE told_at IS NULL;
