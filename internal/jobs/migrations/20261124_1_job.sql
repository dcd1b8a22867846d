-- Work to be done outside requests. due_at is when somebody may take the row: for a waiting job its time, for a running one the end of
-- its lease, for a finished one NULL, so that one small index serves claiming, retries and taking over from the dead.
CREATE TABLE job (
	id TEXT PRIMARY KEY,
	kind TEXT NOT NULL,
	payload TEXT NOT NULL,
	state TEXT NOT NULL,
	priority BIGINT NOT NULL,
	due_at BIGINT,
	scheduled_at BIGINT NOT NULL,
	unique_key TEXT,
	again BIGINT NOT NULL,
	unit TEXT,
	person TEXT,
	attempt BIGINT NOT NULL,
	fence BIGINT NOT NULL,
	node TEXT,
	created_at BIGINT NOT NULL,
	started_at BIGINT,
	finished_at BIGINT,
	failure TEXT,
	reason TEXT,
	progress_done BIGINT NOT NULL,
	progress_total BIGINT NOT NULL,
	progress_note TEXT
);
CREATE INDEX job_due ON job (priority, due_at, id) WHERE due_at IS NOT NULL;
CREATE UNIQUE INDEX job_key ON job (kind, unique_key) WHERE state IN ('waiting', 'running');
CREATE INDEX job_state ON job (state, finished_at, id);
CREATE INDEX job_person ON job (person, id);
CREATE INDEX job_unit ON job (unit, id);

-- The last tick of each line of the timetable that was turned into a job.
CREATE TABLE job_tick (
	name TEXT PRIMARY KEY,
	tick BIGINT NOT NULL
);
-- only: postgres
-- Rows live for seconds and change three times: clean early, or each claim walks over the dead.
ALTER TABLE job SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 500, fillfactor = 70);
-- both
