-- Why a visit was called off was a free text once, in a ledger that everybody
-- reads. What it began with is kept where that is one of today's codes.
UPDATE booking SET reason = CASE
	WHEN moved_to <> '' THEN 'moved'
	WHEN reason = 'caller' OR reason LIKE 'caller:%' THEN 'caller'
	WHEN reason = 'practice' OR reason LIKE 'practice:%' THEN 'practice'
	WHEN reason = 'mistake' OR reason LIKE 'mistake:%' THEN 'mistake'
	ELSE 'other' END
WHERE state = 'CANCELLED' AND reason <> '';
