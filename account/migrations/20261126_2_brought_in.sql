-- The unit whose administrator brought a person in: who looks after somebody who holds no role yet. '' when the installation itself did.
ALTER TABLE person ADD COLUMN unit_id TEXT NOT NULL DEFAULT '';
UPDATE person SET unit_id = COALESCE((SELECT MIN(e.unit_id) FROM audit_entry e WHERE e.record_id = person.id AND e.action = 'account.invite'), '');
