-- Protected records opened for a stated reason, and glass broken in an emergency with its review.
CREATE TABLE opening (
	id TEXT PRIMARY KEY,
	person_id TEXT NOT NULL REFERENCES person (id),
	session_id TEXT NOT NULL,        -- a reason counts in its session; broken glass in all of the person's
	unit_id TEXT NOT NULL,           -- the unit the person worked for
	kind TEXT NOT NULL,              -- of the record: case
	record_id TEXT NOT NULL,
	record_unit TEXT NOT NULL,       -- its owning unit then
	permission TEXT NOT NULL,        -- what was opened: case.read
	emergency BIGINT NOT NULL,
	reason TEXT NOT NULL,            -- holds no personal data of victims: the form says so
	at BIGINT NOT NULL,
	until BIGINT NOT NULL,
	ended_at BIGINT,                 -- given back before its time
	reviewed_at BIGINT,
	reviewed_by TEXT,
	verdict TEXT,                    -- justified, unjustified
	remark TEXT
);
CREATE INDEX opening_person ON opening (person_id, until);
CREATE INDEX opening_record ON opening (record_id, at);
CREATE INDEX opening_review ON opening (emergency, reviewed_at, id);
