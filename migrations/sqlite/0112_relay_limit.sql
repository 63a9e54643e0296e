-- How many connections a relay takes from one worker, while these are fewer than the settings say.
CREATE TABLE relay_limit (
    relay        TEXT NOT NULL,
    worker       TEXT NOT NULL,
    connections  INTEGER NOT NULL,
    configured   INTEGER NOT NULL,
    next_try_at  INTEGER NOT NULL,
    reply_code   INTEGER NOT NULL,
    reply_text   TEXT NOT NULL,
    -- The worker repeats it; what is old is not true any more.
    seen_at      INTEGER NOT NULL,
    PRIMARY KEY (relay, worker)
) STRICT;
