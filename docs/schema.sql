-- The structure of the database, dumped from the migrations (go test ./app -run Schema -update). The same on SQLite and PostgreSQL;
-- full-text indexes, which each database has in its own way, are left out.

CREATE TABLE app_setting (
	name TEXT NOT NULL,
	value TEXT NOT NULL,
	PRIMARY KEY (name)
);

CREATE TABLE audit_entry (
	id TEXT NOT NULL,
	at BIGINT NOT NULL,
	action TEXT NOT NULL,
	person_id TEXT NOT NULL,
	person_name TEXT NOT NULL,
	unit_id TEXT NOT NULL,
	delegated_by TEXT NOT NULL,
	purpose TEXT NOT NULL,
	record_kind TEXT NOT NULL,
	record_id TEXT NOT NULL,
	change TEXT NOT NULL,
	ref TEXT NOT NULL,
	PRIMARY KEY (id)
);
CREATE INDEX ON audit_entry (action, id);
CREATE INDEX ON audit_entry (person_id, action, id);
CREATE INDEX ON audit_entry (person_id, id);
CREATE INDEX ON audit_entry (record_id, id);
CREATE INDEX ON audit_entry (unit_id, id);

CREATE TABLE audit_head (
	size BIGINT NOT NULL,
	at BIGINT NOT NULL,
	note TEXT NOT NULL,
	PRIMARY KEY (size)
);

CREATE TABLE audit_leaf (
	seq BIGINT NOT NULL,
	entry_id TEXT NOT NULL,
	hash BYTEA NOT NULL,
	PRIMARY KEY (seq),
	FOREIGN KEY (entry_id) REFERENCES audit_entry (id)
);
CREATE UNIQUE INDEX ON audit_leaf (entry_id);

CREATE TABLE audit_node (
	idx BIGINT NOT NULL,
	hash BYTEA NOT NULL,
	PRIMARY KEY (idx)
);

CREATE TABLE audit_waiting (
	entry_id TEXT NOT NULL,
	PRIMARY KEY (entry_id)
);

CREATE TABLE blob_content (
	id TEXT NOT NULL,
	digest TEXT,
	type TEXT NOT NULL,
	size BIGINT NOT NULL,
	key_kind TEXT NOT NULL,
	key_id TEXT NOT NULL,
	created_at BIGINT NOT NULL,
	unused_since BIGINT,
	PRIMARY KEY (id)
);
CREATE UNIQUE INDEX ON blob_content (digest);
CREATE INDEX ON blob_content (unused_since); -- partial

CREATE TABLE blob_part (
	upload TEXT NOT NULL,
	start BIGINT NOT NULL,
	size BIGINT NOT NULL,
	object TEXT NOT NULL,
	PRIMARY KEY (upload, start),
	FOREIGN KEY (upload) REFERENCES blob_upload (id)
);

CREATE TABLE blob_upload (
	id TEXT NOT NULL,
	person TEXT NOT NULL,
	name BYTEA NOT NULL,
	length BIGINT NOT NULL,
	received BIGINT NOT NULL,
	content TEXT,
	created_at BIGINT NOT NULL,
	expires_at BIGINT NOT NULL,
	claimed_at BIGINT,
	meta BYTEA,
	PRIMARY KEY (id)
);
CREATE INDEX ON blob_upload (expires_at);
CREATE INDEX ON blob_upload (person);

CREATE TABLE blob_use (
	blob TEXT NOT NULL,
	kind TEXT NOT NULL,
	record TEXT NOT NULL,
	name BYTEA NOT NULL,
	used_at BIGINT NOT NULL,
	PRIMARY KEY (blob, kind, record),
	FOREIGN KEY (blob) REFERENCES blob_content (id)
);
CREATE INDEX ON blob_use (kind, record, used_at);

CREATE TABLE campaign (
	id TEXT NOT NULL,
	unit_id TEXT NOT NULL,
	title TEXT NOT NULL,
	year BIGINT NOT NULL,
	theme TEXT NOT NULL,
	theme_verified BIGINT NOT NULL,
	from_day TEXT NOT NULL,
	to_day TEXT NOT NULL,
	groups TEXT NOT NULL,
	state TEXT NOT NULL,
	version BIGINT NOT NULL,
	made_by TEXT NOT NULL,
	made_at BIGINT NOT NULL,
	theme_source TEXT NOT NULL DEFAULT '',
	channels TEXT NOT NULL DEFAULT '[]',
	directives TEXT NOT NULL DEFAULT '[]',
	PRIMARY KEY (id)
);
CREATE INDEX ON campaign (unit_id, year);

CREATE TABLE campaign_activity (
	id TEXT NOT NULL,
	unit_id TEXT NOT NULL,
	campaign_id TEXT,
	task_id TEXT,
	kind TEXT NOT NULL,
	from_day TEXT NOT NULL,
	to_day TEXT NOT NULL,
	place TEXT NOT NULL,
	title TEXT NOT NULL,
	quantity BIGINT NOT NULL,
	minutes BIGINT,
	people BIGINT,
	women BIGINT,
	minority BIGINT,
	under16 BIGINT,
	from16 BIGINT,
	adults BIGINT,
	groups TEXT NOT NULL,
	central BIGINT NOT NULL,
	local BIGINT NOT NULL,
	aid BIGINT NOT NULL,
	note TEXT NOT NULL,
	state TEXT NOT NULL,
	search TEXT NOT NULL,
	version BIGINT NOT NULL,
	made_by TEXT NOT NULL,
	made_at BIGINT NOT NULL,
	PRIMARY KEY (id)
);
CREATE INDEX ON campaign_activity (campaign_id, from_day);
CREATE INDEX ON campaign_activity (kind, from_day);
CREATE INDEX ON campaign_activity (unit_id, from_day);

CREATE TABLE campaign_file (
	id TEXT NOT NULL,
	activity_id TEXT NOT NULL,
	name TEXT NOT NULL,
	type TEXT NOT NULL,
	size BIGINT NOT NULL,
	original TEXT NOT NULL,
	shown TEXT,
	person_id TEXT NOT NULL,
	at BIGINT NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY (activity_id) REFERENCES campaign_activity (id)
);
CREATE INDEX ON campaign_file (activity_id, at);

