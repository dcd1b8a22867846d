-- A report that ended with its unit (state handed_over): the unit that took it over and reads what was written.
ALTER TABLE report ADD COLUMN heir_id TEXT;
