-- Who has which ticket in hand, for colleagues to see. Ids only.
CREATE TABLE IF NOT EXISTS ticket_claim (
	ticket        TEXT PRIMARY KEY,
	owner_uid     BIGINT NOT NULL,
	owner_user    TEXT NOT NULL,
	owner_host    TEXT NOT NULL,
	owner_session TEXT NOT NULL,
	writing       BIGINT NOT NULL, -- a comment is being written
	since         BIGINT NOT NULL,
	expires_at    BIGINT NOT NULL   -- milliseconds by the database's clock
);
