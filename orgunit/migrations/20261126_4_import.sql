-- Lists of units that people sent in: looked at first, then carried out by a job. The cells go when all is done.
CREATE TABLE orgunit_import (
	id TEXT PRIMARY KEY,
	by_person TEXT NOT NULL,
	by_unit TEXT NOT NULL,
	at BIGINT NOT NULL,
	on_day TEXT NOT NULL,            -- from which changes hold
	basis TEXT NOT NULL,
	file_name TEXT NOT NULL,
	list TEXT NOT NULL,              -- the cells, JSON
	job_id TEXT NOT NULL,            -- '' : not confirmed yet
	new_units BIGINT NOT NULL,       -- as confirmed
	changed_units BIGINT NOT NULL,
	same_units BIGINT NOT NULL
);
