-- Key rings: Tink keysets wrapped by the key file. One row "record" (wraps data keys), one row "index" (blind indexes).
CREATE TABLE seal_ring (
	name TEXT PRIMARY KEY,
	keyset BYTEA NOT NULL,
	kek BIGINT NOT NULL,             -- number of the key in the key file that wraps it
	version BIGINT NOT NULL,
	changed_at BIGINT NOT NULL
);

-- One data key for each sealed record. A destroyed one stays as a tombstone: its record can never be sealed again.
CREATE TABLE seal_key (
	kind TEXT NOT NULL,
	id TEXT NOT NULL,
	wrapped BYTEA,                   -- NULL: destroyed
	master BIGINT NOT NULL,          -- number of the key in ring "record" that wraps it
	created_at BIGINT NOT NULL,
	destroyed_at BIGINT,
	PRIMARY KEY (kind, id)
);
CREATE INDEX seal_key_master ON seal_key (master) WHERE destroyed_at IS NULL;
CREATE INDEX seal_key_destroyed ON seal_key (destroyed_at) WHERE destroyed_at IS NOT NULL;
