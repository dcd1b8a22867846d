-- A campaign (đợt hưởng ứng Ngày toàn dân phòng, chống mua bán người 30/7): theme, period, what it wants to reach.
CREATE TABLE campaign (
	id TEXT PRIMARY KEY,
	unit_id TEXT NOT NULL,           -- who leads it; units below take part
	title TEXT NOT NULL,
	year BIGINT NOT NULL,
	theme TEXT NOT NULL,             -- chủ đề, '' when not announced
	theme_verified BIGINT NOT NULL,
	from_day TEXT NOT NULL,
	to_day TEXT NOT NULL,
	groups TEXT NOT NULL,            -- JSON: target groups
	state TEXT NOT NULL,             -- open, closed
	version BIGINT NOT NULL,
	made_by TEXT NOT NULL,
	made_at BIGINT NOT NULL
);
CREATE INDEX campaign_unit ON campaign (unit_id, year);

-- Slogans approved for a year. What is not on the list of its year does not go out.
CREATE TABLE campaign_slogan (
	id TEXT PRIMARY KEY,
	year BIGINT NOT NULL,
	text TEXT NOT NULL,
	fold TEXT NOT NULL,              -- for recognising variants
	state TEXT NOT NULL,             -- approved, withdrawn
	source TEXT NOT NULL,
	unit_id TEXT,                    -- approved by; NULL: came with the system
	by_person TEXT NOT NULL,
	at BIGINT NOT NULL
);
CREATE INDEX campaign_slogan_year ON campaign_slogan (year, state);

-- Hotlines with the time in which they answer.
CREATE TABLE campaign_hotline (
	id TEXT PRIMARY KEY,
	number TEXT NOT NULL,            -- digits as dialled, text
	shown TEXT NOT NULL,             -- as printed
	name TEXT NOT NULL,
	area_id TEXT,                    -- NULL: the whole country
	from_day TEXT,
	to_day TEXT,
	successor TEXT NOT NULL,         -- number to call since
	verified BIGINT NOT NULL,
	source TEXT NOT NULL
);
CREATE INDEX campaign_hotline_number ON campaign_hotline (number);

-- What was planned, by kind, with its budget.
CREATE TABLE campaign_plan (
	id TEXT PRIMARY KEY,
	campaign_id TEXT NOT NULL REFERENCES campaign (id),
	unit_id TEXT NOT NULL,
	kind TEXT NOT NULL,
	quantity BIGINT NOT NULL,
	note TEXT NOT NULL,
	central BIGINT NOT NULL,         -- budget lines in đồng: central budget, local budget, aid
	local BIGINT NOT NULL,
	aid BIGINT NOT NULL,
	by_person TEXT NOT NULL,
	at BIGINT NOT NULL
);
CREATE INDEX campaign_plan_of ON campaign_plan (campaign_id, unit_id);

-- What was done. Quantities are in the unit of measure of the kind and never added across kinds.
CREATE TABLE campaign_activity (
	id TEXT PRIMARY KEY,
	unit_id TEXT NOT NULL,           -- the unit that led it; a joint activity counts here alone
	campaign_id TEXT,
	task_id TEXT,
	kind TEXT NOT NULL,
	from_day TEXT NOT NULL,
	to_day TEXT NOT NULL,
	place TEXT NOT NULL,
	title TEXT NOT NULL,
	quantity BIGINT NOT NULL,
	minutes BIGINT,                  -- of broadcasts, beside how often
	people BIGINT,                   -- NULL: not counted, which is not nobody
	women BIGINT,
	minority BIGINT,
	under16 BIGINT,
	from16 BIGINT,                   -- 16 to under 18
	adults BIGINT,
	groups TEXT NOT NULL,            -- JSON: people by group at risk
	central BIGINT NOT NULL,
	local BIGINT NOT NULL,
	aid BIGINT NOT NULL,
	note TEXT NOT NULL,
	state TEXT NOT NULL,             -- done, dropped
	search TEXT NOT NULL,
	version BIGINT NOT NULL,
	made_by TEXT NOT NULL,
	made_at BIGINT NOT NULL
);
CREATE INDEX campaign_activity_unit ON campaign_activity (unit_id, from_day);
CREATE INDEX campaign_activity_kind ON campaign_activity (kind, from_day);
CREATE INDEX campaign_activity_campaign ON campaign_activity (campaign_id, from_day);

-- Units that took part; each confirms.
CREATE TABLE campaign_partner (
	activity_id TEXT NOT NULL REFERENCES campaign_activity (id),
	unit_id TEXT NOT NULL,
	state TEXT NOT NULL,             -- asked, confirmed, declined
	by_person TEXT,
	at BIGINT,
	PRIMARY KEY (activity_id, unit_id)
);
CREATE INDEX campaign_partner_unit ON campaign_partner (unit_id, state);

CREATE TABLE campaign_file (
	id TEXT PRIMARY KEY,
	activity_id TEXT NOT NULL REFERENCES campaign_activity (id),
	name TEXT NOT NULL,
	type TEXT NOT NULL,
	size BIGINT NOT NULL,
	original TEXT NOT NULL,
	shown TEXT,                      -- of a photo the copy that is shown, without place and device
	person_id TEXT NOT NULL,
	at BIGINT NOT NULL
);
CREATE INDEX campaign_file_of ON campaign_file (activity_id, at);
