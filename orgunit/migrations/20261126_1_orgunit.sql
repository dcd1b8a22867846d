-- Events in the order they were written down, and those withdrawn because they were a mistake, with the reason.
ALTER TABLE orgunit_event ADD COLUMN seq BIGINT NOT NULL DEFAULT 0;
ALTER TABLE orgunit_event ADD COLUMN withdrawn TEXT NOT NULL DEFAULT '';
CREATE INDEX orgunit_event_seq ON orgunit_event (seq);
CREATE INDEX orgunit_event_day ON orgunit_event (on_day, seq);

-- Days on which something begins, for changes written down before their day.
CREATE INDEX orgunit_version_day ON orgunit_version (from_day);
CREATE INDEX orgunit_closure_below ON orgunit_closure (ancestor_id, depth);
