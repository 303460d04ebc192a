-- What was decided about people. Ids and decisions only; no names, no numbers,
-- no words of patients or vendors. Times are milliseconds since 1970 by the
-- database's clock.

-- Two rows somebody looked at and told apart; a sorts before b.
CREATE TABLE apart (
	a  TEXT NOT NULL,
	b  TEXT NOT NULL,
	who TEXT NOT NULL,
	at BIGINT NOT NULL,
	PRIMARY KEY (a, b)
);

-- How one account likes its lists: columns, order, named filters. Never what
-- was searched for.
CREATE TABLE habit (
	who   TEXT NOT NULL,
	name  TEXT NOT NULL,
	value TEXT NOT NULL,
	PRIMARY KEY (who, name)
);

-- A file of people being taken in. sum is of its content, so that the same
-- file goes on where it broke off.
CREATE TABLE import (
	id      TEXT PRIMARY KEY,
	sum     TEXT NOT NULL UNIQUE,
	who     TEXT NOT NULL,
	at      BIGINT NOT NULL
);

-- One row of such a file: 'sending' before it leaves, then what became of it.
CREATE TABLE import_row (
	import  TEXT NOT NULL REFERENCES import (id),
	line    INTEGER NOT NULL,
	state   TEXT NOT NULL,
	id      TEXT NOT NULL,
	at      BIGINT NOT NULL,
	PRIMARY KEY (import, line)
);
