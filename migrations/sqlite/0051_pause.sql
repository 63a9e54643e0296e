-- Until when a reader wants nothing.
ALTER TABLE subscription ADD COLUMN paused_until INTEGER;
-- How many readers were left out of the audience, by reason, as a JSON object.
ALTER TABLE issue ADD COLUMN excluded TEXT NOT NULL DEFAULT '{}';
