-- A directive from its first draft to its end. Everything that is written on the paper is in content (JSON), versioned; what lists filter
-- by stands in columns beside it.
CREATE TABLE directive (
	id TEXT PRIMARY KEY,
	unit_id TEXT NOT NULL,           -- the issuing unit
	parent_id TEXT REFERENCES directive (id),  -- the directive above, which this one carries on (cascade)
	root_id TEXT NOT NULL,           -- the topmost directive of the tree; its own id at the top
	replaces_id TEXT REFERENCES directive (id),
	replace_kind TEXT NOT NULL,      -- '', replace, correct
	source_id TEXT,                  -- the incoming document it was read from
	document_id TEXT,                -- the issued document, from issue on
	symbol TEXT NOT NULL,            -- number and symbol, from issue on
	issued_on TEXT,
	issued_at BIGINT,
	state TEXT NOT NULL,             -- draft, submitted, returned, signed, issuing, issued, recalled, completed
	kind TEXT NOT NULL,
	subject TEXT NOT NULL,
	subject_fold TEXT NOT NULL,
	report_words TEXT NOT NULL,
	report_day TEXT,
	report_bound TEXT NOT NULL,
	report_at BIGINT,                -- first instant at which a report is late
	briefing BIGINT NOT NULL,        -- named staff must read and confirm (quán triệt)
	content TEXT NOT NULL,
	signer_id TEXT,                  -- who is to sign, later who signed
	signed_version BIGINT,           -- the version that was signed
	addressees BIGINT NOT NULL,      -- how many units have to act on it
	version BIGINT NOT NULL,
	made_by TEXT NOT NULL,
	made_at BIGINT NOT NULL,
	changed_by TEXT NOT NULL,
	changed_at BIGINT NOT NULL
);
CREATE INDEX directive_unit ON directive (unit_id, state, changed_at);
CREATE INDEX directive_parent ON directive (parent_id);
CREATE INDEX directive_root ON directive (root_id);
CREATE INDEX directive_source ON directive (source_id);
CREATE INDEX directive_document ON directive (document_id);
CREATE INDEX directive_state ON directive (state, issued_at);

-- Every saved version of a draft. Versions of one person within ten minutes are one.
CREATE TABLE directive_version (
	directive_id TEXT NOT NULL REFERENCES directive (id),
	version BIGINT NOT NULL,
	content TEXT NOT NULL,
	person_id TEXT NOT NULL,
	at BIGINT NOT NULL,
	PRIMARY KEY (directive_id, version)
);

-- Who has it: units that have to act, and units that only are to know.
CREATE TABLE directive_addressee (
	directive_id TEXT NOT NULL REFERENCES directive (id),
	unit_id TEXT NOT NULL,
	purpose TEXT NOT NULL,           -- act, know
	received_at BIGINT,
	received_by TEXT,
	cascade_id TEXT REFERENCES directive (id), -- its own directive made from this one
	PRIMARY KEY (directive_id, unit_id)
);
CREATE INDEX directive_addressee_unit ON directive_addressee (unit_id, received_at);

CREATE TABLE directive_event (
	id TEXT PRIMARY KEY,
	directive_id TEXT NOT NULL REFERENCES directive (id),
	kind TEXT NOT NULL,              -- made, submitted, returned, signed, issued, received, cascaded, recalled, replaced, corrected, completed, read
	note TEXT NOT NULL,
	person_id TEXT NOT NULL,
	unit_id TEXT NOT NULL,
	at BIGINT NOT NULL
);
CREATE INDEX directive_event_of ON directive_event (directive_id, at);

CREATE TABLE directive_comment (
	id TEXT PRIMARY KEY,
	directive_id TEXT NOT NULL REFERENCES directive (id),
	text TEXT NOT NULL,
	person_id TEXT NOT NULL,
	at BIGINT NOT NULL
);
CREATE INDEX directive_comment_of ON directive_comment (directive_id, at);

-- Staff of a unit who are to read and confirm.
CREATE TABLE directive_reader (
	directive_id TEXT NOT NULL REFERENCES directive (id),
	unit_id TEXT NOT NULL,
	person_id TEXT NOT NULL,
	named_at BIGINT NOT NULL,
	confirmed_at BIGINT,
	PRIMARY KEY (directive_id, unit_id, person_id)
);
CREATE INDEX directive_reader_person ON directive_reader (person_id, confirmed_at);
