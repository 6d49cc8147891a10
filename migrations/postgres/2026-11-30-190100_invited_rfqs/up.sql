-- Who may see a published RFQ: everyone, or the companies that its buyer has invited.
ALTER TABLE rfqs ADD COLUMN visibility TEXT NOT NULL DEFAULT 'public';
-- Whom a buyer has invited to quote, and how far that got.
CREATE TABLE rfq_invitations (
    id BIGINT NOT NULL PRIMARY KEY,
    rfq_id BIGINT NOT NULL REFERENCES rfqs (id),
    supplier_id BIGINT NOT NULL REFERENCES companies (id),
    state TEXT NOT NULL,
    version BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL
);
CREATE UNIQUE INDEX rfq_invitations_once ON rfq_invitations (rfq_id, supplier_id);
CREATE INDEX rfq_invitations_rfq ON rfq_invitations (rfq_id, id);
CREATE INDEX rfq_invitations_supplier ON rfq_invitations (supplier_id, id);
