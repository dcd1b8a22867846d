-- A request for reports: who asks, for which form and period, until when. It mirrors a directive, or comes from a schedule.
CREATE TABLE report_request (
	id TEXT PRIMARY KEY,
	unit_id TEXT NOT NULL,           -- the unit that asks and approves
	directive_id TEXT,
	parent_id TEXT REFERENCES report_request (id), -- the request above, which the asking unit itself has to answer
	root_id TEXT NOT NULL,
	schedule_id TEXT,
	title TEXT NOT NULL,
	title_fold TEXT NOT NULL,
	form_code TEXT NOT NULL,         -- '' : narrative alone
	form_version_id TEXT,
	outline TEXT NOT NULL,
	period_from TEXT,
	period_to TEXT,
	due_words TEXT NOT NULL,
	due_day TEXT,
	due_bound TEXT NOT NULL,
	due_at BIGINT,
	signed BIGINT NOT NULL,          -- a leader must sign
	state TEXT NOT NULL,             -- open, closed, recalled
	owing BIGINT NOT NULL,           -- how many units have to report
	made_by TEXT NOT NULL,
	made_at BIGINT NOT NULL,
	version BIGINT NOT NULL
);
CREATE INDEX report_request_unit ON report_request (unit_id, made_at);
CREATE INDEX report_request_directive ON report_request (directive_id);
CREATE INDEX report_request_parent ON report_request (parent_id);
CREATE INDEX report_request_root ON report_request (root_id);
CREATE INDEX report_request_form ON report_request (form_code, period_to);

-- One unit's report on a request, from owing it to the approved version.
CREATE TABLE report (
	id TEXT PRIMARY KEY,
	request_id TEXT NOT NULL REFERENCES report_request (id),
	asker_id TEXT NOT NULL,          -- the unit that asks, for lists
	unit_id TEXT NOT NULL,           -- the unit that reports
	state TEXT NOT NULL,             -- none, draft, signing, submitted, returned, approved
	nil_return BIGINT NOT NULL,         -- "không phát sinh": a proper answer, neither zero nor silence
	frozen BIGINT NOT NULL,          -- part of a frozen consolidation
	due_words TEXT NOT NULL,
	due_day TEXT,
	due_bound TEXT NOT NULL,
	due_at BIGINT,
	due_soon_at BIGINT,              -- next reminder
	body TEXT NOT NULL,              -- JSON: the values being written
	fills TEXT NOT NULL,             -- JSON: what was filled from where, and why it was corrected
	current BIGINT NOT NULL,         -- number of the last submission, 0: none
	approved BIGINT NOT NULL,        -- number of the approved submission, 0: none
	submitted_at BIGINT,             -- first submission of the present round
	first_at BIGINT,                 -- very first submission, which decides about being late
	approved_at BIGINT,
	escalated_at BIGINT,
	changed_by TEXT,
	changed_at BIGINT,
	version BIGINT NOT NULL
);
CREATE UNIQUE INDEX report_of ON report (request_id, unit_id);
CREATE INDEX report_unit ON report (unit_id, state, due_at);
CREATE INDEX report_asker ON report (asker_id, state);
CREATE INDEX report_soon ON report (due_soon_at);

-- Saved states of a draft, from which two writers' changes are put together. Thrown away at submission.
CREATE TABLE report_draft (
	report_id TEXT NOT NULL REFERENCES report (id),
	version BIGINT NOT NULL,
	body TEXT NOT NULL,
	PRIMARY KEY (report_id, version)
);

-- What was sent: never changed.
CREATE TABLE report_submission (
	report_id TEXT NOT NULL REFERENCES report (id),
	number BIGINT NOT NULL,
	body TEXT NOT NULL,              -- JSON in canonical form
	digest TEXT NOT NULL,
	nil_return BIGINT NOT NULL,
	fills TEXT NOT NULL,
	person_id TEXT NOT NULL,
	signer_id TEXT NOT NULL,
	late BIGINT NOT NULL,
	at BIGINT NOT NULL,
	verdict TEXT NOT NULL,           -- '', approved, returned
	verdict_by TEXT,
	verdict_at BIGINT,
	verdict_note TEXT NOT NULL,
	PRIMARY KEY (report_id, number)
);

