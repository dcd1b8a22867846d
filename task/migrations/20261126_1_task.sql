-- What is asked: one order for all the units it is given to.
CREATE TABLE task_order (
	id TEXT PRIMARY KEY,
	issuer_id TEXT NOT NULL,         -- unit that gives the work and accepts the result
	directive_id TEXT,               -- the directive it comes from; NULL: given by hand
	parent_task_id TEXT,             -- the task of the issuer that this one passes on
	numbering TEXT NOT NULL,         -- place in the directive: II.2
	text TEXT NOT NULL,
	text_fold TEXT NOT NULL,         -- for search
	product TEXT NOT NULL,           -- expected product (sản phẩm), may be ''
	start_day TEXT,
	made_by TEXT NOT NULL,
	made_at BIGINT NOT NULL
);
CREATE INDEX task_order_directive ON task_order (directive_id);
CREATE INDEX task_order_issuer ON task_order (issuer_id, made_at);
CREATE INDEX task_order_parent ON task_order (parent_task_id);

-- One unit's work on an order.
CREATE TABLE task (
	id TEXT PRIMARY KEY,
	order_id TEXT NOT NULL REFERENCES task_order (id),
	issuer_id TEXT NOT NULL,         -- as in the order, for lists
	unit_id TEXT NOT NULL,           -- the lead unit (chủ trì)
	person_id TEXT,                  -- who does it there
	state TEXT NOT NULL,             -- open, doing, submitted, returned, done, cancelled
	due_words TEXT NOT NULL,
	due_day TEXT,
	due_bound TEXT NOT NULL,
	due_at BIGINT,                   -- first instant that is too late
	due_soon_at BIGINT,              -- when to remind before
	submitted_at BIGINT,
	done_at BIGINT,
	escalated_at BIGINT,
	version BIGINT NOT NULL,
	made_at BIGINT NOT NULL
);
CREATE INDEX task_order_of ON task (order_id, unit_id);
CREATE INDEX task_unit ON task (unit_id, state, due_at);
CREATE INDEX task_issuer ON task (issuer_id, state, due_at);
CREATE INDEX task_person ON task (person_id, state);
CREATE INDEX task_due ON task (state, due_at);
CREATE INDEX task_soon ON task (due_soon_at);

-- Units and people beside the lead unit: cooperating units (phối hợp), the person assigned.
CREATE TABLE task_party (
	task_id TEXT NOT NULL REFERENCES task (id),
	holder_id TEXT NOT NULL,
	part TEXT NOT NULL,              -- lead, cooperate, person
	PRIMARY KEY (task_id, holder_id)
);
CREATE INDEX task_party_holder ON task_party (holder_id, task_id);

-- What happened to a task, in order. Never changed.
CREATE TABLE task_note (
	id TEXT PRIMARY KEY,
	task_id TEXT NOT NULL REFERENCES task (id),
	kind TEXT NOT NULL,              -- assigned, started, note, evidence, submitted, returned, accepted, asked, granted, refused, moved, person, cancelled, reminded, escalated
	text TEXT NOT NULL,
	person_id TEXT NOT NULL,
	unit_id TEXT NOT NULL,
	at BIGINT NOT NULL
);
CREATE INDEX task_note_task ON task_note (task_id, at);

CREATE TABLE task_evidence (
	id TEXT PRIMARY KEY,
	task_id TEXT NOT NULL REFERENCES task (id),
	name TEXT NOT NULL,
	type TEXT NOT NULL,
	size BIGINT NOT NULL,
	original TEXT NOT NULL,          -- the file as sent
	shown TEXT,                      -- of a photo the copy that is shown, without place and device
	person_id TEXT NOT NULL,
	at BIGINT NOT NULL,
	dropped_at BIGINT
);
CREATE INDEX task_evidence_task ON task_evidence (task_id, at);

-- Extensions (gia hạn): asked, granted or refused; the former time limit stays.
CREATE TABLE task_extension (
	id TEXT PRIMARY KEY,
	task_id TEXT NOT NULL REFERENCES task (id),
	state TEXT NOT NULL,             -- asked, granted, refused
	reason TEXT NOT NULL,
	until_words TEXT NOT NULL,
	until_day TEXT NOT NULL,
	until_bound TEXT NOT NULL,
	former_words TEXT NOT NULL,
	former_day TEXT,
	former_bound TEXT NOT NULL,
	asked_by TEXT NOT NULL,
	asked_at BIGINT NOT NULL,
	decided_by TEXT,
	decided_at BIGINT,
	answer TEXT NOT NULL
);
CREATE INDEX task_extension_task ON task_extension (task_id, asked_at);

-- Days that are not worked although they are weekdays, and weekend days worked in exchange.
CREATE TABLE task_holiday (
	day TEXT PRIMARY KEY,
	name TEXT NOT NULL,
	works BIGINT NOT NULL,
	verified BIGINT NOT NULL
);

-- Calendar feeds: a secret link each, kept as a hash.
CREATE TABLE task_feed (
	id TEXT PRIMARY KEY,
	secret_hash TEXT NOT NULL,
	person_id TEXT NOT NULL,
	unit_id TEXT,                    -- NULL: the person's own tasks
	made_at BIGINT NOT NULL,
	read_at BIGINT
);
CREATE UNIQUE INDEX task_feed_secret ON task_feed (secret_hash);
CREATE INDEX task_feed_person ON task_feed (person_id);
