ALTER TABLE blobs RENAME COLUMN marked_for_deletion_at TO doomed_at;
ALTER TABLE blobs RENAME COLUMN unused_since TO claimed_at;
