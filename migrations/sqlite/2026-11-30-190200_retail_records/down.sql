DELETE FROM statistics_cells WHERE table_name LIKE 'b2c/%' OR table_name LIKE 'c2c/%';
DROP TABLE statistics_retail_facts;
DROP TABLE retail_records;
