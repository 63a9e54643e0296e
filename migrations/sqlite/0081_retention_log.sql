-- What retention removed: no names, only how many.
CREATE TABLE retention_log (
    id              INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    at              INTEGER NOT NULL,
    what            TEXT    NOT NULL,
    amount          INTEGER NOT NULL
) STRICT;

-- 1 once the words of mail servers about this issue are forgotten.
ALTER TABLE issue ADD COLUMN replies_forgotten INTEGER NOT NULL DEFAULT 0;

CREATE INDEX subscription_erased ON subscription (id) WHERE end_reason = 'erased';
