-- The states of an issue while it was written: who saved what when. Saves of one person within a minute share a row.
-- A row without a version was not accepted, because somebody else had changed the issue meanwhile; it is kept so that
-- nothing typed is lost.
CREATE TABLE issue_history (
    issue_id        UUID    NOT NULL REFERENCES issue (id) ON DELETE CASCADE,
    -- 1, 2, … in the order of the saves.
    number          BIGINT NOT NULL,
    version         BIGINT,
    content         TEXT    NOT NULL,
    -- Who saved it: an identity such as `editor:…`, and the name at that time.
    actor           TEXT    NOT NULL,
    actor_name      TEXT    NOT NULL,
    began_at        BIGINT NOT NULL,
    saved_at        BIGINT NOT NULL,
    PRIMARY KEY (issue_id, number)
);

-- The parts of a new issue, in their order, as JSON; NULL means the shipped recipe.
ALTER TABLE newsletter ADD COLUMN recipe TEXT;
