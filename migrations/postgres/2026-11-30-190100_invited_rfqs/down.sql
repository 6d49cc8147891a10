DROP TABLE rfq_invitations;
ALTER TABLE rfqs DROP COLUMN visibility;
