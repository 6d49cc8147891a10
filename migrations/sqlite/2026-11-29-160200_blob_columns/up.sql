ALTER TABLE blobs RENAME COLUMN claimed_at TO unused_since;
ALTER TABLE blobs RENAME COLUMN doomed_at TO marked_for_deletion_at;
