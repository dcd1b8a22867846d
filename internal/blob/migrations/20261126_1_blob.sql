-- Contents. The object is named by the id; digest is a keyed hash of the content, NULL when it is sealed under a record's key.
CREATE TABLE blob_content (
	id TEXT PRIMARY KEY,
	digest TEXT UNIQUE,
	type TEXT NOT NULL,
	size BIGINT NOT NULL,
	key_kind TEXT NOT NULL,          -- whose data key seals it: "blob" and its own id, or the record's
	key_id TEXT NOT NULL,
	created_at BIGINT NOT NULL,
	unused_since BIGINT              -- NULL: used
);
CREATE INDEX blob_content_unused ON blob_content (unused_since) WHERE unused_since IS NOT NULL;

-- Which records use a content, and what they call it.
CREATE TABLE blob_use (
	blob TEXT NOT NULL REFERENCES blob_content (id),
	kind TEXT NOT NULL,
	record TEXT NOT NULL,
	name BYTEA NOT NULL,             -- sealed
	used_at BIGINT NOT NULL,
	PRIMARY KEY (blob, kind, record)
);
CREATE INDEX blob_use_record ON blob_use (kind, record, used_at);

-- Uploads that are coming in, in parts, over tus.
CREATE TABLE blob_upload (
	id TEXT PRIMARY KEY,
	person TEXT NOT NULL,
	name BYTEA NOT NULL,             -- sealed
	length BIGINT NOT NULL,
	received BIGINT NOT NULL,
	content TEXT,                    -- set when finished
	created_at BIGINT NOT NULL,
	expires_at BIGINT NOT NULL,
	claimed_at BIGINT
);
CREATE INDEX blob_upload_person ON blob_upload (person);
CREATE INDEX blob_upload_expires ON blob_upload (expires_at);

CREATE TABLE blob_part (
	upload TEXT NOT NULL REFERENCES blob_upload (id),
	start BIGINT NOT NULL,
	size BIGINT NOT NULL,
	object TEXT NOT NULL,
	PRIMARY KEY (upload, start)
);
