-- The items of its request that a quote was accepted for, as a JSON list of their numbers; null on a request without items.
ALTER TABLE quotes ADD COLUMN awarded_items TEXT;
