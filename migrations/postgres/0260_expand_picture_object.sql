-- Pictures of issues whose octets are in a bucket.
CREATE TABLE picture_object (
    name            TEXT    NOT NULL PRIMARY KEY,
    media_type      TEXT    NOT NULL,
    -- Its key in the bucket.
    object_key      TEXT    NOT NULL,
    -- The number of octets.
    weight          BIGINT NOT NULL,
    uploaded_at     BIGINT NOT NULL,
    -- 1 once an issue was found that names it: then it stays.
    in_use          BIGINT NOT NULL
);
CREATE INDEX picture_object_unused ON picture_object (uploaded_at) WHERE in_use = 0;

-- Objects of the bucket that belong to no picture, and may be removed from then on.
CREATE TABLE picture_leftover (
    object_key      TEXT    NOT NULL PRIMARY KEY,
    due_at          BIGINT NOT NULL
);
