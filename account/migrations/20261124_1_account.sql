-- People who work with the system. Not victims: their names are not secret within the service.
CREATE TABLE person (
	id TEXT PRIMARY KEY,
	name TEXT NOT NULL,
	name_fold TEXT NOT NULL,         -- without marks, for search
	name_sort BYTEA NOT NULL,        -- collation key of the name, given name first
	login TEXT NOT NULL UNIQUE,      -- folded; what is typed at sign-in
	email TEXT NOT NULL,
	phone TEXT NOT NULL,
	title TEXT NOT NULL,             -- position as written on papers: "Phó Giám đốc"
	state TEXT NOT NULL,             -- invited, active, closed
	password TEXT NOT NULL,          -- argon2id in PHC form; '' while invited or signed on elsewhere
	password_at BIGINT,
	created_at BIGINT NOT NULL,
	version BIGINT NOT NULL
);
CREATE INDEX person_name_fold ON person (name_fold);
CREATE INDEX person_name_sort ON person (name_sort, id);
CREATE INDEX person_email ON person (email);

-- A role held in a unit for a time. A delegation is a holding that points to the one it comes from.
CREATE TABLE holding (
	id TEXT PRIMARY KEY,
	person_id TEXT NOT NULL REFERENCES person (id),
	role TEXT NOT NULL,
	unit_id TEXT NOT NULL,
	below BIGINT NOT NULL,
	from_day TEXT NOT NULL,
	to_day TEXT,                     -- last day; NULL: without end
	of_holding TEXT REFERENCES holding (id), -- delegated from
	reason TEXT NOT NULL,
	granted_by TEXT NOT NULL,
	granted_at BIGINT NOT NULL,
	ended_at BIGINT,                 -- taken back before its time
	ended_by TEXT
);
CREATE INDEX holding_person ON holding (person_id);
CREATE INDEX holding_unit ON holding (unit_id, role);
CREATE INDEX holding_of ON holding (of_holding);

-- Open sessions. The key is the SHA-256 of the cookie, so a copy of the table opens nothing.
CREATE TABLE session (
	id TEXT PRIMARY KEY,
	person_id TEXT NOT NULL REFERENCES person (id),
	unit_id TEXT NOT NULL,           -- the unit the person works for in this session
	opened_at BIGINT NOT NULL,
	seen_at BIGINT NOT NULL,
	second_factor BIGINT NOT NULL,
	confirmed_at BIGINT NOT NULL,    -- when password or factor was last shown
	address TEXT NOT NULL,
	device TEXT NOT NULL,
	ended_at BIGINT,
	ended_why TEXT                   -- out, idle, revoked, password, role, factor
);
CREATE INDEX session_person ON session (person_id, ended_at);

-- Failed attempts, by name and by address, so that several nodes count together. Keys are hashes.
CREATE TABLE throttle (
	id TEXT PRIMARY KEY,
	failures BIGINT NOT NULL,
	since BIGINT NOT NULL,
	locked_until BIGINT
);
CREATE INDEX throttle_since ON throttle (since);

-- Second factor by codes (TOTP, RFC 6238). The secret is sealed.
CREATE TABLE totp (
	person_id TEXT PRIMARY KEY REFERENCES person (id),
	secret BYTEA NOT NULL,
	confirmed_at BIGINT,
	last_step BIGINT NOT NULL        -- the step of the last code accepted: no code works twice
);
CREATE TABLE recovery_code (
	person_id TEXT NOT NULL REFERENCES person (id),
	hash TEXT NOT NULL,
	used_at BIGINT,
	PRIMARY KEY (person_id, hash)
);

-- Passkeys (WebAuthn).
CREATE TABLE passkey (
	id TEXT PRIMARY KEY,
	person_id TEXT NOT NULL REFERENCES person (id),
	credential_id BYTEA NOT NULL UNIQUE,
	credential TEXT NOT NULL,        -- JSON: public key, counters, flags
	name TEXT NOT NULL,
	created_at BIGINT NOT NULL,
	used_at BIGINT
);
CREATE INDEX passkey_person ON passkey (person_id);

-- What a sign-in or a registration in progress must remember between two requests (challenge, state, nonce). Used once.
CREATE TABLE ceremony (
	id TEXT PRIMARY KEY,             -- SHA-256 of the token the browser holds
	kind TEXT NOT NULL,
	person_id TEXT NOT NULL,
	data TEXT NOT NULL,
	expires_at BIGINT NOT NULL
);
CREATE INDEX ceremony_expires ON ceremony (expires_at);

-- Single-use links: invitations and resets. The key is the SHA-256 of the token in the link.
CREATE TABLE link (
	id TEXT PRIMARY KEY,
	kind TEXT NOT NULL,              -- invite, reset
	person_id TEXT NOT NULL REFERENCES person (id),
	made_by TEXT NOT NULL,
	made_at BIGINT NOT NULL,
	expires_at BIGINT NOT NULL,
	used_at BIGINT
);
CREATE INDEX link_person ON link (person_id);

-- Identities at sign-on providers (OpenID Connect).
CREATE TABLE identity (
	issuer TEXT NOT NULL,
	subject TEXT NOT NULL,
	person_id TEXT NOT NULL REFERENCES person (id),
	linked_at BIGINT NOT NULL,
	PRIMARY KEY (issuer, subject)
);
CREATE INDEX identity_person ON identity (person_id);
