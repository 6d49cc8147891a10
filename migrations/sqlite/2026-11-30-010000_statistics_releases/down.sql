DROP TABLE statistics_cells;
DROP TABLE statistics_facts;
DROP TABLE statistics_releases;
