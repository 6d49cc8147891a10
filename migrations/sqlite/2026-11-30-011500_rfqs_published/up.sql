-- How many RFQs a company published of late.
CREATE INDEX rfqs_published ON rfqs (company_id, published_at);
