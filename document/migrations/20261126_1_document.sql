-- Papers. An outgoing one stands in the outgoing register of the unit that issued it; each unit that receives a paper has a line in
-- document_delivery, which is its incoming register.
CREATE TABLE document (
	id TEXT PRIMARY KEY,
	unit_id TEXT NOT NULL,           -- who keeps it: the issuer of an outgoing paper, the unit that entered an incoming one
	direction TEXT NOT NULL,         -- in, out, internal
	state TEXT NOT NULL,             -- arrived, registered, issued, withdrawn
	kind TEXT NOT NULL,              -- cong_van, ke_hoach, … (NĐ 30/2020/NĐ-CP, điều 7); '' not known yet
	symbol TEXT NOT NULL,            -- số và ký hiệu as written: 173/KH-BCĐ
	symbol_key TEXT NOT NULL,        -- folded, the form in which numbers are compared
	number BIGINT,                   -- the digits; NULL: left blank
	register TEXT NOT NULL,          -- outgoing: the register the number was drawn from; '' the general one
	series_year BIGINT,              -- outgoing
	run BIGINT,                      -- outgoing: counts restarts of the numbering within the year
	issuer TEXT NOT NULL,            -- as on the paper
	issuer_key TEXT NOT NULL,        -- folded
	issuer_unit_id TEXT,             -- when known
	issued_on TEXT,
	subject TEXT NOT NULL,           -- trích yếu
	urgency TEXT NOT NULL,           -- '', khan, thuong_khan, hoa_toc
	topic TEXT NOT NULL,
	signer TEXT NOT NULL,
	signer_title TEXT NOT NULL,
	recipients TEXT NOT NULL,        -- nơi nhận, as on the paper
	copies BIGINT NOT NULL,          -- số lượng bản
	keeper TEXT NOT NULL,            -- đơn vị, người nhận bản lưu
	sent_on TEXT,                    -- ngày chuyển
	receipt TEXT NOT NULL,           -- ký nhận
	note TEXT NOT NULL,
	extraction TEXT NOT NULL,        -- none, waiting, done, failed
	extraction_note TEXT NOT NULL,   -- catalogue key of why it failed
	search_key BIGINT NOT NULL,      -- stands for the id in the full-text index
	withdrawn_at BIGINT,
	withdrawn_by TEXT,
	withdrawn_why TEXT NOT NULL,
	created_at BIGINT NOT NULL,
	created_by TEXT NOT NULL,
	version BIGINT NOT NULL
);
CREATE UNIQUE INDEX document_series ON document (unit_id, series_year, register, run, number);
CREATE UNIQUE INDEX document_search_key ON document (search_key);
CREATE INDEX document_unit ON document (unit_id, created_at);
CREATE INDEX document_symbol ON document (symbol_key, issued_on);
CREATE INDEX document_created ON document (created_at, id);
CREATE INDEX document_issued ON document (issued_on);

-- The files: the original as it came, further attachments.
CREATE TABLE document_file (
	id TEXT PRIMARY KEY,
	document_id TEXT NOT NULL REFERENCES document (id),
	seq BIGINT NOT NULL,
	name TEXT NOT NULL,
	type TEXT NOT NULL,              -- media type, by content
	size BIGINT NOT NULL,
	sha256 TEXT NOT NULL,
	blob TEXT NOT NULL,              -- where the content is
	extraction TEXT NOT NULL,        -- as in document
	note TEXT NOT NULL,              -- what the extraction has to say: key of the catalogue
	added_at BIGINT NOT NULL,
	added_by TEXT NOT NULL
);
CREATE UNIQUE INDEX document_file_seq ON document_file (document_id, seq);
CREATE INDEX document_file_sha256 ON document_file (sha256);

-- The text: part 0 the paper itself, part n that of file n. Apart from document so that lists read little.
CREATE TABLE document_text (
	document_id TEXT NOT NULL REFERENCES document (id),
	part BIGINT NOT NULL,
	text TEXT NOT NULL,
	reading TEXT,                    -- part 0: what docparse proposed, JSON
	read_at BIGINT NOT NULL,
	PRIMARY KEY (document_id, part)
);

