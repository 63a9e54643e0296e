-- Pictures of issues, by the hash of what they hold, as mails and the archive show them.
CREATE TABLE picture (
    name            TEXT    NOT NULL PRIMARY KEY,
    media_type      TEXT    NOT NULL,
    octets          BLOB    NOT NULL,
    -- The number of octets.
    weight          INTEGER NOT NULL,
    uploaded_at     INTEGER NOT NULL,
    -- 1 once an issue was found that names it: then it stays.
    in_use          INTEGER NOT NULL
) STRICT;
CREATE INDEX picture_unused ON picture (uploaded_at) WHERE in_use = 0;
