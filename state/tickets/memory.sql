-- What one account remembers of tickets: ids, counts and times, no names and
-- no words of anybody's. Times are milliseconds since 1970.
CREATE TABLE look (
	ticket   TEXT PRIMARY KEY,
	comments INTEGER NOT NULL, -- how many there were
	stamp    TEXT NOT NULL     -- a digest of the vendor's sign of change
);
CREATE TABLE snooze (
	ticket TEXT PRIMARY KEY,
	until  BIGINT NOT NULL,
	stamp  TEXT NOT NULL       -- another one wakes it
);
CREATE TABLE answer (
	ticket TEXT PRIMARY KEY,
	at     BIGINT NOT NULL     -- when this account wrote to it last
);
CREATE TABLE link (
	ticket TEXT NOT NULL,
	kind   TEXT NOT NULL,      -- prospect, resident, ticket
	target TEXT NOT NULL,
	PRIMARY KEY (ticket, kind, target)
);
CREATE TABLE saved (
	number INTEGER PRIMARY KEY, -- 1 to 9
	filter TEXT NOT NULL        -- without free words, which may be a name
);
