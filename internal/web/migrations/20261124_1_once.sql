-- Answers to requests that carried a key, so that a request sent twice is done once. Kept for a week.
CREATE TABLE web_once (
	id TEXT PRIMARY KEY,        -- SHA-256 of person and key
	digest TEXT NOT NULL,       -- SHA-256 of what was sent
	status BIGINT NOT NULL,
	location TEXT NOT NULL,
	at BIGINT NOT NULL
);
CREATE INDEX web_once_at ON web_once (at);
