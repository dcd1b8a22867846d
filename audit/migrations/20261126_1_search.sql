-- Entries are listed by identifier, which sorts by time: one index serves a filter and its order, however long the log.
DROP INDEX audit_entry_at;
DROP INDEX audit_entry_person;
DROP INDEX audit_entry_unit;
DROP INDEX audit_entry_record;
DROP INDEX audit_entry_action;
CREATE INDEX audit_entry_by_person ON audit_entry (person_id, id);
CREATE INDEX audit_entry_by_unit ON audit_entry (unit_id, id);
CREATE INDEX audit_entry_by_record ON audit_entry (record_id, id);
CREATE INDEX audit_entry_by_action ON audit_entry (action, id);

-- Entries not yet in the tree, so that the sequencer need not look through the whole log. An entry slipped in behind the program's back
-- stands neither here nor in the tree; verify finds it.
CREATE TABLE audit_waiting (
	entry_id TEXT PRIMARY KEY
);
INSERT INTO audit_waiting (entry_id) SELECT e.id FROM audit_entry e WHERE NOT EXISTS (SELECT 1 FROM audit_leaf l WHERE l.entry_id = e.id);
