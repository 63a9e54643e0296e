-- Answers to POST requests with an Idempotency-Key, to be given again to the same request. The status is missing
-- while the request runs.
CREATE TABLE idempotency_key (
    token_id        UUID    NOT NULL REFERENCES api_token (id) ON DELETE CASCADE,
    key_hash        BYTEA   NOT NULL,
    request_hash    BYTEA   NOT NULL,
    started_at      BIGINT  NOT NULL,
    status          BIGINT,
    headers         TEXT,
    body            BYTEA,
    PRIMARY KEY (token_id, key_hash)
);
CREATE INDEX idempotency_key_age ON idempotency_key (started_at);
