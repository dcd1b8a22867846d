-- What was done. Never changed, never deleted: the triggers below refuse it.
CREATE TABLE audit_entry (
	id TEXT PRIMARY KEY,
	at BIGINT NOT NULL,
	action TEXT NOT NULL,            -- the permission or event: directive.issue, account.sign_in
	person_id TEXT NOT NULL,         -- '' for the public
	person_name TEXT NOT NULL,       -- as it was then
	unit_id TEXT NOT NULL,
	delegated_by TEXT NOT NULL,      -- person whose role was used by delegation, or ''
	purpose TEXT NOT NULL,           -- the reason given for protected records, or ''
	record_kind TEXT NOT NULL,
	record_id TEXT NOT NULL,
	change TEXT NOT NULL,            -- JSON {"field": ["before", "after"]}, personal values masked
	ref TEXT NOT NULL                -- reference number of the request
);
CREATE INDEX audit_entry_at ON audit_entry (at);
CREATE INDEX audit_entry_person ON audit_entry (person_id, at);
CREATE INDEX audit_entry_unit ON audit_entry (unit_id, at);
CREATE INDEX audit_entry_record ON audit_entry (record_kind, record_id, at);
CREATE INDEX audit_entry_action ON audit_entry (action, at);

-- The place of each entry in the log.
CREATE TABLE audit_leaf (
	seq BIGINT PRIMARY KEY,
	entry_id TEXT NOT NULL UNIQUE REFERENCES audit_entry (id),
	hash BYTEA NOT NULL
);

-- Hashes of the tree in tlog's storage order.
CREATE TABLE audit_node (
	idx BIGINT PRIMARY KEY,
	hash BYTEA NOT NULL
);

-- Signed heads.
CREATE TABLE audit_head (
	size BIGINT PRIMARY KEY,
	at BIGINT NOT NULL,
	note TEXT NOT NULL               -- the signed text, as exported
);

-- only: sqlite
CREATE TRIGGER audit_entry_keep_u BEFORE UPDATE ON audit_entry BEGIN SELECT RAISE(ABORT, 'audit entries are never changed'); END;
CREATE TRIGGER audit_entry_keep_d BEFORE DELETE ON audit_entry BEGIN SELECT RAISE(ABORT, 'audit entries are never deleted'); END;
CREATE TRIGGER audit_leaf_keep_u BEFORE UPDATE ON audit_leaf BEGIN SELECT RAISE(ABORT, 'the audit log is never changed'); END;
CREATE TRIGGER audit_leaf_keep_d BEFORE DELETE ON audit_leaf BEGIN SELECT RAISE(ABORT, 'the audit log is never changed'); END;
CREATE TRIGGER audit_node_keep_u BEFORE UPDATE ON audit_node BEGIN SELECT RAISE(ABORT, 'the audit log is never changed'); END;
CREATE TRIGGER audit_node_keep_d BEFORE DELETE ON audit_node BEGIN SELECT RAISE(ABORT, 'the audit log is never changed'); END;
CREATE TRIGGER audit_head_keep_u BEFORE UPDATE ON audit_head BEGIN SELECT RAISE(ABORT, 'the audit log is never changed'); END;
CREATE TRIGGER audit_head_keep_d BEFORE DELETE ON audit_head BEGIN SELECT RAISE(ABORT, 'the audit log is never changed'); END;
-- only: postgres
CREATE FUNCTION audit_keep() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'the audit log is never changed'; END $$;
CREATE TRIGGER audit_entry_keep BEFORE UPDATE OR DELETE ON audit_entry FOR EACH ROW EXECUTE FUNCTION audit_keep();
CREATE TRIGGER audit_entry_keep_t BEFORE TRUNCATE ON audit_entry FOR EACH STATEMENT EXECUTE FUNCTION audit_keep();
CREATE TRIGGER audit_leaf_keep BEFORE UPDATE OR DELETE ON audit_leaf FOR EACH ROW EXECUTE FUNCTION audit_keep();
CREATE TRIGGER audit_leaf_keep_t BEFORE TRUNCATE ON audit_leaf FOR EACH STATEMENT EXECUTE FUNCTION audit_keep();
CREATE TRIGGER audit_node_keep BEFORE UPDATE OR DELETE ON audit_node FOR EACH ROW EXECUTE FUNCTION audit_keep();
CREATE TRIGGER audit_head_keep BEFORE UPDATE OR DELETE ON audit_head FOR EACH ROW EXECUTE FUNCTION audit_keep();
-- both
