DROP TABLE auth_events;
DROP TABLE throttles;
