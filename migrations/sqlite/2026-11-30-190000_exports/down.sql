DROP INDEX rfq_questions_company;
DROP TABLE exports;
