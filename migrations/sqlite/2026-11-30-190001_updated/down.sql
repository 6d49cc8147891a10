DROP INDEX trade_records_updated;
DROP INDEX matches_updated;
DROP INDEX quotes_updated;
DROP INDEX rfqs_updated;
