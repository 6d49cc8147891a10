ALTER TABLE quotes DROP COLUMN awarded_items;
