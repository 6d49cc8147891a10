DROP INDEX customs_references_number;
DROP TABLE partnership_totals;
