-- Who did what. Chained as the consents are, and no statement may change or remove a row.
CREATE TABLE audit_event (
    id              INTEGER NOT NULL PRIMARY KEY,
    at              INTEGER NOT NULL,
    actor           TEXT    NOT NULL,
    actor_name      TEXT    NOT NULL,
    action          TEXT    NOT NULL,
    newsletter_id   BLOB,
    object          TEXT    NOT NULL,
    detail          TEXT    NOT NULL,
    content         BLOB    NOT NULL,
    hash            BLOB    NOT NULL
) STRICT;
CREATE TRIGGER audit_event_changed BEFORE UPDATE ON audit_event
BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END;
CREATE TRIGGER audit_event_removed BEFORE DELETE ON audit_event
BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END;

CREATE TABLE audit_head (
    one             INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    began_at        INTEGER NOT NULL,
    event_id        INTEGER NOT NULL,
    length          INTEGER NOT NULL,
    hash            BLOB    NOT NULL,
    seal            BLOB    NOT NULL
) STRICT;
