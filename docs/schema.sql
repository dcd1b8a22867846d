-- The structure of the database, dumped from the migrations (go test ./app -run Schema -update). The same on SQLite and PostgreSQL;
-- full-text indexes, which each database has in its own way, are left out.

CREATE TABLE schema_migration (
	room TEXT NOT NULL,
	name TEXT NOT NULL,
	sha256 TEXT NOT NULL,
	applied_at BIGINT NOT NULL,
	PRIMARY KEY (room, name)
);

CREATE TABLE web_once (
	id TEXT NOT NULL,
	digest TEXT NOT NULL,
	status BIGINT NOT NULL,
	location TEXT NOT NULL,
	at BIGINT NOT NULL,
	PRIMARY KEY (id)
);
CREATE INDEX ON web_once (at);
