-- Times are microseconds since 1970 in UTC. Words of enums are those of src/domain.

CREATE TABLE newsletter (
    id              BLOB    NOT NULL PRIMARY KEY,
    slug            TEXT    NOT NULL UNIQUE,
    title           TEXT    NOT NULL,
    description     TEXT    NOT NULL,
    language        TEXT    NOT NULL,
    sender_name     TEXT    NOT NULL,
    sender_address  TEXT    NOT NULL,
    reply_to        TEXT    NOT NULL,
    postal_address  TEXT    NOT NULL,
    time_zone       TEXT    NOT NULL,
    created_at      INTEGER NOT NULL
) STRICT;

CREATE TABLE subscriber (
    id              INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    address         TEXT    NOT NULL,
    -- The form under which two spellings of one mailbox are the same.
    address_key     TEXT    NOT NULL UNIQUE,
    name            TEXT,
    created_at      INTEGER NOT NULL
) STRICT;

CREATE TABLE subscription (
    id              INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    subscriber_id   INTEGER NOT NULL REFERENCES subscriber (id),
    newsletter_id   BLOB    NOT NULL REFERENCES newsletter (id),
    state           TEXT    NOT NULL CHECK (state IN ('pending', 'active', 'ended')),
    end_reason      TEXT    CHECK (end_reason IN ('unsubscribed', 'bounced', 'complained', 'erased')),
    language        TEXT    NOT NULL,
    countries       TEXT    NOT NULL,
    created_at      INTEGER NOT NULL,
    confirmed_at    INTEGER,
    ended_at        INTEGER,
    UNIQUE (subscriber_id, newsletter_id)
) STRICT;

-- The exact words people agreed to, kept once.
CREATE TABLE consent_wording (
    id              INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    digest          BLOB    NOT NULL UNIQUE,
    version         TEXT    NOT NULL,
    language        TEXT    NOT NULL,
    wording         TEXT    NOT NULL
) STRICT;

-- Append-only.
CREATE TABLE consent_event (
    id              INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    subscription_id INTEGER NOT NULL REFERENCES subscription (id),
    wording_id      INTEGER NOT NULL REFERENCES consent_wording (id),
    kind            TEXT    NOT NULL,
    method          TEXT    NOT NULL,
    at              INTEGER NOT NULL,
    page            TEXT    NOT NULL,
    ip              TEXT
) STRICT;
CREATE INDEX consent_event_subscription ON consent_event (subscription_id, id);

-- Addresses that must never be mailed, as keyed hashes.
CREATE TABLE suppression (
    address_hash    BLOB    NOT NULL PRIMARY KEY,
    reason          TEXT    NOT NULL,
    created_at      INTEGER NOT NULL,
    -- NULL: for ever.
    until           INTEGER
) STRICT;

-- Hits per key (a keyed hash) and time window.
CREATE TABLE rate_counter (
    key             BLOB    NOT NULL,
    window_seconds  INTEGER NOT NULL,
    window_start    INTEGER NOT NULL,
    hits            INTEGER NOT NULL,
    PRIMARY KEY (key, window_seconds, window_start)
) STRICT;
CREATE INDEX rate_counter_age ON rate_counter (window_start);

CREATE TABLE issue (
    id              BLOB    NOT NULL PRIMARY KEY,
    newsletter_id   BLOB    NOT NULL REFERENCES newsletter (id),
    slug            TEXT    NOT NULL,
    state           TEXT    NOT NULL CHECK (state IN ('draft', 'scheduled', 'sending', 'paused', 'sent', 'cancelled')),
    version         INTEGER NOT NULL,
    subject         TEXT    NOT NULL,
    content         TEXT    NOT NULL,
    created_at      INTEGER NOT NULL,
    scheduled_at    INTEGER,
    started_at      INTEGER,
    finished_at     INTEGER,
    -- Why the service stopped it by itself.
    paused_because  TEXT,
    -- Kept by whoever changes a delivery, in the same transaction.
    audience        INTEGER NOT NULL DEFAULT 0,
    queued          INTEGER NOT NULL DEFAULT 0,
    sent            INTEGER NOT NULL DEFAULT 0,
    deferred        INTEGER NOT NULL DEFAULT 0,
    bounced         INTEGER NOT NULL DEFAULT 0,
    failed          INTEGER NOT NULL DEFAULT 0,
    skipped         INTEGER NOT NULL DEFAULT 0,
    unknown         INTEGER NOT NULL DEFAULT 0,
    UNIQUE (newsletter_id, slug),
    CHECK (audience = queued + sent + deferred + bounced + failed + skipped + unknown)
) STRICT;
CREATE INDEX issue_state ON issue (state, scheduled_at);

-- The ledger. No foreign keys: a million rows are written in one statement that
-- takes them from the tables they would point to.
CREATE TABLE delivery (
    issue_id        BLOB    NOT NULL,
    subscription_id INTEGER NOT NULL,
    state           TEXT    NOT NULL,
    attempts        INTEGER NOT NULL,
    -- When there is something to do: an attempt, or the end of a lease. NULL once it has ended.
    due_at          INTEGER,
    lease_id        BLOB,
    first_attempt_at INTEGER,
    ended_at        INTEGER,
    reply_code      INTEGER,
    reply_text      TEXT,
    PRIMARY KEY (issue_id, subscription_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX delivery_due ON delivery (issue_id, due_at) WHERE due_at IS NOT NULL;

CREATE TABLE outbox (
    id              BLOB    NOT NULL PRIMARY KEY,
    kind            TEXT    NOT NULL,
    -- To a subscriber …
    subscription_id INTEGER REFERENCES subscription (id),
    -- … or a copy of an issue, to anybody.
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
    CHECK ((subscription_id IS NULL) = (issue_id IS NOT NULL)),
    CHECK ((recipient IS NULL) = (issue_id IS NULL))
) STRICT;
CREATE INDEX outbox_due ON outbox (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX outbox_subscription ON outbox (subscription_id, created_at);

CREATE TABLE api_token (
    id              BLOB    NOT NULL PRIMARY KEY,
    name            TEXT    NOT NULL,
    role            TEXT    NOT NULL,
    secret_hash     BLOB    NOT NULL UNIQUE,
    created_at      INTEGER NOT NULL
) STRICT;
