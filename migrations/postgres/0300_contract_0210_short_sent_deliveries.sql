-- The row of a sent delivery leaves out what nobody reads any more: whether it was bound to a revision, and the
-- destination that it waited for. Programs of 0210 read both only while a delivery waits.
ALTER TABLE delivery ALTER COLUMN bound DROP NOT NULL, ALTER COLUMN destination DROP NOT NULL;