CREATE TABLE campaign_hotline (
	id TEXT NOT NULL,
	number TEXT NOT NULL,
	shown TEXT NOT NULL,
	name TEXT NOT NULL,
	area_id TEXT,
	from_day TEXT,
	to_day TEXT,
	successor TEXT NOT NULL,
	verified BIGINT NOT NULL,
	source TEXT NOT NULL,
	PRIMARY KEY (id)
);
CREATE INDEX ON campaign_hotline (number);

CREATE TABLE campaign_partner (
	activity_id TEXT NOT NULL,
	unit_id TEXT NOT NULL,
	state TEXT NOT NULL,
	by_person TEXT,
	at BIGINT,
	PRIMARY KEY (activity_id, unit_id),
	FOREIGN KEY (activity_id) REFERENCES campaign_activity (id)
);
CREATE INDEX ON campaign_partner (unit_id, state);

CREATE TABLE campaign_plan (
	id TEXT NOT NULL,
	campaign_id TEXT NOT NULL,
	unit_id TEXT NOT NULL,
	kind TEXT NOT NULL,
	quantity BIGINT NOT NULL,
	note TEXT NOT NULL,
	central BIGINT NOT NULL,
	local BIGINT NOT NULL,
	aid BIGINT NOT NULL,
	by_person TEXT NOT NULL,
	at BIGINT NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY (campaign_id) REFERENCES campaign (id)
);
CREATE INDEX ON campaign_plan (campaign_id, unit_id);

CREATE TABLE campaign_slogan (
	id TEXT NOT NULL,
	year BIGINT NOT NULL,
	text TEXT NOT NULL,
	fold TEXT NOT NULL,
	state TEXT NOT NULL,
	source TEXT NOT NULL,
	unit_id TEXT,
	by_person TEXT NOT NULL,
	at BIGINT NOT NULL,
	PRIMARY KEY (id)
);
CREATE INDEX ON campaign_slogan (year, state);

CREATE TABLE ceremony (
	id TEXT NOT NULL,
	kind TEXT NOT NULL,
	person_id TEXT NOT NULL,
	data TEXT NOT NULL,
	expires_at BIGINT NOT NULL,
	PRIMARY KEY (id)
);
CREATE INDEX ON ceremony (expires_at);

CREATE TABLE directive (
	id TEXT NOT NULL,
	unit_id TEXT NOT NULL,
	parent_id TEXT,
	root_id TEXT NOT NULL,
	replaces_id TEXT,
	replace_kind TEXT NOT NULL,
	source_id TEXT,
	document_id TEXT,
	symbol TEXT NOT NULL,
	issued_on TEXT,
	issued_at BIGINT,
	state TEXT NOT NULL,
	kind TEXT NOT NULL,
	subject TEXT NOT NULL,
	subject_fold TEXT NOT NULL,
	report_words TEXT NOT NULL,
	report_day TEXT,
	report_bound TEXT NOT NULL,
	report_at BIGINT,
	briefing BIGINT NOT NULL,
	content TEXT NOT NULL,
	signer_id TEXT,
	signed_version BIGINT,
	addressees BIGINT NOT NULL,
	version BIGINT NOT NULL,
	made_by TEXT NOT NULL,
	made_at BIGINT NOT NULL,
	changed_by TEXT NOT NULL,
	changed_at BIGINT NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY (parent_id) REFERENCES directive (id),
	FOREIGN KEY (replaces_id) REFERENCES directive (id)
);
CREATE INDEX ON directive (document_id);
CREATE INDEX ON directive (parent_id);
CREATE INDEX ON directive (root_id);
CREATE INDEX ON directive (source_id);
CREATE INDEX ON directive (state, issued_at);
CREATE INDEX ON directive (unit_id, state, changed_at);

CREATE TABLE directive_addressee (
	directive_id TEXT NOT NULL,
	unit_id TEXT NOT NULL,
	purpose TEXT NOT NULL,
	received_at BIGINT,
	received_by TEXT,
	cascade_id TEXT,
	PRIMARY KEY (directive_id, unit_id),
	FOREIGN KEY (cascade_id) REFERENCES directive (id),
	FOREIGN KEY (directive_id) REFERENCES directive (id)
);
CREATE INDEX ON directive_addressee (unit_id, received_at);

CREATE TABLE directive_comment (
	id TEXT NOT NULL,
	directive_id TEXT NOT NULL,
	text TEXT NOT NULL,
	person_id TEXT NOT NULL,
	at BIGINT NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY (directive_id) REFERENCES directive (id)
);
CREATE INDEX ON directive_comment (directive_id, at);

CREATE TABLE directive_event (
	id TEXT NOT NULL,
	directive_id TEXT NOT NULL,
	kind TEXT NOT NULL,
	note TEXT NOT NULL,
	person_id TEXT NOT NULL,
	unit_id TEXT NOT NULL,
	at BIGINT NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY (directive_id) REFERENCES directive (id)
);
CREATE INDEX ON directive_event (directive_id, at);

CREATE TABLE directive_reader (
	directive_id TEXT NOT NULL,
	unit_id TEXT NOT NULL,
	person_id TEXT NOT NULL,
	named_at BIGINT NOT NULL,
	confirmed_at BIGINT,
	PRIMARY KEY (directive_id, unit_id, person_id),
	FOREIGN KEY (directive_id) REFERENCES directive (id)
);
CREATE INDEX ON directive_reader (person_id, confirmed_at);

CREATE TABLE directive_version (
	directive_id TEXT NOT NULL,
	version BIGINT NOT NULL,
	content TEXT NOT NULL,
	person_id TEXT NOT NULL,
	at BIGINT NOT NULL,
	PRIMARY KEY (directive_id, version),
	FOREIGN KEY (directive_id) REFERENCES directive (id)
);

