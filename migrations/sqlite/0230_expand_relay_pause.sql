-- Relays that an operator has paused: they get no mails until their row is gone.
CREATE TABLE relay_pause (
    relay       TEXT    NOT NULL PRIMARY KEY,
    paused_at   INTEGER NOT NULL,
    because     TEXT    NOT NULL
) STRICT;
