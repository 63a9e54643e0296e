-- What tells a database from its copies, and whether anything may be sent: one row.
CREATE TABLE instance (
    one BIGINT NOT NULL PRIMARY KEY CHECK (one = 1),
    -- A keyed hash under the key of its links and seals.
    key_check BYTEA NOT NULL,
    -- The file or server that it was when it was last used.
    identity TEXT NOT NULL,
    -- Rises while the service works.
    epoch BIGINT NOT NULL,
    -- Set while nothing may be sent.
    held_at BIGINT,
    held_because TEXT,
    -- When a process last made sure that the database takes writes.
    written_at BIGINT
);
