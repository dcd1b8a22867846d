-- The words by which a unit is found: of all its names, past ones too, its codes and the abbreviations of them. Bytes, so that both
-- databases order them alike and a prefix is a range.
CREATE TABLE orgunit_word (
	word BYTEA NOT NULL,
	unit_id TEXT NOT NULL REFERENCES orgunit (id),
	PRIMARY KEY (word, unit_id)
);
CREATE INDEX orgunit_word_unit ON orgunit_word (unit_id, word);