CREATE TABLE document (
	id TEXT NOT NULL,
	unit_id TEXT NOT NULL,
	direction TEXT NOT NULL,
	state TEXT NOT NULL,
	kind TEXT NOT NULL,
	symbol TEXT NOT NULL,
	symbol_key TEXT NOT NULL,
	number BIGINT,
	register TEXT NOT NULL,
	series_year BIGINT,
	run BIGINT,
	issuer TEXT NOT NULL,
	issuer_key TEXT NOT NULL,
	issuer_unit_id TEXT,
	issued_on TEXT,
	subject TEXT NOT NULL,
	urgency TEXT NOT NULL,
	topic TEXT NOT NULL,
	signer TEXT NOT NULL,
	signer_title TEXT NOT NULL,
	recipients TEXT NOT NULL,
	copies BIGINT NOT NULL,
	keeper TEXT NOT NULL,
	sent_on TEXT,
	receipt TEXT NOT NULL,
	note TEXT NOT NULL,
	extraction TEXT NOT NULL,
	extraction_note TEXT NOT NULL,
	search_key BIGINT NOT NULL,
	withdrawn_at BIGINT,
	withdrawn_by TEXT,
	withdrawn_why TEXT NOT NULL,
	created_at BIGINT NOT NULL,
	created_by TEXT NOT NULL,
	version BIGINT NOT NULL,
	changed_at BIGINT,
	changed_by TEXT,
	PRIMARY KEY (id)
);
CREATE INDEX ON document (created_at, id);
CREATE INDEX ON document (issued_on);
CREATE UNIQUE INDEX ON document (search_key);
CREATE INDEX ON document (symbol_key, issued_on);
CREATE INDEX ON document (unit_id, created_at);
CREATE UNIQUE INDEX ON document (unit_id, series_year, register, run, number);

CREATE TABLE document_citation (
	document_id TEXT NOT NULL,
	seq BIGINT NOT NULL,
	symbol TEXT NOT NULL,
	symbol_key TEXT NOT NULL,
	kind TEXT NOT NULL,
	issuer TEXT NOT NULL,
	issued_on TEXT NOT NULL,
	basis BIGINT NOT NULL,
	span_start BIGINT NOT NULL,
	span_end BIGINT NOT NULL,
	PRIMARY KEY (document_id, seq),
	FOREIGN KEY (document_id) REFERENCES document (id)
);
CREATE INDEX ON document_citation (symbol_key);

CREATE TABLE document_counter (
	unit_id TEXT NOT NULL,
	book TEXT NOT NULL,
	year BIGINT NOT NULL,
	register TEXT NOT NULL,
	run BIGINT NOT NULL,
	last BIGINT NOT NULL,
	PRIMARY KEY (unit_id, book, year, register)
);

CREATE TABLE document_delivery (
	id TEXT NOT NULL,
	document_id TEXT NOT NULL,
	unit_id TEXT NOT NULL,
	purpose TEXT NOT NULL,
	delivered_at BIGINT NOT NULL,
	opened_at BIGINT,
	opened_by TEXT,
	register TEXT NOT NULL,
	year BIGINT,
	run BIGINT,
	number BIGINT,
	arrived_on TEXT,
	registered_at BIGINT,
	registered_by TEXT,
	handler_kind TEXT NOT NULL,
	handler_id TEXT NOT NULL,
	passed_on TEXT,
	received_at BIGINT,
	received_by TEXT,
	due_on TEXT,
	progress TEXT NOT NULL,
	answer TEXT NOT NULL,
	note TEXT NOT NULL,
	returned_at BIGINT,
	returned_by TEXT,
	returned_why TEXT NOT NULL,
	version BIGINT NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY (document_id) REFERENCES document (id)
);
CREATE INDEX ON document_delivery (document_id, unit_id);
CREATE INDEX ON document_delivery (handler_id);
CREATE UNIQUE INDEX ON document_delivery (unit_id, document_id);
CREATE INDEX ON document_delivery (unit_id, registered_at, delivered_at);
CREATE UNIQUE INDEX ON document_delivery (unit_id, year, register, run, number);

CREATE TABLE document_file (
	id TEXT NOT NULL,
	document_id TEXT NOT NULL,
	seq BIGINT NOT NULL,
	name TEXT NOT NULL,
	type TEXT NOT NULL,
	size BIGINT NOT NULL,
	blob TEXT NOT NULL,
	extraction TEXT NOT NULL,
	note TEXT NOT NULL,
	added_at BIGINT NOT NULL,
	added_by TEXT NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY (document_id) REFERENCES document (id)
);
CREATE INDEX ON document_file (blob);
CREATE UNIQUE INDEX ON document_file (document_id, seq);

CREATE TABLE document_link (
	id TEXT NOT NULL,
	document_id TEXT NOT NULL,
	kind TEXT NOT NULL,
	target_id TEXT,
	symbol TEXT NOT NULL,
	symbol_key TEXT NOT NULL,
	issued_on TEXT NOT NULL,
	made_at BIGINT NOT NULL,
	made_by TEXT NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY (document_id) REFERENCES document (id),
	FOREIGN KEY (target_id) REFERENCES document (id)
);
CREATE INDEX ON document_link (document_id);
CREATE INDEX ON document_link (symbol_key);
CREATE INDEX ON document_link (target_id);

CREATE TABLE document_reader (
	document_id TEXT NOT NULL,
	person_id TEXT NOT NULL,
	unit_id TEXT NOT NULL,
	first_at BIGINT NOT NULL,
	last_at BIGINT NOT NULL,
	times BIGINT NOT NULL,
	PRIMARY KEY (document_id, person_id),
	FOREIGN KEY (document_id) REFERENCES document (id)
);

CREATE TABLE document_refused (
	id TEXT NOT NULL,
	unit_id TEXT NOT NULL,
	reason TEXT NOT NULL,
	refused_at BIGINT NOT NULL,
	refused_by TEXT NOT NULL,
	PRIMARY KEY (id)
);
CREATE INDEX ON document_refused (unit_id, refused_at);

