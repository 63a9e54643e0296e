-- What the secret of the app is made from, with this service's key; none where no code is asked for. The
-- step is that of the last code, which is good once.
ALTER TABLE editor ADD COLUMN totp_salt BYTEA;
ALTER TABLE editor ADD COLUMN totp_step BIGINT NOT NULL DEFAULT 0;

CREATE TABLE editor_recovery_code (
    editor_id       UUID    NOT NULL REFERENCES editor (id) ON DELETE CASCADE,
    code_hash       BYTEA   NOT NULL,
    PRIMARY KEY (editor_id, code_hash)
);
