### Texts of documents.

## Errors
documents-must-not-be-empty = must not be empty
documents-must-be-kind = must be a { $kinds } file by its content; files with macros are not taken
documents-too-many = is one too many: a company has at most { $most } documents; delete those that nothing has attached
documents-full = does not fit: the company's documents may have { $most } MiB together
documents-attached = The document is attached to something; it stays as long as that does.
documents-must-be-own = must be a document that your company uploaded
