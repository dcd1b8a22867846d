-- What a report's paper says beside its figures, as it was when it was sent: head, signer, the papers it answers, the reports of other
-- units it rests on. With the submission it gives the same paper years later, whatever units and people are called then.
CREATE TABLE report_head (
	report_id TEXT NOT NULL REFERENCES report (id),
	number BIGINT NOT NULL,
	head TEXT NOT NULL,              -- JSON
	PRIMARY KEY (report_id, number)
);