-- What a paper cites, as written. Which stored papers these are is found by number and date when somebody looks.
CREATE TABLE document_citation (
	document_id TEXT NOT NULL REFERENCES document (id),
	seq BIGINT NOT NULL,
	symbol TEXT NOT NULL,
	symbol_key TEXT NOT NULL,
	kind TEXT NOT NULL,
	issuer TEXT NOT NULL,
	issued_on TEXT NOT NULL,         -- 2021-05-10, 2021-05, 2021 or ''
	basis BIGINT NOT NULL,           -- stands among the grounds (căn cứ)
	span_start BIGINT NOT NULL,
	span_end BIGINT NOT NULL,
	PRIMARY KEY (document_id, seq)
);
CREATE INDEX document_citation_key ON document_citation (symbol_key);

-- What an officer says of two papers: replaces, corrects, answers, relates. The other one may be known by its number alone.
CREATE TABLE document_link (
	id TEXT PRIMARY KEY,
	document_id TEXT NOT NULL REFERENCES document (id),
	kind TEXT NOT NULL,
	target_id TEXT REFERENCES document (id),
	symbol TEXT NOT NULL,
	symbol_key TEXT NOT NULL,
	issued_on TEXT NOT NULL,
	made_at BIGINT NOT NULL,
	made_by TEXT NOT NULL
);
CREATE INDEX document_link_from ON document_link (document_id);
CREATE INDEX document_link_target ON document_link (target_id);
CREATE INDEX document_link_key ON document_link (symbol_key);

-- A paper in the hands of a unit: the incoming register (sổ đến) and the follow-up register (sổ theo dõi).
CREATE TABLE document_delivery (
	id TEXT PRIMARY KEY,
	document_id TEXT NOT NULL REFERENCES document (id),
	unit_id TEXT NOT NULL,
	purpose TEXT NOT NULL,           -- act, know
	delivered_at BIGINT NOT NULL,
	opened_at BIGINT,                -- first opened by somebody of the unit
	opened_by TEXT,
	register TEXT NOT NULL,
	year BIGINT,                     -- with run and number: số đến, NULL until entered
	run BIGINT,
	number BIGINT,
	arrived_on TEXT,                 -- ngày đến
	registered_at BIGINT,
	registered_by TEXT,
	handler_kind TEXT NOT NULL,      -- '', unit, person
	handler_id TEXT NOT NULL,        -- đơn vị hoặc người nhận
	passed_on TEXT,                  -- ngày chuyển
	received_at BIGINT,              -- ký nhận
	received_by TEXT,
	due_on TEXT,                     -- thời hạn giải quyết
	progress TEXT NOT NULL,          -- '', doing, done
	answer TEXT NOT NULL,            -- số, ký hiệu văn bản trả lời
	note TEXT NOT NULL,
	returned_at BIGINT,
	returned_by TEXT,
	returned_why TEXT NOT NULL,
	version BIGINT NOT NULL
);
CREATE UNIQUE INDEX document_delivery_unit ON document_delivery (unit_id, document_id);
CREATE UNIQUE INDEX document_delivery_number ON document_delivery (unit_id, year, register, run, number);
CREATE INDEX document_delivery_document ON document_delivery (document_id, unit_id);
CREATE INDEX document_delivery_waiting ON document_delivery (unit_id, registered_at, delivered_at);
CREATE INDEX document_delivery_handler ON document_delivery (handler_id);

-- Where each series of numbers stands. Book: out for papers issued, in for arrivals.
CREATE TABLE document_counter (
	unit_id TEXT NOT NULL,
	book TEXT NOT NULL,
	year BIGINT NOT NULL,
	register TEXT NOT NULL,
	run BIGINT NOT NULL,
	last BIGINT NOT NULL,
	PRIMARY KEY (unit_id, book, year, register)
);

-- Further registers of a unit beside the general ones: legal documents, a committee that uses the unit's seal.
CREATE TABLE document_register (
	unit_id TEXT NOT NULL,
	book TEXT NOT NULL,
	code TEXT NOT NULL,
	name TEXT NOT NULL,
	made_at BIGINT NOT NULL,
	made_by TEXT NOT NULL,
	PRIMARY KEY (unit_id, book, code)
);

-- only: sqlite
CREATE VIRTUAL TABLE document_fts USING fts5 (title, title_folded, body, body_folded, content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 0');
-- only: postgres
CREATE TABLE document_fts (search_key BIGINT PRIMARY KEY, words TSVECTOR NOT NULL);
CREATE INDEX document_fts_words ON document_fts USING GIN (words);
-- both