CREATE TABLE document_register (
	unit_id TEXT NOT NULL,
	book TEXT NOT NULL,
	code TEXT NOT NULL,
	name TEXT NOT NULL,
	made_at BIGINT NOT NULL,
	made_by TEXT NOT NULL,
	PRIMARY KEY (unit_id, book, code)
);

CREATE TABLE document_text (
	document_id TEXT NOT NULL,
	part BIGINT NOT NULL,
	text TEXT NOT NULL,
	reading TEXT,
	read_at BIGINT NOT NULL,
	PRIMARY KEY (document_id, part),
	FOREIGN KEY (document_id) REFERENCES document (id)
);

CREATE TABLE formbook_form (
	id TEXT NOT NULL,
	code TEXT NOT NULL,
	unit_id TEXT,
	title TEXT NOT NULL,
	title_fold TEXT NOT NULL,
	period TEXT NOT NULL,
	copied_from TEXT,
	created_at BIGINT NOT NULL,
	created_by TEXT NOT NULL,
	PRIMARY KEY (id)
);
CREATE UNIQUE INDEX ON formbook_form (code);
CREATE INDEX ON formbook_form (unit_id);

CREATE TABLE formbook_version (
	id TEXT NOT NULL,
	form_id TEXT NOT NULL,
	number BIGINT,
	state TEXT NOT NULL,
	definition TEXT NOT NULL,
	digest TEXT NOT NULL,
	figures BIGINT NOT NULL,
	note TEXT NOT NULL,
	edit BIGINT NOT NULL,
	made_at BIGINT NOT NULL,
	made_by TEXT NOT NULL,
	published_at BIGINT,
	published_by TEXT,
	closed_at BIGINT,
	closed_by TEXT,
	PRIMARY KEY (id),
	FOREIGN KEY (form_id) REFERENCES formbook_form (id)
);
CREATE UNIQUE INDEX ON formbook_version (form_id); -- partial
CREATE UNIQUE INDEX ON formbook_version (form_id, number);

CREATE TABLE holding (
	id TEXT NOT NULL,
	person_id TEXT NOT NULL,
	role TEXT NOT NULL,
	unit_id TEXT NOT NULL,
	below BIGINT NOT NULL,
	from_day TEXT NOT NULL,
	to_day TEXT,
	of_holding TEXT,
	reason TEXT NOT NULL,
	granted_by TEXT NOT NULL,
	granted_at BIGINT NOT NULL,
	ended_at BIGINT,
	ended_by TEXT,
	PRIMARY KEY (id),
	FOREIGN KEY (of_holding) REFERENCES holding (id),
	FOREIGN KEY (person_id) REFERENCES person (id)
);
CREATE INDEX ON holding (of_holding);
CREATE INDEX ON holding (person_id);
CREATE INDEX ON holding (unit_id, role);

CREATE TABLE identity (
	issuer TEXT NOT NULL,
	subject TEXT NOT NULL,
	person_id TEXT NOT NULL,
	linked_at BIGINT NOT NULL,
	PRIMARY KEY (issuer, subject),
	FOREIGN KEY (person_id) REFERENCES person (id)
);
CREATE INDEX ON identity (person_id);

CREATE TABLE job (
	id TEXT NOT NULL,
	kind TEXT NOT NULL,
	payload TEXT NOT NULL,
	state TEXT NOT NULL,
	priority BIGINT NOT NULL,
	due_at BIGINT,
	scheduled_at BIGINT NOT NULL,
	unique_key TEXT,
	again BIGINT NOT NULL,
	unit TEXT,
	person TEXT,
	attempt BIGINT NOT NULL,
	fence BIGINT NOT NULL,
	node TEXT,
	created_at BIGINT NOT NULL,
	started_at BIGINT,
	finished_at BIGINT,
	failure TEXT,
	reason TEXT,
	progress_done BIGINT NOT NULL,
	progress_total BIGINT NOT NULL,
	progress_note TEXT,
	PRIMARY KEY (id)
);
CREATE UNIQUE INDEX ON job (kind, unique_key); -- partial
CREATE INDEX ON job (person, id);
CREATE INDEX ON job (priority, due_at, id); -- partial
CREATE INDEX ON job (state, finished_at, id);
CREATE INDEX ON job (unit, id);

CREATE TABLE job_tick (
	name TEXT NOT NULL,
	tick BIGINT NOT NULL,
	PRIMARY KEY (name)
);

CREATE TABLE link (
	id TEXT NOT NULL,
	kind TEXT NOT NULL,
	person_id TEXT NOT NULL,
	made_by TEXT NOT NULL,
	made_at BIGINT NOT NULL,
	expires_at BIGINT NOT NULL,
	used_at BIGINT,
	PRIMARY KEY (id),
	FOREIGN KEY (person_id) REFERENCES person (id)
);
CREATE INDEX ON link (person_id);

CREATE TABLE notify_delivery (
	id TEXT NOT NULL,
	notice_id TEXT NOT NULL,
	person_id TEXT NOT NULL,
	channel TEXT NOT NULL,
	state TEXT NOT NULL,
	due BIGINT NOT NULL,
	at BIGINT NOT NULL,
	sent_at BIGINT,
	attempts BIGINT NOT NULL,
	reason TEXT NOT NULL,
	PRIMARY KEY (id)
);
CREATE INDEX ON notify_delivery (notice_id);
CREATE INDEX ON notify_delivery (person_id, channel, state);
CREATE INDEX ON notify_delivery (state, due);

CREATE TABLE notify_letter (
	id TEXT NOT NULL,
	person_id TEXT NOT NULL,
	word TEXT NOT NULL,
	secret BYTEA,
	at BIGINT NOT NULL,
	sent_at BIGINT,
	reason TEXT NOT NULL,
	PRIMARY KEY (id)
);
CREATE INDEX ON notify_letter (at);

