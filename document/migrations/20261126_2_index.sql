-- Contents are recognised by the store of files, which keeps one content once: no digest stands here in the clear.
DROP INDEX document_file_sha256;
ALTER TABLE document_file DROP COLUMN sha256;
CREATE INDEX document_file_blob ON document_file (blob);

-- The full-text index holds words and pairs of neighbouring words without places: phrases are pairs, and a search in which nearly every
-- paper is found stays quick. What it held is put back by the job document.index.
DROP TABLE document_fts;
-- only: sqlite
CREATE VIRTUAL TABLE document_fts USING fts5 (words, content = '', contentless_delete = 1, detail = none, tokenize = "unicode61 remove_diacritics 0 tokenchars '_^'");
-- only: postgres
CREATE TABLE document_fts (search_key BIGINT PRIMARY KEY, words TSVECTOR NOT NULL);
CREATE INDEX document_fts_words ON document_fts USING GIN (words);
-- both
