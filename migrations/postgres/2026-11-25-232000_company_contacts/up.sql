-- The people whom a company lets others reach, once it chooses to: private, in no list and no index. `content` is the validated document.
CREATE TABLE company_contacts (
    id BIGINT NOT NULL PRIMARY KEY,
    company_id BIGINT NOT NULL REFERENCES companies (id),
    content TEXT NOT NULL,
    version BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL
);
CREATE INDEX company_contacts_company ON company_contacts (company_id, id);
