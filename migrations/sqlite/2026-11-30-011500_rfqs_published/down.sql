DROP INDEX rfqs_published;
