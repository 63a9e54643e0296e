-- How many connections a relay takes from one worker, while these are fewer than the settings say.
CREATE TABLE relay_limit (
    relay        TEXT NOT NULL,
    worker       TEXT NOT NULL,
    connections  BIGINT NOT NULL,
    configured   BIGINT NOT NULL,
    next_try_at  BIGINT NOT NULL,
    reply_code   BIGINT NOT NULL,
    reply_text   TEXT NOT NULL,
    -- The worker repeats it; what is old is not true any more.
    seen_at      BIGINT NOT NULL,
    PRIMARY KEY (relay, worker)
);
