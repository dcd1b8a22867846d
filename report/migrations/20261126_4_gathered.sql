-- The words of the units below as the asking unit edits them, question by question. Every saved state stays, so that two editors' changes are
-- put together and a frozen consolidation finds the words it was frozen with.
CREATE TABLE report_gathered (
	request_id TEXT NOT NULL REFERENCES report_request (id),
	cell TEXT NOT NULL,              -- address of the question in the form
	version BIGINT NOT NULL,
	body TEXT NOT NULL,              -- JSON: the editor's own words, pieces with the submissions they come from
	person_id TEXT NOT NULL,
	at BIGINT NOT NULL,
	PRIMARY KEY (request_id, cell, version)
);

-- Which states of the edited words a frozen consolidation holds.
ALTER TABLE report_consolidation ADD COLUMN texts TEXT NOT NULL DEFAULT '{}';
