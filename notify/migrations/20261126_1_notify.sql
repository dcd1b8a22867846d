-- One row a notice, not one a reader: a directive to 11,000 units is 11,000 rows whoever works there.
CREATE TABLE notify_notice (
	id TEXT PRIMARY KEY,
	to_id TEXT NOT NULL,             -- the unit or the person it is for
	unit_id TEXT NOT NULL,           -- the unit, or '' when it is for a person
	needs TEXT NOT NULL,             -- permission that makes a person of the unit a reader; '' when it is for a person
	kind TEXT NOT NULL,              -- task.assigned
	word TEXT NOT NULL,              -- catalogue key of the sentence
	args TEXT NOT NULL,              -- JSON, its arguments with their types; no personal data of victims
	path TEXT NOT NULL,              -- where it leads
	urgent BIGINT NOT NULL,
	at BIGINT NOT NULL,
	fanned_at BIGINT                 -- when its deliveries by other channels were decided
);
CREATE INDEX notify_notice_to ON notify_notice (to_id, id);
CREATE INDEX notify_notice_waiting ON notify_notice (id) WHERE fanned_at IS NULL;
CREATE INDEX notify_notice_at ON notify_notice (at);

-- Who has read what, above the line of notify_reader.
CREATE TABLE notify_read (
	person_id TEXT NOT NULL,
	notice_id TEXT NOT NULL,
	at BIGINT NOT NULL,
	PRIMARY KEY (person_id, notice_id)
);

-- Everything below the line counts as read.
CREATE TABLE notify_reader (
	person_id TEXT PRIMARY KEY,
	line TEXT NOT NULL               -- the least identifier that may still be unread
);
