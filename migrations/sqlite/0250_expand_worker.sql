-- Worker processes: their rows go when they end in order, or a day after they were last seen.
CREATE TABLE worker (
    -- The first 48 bits of the identifiers of its leases.
    id          INTEGER NOT NULL PRIMARY KEY,
    host        TEXT    NOT NULL,
    pid         INTEGER NOT NULL,
    version     TEXT    NOT NULL,
    started_at  INTEGER NOT NULL,
    seen_at     INTEGER NOT NULL
) STRICT;
