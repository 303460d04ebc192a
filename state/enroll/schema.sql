-- The enrolment book of one broker: whose ids are whose, and every family on
-- its way to the insurer. Ids, plans and days only; names, birthdays, social
-- security numbers and what a snapshot said stand in sealed columns or nowhere.
-- Days are text (2026-03-09), times are milliseconds since 1970 by the
-- database's clock.

CREATE TABLE grp (
	id       TEXT PRIMARY KEY,
	name     TEXT NOT NULL,           -- of a company, as the insurer has it
	origin   TEXT NOT NULL,           -- ours, or snapshot
	added_at BIGINT NOT NULL,
	seen_at  BIGINT NOT NULL          -- in a snapshot; 0 never
);

CREATE TABLE member (
	id       TEXT PRIMARY KEY,
	grp      TEXT NOT NULL,
	parent   TEXT NOT NULL,           -- the employee; '' unknown
	origin   TEXT NOT NULL,
	added_at BIGINT NOT NULL,
	seen_at  BIGINT NOT NULL
);

CREATE INDEX member_grp ON member (grp, added_at);

CREATE TABLE census (
	id       TEXT PRIMARY KEY,
	rows     INTEGER NOT NULL,
	rejected INTEGER NOT NULL,
	added_at BIGINT NOT NULL
);

CREATE TABLE mapping (
	header TEXT PRIMARY KEY,          -- hash of the names of the columns
	fields TEXT NOT NULL
);

CREATE TABLE job (
	id         TEXT PRIMARY KEY,
	census     TEXT NOT NULL,         -- '' for a single new hire
	place      INTEGER NOT NULL,
	line       INTEGER NOT NULL,      -- of the employee in the file
	grp        TEXT NOT NULL,
	starts     TEXT NOT NULL,
	wanted     TEXT NOT NULL,         -- day coverage should begin; '' any
	members    TEXT NOT NULL,         -- ids and plans, JSON
	sealed     BLOB,                  -- who they are
	state      TEXT NOT NULL,
	step       TEXT NOT NULL,
	person     INTEGER NOT NULL,      -- whose demographics are next or on the way
	sends      INTEGER NOT NULL,      -- of the enrolment
	doubts     TEXT NOT NULL,         -- what differed, JSON
	note       TEXT NOT NULL,         -- our words, never the vendor's
	version    BIGINT NOT NULL,
	session    TEXT NOT NULL,
	lease_at   BIGINT NOT NULL,       -- a session works on it until then
	sent_at    BIGINT NOT NULL,
	added_at   BIGINT NOT NULL,
	changed_at BIGINT NOT NULL
);

CREATE INDEX job_census ON job (census, place);

CREATE TABLE snapshot (
	id       INTEGER PRIMARY KEY AUTOINCREMENT,
	member   TEXT NOT NULL,
	taken_at BIGINT NOT NULL,
	sealed   BLOB NOT NULL
);

CREATE INDEX snapshot_member ON snapshot (member, taken_at);
