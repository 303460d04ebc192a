-- Accounts this desk deactivated at Updox, which answers them like wrong
-- credentials: so that a refusal can be explained.

CREATE TABLE onboard_off (
	account TEXT PRIMARY KEY,
	at      BIGINT NOT NULL,
	who     TEXT NOT NULL
);
