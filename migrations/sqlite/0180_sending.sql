-- Whether an issue goes out only after a second person has approved it.
ALTER TABLE newsletter ADD COLUMN needs_approval INTEGER NOT NULL DEFAULT 0;

-- Who approved an issue, when, and the hash of the content that was approved (approved_…).
-- Who sent or scheduled it; somebody else must have approved it.
ALTER TABLE issue ADD COLUMN triggered_by TEXT;
ALTER TABLE issue ADD COLUMN approved_by TEXT;
ALTER TABLE issue ADD COLUMN approved_name TEXT;
ALTER TABLE issue ADD COLUMN approved_at INTEGER;
ALTER TABLE issue ADD COLUMN approved_hash TEXT;

-- An erratum: it goes to those who had a revision below this one of another issue.
ALTER TABLE issue ADD COLUMN erratum_of BLOB;
ALTER TABLE issue ADD COLUMN erratum_below INTEGER;
-- One at a time, however often somebody asks for it.
CREATE UNIQUE INDEX issue_unsent_erratum ON issue (erratum_of)
    WHERE erratum_of IS NOT NULL AND (state = 'draft' OR state = 'scheduled');

-- The counts of an issue while it is sent, every few seconds: its rate, and its course in the report.
CREATE TABLE issue_sample (
    issue_id        BLOB    NOT NULL REFERENCES issue (id),
    at              INTEGER NOT NULL,
    queued          INTEGER NOT NULL,
    sent            INTEGER NOT NULL,
    deferred        INTEGER NOT NULL,
    bounced         INTEGER NOT NULL,
    failed          INTEGER NOT NULL,
    skipped         INTEGER NOT NULL,
    unknown         INTEGER NOT NULL,
    PRIMARY KEY (issue_id, at)
) STRICT, WITHOUT ROWID;

-- What became of the deliveries of an issue that has ended, by provider and cause, as JSON.
CREATE TABLE issue_report (
    issue_id        BLOB    NOT NULL PRIMARY KEY REFERENCES issue (id),
    content         TEXT    NOT NULL,
    made_at         INTEGER NOT NULL
) STRICT;

-- Who has left, for the weeks after an issue.
CREATE INDEX subscription_left ON subscription (newsletter_id, ended_at) WHERE ended_at IS NOT NULL;
