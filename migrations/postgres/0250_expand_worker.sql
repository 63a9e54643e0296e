-- Worker processes: their rows go when they end in order, or a day after they were last seen.
CREATE TABLE worker (
    -- The first 48 bits of the identifiers of its leases.
    id          BIGINT  NOT NULL PRIMARY KEY,
    host        TEXT    NOT NULL,
    pid         BIGINT  NOT NULL,
    version     TEXT    NOT NULL,
    started_at  BIGINT  NOT NULL,
    seen_at     BIGINT  NOT NULL
);
