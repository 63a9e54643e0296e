-- Answers to POST requests with an Idempotency-Key, to be given again to the same request. The status is missing
-- while the request runs.
CREATE TABLE idempotency_key (
    token_id        BLOB    NOT NULL REFERENCES api_token (id) ON DELETE CASCADE,
    key_hash        BLOB    NOT NULL,
    request_hash    BLOB    NOT NULL,
    started_at      INTEGER NOT NULL,
    status          INTEGER,
    headers         TEXT,
    body            BLOB,
    PRIMARY KEY (token_id, key_hash)
) STRICT;
CREATE INDEX idempotency_key_age ON idempotency_key (started_at);