CREATE TABLE report_comment (
	id TEXT PRIMARY KEY,
	report_id TEXT NOT NULL REFERENCES report (id),
	number BIGINT NOT NULL,          -- submission it is about, 0: the draft
	cell TEXT NOT NULL,              -- address, '' the whole
	text TEXT NOT NULL,
	person_id TEXT NOT NULL,
	at BIGINT NOT NULL
);
CREATE INDEX report_comment_of ON report_comment (report_id, at);

CREATE TABLE report_file (
	id TEXT PRIMARY KEY,
	report_id TEXT NOT NULL REFERENCES report (id),
	name TEXT NOT NULL,
	type TEXT NOT NULL,
	size BIGINT NOT NULL,
	blob TEXT NOT NULL,
	person_id TEXT NOT NULL,
	at BIGINT NOT NULL
);
CREATE INDEX report_file_of ON report_file (report_id, at);

CREATE TABLE report_event (
	id TEXT PRIMARY KEY,
	report_id TEXT NOT NULL REFERENCES report (id),
	kind TEXT NOT NULL,              -- opened, submitted, returned, approved, unlocked, extension, chased, moved, signing, nothing
	note TEXT NOT NULL,
	person_id TEXT NOT NULL,
	unit_id TEXT NOT NULL,
	at BIGINT NOT NULL
);
CREATE INDEX report_event_of ON report_event (report_id, at);

CREATE TABLE report_extension (
	id TEXT PRIMARY KEY,
	report_id TEXT NOT NULL REFERENCES report (id),
	until_words TEXT NOT NULL,
	until_day TEXT NOT NULL,
	until_bound TEXT NOT NULL,
	former_words TEXT NOT NULL,
	former_day TEXT,
	former_bound TEXT NOT NULL,
	reason TEXT NOT NULL,
	by_person TEXT NOT NULL,
	at BIGINT NOT NULL
);
CREATE INDEX report_extension_of ON report_extension (report_id, at);

-- A frozen consolidation: which submissions went in, and what came out. Never changed; the same bytes again years later.
CREATE TABLE report_consolidation (
	id TEXT PRIMARY KEY,
	request_id TEXT NOT NULL REFERENCES report_request (id),
	number BIGINT NOT NULL,
	members TEXT NOT NULL,           -- JSON: report, unit, submission, digest, in the order of the units
	missing TEXT NOT NULL,           -- JSON: units that did not report
	body TEXT NOT NULL,              -- JSON in canonical form: the consolidated values
	coverage TEXT NOT NULL,
	narrative TEXT NOT NULL,         -- JSON: texts by section with their units
	digest TEXT NOT NULL,
	by_person TEXT NOT NULL,
	at BIGINT NOT NULL
);
CREATE UNIQUE INDEX report_consolidation_of ON report_consolidation (request_id, number);

-- Chasing (đôn đốc): who was reminded when, how and by whom.
CREATE TABLE report_chase (
	id TEXT PRIMARY KEY,
	report_id TEXT NOT NULL REFERENCES report (id),
	kind TEXT NOT NULL,              -- soon, late, escalated, hand, letter
	text TEXT NOT NULL,
	person_id TEXT NOT NULL,
	at BIGINT NOT NULL
);
CREATE INDEX report_chase_of ON report_chase (report_id, at);

-- Reports asked for again and again.
CREATE TABLE report_schedule (
	id TEXT PRIMARY KEY,
	unit_id TEXT NOT NULL,
	title TEXT NOT NULL,
	form_code TEXT NOT NULL,
	every TEXT NOT NULL,             -- month, quarter, half, year
	addressees TEXT NOT NULL,        -- in the words of papers
	days BIGINT NOT NULL,            -- how many days after the period's last day the reports are due
	signed BIGINT NOT NULL,
	active BIGINT NOT NULL,
	last_to TEXT,                    -- last day of the last period asked for
	made_by TEXT NOT NULL,
	made_at BIGINT NOT NULL,
	version BIGINT NOT NULL
);
CREATE INDEX report_schedule_unit ON report_schedule (unit_id);