CREATE TABLE notify_notice (
	id TEXT NOT NULL,
	to_id TEXT NOT NULL,
	unit_id TEXT NOT NULL,
	needs TEXT NOT NULL,
	kind TEXT NOT NULL,
	word TEXT NOT NULL,
	args TEXT NOT NULL,
	path TEXT NOT NULL,
	urgent BIGINT NOT NULL,
	at BIGINT NOT NULL,
	fanned_at BIGINT,
	PRIMARY KEY (id)
);
CREATE INDEX ON notify_notice (at);
CREATE INDEX ON notify_notice (id); -- partial
CREATE INDEX ON notify_notice (to_id, id);

CREATE TABLE notify_preference (
	person_id TEXT NOT NULL,
	mail TEXT NOT NULL,
	sms TEXT NOT NULL,
	quiet_from BIGINT NOT NULL,
	quiet_to BIGINT NOT NULL,
	lang TEXT NOT NULL,
	version BIGINT NOT NULL,
	PRIMARY KEY (person_id)
);

CREATE TABLE notify_read (
	person_id TEXT NOT NULL,
	notice_id TEXT NOT NULL,
	at BIGINT NOT NULL,
	PRIMARY KEY (person_id, notice_id)
);

CREATE TABLE notify_reader (
	person_id TEXT NOT NULL,
	line TEXT NOT NULL,
	PRIMARY KEY (person_id)
);

CREATE TABLE opening (
	id TEXT NOT NULL,
	person_id TEXT NOT NULL,
	session_id TEXT NOT NULL,
	unit_id TEXT NOT NULL,
	kind TEXT NOT NULL,
	record_id TEXT NOT NULL,
	record_unit TEXT NOT NULL,
	permission TEXT NOT NULL,
	emergency BIGINT NOT NULL,
	reason TEXT NOT NULL,
	at BIGINT NOT NULL,
	until BIGINT NOT NULL,
	ended_at BIGINT,
	reviewed_at BIGINT,
	reviewed_by TEXT,
	verdict TEXT,
	remark TEXT,
	PRIMARY KEY (id),
	FOREIGN KEY (person_id) REFERENCES person (id)
);
CREATE INDEX ON opening (emergency, reviewed_at, id);
CREATE INDEX ON opening (person_id, until);
CREATE INDEX ON opening (record_id, at);

CREATE TABLE orgunit (
	id TEXT NOT NULL,
	born_on TEXT NOT NULL,
	gone_on TEXT,
	version BIGINT NOT NULL,
	PRIMARY KEY (id)
);

CREATE TABLE orgunit_area (
	id TEXT NOT NULL,
	level TEXT NOT NULL,
	PRIMARY KEY (id)
);

CREATE TABLE orgunit_area_link (
	from_area TEXT NOT NULL,
	to_area TEXT NOT NULL,
	on_day TEXT NOT NULL,
	extent TEXT NOT NULL,
	source TEXT NOT NULL,
	PRIMARY KEY (from_area, to_area, on_day),
	FOREIGN KEY (from_area) REFERENCES orgunit_area (id),
	FOREIGN KEY (to_area) REFERENCES orgunit_area (id)
);
CREATE INDEX ON orgunit_area_link (to_area);

CREATE TABLE orgunit_area_version (
	area_id TEXT NOT NULL,
	from_day TEXT NOT NULL,
	to_day TEXT,
	code TEXT NOT NULL,
	kind TEXT NOT NULL,
	name TEXT NOT NULL,
	name_fold TEXT NOT NULL,
	name_sort BYTEA NOT NULL,
	parent_id TEXT,
	basis TEXT NOT NULL,
	verified BIGINT NOT NULL,
	PRIMARY KEY (area_id, from_day),
	FOREIGN KEY (area_id) REFERENCES orgunit_area (id),
	FOREIGN KEY (parent_id) REFERENCES orgunit_area (id)
);
CREATE INDEX ON orgunit_area_version (code);
CREATE INDEX ON orgunit_area_version (name_fold);
CREATE INDEX ON orgunit_area_version (parent_id, to_day);

CREATE TABLE orgunit_closure (
	ancestor_id TEXT NOT NULL,
	unit_id TEXT NOT NULL,
	depth BIGINT NOT NULL,
	PRIMARY KEY (ancestor_id, unit_id),
	FOREIGN KEY (ancestor_id) REFERENCES orgunit (id),
	FOREIGN KEY (unit_id) REFERENCES orgunit (id)
);
CREATE INDEX ON orgunit_closure (ancestor_id, depth);
CREATE INDEX ON orgunit_closure (unit_id);

CREATE TABLE orgunit_event (
	id TEXT NOT NULL,
	kind TEXT NOT NULL,
	on_day TEXT NOT NULL,
	basis TEXT NOT NULL,
	note TEXT NOT NULL,
	by_person TEXT NOT NULL,
	at BIGINT NOT NULL,
	seq BIGINT NOT NULL DEFAULT 0,
	withdrawn TEXT NOT NULL DEFAULT '',
	PRIMARY KEY (id)
);
CREATE INDEX ON orgunit_event (on_day, seq);
CREATE INDEX ON orgunit_event (seq);

CREATE TABLE orgunit_event_part (
	event_id TEXT NOT NULL,
	from_unit TEXT,
	to_unit TEXT,
	extent TEXT NOT NULL,
	seq BIGINT NOT NULL,
	PRIMARY KEY (event_id, seq),
	FOREIGN KEY (event_id) REFERENCES orgunit_event (id),
	FOREIGN KEY (from_unit) REFERENCES orgunit (id),
	FOREIGN KEY (to_unit) REFERENCES orgunit (id)
);
CREATE INDEX ON orgunit_event_part (from_unit);
CREATE INDEX ON orgunit_event_part (to_unit);

CREATE TABLE orgunit_group (
	id TEXT NOT NULL,
	owner_id TEXT NOT NULL,
	name TEXT NOT NULL,
	phrase TEXT NOT NULL,
	made_by TEXT NOT NULL,
	made_at BIGINT NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY (owner_id) REFERENCES orgunit (id)
);
CREATE UNIQUE INDEX ON orgunit_group (owner_id, name);

