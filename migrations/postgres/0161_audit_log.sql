-- Who did what. Chained as the consents are, and no statement may change or remove a row.
CREATE TABLE audit_event (
    id              BIGINT  NOT NULL PRIMARY KEY,
    at              BIGINT  NOT NULL,
    actor           TEXT    NOT NULL,
    actor_name      TEXT    NOT NULL,
    action          TEXT    NOT NULL,
    newsletter_id   UUID,
    object          TEXT    NOT NULL,
    detail          TEXT    NOT NULL,
    content         BYTEA   NOT NULL,
    hash            BYTEA   NOT NULL
);
CREATE FUNCTION audit_event_stays() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the audit log is only added to'; END $$;
CREATE TRIGGER audit_event_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_event
FOR EACH STATEMENT EXECUTE FUNCTION audit_event_stays();

CREATE TABLE audit_head (
    one             BIGINT  NOT NULL PRIMARY KEY CHECK (one = 1),
    began_at        BIGINT  NOT NULL,
    event_id        BIGINT  NOT NULL,
    length          BIGINT  NOT NULL,
    hash            BYTEA   NOT NULL,
    seal            BYTEA   NOT NULL
);
