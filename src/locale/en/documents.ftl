### Texts of documents.
