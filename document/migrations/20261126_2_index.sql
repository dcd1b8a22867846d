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

-- Who changed a paper last, for two people who edit at once.
ALTER TABLE document ADD COLUMN changed_at BIGINT;
ALTER TABLE document ADD COLUMN changed_by TEXT;

-- What was thrown away before it was entered: that it was, and why; nothing of the paper.
CREATE TABLE document_refused (
	id TEXT PRIMARY KEY,
	unit_id TEXT NOT NULL,
	reason TEXT NOT NULL,            -- secret, mistake
	refused_at BIGINT NOT NULL,
	refused_by TEXT NOT NULL
);
CREATE INDEX document_refused_unit ON document_refused (unit_id, refused_at);

-- Who has opened a paper (access history, NĐ 30/2020/NĐ-CP, Phụ lục VI).
CREATE TABLE document_reader (
	document_id TEXT NOT NULL REFERENCES document (id),
	person_id TEXT NOT NULL,
	unit_id TEXT NOT NULL,
	first_at BIGINT NOT NULL,
	last_at BIGINT NOT NULL,
	times BIGINT NOT NULL,
	PRIMARY KEY (document_id, person_id)
);
