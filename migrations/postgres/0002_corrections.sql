-- A correction is a new revision for those who wait; what it replaced stays what it was.
ALTER TABLE issue ADD COLUMN revision BIGINT NOT NULL DEFAULT 1;
-- The revision of the last attempt.
ALTER TABLE delivery ADD COLUMN revision BIGINT NOT NULL DEFAULT 1;
-- 1 when that may have arrived: no other revision will do.
ALTER TABLE delivery ADD COLUMN bound BIGINT NOT NULL DEFAULT 0;

-- What an issue said before it was corrected.
CREATE TABLE issue_revision (
    issue_id        UUID    NOT NULL REFERENCES issue (id),
    revision        BIGINT  NOT NULL,
    content         TEXT    NOT NULL,
    replaced_at     BIGINT  NOT NULL,
    PRIMARY KEY (issue_id, revision)
);