CREATE TABLE orgunit_import (
	id TEXT NOT NULL,
	by_person TEXT NOT NULL,
	by_unit TEXT NOT NULL,
	at BIGINT NOT NULL,
	on_day TEXT NOT NULL,
	basis TEXT NOT NULL,
	file_name TEXT NOT NULL,
	list TEXT NOT NULL,
	job_id TEXT NOT NULL,
	new_units BIGINT NOT NULL,
	changed_units BIGINT NOT NULL,
	same_units BIGINT NOT NULL,
	PRIMARY KEY (id)
);

CREATE TABLE orgunit_version (
	id TEXT NOT NULL,
	unit_id TEXT NOT NULL,
	from_day TEXT NOT NULL,
	to_day TEXT,
	name TEXT NOT NULL,
	name_sort BYTEA NOT NULL,
	search TEXT NOT NULL,
	kind TEXT NOT NULL,
	sector TEXT NOT NULL,
	level TEXT NOT NULL,
	internal BIGINT NOT NULL,
	superior_id TEXT,
	area_id TEXT,
	code TEXT NOT NULL,
	phone TEXT NOT NULL,
	email TEXT NOT NULL,
	address TEXT NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY (area_id) REFERENCES orgunit_area (id),
	FOREIGN KEY (superior_id) REFERENCES orgunit (id),
	FOREIGN KEY (unit_id) REFERENCES orgunit (id)
);
CREATE INDEX ON orgunit_version (area_id, kind);
CREATE INDEX ON orgunit_version (code);
CREATE INDEX ON orgunit_version (from_day);
CREATE INDEX ON orgunit_version (kind, sector, level);
CREATE INDEX ON orgunit_version (superior_id, to_day);
CREATE UNIQUE INDEX ON orgunit_version (unit_id, from_day);

CREATE TABLE orgunit_word (
	word BYTEA NOT NULL,
	unit_id TEXT NOT NULL,
	PRIMARY KEY (word, unit_id),
	FOREIGN KEY (unit_id) REFERENCES orgunit (id)
);
CREATE INDEX ON orgunit_word (unit_id, word);

CREATE TABLE passkey (
	id TEXT NOT NULL,
	person_id TEXT NOT NULL,
	credential_id BYTEA NOT NULL,
	credential TEXT NOT NULL,
	name TEXT NOT NULL,
	created_at BIGINT NOT NULL,
	used_at BIGINT,
	PRIMARY KEY (id),
	FOREIGN KEY (person_id) REFERENCES person (id)
);
CREATE UNIQUE INDEX ON passkey (credential_id);
CREATE INDEX ON passkey (person_id);

CREATE TABLE person (
	id TEXT NOT NULL,
	name TEXT NOT NULL,
	name_fold TEXT NOT NULL,
	name_sort BYTEA NOT NULL,
	login TEXT NOT NULL,
	email TEXT NOT NULL,
	phone TEXT NOT NULL,
	title TEXT NOT NULL,
	state TEXT NOT NULL,
	password TEXT NOT NULL,
	password_at BIGINT,
	created_at BIGINT NOT NULL,
	version BIGINT NOT NULL,
	unit_id TEXT NOT NULL DEFAULT '',
	PRIMARY KEY (id)
);
CREATE INDEX ON person (email);
CREATE UNIQUE INDEX ON person (login);
CREATE INDEX ON person (name_fold);
CREATE INDEX ON person (name_sort, id);

CREATE TABLE recovery_code (
	person_id TEXT NOT NULL,
	hash TEXT NOT NULL,
	used_at BIGINT,
	PRIMARY KEY (person_id, hash),
	FOREIGN KEY (person_id) REFERENCES person (id)
);

CREATE TABLE report (
	id TEXT NOT NULL,
	request_id TEXT NOT NULL,
	asker_id TEXT NOT NULL,
	unit_id TEXT NOT NULL,
	state TEXT NOT NULL,
	nil_return BIGINT NOT NULL,
	frozen BIGINT NOT NULL,
	due_words TEXT NOT NULL,
	due_day TEXT,
	due_bound TEXT NOT NULL,
	due_at BIGINT,
	due_soon_at BIGINT,
	body TEXT NOT NULL,
	fills TEXT NOT NULL,
	current BIGINT NOT NULL,
	approved BIGINT NOT NULL,
	submitted_at BIGINT,
	first_at BIGINT,
	approved_at BIGINT,
	escalated_at BIGINT,
	changed_by TEXT,
	changed_at BIGINT,
	version BIGINT NOT NULL,
	heir_id TEXT,
	PRIMARY KEY (id),
	FOREIGN KEY (request_id) REFERENCES report_request (id)
);
CREATE INDEX ON report (asker_id, state);
CREATE INDEX ON report (due_soon_at);
CREATE UNIQUE INDEX ON report (request_id, unit_id);
CREATE INDEX ON report (unit_id, state, due_at);

CREATE TABLE report_chase (
	id TEXT NOT NULL,
	report_id TEXT NOT NULL,
	kind TEXT NOT NULL,
	text TEXT NOT NULL,
	person_id TEXT NOT NULL,
	at BIGINT NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY (report_id) REFERENCES report (id)
);
CREATE INDEX ON report_chase (report_id, at);

CREATE TABLE report_comment (
	id TEXT NOT NULL,
	report_id TEXT NOT NULL,
	number BIGINT NOT NULL,
	cell TEXT NOT NULL,
	text TEXT NOT NULL,
	person_id TEXT NOT NULL,
	at BIGINT NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY (report_id) REFERENCES report (id)
);
CREATE INDEX ON report_comment (report_id, at);

CREATE TABLE report_consolidation (
	id TEXT NOT NULL,
	request_id TEXT NOT NULL,
	number BIGINT NOT NULL,
	members TEXT NOT NULL,
	missing TEXT NOT NULL,
	body TEXT NOT NULL,
	coverage TEXT NOT NULL,
	narrative TEXT NOT NULL,
	digest TEXT NOT NULL,
	by_person TEXT NOT NULL,
	at BIGINT NOT NULL,
	names TEXT NOT NULL DEFAULT '{}',
	texts TEXT NOT NULL DEFAULT '{}',
	PRIMARY KEY (id),
	FOREIGN KEY (request_id) REFERENCES report_request (id)
);
CREATE UNIQUE INDEX ON report_consolidation (request_id, number);

