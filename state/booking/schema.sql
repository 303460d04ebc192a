-- The ledger of one practice: who keeps which time, and every step taken.
-- Ids only; no names, no words of patients or vendors. Times of visits are
-- civil times of the practice as text (2026-03-10T09:00:00), times of the
-- ledger are milliseconds since 1970 by the database's clock. The lines behind
-- --pg are a server's alone.

CREATE TABLE booking (
	id             TEXT PRIMARY KEY,
	code           TEXT NOT NULL UNIQUE, -- never given twice: old notes keep it
	fence          BIGINT NOT NULL,
	state          TEXT NOT NULL,
	provider       TEXT NOT NULL,
	starts         TEXT NOT NULL,
	ends           TEXT NOT NULL,
	minutes        INTEGER NOT NULL,
	prospect       TEXT NOT NULL,
	visit_type     TEXT NOT NULL,
	owner_uid      INTEGER NOT NULL,
	owner_user     TEXT NOT NULL,
	owner_host     TEXT NOT NULL,
	owner_tty      TEXT NOT NULL,
	owner_session  TEXT NOT NULL,
	created_at     BIGINT NOT NULL,
	updated_at     BIGINT NOT NULL,
	expires_at     BIGINT NOT NULL,      -- of a hold
	checked_at     BIGINT NOT NULL,      -- 0: the EMR was not asked yet
	due_at         BIGINT NOT NULL,      -- must be on the schedule by then
	baseline       TEXT NOT NULL,        -- visit ids there before us, JSON; '' unread
	visit          TEXT NOT NULL,
	found_starts   TEXT NOT NULL,        -- what the schedule shows for visit
	found_minutes  INTEGER NOT NULL,
	found_type     TEXT NOT NULL,
	was_seen       INTEGER NOT NULL,
	missing        INTEGER NOT NULL,     -- successful reads in a row without visit
	watch          INTEGER NOT NULL,     -- called off, may still be on the schedule
	tag            TEXT NOT NULL,
	moved_to       TEXT NOT NULL,
	moved_from     TEXT NOT NULL,
	reason         TEXT NOT NULL,
	override       TEXT NOT NULL,
	warnings       TEXT NOT NULL
);

CREATE INDEX booking_starts ON booking (starts);
CREATE INDEX booking_provider ON booking (provider, starts);
CREATE INDEX booking_prospect ON booking (prospect, starts);
CREATE INDEX booking_state ON booking (state, expires_at);
CREATE UNIQUE INDEX booking_visit ON booking (provider, visit) WHERE visit <> '';

-- Every step, written before it is taken and again when its outcome is known.
-- Rows are only added. State and prospect are those after the step, so that
-- any prefix of the journal tells what was held at that moment.
CREATE TABLE booking_event (
	seq      INTEGER PRIMARY KEY AUTOINCREMENT,
	booking  TEXT NOT NULL REFERENCES booking (id),
	at       BIGINT NOT NULL,
	who      TEXT NOT NULL,
	step     TEXT NOT NULL,
	outcome  TEXT NOT NULL,
	state    TEXT NOT NULL,
	prospect TEXT NOT NULL
);

CREATE INDEX booking_event_booking ON booking_event (booking, seq);
CREATE INDEX booking_event_sending ON booking_event (booking, seq) WHERE outcome = 'sending';

-- The fencing number: raised by every claim, never lowered.
CREATE TABLE booking_fence (last BIGINT NOT NULL);
INSERT INTO booking_fence VALUES (0);
--pg CREATE SEQUENCE booking_fence_seq;

-- The second lock on the door, behind the one that a claim takes first: no two
-- live records of a provider share a moment, but for those that were held on
-- purpose. Times sort as texts, so that a range of texts is a span of time.
--pg CREATE TYPE booking_span AS RANGE (subtype = text, collation = "C");
--pg ALTER TABLE booking ADD CONSTRAINT booking_alone EXCLUDE USING gist
--pg 	(booking_span(provider, provider, '[]') WITH &&, booking_span(starts, ends) WITH &&)
--pg 	WHERE (override = '' AND state IN ('HELD', 'REQUESTED', 'UNKNOWN', 'PARTIAL', 'SEEN', 'CONFIRMED', 'DIFFERS', 'OVERDUE', 'CLASH'));
