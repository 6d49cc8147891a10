DROP TABLE alerts;
DROP TABLE alert_things;
DROP TABLE alert_positions;
