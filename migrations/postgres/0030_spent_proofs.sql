-- Solved challenges that have vouched for a sign-up, until they would be too old anyway.
CREATE TABLE spent_proof (
    digest          BYTEA    NOT NULL PRIMARY KEY,
    expires_at      BIGINT NOT NULL
);
CREATE INDEX spent_proof_age ON spent_proof (expires_at);