CREATE TABLE report_draft (
	report_id TEXT NOT NULL,
	version BIGINT NOT NULL,
	body TEXT NOT NULL,
	PRIMARY KEY (report_id, version),
	FOREIGN KEY (report_id) REFERENCES report (id)
);

CREATE TABLE report_event (
	id TEXT NOT NULL,
	report_id TEXT NOT NULL,
	kind TEXT NOT NULL,
	note TEXT NOT NULL,
	person_id TEXT NOT NULL,
	unit_id TEXT NOT NULL,
	at BIGINT NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY (report_id) REFERENCES report (id)
);
CREATE INDEX ON report_event (report_id, at);

CREATE TABLE report_extension (
	id TEXT NOT NULL,
	report_id TEXT NOT NULL,
	until_words TEXT NOT NULL,
	until_day TEXT NOT NULL,
	until_bound TEXT NOT NULL,
	former_words TEXT NOT NULL,
	former_day TEXT,
	former_bound TEXT NOT NULL,
	reason TEXT NOT NULL,
	by_person TEXT NOT NULL,
	at BIGINT NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY (report_id) REFERENCES report (id)
);
CREATE INDEX ON report_extension (report_id, at);

CREATE TABLE report_file (
	id TEXT NOT NULL,
	report_id TEXT NOT NULL,
	name TEXT NOT NULL,
	type TEXT NOT NULL,
	size BIGINT NOT NULL,
	blob TEXT NOT NULL,
	person_id TEXT NOT NULL,
	at BIGINT NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY (report_id) REFERENCES report (id)
);
CREATE INDEX ON report_file (report_id, at);

CREATE TABLE report_gathered (
	request_id TEXT NOT NULL,
	cell TEXT NOT NULL,
	version BIGINT NOT NULL,
	body TEXT NOT NULL,
	person_id TEXT NOT NULL,
	at BIGINT NOT NULL,
	PRIMARY KEY (request_id, cell, version),
	FOREIGN KEY (request_id) REFERENCES report_request (id)
);

CREATE TABLE report_head (
	report_id TEXT NOT NULL,
	number BIGINT NOT NULL,
	head TEXT NOT NULL,
	PRIMARY KEY (report_id, number),
	FOREIGN KEY (report_id) REFERENCES report (id)
);

CREATE TABLE report_letter (
	id TEXT NOT NULL,
	request_id TEXT NOT NULL,
	number BIGINT NOT NULL,
	body TEXT NOT NULL,
	person_id TEXT NOT NULL,
	at BIGINT NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY (request_id) REFERENCES report_request (id)
);
CREATE UNIQUE INDEX ON report_letter (request_id, number);

CREATE TABLE report_request (
	id TEXT NOT NULL,
	unit_id TEXT NOT NULL,
	directive_id TEXT,
	parent_id TEXT,
	root_id TEXT NOT NULL,
	schedule_id TEXT,
	title TEXT NOT NULL,
	title_fold TEXT NOT NULL,
	form_code TEXT NOT NULL,
	form_version_id TEXT,
	outline TEXT NOT NULL,
	period_from TEXT,
	period_to TEXT,
	due_words TEXT NOT NULL,
	due_day TEXT,
	due_bound TEXT NOT NULL,
	due_at BIGINT,
	signed BIGINT NOT NULL,
	state TEXT NOT NULL,
	owing BIGINT NOT NULL,
	made_by TEXT NOT NULL,
	made_at BIGINT NOT NULL,
	version BIGINT NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY (parent_id) REFERENCES report_request (id)
);
CREATE INDEX ON report_request (directive_id);
CREATE INDEX ON report_request (form_code, period_to);
CREATE INDEX ON report_request (parent_id);
CREATE INDEX ON report_request (root_id);
CREATE INDEX ON report_request (unit_id, made_at);

CREATE TABLE report_schedule (
	id TEXT NOT NULL,
	unit_id TEXT NOT NULL,
	title TEXT NOT NULL,
	form_code TEXT NOT NULL,
	every TEXT NOT NULL,
	addressees TEXT NOT NULL,
	days BIGINT NOT NULL,
	signed BIGINT NOT NULL,
	active BIGINT NOT NULL,
	last_to TEXT,
	made_by TEXT NOT NULL,
	made_at BIGINT NOT NULL,
	version BIGINT NOT NULL,
	PRIMARY KEY (id)
);
CREATE INDEX ON report_schedule (unit_id);

CREATE TABLE report_submission (
	report_id TEXT NOT NULL,
	number BIGINT NOT NULL,
	body TEXT NOT NULL,
	digest TEXT NOT NULL,
	nil_return BIGINT NOT NULL,
	fills TEXT NOT NULL,
	person_id TEXT NOT NULL,
	signer_id TEXT NOT NULL,
	late BIGINT NOT NULL,
	at BIGINT NOT NULL,
	verdict TEXT NOT NULL,
	verdict_by TEXT,
	verdict_at BIGINT,
	verdict_note TEXT NOT NULL,
	PRIMARY KEY (report_id, number),
	FOREIGN KEY (report_id) REFERENCES report (id)
);

CREATE TABLE schema_migration (
	room TEXT NOT NULL,
	name TEXT NOT NULL,
	sha256 TEXT NOT NULL,
	applied_at BIGINT NOT NULL,
	PRIMARY KEY (room, name)
);

CREATE TABLE seal_key (
	kind TEXT NOT NULL,
	id TEXT NOT NULL,
	wrapped BYTEA,
	master BIGINT NOT NULL,
	created_at BIGINT NOT NULL,
	destroyed_at BIGINT,
	PRIMARY KEY (kind, id)
);
CREATE INDEX ON seal_key (destroyed_at); -- partial
CREATE INDEX ON seal_key (master); -- partial

