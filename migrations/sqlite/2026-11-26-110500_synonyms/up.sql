-- The operator's synonyms, a rule a row, in the order and the words of the file.
CREATE TABLE synonyms (
    place BIGINT NOT NULL PRIMARY KEY,
    rule TEXT NOT NULL
);
