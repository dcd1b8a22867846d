-- Chase letters (công văn đôn đốc) as they were drafted: what the paper says, so that it says the same whenever it is taken again.
CREATE TABLE report_letter (
	id TEXT PRIMARY KEY,
	request_id TEXT NOT NULL REFERENCES report_request (id),
	number BIGINT NOT NULL,          -- the how manieth of the request
	body TEXT NOT NULL,              -- JSON
	person_id TEXT NOT NULL,
	at BIGINT NOT NULL
);
CREATE UNIQUE INDEX report_letter_of ON report_letter (request_id, number);

-- What units were called when their figures were frozen: a history of names that is corrected later changes nothing in it.
ALTER TABLE report_consolidation ADD COLUMN names TEXT NOT NULL DEFAULT '{}';
