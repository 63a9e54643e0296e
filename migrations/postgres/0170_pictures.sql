-- Pictures of issues, by the hash of what they hold, as mails and the archive show them.
CREATE TABLE picture (
    name            TEXT    NOT NULL PRIMARY KEY,
    media_type      TEXT    NOT NULL,
    octets          BYTEA   NOT NULL,
    -- The number of octets.
    weight          BIGINT  NOT NULL,
    uploaded_at     BIGINT  NOT NULL,
    -- 1 once an issue was found that names it: then it stays.
    in_use          BIGINT  NOT NULL
);
CREATE INDEX picture_unused ON picture (uploaded_at) WHERE in_use = 0;
