-- Mails to editors, about their accounts. SQLite changes a CHECK only by making the table anew.
CREATE TABLE outbox_new (
    id              BLOB    NOT NULL PRIMARY KEY,
    kind            TEXT    NOT NULL,
    -- To a subscriber …
    subscription_id INTEGER REFERENCES subscription (id),
    -- … or a copy of an issue, to anybody …
    issue_id        BLOB    REFERENCES issue (id),
    recipient       TEXT,
    language        TEXT    NOT NULL,
    state           TEXT    NOT NULL,
    created_at      INTEGER NOT NULL,
    attempts        INTEGER NOT NULL,
    -- As in delivery.
    due_at          INTEGER,
    lease_id        BLOB,
    ended_at        INTEGER,
    reply_code      INTEGER,
    reply_text      TEXT,
    others          TEXT,
    address         TEXT,
    details         TEXT,
    -- … or to an editor.
    editor_id       BLOB    REFERENCES editor (id) ON DELETE CASCADE,
    CHECK ((subscription_id IS NOT NULL) + (issue_id IS NOT NULL) + (editor_id IS NOT NULL) = 1),
    CHECK ((recipient IS NULL) = (issue_id IS NULL))
) STRICT;
INSERT INTO outbox_new (id, kind, subscription_id, issue_id, recipient, language, state, created_at,
    attempts, due_at, lease_id, ended_at, reply_code, reply_text, others, address, details)
SELECT id, kind, subscription_id, issue_id, recipient, language, state, created_at, attempts, due_at,
    lease_id, ended_at, reply_code, reply_text, others, address, details
FROM outbox;
DROP TABLE outbox;
ALTER TABLE outbox_new RENAME TO outbox;
CREATE INDEX outbox_due ON outbox (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX outbox_subscription ON outbox (subscription_id, created_at);
CREATE INDEX outbox_editor ON outbox (editor_id) WHERE editor_id IS NOT NULL;
