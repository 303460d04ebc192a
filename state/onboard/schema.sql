-- Practices on their way into both vendors. Ids, outcomes and the form; the
-- form and the sentences are emptied when a job is over. Times are
-- milliseconds since 1970 by the database's clock; 0 is never.

CREATE TABLE onboard_job (
	id         TEXT PRIMARY KEY,
	account    TEXT NOT NULL,   -- the id chosen for Updox
	form       TEXT NOT NULL,   -- JSON; '' once the job is over
	owner      TEXT NOT NULL,   -- maria@desk2
	created_at BIGINT NOT NULL,
	updated_at BIGINT NOT NULL,
	closed_at  BIGINT NOT NULL
);

-- One practice is taken in once at a time.
CREATE UNIQUE INDEX onboard_open ON onboard_job (account) WHERE closed_at = 0;

CREATE TABLE onboard_step (
	job       TEXT NOT NULL REFERENCES onboard_job (id),
	step      TEXT NOT NULL,
	state     TEXT NOT NULL,
	attempt   INTEGER NOT NULL,
	doubted   INTEGER NOT NULL,  -- an attempt ended without an answer
	vendor_id TEXT NOT NULL,     -- the record's id at the vendor
	words     TEXT NOT NULL,     -- the last sentence about it
	sent_at   BIGINT NOT NULL,
	PRIMARY KEY (job, step)
);

-- Every step, written before it is taken and again when its outcome is known.
CREATE TABLE onboard_event (
	seq     INTEGER PRIMARY KEY AUTOINCREMENT,
	job     TEXT NOT NULL REFERENCES onboard_job (id),
	at      BIGINT NOT NULL,
	who     TEXT NOT NULL,
	step    TEXT NOT NULL,
	outcome TEXT NOT NULL
);
CREATE INDEX onboard_event_job ON onboard_event (job, seq);
