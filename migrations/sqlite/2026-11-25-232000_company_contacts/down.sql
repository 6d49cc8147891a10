DROP TABLE company_contacts;
