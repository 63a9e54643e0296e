-- People with an account at the desk. Without a password hash nobody can sign in yet.
CREATE TABLE editor (
    id                  BLOB    NOT NULL PRIMARY KEY,
    email               TEXT    NOT NULL,
    -- The form under which two spellings of one address are the same.
    email_key           TEXT    NOT NULL UNIQUE,
    name                TEXT    NOT NULL,
    language            TEXT    NOT NULL,
    password_hash       TEXT,
    created_at          INTEGER NOT NULL
) STRICT;

-- A role in one newsletter, or in all, also later ones, where none is named.
CREATE TABLE editor_role (
    editor_id           BLOB    NOT NULL REFERENCES editor (id) ON DELETE CASCADE,
    newsletter_id       BLOB    REFERENCES newsletter (id) ON DELETE CASCADE,
    role                TEXT    NOT NULL CHECK (role IN ('viewer', 'editor', 'owner'))
) STRICT;
CREATE UNIQUE INDEX editor_role_here ON editor_role (editor_id, newsletter_id);
CREATE UNIQUE INDEX editor_role_everywhere ON editor_role (editor_id) WHERE newsletter_id IS NULL;

-- Browsers in which somebody is signed in; of the secret in the cookie only a hash is kept.
CREATE TABLE editor_session (
    id                  BLOB    NOT NULL PRIMARY KEY,
    editor_id           BLOB    NOT NULL REFERENCES editor (id) ON DELETE CASCADE,
    secret_hash         BLOB    NOT NULL UNIQUE,
    browser             TEXT    NOT NULL,
    created_at          INTEGER NOT NULL,
    last_seen_at        INTEGER NOT NULL,
    -- When the person last gave the password or a code.
    proven_at           INTEGER NOT NULL
) STRICT;
CREATE INDEX editor_session_editor ON editor_session (editor_id, last_seen_at);
CREATE INDEX editor_session_age ON editor_session (last_seen_at);
