-- Solved challenges that have vouched for a sign-up, until they would be too old anyway.
CREATE TABLE spent_proof (
    digest          BLOB    NOT NULL PRIMARY KEY,
    expires_at      INTEGER NOT NULL
) STRICT;
CREATE INDEX spent_proof_age ON spent_proof (expires_at);
