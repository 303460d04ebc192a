-- Runs of the program. A session is alive while its beat is fresh.
CREATE TABLE session (
	id TEXT PRIMARY KEY,
	uid INTEGER NOT NULL,
	user TEXT NOT NULL,
	host TEXT NOT NULL,
	tty TEXT NOT NULL,
	pid INTEGER NOT NULL,
	begun_ms INTEGER NOT NULL,
	beat_ms INTEGER NOT NULL,
	ended INTEGER NOT NULL DEFAULT 0
);

-- What is typed. The record is kept as a keyed hash, its key and the values
-- only inside the seal.
CREATE TABLE draft (
	id TEXT PRIMARY KEY,
	uid INTEGER NOT NULL,
	kind TEXT NOT NULL,
	record TEXT NOT NULL,
	version INTEGER NOT NULL,
	session TEXT NOT NULL,
	leased_ms INTEGER NOT NULL,
	second INTEGER NOT NULL DEFAULT 0,
	sealed BLOB NOT NULL,
	created_ms INTEGER NOT NULL,
	saved_ms INTEGER NOT NULL,
	dropped_ms INTEGER,
	closed_ms INTEGER
);
CREATE INDEX draft_record ON draft (uid, kind, record);

-- What is, or was, on its way to a vendor.
CREATE TABLE outbox (
	id TEXT PRIMARY KEY,
	uid INTEGER NOT NULL,
	vendor TEXT NOT NULL,
	op TEXT NOT NULL,
	class TEXT NOT NULL,
	record TEXT NOT NULL,
	state TEXT NOT NULL,
	session TEXT NOT NULL,
	attempt INTEGER NOT NULL DEFAULT 0,
	waiting INTEGER NOT NULL DEFAULT 0,
	version INTEGER NOT NULL,
	sealed BLOB,
	created_ms INTEGER NOT NULL,
	due_ms INTEGER NOT NULL,
	changed_ms INTEGER NOT NULL
);
CREATE INDEX outbox_state ON outbox (uid, state);

-- The end of each account's audit trail, kept outside its files: the last
-- line that was acknowledged, and the one that was being written.
CREATE TABLE audit_head (
	uid INTEGER PRIMARY KEY,
	seq INTEGER NOT NULL,
	h TEXT NOT NULL,
	count INTEGER NOT NULL,
	month TEXT NOT NULL,
	next_seq INTEGER NOT NULL,
	next_h TEXT NOT NULL
);
