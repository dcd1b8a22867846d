-- How people want to be told besides the inbox. No row: the defaults (notify.Preference).
CREATE TABLE notify_preference (
	person_id TEXT PRIMARY KEY,
	mail TEXT NOT NULL,              -- each, daily, urgent, never
	sms TEXT NOT NULL,               -- urgent, never
	quiet_from BIGINT NOT NULL,      -- minutes after midnight; both equal: no quiet hours
	quiet_to BIGINT NOT NULL,
	lang TEXT NOT NULL,              -- vi, en
	version BIGINT NOT NULL
);

-- One notice to one person by one channel.
CREATE TABLE notify_delivery (
	id TEXT PRIMARY KEY,
	notice_id TEXT NOT NULL,
	person_id TEXT NOT NULL,
	channel TEXT NOT NULL,           -- mail, sms
	state TEXT NOT NULL,             -- waiting, queued, sent, failed, unneeded
	due BIGINT NOT NULL,             -- not before: quiet hours, digests
	at BIGINT NOT NULL,
	sent_at BIGINT,
	attempts BIGINT NOT NULL,
	reason TEXT NOT NULL             -- why it failed, masked
);
CREATE INDEX notify_delivery_due ON notify_delivery (state, due);
CREATE INDEX notify_delivery_person ON notify_delivery (person_id, channel, state);
CREATE INDEX notify_delivery_notice ON notify_delivery (notice_id);

-- Messages with a secret in them (invitations, resets): sealed, and destroyed when sent.
CREATE TABLE notify_letter (
	id TEXT PRIMARY KEY,
	person_id TEXT NOT NULL,
	word TEXT NOT NULL,              -- invite, reset
	secret BYTEA,                    -- the address to put in; NULL once sent or given up
	at BIGINT NOT NULL,
	sent_at BIGINT,
	reason TEXT NOT NULL
);
CREATE INDEX notify_letter_at ON notify_letter (at);
