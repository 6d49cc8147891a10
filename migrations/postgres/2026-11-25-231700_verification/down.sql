DROP INDEX company_identifiers_claimed;
DROP TABLE verification_requests;
DROP TABLE company_evidence;
