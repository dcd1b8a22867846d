-- Areas: the map. Loaded from the embedded file; never edited by people.
CREATE TABLE orgunit_area (
	id TEXT PRIMARY KEY,
	level TEXT NOT NULL              -- province, district, commune
);
CREATE TABLE orgunit_area_version (
	area_id TEXT NOT NULL REFERENCES orgunit_area (id),
	from_day TEXT NOT NULL,          -- '' : since before records began
	to_day TEXT,                     -- last day; NULL: still
	code TEXT NOT NULL,              -- of the General Statistics Office, text with leading zeros; not an identity
	kind TEXT NOT NULL,              -- tinh, thanh_pho_tw, quan, huyen, thi_xa, thanh_pho, xa, phuong, thi_tran, dac_khu
	name TEXT NOT NULL,
	name_fold TEXT NOT NULL,
	name_sort BYTEA NOT NULL,
	parent_id TEXT REFERENCES orgunit_area (id),
	basis TEXT NOT NULL,
	verified BIGINT NOT NULL,
	PRIMARY KEY (area_id, from_day)
);
CREATE INDEX orgunit_area_version_parent ON orgunit_area_version (parent_id, to_day);
CREATE INDEX orgunit_area_version_code ON orgunit_area_version (code);
CREATE INDEX orgunit_area_version_fold ON orgunit_area_version (name_fold);

-- What became what. Extent: whole, main (mainly into), part, unknown.
CREATE TABLE orgunit_area_link (
	from_area TEXT NOT NULL REFERENCES orgunit_area (id),
	to_area TEXT NOT NULL REFERENCES orgunit_area (id),
	on_day TEXT NOT NULL,
	extent TEXT NOT NULL,
	source TEXT NOT NULL,
	PRIMARY KEY (from_area, to_area, on_day)
);
CREATE INDEX orgunit_area_link_to ON orgunit_area_link (to_area);

-- Units: identities and their versions.
CREATE TABLE orgunit (
	id TEXT PRIMARY KEY,
	born_on TEXT NOT NULL,           -- '' : since before records began
	gone_on TEXT,                    -- last day
	version BIGINT NOT NULL          -- counts changes, for stale edits
);
CREATE TABLE orgunit_version (
	id TEXT PRIMARY KEY,
	unit_id TEXT NOT NULL REFERENCES orgunit (id),
	from_day TEXT NOT NULL,
	to_day TEXT,                     -- last day; NULL: still
	name TEXT NOT NULL,
	name_sort BYTEA NOT NULL,
	search TEXT NOT NULL,            -- folded name with its abbreviations written out and the codes
	kind TEXT NOT NULL,
	sector TEXT NOT NULL,
	level TEXT NOT NULL,             -- central, province, district, commune
	internal BIGINT NOT NULL,        -- a division inside its superior (phòng chuyên môn thuộc Sở)
	superior_id TEXT REFERENCES orgunit (id),
	area_id TEXT REFERENCES orgunit_area (id),
	code TEXT NOT NULL,              -- as in Quyết định 20/2020/QĐ-TTg (mã định danh điện tử) or the unit's own; may be ''
	phone TEXT NOT NULL,
	email TEXT NOT NULL,
	address TEXT NOT NULL
);
CREATE UNIQUE INDEX orgunit_version_from ON orgunit_version (unit_id, from_day);
CREATE INDEX orgunit_version_superior ON orgunit_version (superior_id, to_day);
CREATE INDEX orgunit_version_area ON orgunit_version (area_id, kind);
CREATE INDEX orgunit_version_kind ON orgunit_version (kind, sector, level);
CREATE INDEX orgunit_version_code ON orgunit_version (code);

-- The present tree: every unit with each unit above it and itself.
CREATE TABLE orgunit_closure (
	ancestor_id TEXT NOT NULL REFERENCES orgunit (id),
	unit_id TEXT NOT NULL REFERENCES orgunit (id),
	depth BIGINT NOT NULL,
	PRIMARY KEY (ancestor_id, unit_id)
);
CREATE INDEX orgunit_closure_unit ON orgunit_closure (unit_id);

-- What happened to units: establish, change, merge, split, transfer, abolish, takeover.
CREATE TABLE orgunit_event (
	id TEXT PRIMARY KEY,
	kind TEXT NOT NULL,
	on_day TEXT NOT NULL,
	basis TEXT NOT NULL,             -- the paper that orders it
	note TEXT NOT NULL,
	by_person TEXT NOT NULL,
	at BIGINT NOT NULL
);
CREATE TABLE orgunit_event_part (
	event_id TEXT NOT NULL REFERENCES orgunit_event (id),
	from_unit TEXT REFERENCES orgunit (id),
	to_unit TEXT REFERENCES orgunit (id),
	extent TEXT NOT NULL,
	seq BIGINT NOT NULL,
	PRIMARY KEY (event_id, seq)
);
CREATE INDEX orgunit_event_part_from ON orgunit_event_part (from_unit);
CREATE INDEX orgunit_event_part_to ON orgunit_event_part (to_unit);

-- Groups of units saved under a name: the phrase is resolved anew each time, single units stay as they are.
CREATE TABLE orgunit_group (
	id TEXT PRIMARY KEY,
	owner_id TEXT NOT NULL REFERENCES orgunit (id),
	name TEXT NOT NULL,
	phrase TEXT NOT NULL,
	made_by TEXT NOT NULL,
	made_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX orgunit_group_name ON orgunit_group (owner_id, name);
