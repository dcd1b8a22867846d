-- A form with the unit that wrote it; NULL: it came with the system.
CREATE TABLE formbook_form (
	id TEXT PRIMARY KEY,
	code TEXT NOT NULL,              -- as in its definitions; unique, so that others can name it
	unit_id TEXT,
	title TEXT NOT NULL,             -- Vietnamese, of the newest version, for lists
	title_fold TEXT NOT NULL,
	period TEXT NOT NULL,            -- campaign, month, quarter, half_year, year, '' any
	copied_from TEXT,                -- the version it began as
	created_at BIGINT NOT NULL,
	created_by TEXT NOT NULL
);
CREATE UNIQUE INDEX formbook_form_code ON formbook_form (code);
CREATE INDEX formbook_form_unit ON formbook_form (unit_id);

-- One state of its definition. Published and closed ones are never changed.
CREATE TABLE formbook_version (
	id TEXT PRIMARY KEY,
	form_id TEXT NOT NULL REFERENCES formbook_form (id),
	number BIGINT,                   -- 1, 2 … in the order of publishing; NULL: a draft
	state TEXT NOT NULL,             -- draft, published, closed
	definition TEXT NOT NULL,
	digest TEXT NOT NULL,            -- SHA-256 of the definition
	figures BIGINT NOT NULL,         -- how many figures it has, for lists
	note TEXT NOT NULL,              -- what changed, written when publishing
	edit BIGINT NOT NULL,            -- counts saves of a draft
	made_at BIGINT NOT NULL,
	made_by TEXT NOT NULL,
	published_at BIGINT,
	published_by TEXT,
	closed_at BIGINT,
	closed_by TEXT
);
CREATE UNIQUE INDEX formbook_version_number ON formbook_version (form_id, number);
CREATE UNIQUE INDEX formbook_version_draft ON formbook_version (form_id) WHERE state = 'draft';
