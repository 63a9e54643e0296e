-- How long the lowered rate of a relay or provider has been used, in microseconds: it rises with that.
ALTER TABLE throttle ADD COLUMN slow_used INTEGER NOT NULL DEFAULT 0;
