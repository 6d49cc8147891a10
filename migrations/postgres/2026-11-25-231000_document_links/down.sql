DROP TABLE document_links;