CREATE TABLE seal_ring (
	name TEXT NOT NULL,
	keyset BYTEA NOT NULL,
	kek BIGINT NOT NULL,
	version BIGINT NOT NULL,
	changed_at BIGINT NOT NULL,
	PRIMARY KEY (name)
);

CREATE TABLE session (
	id TEXT NOT NULL,
	person_id TEXT NOT NULL,
	unit_id TEXT NOT NULL,
	opened_at BIGINT NOT NULL,
	seen_at BIGINT NOT NULL,
	second_factor BIGINT NOT NULL,
	confirmed_at BIGINT NOT NULL,
	address TEXT NOT NULL,
	device TEXT NOT NULL,
	ended_at BIGINT,
	ended_why TEXT,
	PRIMARY KEY (id),
	FOREIGN KEY (person_id) REFERENCES person (id)
);
CREATE INDEX ON session (person_id, ended_at);

CREATE TABLE task (
	id TEXT NOT NULL,
	order_id TEXT NOT NULL,
	issuer_id TEXT NOT NULL,
	unit_id TEXT NOT NULL,
	person_id TEXT,
	state TEXT NOT NULL,
	due_words TEXT NOT NULL,
	due_day TEXT,
	due_bound TEXT NOT NULL,
	due_at BIGINT,
	due_soon_at BIGINT,
	submitted_at BIGINT,
	done_at BIGINT,
	escalated_at BIGINT,
	version BIGINT NOT NULL,
	made_at BIGINT NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY (order_id) REFERENCES task_order (id)
);
CREATE INDEX ON task (due_soon_at);
CREATE INDEX ON task (issuer_id, state, due_at);
CREATE INDEX ON task (order_id, unit_id);
CREATE INDEX ON task (person_id, state);
CREATE INDEX ON task (state, due_at);
CREATE INDEX ON task (unit_id, state, due_at);

CREATE TABLE task_evidence (
	id TEXT NOT NULL,
	task_id TEXT NOT NULL,
	name TEXT NOT NULL,
	type TEXT NOT NULL,
	size BIGINT NOT NULL,
	original TEXT NOT NULL,
	shown TEXT,
	person_id TEXT NOT NULL,
	at BIGINT NOT NULL,
	dropped_at BIGINT,
	PRIMARY KEY (id),
	FOREIGN KEY (task_id) REFERENCES task (id)
);
CREATE INDEX ON task_evidence (task_id, at);

CREATE TABLE task_extension (
	id TEXT NOT NULL,
	task_id TEXT NOT NULL,
	state TEXT NOT NULL,
	reason TEXT NOT NULL,
	until_words TEXT NOT NULL,
	until_day TEXT NOT NULL,
	until_bound TEXT NOT NULL,
	former_words TEXT NOT NULL,
	former_day TEXT,
	former_bound TEXT NOT NULL,
	asked_by TEXT NOT NULL,
	asked_at BIGINT NOT NULL,
	decided_by TEXT,
	decided_at BIGINT,
	answer TEXT NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY (task_id) REFERENCES task (id)
);
CREATE INDEX ON task_extension (task_id, asked_at);

CREATE TABLE task_feed (
	id TEXT NOT NULL,
	secret_hash TEXT NOT NULL,
	person_id TEXT NOT NULL,
	unit_id TEXT,
	made_at BIGINT NOT NULL,
	read_at BIGINT,
	PRIMARY KEY (id)
);
CREATE INDEX ON task_feed (person_id);
CREATE UNIQUE INDEX ON task_feed (secret_hash);

CREATE TABLE task_holiday (
	day TEXT NOT NULL,
	name TEXT NOT NULL,
	works BIGINT NOT NULL,
	verified BIGINT NOT NULL,
	PRIMARY KEY (day)
);

CREATE TABLE task_note (
	id TEXT NOT NULL,
	task_id TEXT NOT NULL,
	kind TEXT NOT NULL,
	text TEXT NOT NULL,
	person_id TEXT NOT NULL,
	unit_id TEXT NOT NULL,
	at BIGINT NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY (task_id) REFERENCES task (id)
);
CREATE INDEX ON task_note (task_id, at);

CREATE TABLE task_order (
	id TEXT NOT NULL,
	issuer_id TEXT NOT NULL,
	directive_id TEXT,
	parent_task_id TEXT,
	numbering TEXT NOT NULL,
	text TEXT NOT NULL,
	text_fold TEXT NOT NULL,
	product TEXT NOT NULL,
	start_day TEXT,
	made_by TEXT NOT NULL,
	made_at BIGINT NOT NULL,
	PRIMARY KEY (id)
);
CREATE INDEX ON task_order (directive_id);
CREATE INDEX ON task_order (issuer_id, made_at);
CREATE INDEX ON task_order (parent_task_id);

CREATE TABLE task_party (
	task_id TEXT NOT NULL,
	holder_id TEXT NOT NULL,
	part TEXT NOT NULL,
	PRIMARY KEY (task_id, holder_id),
	FOREIGN KEY (task_id) REFERENCES task (id)
);
CREATE INDEX ON task_party (holder_id, task_id);

CREATE TABLE throttle (
	id TEXT NOT NULL,
	failures BIGINT NOT NULL,
	since BIGINT NOT NULL,
	locked_until BIGINT,
	PRIMARY KEY (id)
);
CREATE INDEX ON throttle (since);

CREATE TABLE totp (
	person_id TEXT NOT NULL,
	secret BYTEA NOT NULL,
	confirmed_at BIGINT,
	last_step BIGINT NOT NULL,
	PRIMARY KEY (person_id),
	FOREIGN KEY (person_id) REFERENCES person (id)
);

CREATE TABLE web_once (
	id TEXT NOT NULL,
	digest TEXT NOT NULL,
	status BIGINT NOT NULL,
	location TEXT NOT NULL,
	at BIGINT NOT NULL,
	PRIMARY KEY (id)
);
CREATE INDEX ON web_once (at);
