-- What is so of the whole installation: that it is a demonstration.
CREATE TABLE app_setting (
	name TEXT PRIMARY KEY,
	value TEXT NOT NULL
);
