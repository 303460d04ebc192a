-- Who a family is, so that the same people are not enrolled again from another
-- file: hashes inside a seal, kept when the rest is forgotten. NULL: not known.
ALTER TABLE job ADD COLUMN alike BLOB;
