-- What the busiest account did of one kind, be it nothing: without this PostgreSQL reads all of its entries.
CREATE INDEX audit_entry_by_person_action ON audit_entry (person_id, action, id);
