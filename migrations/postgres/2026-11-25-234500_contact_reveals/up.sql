-- Who looked at the contact people of which company; a line is written once, and told to the owner in a daily letter.
CREATE TABLE contact_reveals (
    id BIGINT NOT NULL PRIMARY KEY,
    company_id BIGINT NOT NULL REFERENCES companies (id),
    viewer_id BIGINT NOT NULL REFERENCES companies (id),
    person_id BIGINT REFERENCES people (id),
    ground TEXT NOT NULL,
    at TIMESTAMP NOT NULL,
    told_at TIMESTAMP
);
CREATE INDEX contact_reveals_company ON contact_reveals (company_id, id);
CREATE INDEX contact_reveals_viewer ON contact_reveals (viewer_id, at);
CREATE INDEX contact_reveals_untold ON contact_reveals (at) WHERE told_at IS NULL;
